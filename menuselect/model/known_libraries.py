"""The external libraries that modules are built with: their titles and the packages that may provide them."""

from __future__ import annotations

import functools

from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEMS = {"debian": "Debian", "fedora": "Fedora", "alpine": "Alpine", "arch": "Arch"}
"""The systems with known packages, and the names that messages show."""

INSTALL = {"debian": "apt install", "fedora": "dnf install", "alpine": "apk add", "arch": "pacman -S"}
"""The command that installs a package on each system."""


DEVELOPERS_OPTIONS = frozenset(
    {
        "debug_scheduler",
        "debug_threadlocals",
        "detect_deadlocks",
        "do_crash",
        "dump_scheduler",
        "mtx_profile",
        "test_framework",
        "thread_crash",
    }
)
"""Members that a tree has only in dev mode (build_tools/cflags-devmode.xml); configure does not check for them."""


@dataclass(frozen=True, slots=True)
class Library:
    """A section of ``known_libraries.toml``; that file explains the fields."""

    name: str
    title: str
    packages: tuple[tuple[str, str], ...] = ()
    """(system, package) pairs in the order of :data:`SYSTEMS`; a package may be several words."""
    note: str = ""

    def hint(self) -> str:
        """``Debian libcurl4-openssl-dev, Fedora libcurl-devel``, or an empty string."""
        return ", ".join(f"{SYSTEMS[system]} {package}" for system, package in self.packages)

    def as_json(self) -> dict[str, object]:
        """The library as plain data; empty parts are left out."""
        entries: dict[str, object] = {
            "name": self.name,
            "title": self.title,
            "packages": dict(self.packages),
            "note": self.note,
        }
        return {key: value for key, value in entries.items() if value}


def loads(text: str) -> dict[str, Library]:
    """Parse a text in the format of ``known_libraries.toml``; the result is keyed by lower-case name."""
    import tomllib  # 6 ms, needed only for libraries

    return {name.lower(): _library(name, row) for name, row in tomllib.loads(text).items()}


def _library(name: str, row: Mapping[str, str]) -> Library:
    packages = tuple((system, row[system]) for system in SYSTEMS if system in row)
    return Library(name, row.get("title", ""), packages, row.get("note", ""))


@functools.cache
def table() -> Mapping[str, Library]:
    """The libraries of ``known_libraries.toml``."""
    from importlib.resources import files  # costs as much as reading the table

    return loads(files(__package__).joinpath("known_libraries.toml").read_text("utf-8"))


def find(name: str) -> Library | None:
    """The library of a name, without regard to case; None for an unknown library."""
    return table().get(name.lower())
