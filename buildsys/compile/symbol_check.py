"""Check whether a program could load the built modules: the symbols that are not provided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile
from asterism.modulefile.library_search import Find
from asterism.values import dataclass
from buildsys.compile.symbol_table import survey
from buildsys.planning.plan import Module
from buildsys.settled import shared_libraries, toolchain

Declared = Callable[[Iterable[str]], set[str]]
"""A function that returns the given names that headers declare."""


def _nothing(_names: Iterable[str]) -> set[str]:
    return set()


@dataclass(frozen=True, slots=True)
class Providers:
    """The symbols of the program that loads the modules."""

    core: frozenset[str]
    """The symbols of the program itself."""
    modules: tuple[Path, ...] = ()
    """The files of the program's other modules."""
    declared: Declared = _nothing
    """Finds names that the program's headers declare, for a program without compiled files."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A module and the symbols that it lacks."""

    module: Module
    names: tuple[str, ...]


def lacks(made: Mapping[Module, Path], providers: Providers) -> list[Lack]:
    """The modules that could not be loaded because of missing symbols.

    Args:
        made: the built modules and their files; modules in Python are ignored.
        providers: the symbols of the program that loads them.
    """
    found = {module: read for module, path in made.items() if (read := _read(module, path))}
    shared = {symbol for module in found.values() for symbol in module.exports} | providers.core
    # Libraries are read only when symbols are left for them to provide.
    doubtful = [read for read in found.values() if any(need.is_open and need.name not in shared for need in read.needs)]
    missed = _missing(found.values(), doubtful, providers) if doubtful else {}
    wanted = {name for names in missed.values() for name in names}
    there = {*reader.providers(providers.modules, wanted), *providers.declared(wanted)} if wanted else set[str]()
    left = {module: [name for name in missed.get(read.name, ()) if name not in there] for module, read in found.items()}
    return [Lack(module, tuple(names)) for module, names in left.items() if names]


def _missing(
    all_of_them: Iterable[ModuleFile], doubtful: Iterable[ModuleFile], providers: Providers
) -> Mapping[str, tuple[str, ...]]:
    find = shared_libraries.finder(toolchain.run)
    return survey(all_of_them, providers.core, libraries_of(doubtful, find)).missing


def _read(module: Module, path: Path) -> ModuleFile | None:
    try:
        return None if module.is_python else reader.read(path)
    except AsterismError:
        return None


def libraries_of(modules: Iterable[ModuleFile], find: Find) -> dict[str, frozenset[str]]:
    """The symbols of the shared libraries that modules link to, by library name; libraries not found are left out."""
    wanted = {name: module.runpath for module in modules for name in module.libraries}
    paths = {name: find(name, runpath) for name, runpath in wanted.items()}
    found = {name: exports_of(path) for name, path in paths.items() if path}
    # An unreadable library counts as not found: a linker script, or musl's libc.so beside glibc's.
    return {name: symbols for name, symbols in found.items() if symbols}


def exports_of(path: Path) -> frozenset[str]:
    """The symbols that a shared object or a program exports; empty when it cannot be read."""
    try:
        return reader.exports_of(files.read_bytes(path, files.BINARY), str(path))
    except AsterismError:
        return frozenset()
