"""The distribution's Python libraries, which an installed program uses instead of copies (``--system-python``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.parsing import json_value
from asterism.values import dataclass
from buildsys.settled import ninja_program
from buildsys.settled.toolchain import Run

DEBIAN = {"ninja": "ninja-build"}
"""Debian packages that are not named ``python3-`` and the name of the library."""

NINJA = "ninja"
"""The requirement that is a program: the first usable one on PATH counts."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*([^;]*)")
_BOUND = re.compile(r"(>=|<)\s*([0-9.]+)")
_DIRECTORIES = "import json, sys; print(json.dumps([path for path in sys.path if path.endswith('-packages')]))"


@dataclass(frozen=True, slots=True)
class SystemPython:
    """The distribution's libraries that a tree uses; both fields are empty in a tree with copies."""

    directories: tuple[str, ...] = ()
    """The package directories of the interpreter."""
    needed: tuple[str, ...] = ()
    """The requirements, such as ``lark>=1.3,<2``."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A library that is missing, or whose version is outside of the required range."""

    name: str
    wanted: str
    """The required range, such as ``>=1.3,<2``."""
    version: str = ""
    """The installed version; empty when the library is missing."""

    @property
    def debian(self) -> str:
        """The name of the Debian package of the library."""
        return DEBIAN.get(self.name, f"python3-{self.name}")

    @property
    def trouble(self) -> str:
        """The fault in words: its version, or that it is missing."""
        return f"is {self.version}" if self.version else "is missing"

    def __str__(self) -> str:
        return f"{self.name} {self.trouble} ({self.wanted} is needed)"


def needed() -> tuple[str, ...]:
    """The requirements of Asterism without those of its extras, sorted by name."""
    from importlib import metadata  # 15 ms, needed by configure --system-python alone

    lines = metadata.requires("asterism") or ()
    return tuple(sorted(line.partition(";")[0].strip() for line in lines if "extra" not in line.partition(";")[2]))


def directories(python: str, run: Run) -> tuple[str, ...]:
    """The directories in which an interpreter finds installed packages, without the user's own.

    Raises:
        AsterismError: the interpreter cannot be run.
    """
    answer = run([python, "-Ic", _DIRECTORIES], "")
    if not answer.is_good:
        what = f"{python} does not say where its packages are"
        raise AsterismError(Fault(what, None, answer.complaint.strip(), "name another: PYTHON=/path/to/python3"))
    return tuple(map(str, json_value(answer.output)))


def lacking(system: SystemPython, run: Run) -> list[Unmet]:
    """The required libraries that the distribution lacks, or has in a version outside of the range."""
    found: list[Unmet] = []
    for line in system.needed:
        match = _REQUIREMENT.match(line)
        name, wanted = (match[1].lower().replace("_", "-"), _tidy(match[2])) if match else (line, "")
        version = _ninja(run) if name == NINJA else _version(name, system.directories)
        if not is_within(version, wanted):
            found.append(Unmet(name, wanted, version))
    return found


def _tidy(wanted: str) -> str:
    """A version range with its lower bound first; metadata has the bounds in any order."""
    return ",".join(sorted((each.strip() for each in wanted.split(",")), reverse=True))


def is_within(version: str, wanted: str) -> bool:
    """Whether a version is not empty and within a range of ``>=`` and ``<``."""
    have = _numbers(version)
    tests = ((have >= _numbers(bound)) == (sign == ">=") for sign, bound in _BOUND.findall(wanted))
    return bool(version) and all(tests)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version without trailing zeros and without suffixes such as ``rc1``."""
    release = re.match(r"[0-9.]*", version)
    numbers = [int(each) for each in release[0].split(".") if each] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _version(name: str, places: Iterable[str]) -> str:
    from importlib import metadata  # as in needed()

    found = metadata.Distribution.discover(name=name, path=list(places))
    return next((each.version for each in found), "")


def _ninja(run: Run) -> str:
    return next((each.version for each in ninja_program.of_system(run)), "")


def faults(system: SystemPython, lacks: Iterable[Unmet]) -> Iterator[Fault]:
    """The fault that names all missing libraries; nothing when none is missing."""
    lacks = list(lacks)
    if not lacks:
        return
    missing = [each.debian for each in lacks if not each.version]
    what = "the distribution's Python libraries do not serve, and --system-python demands them"
    why = f"{'; '.join(map(str, lacks))}; looked in {', '.join(system.directories) or 'no directory'}"
    cure = f"'apt install {' '.join(missing)}' on Debian or Ubuntu; " if missing else ""
    old = [each.debian for each in lacks if each.version]
    cure += f"a release of the distribution with other versions of {', '.join(old)}; " if old else ""
    yield Fault(what, None, why, f"{cure}or leave --system-python out, and copies are installed", "no-library")
