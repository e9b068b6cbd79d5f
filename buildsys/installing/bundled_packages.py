"""The Python packages that an installed tree needs: Asterism's own and their dependencies, direct and indirect."""

from __future__ import annotations

import importlib.util
import marshal
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from types import CodeType

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Tree
from asterism.values import dataclass

OWN = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing")
"""The packages of this distribution, which are taken from the source tree."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"\bextra\s*==")
_IGNORED_SUFFIXES = (".pyc", ".pyo", ".orig", ".rej", "~", ".swp")
_IGNORED_RECORDS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""Files of a distribution that only the package manager of its environment uses."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of the bundled packages: its source, and its path below the directory of packages."""

    source: Path
    path: str


def own_files(tree: Tree) -> Iterator[Copied]:
    """The files of Asterism's own packages in a source tree."""
    for package in OWN:
        for source in sorted((tree / package).rglob("*")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in source.relative_to(tree).parts)
            if source.is_file() and not hidden and not source.name.endswith(_IGNORED_SUFFIXES):
                yield Copied(source, source.relative_to(tree).as_posix())


def requirements(requires: Iterable[str]) -> list[str]:
    """The names in requirement lines such as ``ninja>=1.13``; requirements of extras are left out."""
    return [match[0] for line in requires if not _EXTRA.search(line) and (match := _NAME.match(line))]


def distributions(name: str = "asterism") -> dict[str, metadata.Distribution]:
    """The direct and indirect dependencies of a distribution, by normalized name.

    A requirement that is not installed is ignored: its marker is for another system, or the environment could not have
    been created.

    Raises:
        AsterismError: the distribution is not installed.
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
    """The files of a distribution in the directory of packages, without programs and byte code.

    Raises:
        AsterismError: the distribution has no list of its files, or one of them is missing.
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


def byte_code(source: Path, path: str) -> bytes:
    """The byte code of a source, validated by a hash of the source instead of its time.

    Two installs of the same sources have byte code with the same bytes, regardless of the directory and the process.

    Args:
        source: the file; byte code that the interpreter has cached for it is used when it is up to date.
        path: its path below the directory of packages, recorded in the code for tracebacks.
    """
    text = files.read_bytes(source, files.BINARY)
    code = _cached(source) or compile(text, path, "exec", dont_inherit=True)
    return pyc_header(text) + _dumps(_named(code, path))


def _cached(source: Path) -> CodeType | None:
    """The code that the interpreter has cached beside a source; None when it is missing or out of date."""
    cached, status = Path(importlib.util.cache_from_source(str(source))), source.stat()
    times = struct.pack("<LLL", 0, int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
    if not cached.is_file():
        return None
    data = files.read_bytes(cached, files.BINARY)
    if not data.startswith(importlib.util.MAGIC_NUMBER + times):
        return None
    code = marshal.loads(data[16:])  # noqa: S302 - the interpreter would run it
    return code if isinstance(code, CodeType) else None


def _named(code: CodeType, path: str) -> CodeType:
    """Code with another file name, in all its functions as well."""
    inner = tuple(_named(each, path) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=path, co_consts=inner)


def _dumps(code: CodeType) -> bytes:
    """Marshal code so that the result depends on the code alone.

    marshal writes a mark at each object with further references, among them function names that the process happens
    to use elsewhere. Therefore each object gets a further reference here.
    """
    held: list[object] = [code]
    for each in held:  # which grows meanwhile
        if isinstance(each, CodeType):
            held += each.co_consts, each.co_names, each.co_varnames, each.co_freevars, each.co_cellvars
            held += each.co_filename, each.co_name, each.co_qualname, each.co_linetable, each.co_exceptiontable
        elif isinstance(each, (tuple, frozenset)):
            held += each
    data = marshal.dumps(code)
    del held
    return data


def pyc_header(text: bytes) -> bytes:
    """The 16 bytes before the byte code of a source; the interpreter does not check the hash in them (PEP 552)."""
    return importlib.util.MAGIC_NUMBER + struct.pack("<L", 1) + importlib.util.source_hash(text)


def pyc_path(path: str) -> str:
    """The path of a source's byte code, where this interpreter looks for it."""
    directory, name = os.path.split(path)
    return os.path.join(directory, "__pycache__", f"{name.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc")
