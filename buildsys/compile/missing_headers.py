"""Why a header is not found: it lies elsewhere in the repository, or a package of this system brings it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from asterism import files
from asterism.branches import known_names
from asterism.parsing import toml_table
from asterism.tree import SETTINGS
from asterism.values import replace
from buildsys.compile.progress import Failure
from buildsys.settled.library_probes import load_table
from menuselect.model import known_libraries
from menuselect.reasons.package_hints import host_system, package_hint
from menuselect.sources import module_files

_ABSENT = re.compile(r"'?(?P<name>[^\s':]+\.h(?:h|pp|xx)?)'?(?:: No such file.*| file not found)")


def explained(top: Path, failure: Failure) -> Failure:
    """A failure for want of a header, with what to do about it; every other one as it is.

    Args:
        top: the repository.
        failure: what the compiler said.
    """
    name = absent(failure)
    if not name:
        return failure
    fault = failure.fault
    place = _elsewhere(top, name)
    if place is not None:
        what = f"module {failure.unit} does not compile: there is no {name} where headers are looked for"
        cure = f'write cflags = "-I{place or "."}" below [modules.{failure.unit}] in {SETTINGS}'
        return replace(failure, fault=replace(fault, what=what, why=f"it lies in {_joined(place, name)}", cure=cure))
    hint = _branches(name) if name.startswith("asterisk/") else _package(name)
    if not hint:
        return failure
    return replace(failure, fault=replace(fault, cure=f"{hint}\n    {fault.cure}"))


def absent(failure: Failure) -> str:
    """The header that a compiler did not find; empty when that was not the reason."""
    found = _ABSENT.search(f"{failure.fault.why}") or _ABSENT.search(failure.excerpt[-1] if failure.excerpt else "")
    lines = (match for line in failure.excerpt if (match := _ABSENT.search(line)))
    return found["name"] if (found := found or next(lines, None)) else ""


def _joined(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _elsewhere(top: Path, name: str) -> str | None:
    """The directory of a repository below which a header lies under the name that is included."""
    for place in module_files.directories(top):
        if (top / place / name).is_file():
            return place
    return None


def _branches(name: str) -> str:
    """Which branches of Asterisk have a header of theirs, when the newest has not."""
    span = known_names.find(Path(name).stem, ["header"])
    return f"{known_names.words(span)} had it" if span and not span.endswith(known_names.BRANCHES[-1]) else ""


def _package(name: str) -> str:
    """What installs a header of a library; empty when that is not known."""
    system = host_system()
    for key, row in _table().items():
        if name == key or (key.endswith("/") and name.startswith(key)):
            install = f"try '{known_libraries.INSTALL[system]} {row[system]}'" if system in row else ""
            return "; ".join(filter(None, (install, row.get("note", ""))))
    return next(_of_probes(name), "")


def _of_probes(name: str) -> Iterator[str]:
    """The hints of the libraries that configure looks for by this header."""
    for library, probe in load_table().items():
        if name in probe.headers and (hint := package_hint([library])):
            yield hint


@functools.cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return toml_table(files.read_text(Path(__file__).with_name("library_headers.toml")))
