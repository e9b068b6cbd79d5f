"""The symbols that a module lacks, and the modules that would provide them.

The dynamic linker names the first missing symbol only.  The others are searched for when a fault is reported, not at
each attempt to open a module.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.files import read_bytes
from asterism.modulefile import library_search, missing, reader
from asterism.values import replace
from asterism.words import both
from runtime.model.module_record import UndefinedSymbolError
from runtime.modules.native_library import provided_symbols


def told(error: UndefinedSymbolError) -> Fault:
    """The fault that names all missing symbols of a module, with the declaring header or a similar name of each."""
    place = error.faults[0].place
    if place is None:
        return replace(error.faults[0], names=(error.symbol,))
    return missing.fault(place, lacking(Path(place.file)) or (error.symbol,), provided_symbols)


def with_providers(fault: Fault, providers: Mapping[str, Sequence[str]], cures: Mapping[str, str]) -> Fault:
    """A fault of :func:`told` with the files that would provide some of the symbols.

    Args:
        fault: the fault.
        providers: the files that provide each symbol.
        cures: for each file, how to make its symbols available.
    """
    provided = [name for name in fault.names if name in providers]
    files = list(dict.fromkeys(file for name in provided for file in providers[name]))
    if not files:
        return fault
    what = "it" if len(fault.names) == 1 else f"{len(provided)} of them" if len(provided) < len(fault.names) else "them"
    why = f"{both(files)} would provide {what}"
    cure = "; ".join(cures[file] for file in files)
    if len(provided) == len(fault.names):
        return replace(fault, why=why, cure=cure)
    return replace(fault, why="; ".join(filter(None, (why, fault.why))), cure=f"{cure}; {fault.cure}")


def lacking(file: Path) -> tuple[str, ...]:
    """The symbols that a module needs and that are defined nowhere; empty when a library cannot be read."""
    try:
        data = read_bytes(file)
        needs, libraries = reader.needs_of(data, str(file))
        names = {need.name for need in needs if need.is_open}
        lacking = {name for name in names if not _is_there(name)}
        # The dynamic linker has already found the versioned symbols of a library in that library.
        versioned = {need.library for need in needs}
        for library in libraries:
            if library not in versioned and lacking:
                lacking -= _exports(_found(library, reader.runpath_of(data, str(file)), str(file.parent)))
    except (AsterismError, OSError):
        return ()
    return tuple(sorted(lacking))


def _is_there(name: str) -> bool:
    """Whether the program, or a module that shares its symbols, defines a symbol."""
    return hasattr(_program(), name)


@functools.cache
def _program() -> object:
    import ctypes  # which only a module that does not open needs

    return ctypes.CDLL(None)


def _found(library: str, runpath: Iterable[str], origin: str) -> str:
    """The path of a library.  Raises OSError when the library is in none of the usual directories."""
    found = _finder()(library, [reader.expanded(each, origin) for each in runpath])
    if found is None:
        raise FileNotFoundError(library)
    return str(found)


@functools.cache
def _finder() -> library_search.Find:
    """The search without the linker's cache: what the cache adds to the usual places is seldom linked by a module."""
    return library_search.finder({})


@functools.cache
def _exports(path: str) -> frozenset[str]:
    return reader.exports_of(read_bytes(path), path)
