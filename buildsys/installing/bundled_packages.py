"""The Python packages an installed tree needs: Asterism's own, and what they depend on, all the way down."""

from __future__ import annotations

import importlib.util
import marshal
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Tree

OWN = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
"""The packages of this distribution, taken from the source tree."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*==")
_IGNORED_SUFFIXES = (".pyc", ".pyo", ".orig", ".rej", "~", ".swp")
_IGNORED_RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""What the package manager of the environment keeps for itself."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of the closure: where it is, and where it goes below the directory of packages."""

    source: Path
    path: str


def own_files(tree: Tree) -> Iterator[Copied]:
    """The files of Asterism's packages in a source tree."""
    for package in OWN:
        for source in sorted((tree / package).rglob("*")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in source.relative_to(tree).parts)
            if source.is_file() and not hidden and not source.name.endswith(_IGNORED_SUFFIXES):
                yield Copied(source, source.relative_to(tree).as_posix())


def requirements(requires: Iterable[str]) -> list[str]:
    """The names in requirement lines such as ``ninja>=1.13``; those of extras are left out."""
    return [match[0] for line in requires if not _EXTRA.search(line) and (match := _NAME.match(line))]


def distributions(name: str = "asterism") -> dict[str, metadata.Distribution]:
    """What a distribution needs, all the way down and without itself, by normalized name.

    A requirement that is not installed is passed over: its marker is for another system, or the
    environment would not have come about.

    Raises:
        AsterismError: the distribution itself is not installed.
    """
    found: dict[str, metadata.Distribution] = {}
    waiting = requirements(_distribution(name).requires or ())
    while waiting:
        wanted = waiting.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if key in found:
            continue
        try:
            found[key] = metadata.distribution(wanted)
        except metadata.PackageNotFoundError:
            continue
        waiting += requirements(found[key].requires or ())
    return dict(sorted(found.items()))


def _distribution(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        fault = Fault(f"{name} is not installed in this environment", None, "", "run build_tools/bootstrap", "no-setup")
        raise AsterismError(fault) from None


def library_files(distribution: metadata.Distribution) -> Iterator[Copied]:
    """The files of a distribution that lie in the directory of packages: no programs, no byte code.

    Raises:
        AsterismError: it does not say which files it has, or one of them is missing.
    """
    recorded = distribution.files
    if recorded is None:
        raise _incomplete(distribution.name, "it keeps no list of its files")
    for each in recorded:
        inside = ".." not in each.parts and "__pycache__" not in each.parts
        if inside and each.name not in _IGNORED_RECORDS and not each.name.endswith(_IGNORED_SUFFIXES):
            source = Path(str(each.locate()))
            if not source.is_file():
                raise _incomplete(distribution.name, f"{each} is missing")
            yield Copied(source, each.as_posix())


def _incomplete(name: str, why: str) -> AsterismError:
    cure = "remove .venv and run build_tools/bootstrap"
    return AsterismError(Fault(f"the library {name} is not installed whole", Place(".venv"), why, cure, "no-setup"))


def byte_code(source: Path) -> bytes:
    """The byte code of a source, as the interpreter caches it: valid for a copy with the same size and time.

    What the interpreter has cached beside the source already is taken as it is.
    """
    status = source.stat()
    header = pyc_header(int(status.st_mtime), status.st_size)
    cached = Path(importlib.util.cache_from_source(str(source)))
    if cached.is_file():
        data = cached.read_bytes()
        if data.startswith(header):
            return data
    code = compile(source.read_bytes(), str(source), "exec", dont_inherit=True)
    return header + marshal.dumps(code)


def pyc_header(seconds: int, size: int) -> bytes:
    """The first 16 bytes of byte code for a source of that time and size (PEP 552)."""
    return importlib.util.MAGIC_NUMBER + struct.pack("<LLL", 0, seconds & 0xFFFFFFFF, size & 0xFFFFFFFF)


def pyc_path(path: str) -> str:
    """Where the byte code of a source goes, as this interpreter looks for it."""
    return importlib.util.cache_from_source(path)
