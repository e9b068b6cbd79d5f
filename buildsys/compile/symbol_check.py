"""Whether a program could load what a build has made: the symbols that nobody provides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile
from asterism.values import dataclass
from buildsys.compile.symbol_table import survey
from buildsys.planning.plan import Module
from buildsys.settled import shared_libraries, toolchain
from buildsys.settled.shared_libraries import Find

Declared = Callable[[Iterable[str]], set[str]]
"""Those of some names that headers declare."""


def _nothing(_names: Iterable[str]) -> set[str]:
    return set()


@dataclass(frozen=True, slots=True)
class Providers:
    """The program that is to load modules, as far as symbols go."""

    core: frozenset[str]
    """The symbols of the program itself."""
    modules: tuple[Path, ...] = ()
    """The files of its other modules."""
    declared: Declared = _nothing
    """Names that its headers declare, for a program of which nothing is compiled."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A module and the symbols that it lacks."""

    module: Module
    names: tuple[str, ...]


def lacks(made: Mapping[Module, Path], providers: Providers) -> list[Lack]:
    """The modules that could not be loaded for want of symbols.

    Args:
        made: the modules that were built, and their files; those in Python are passed over.
        providers: the program that is to load them.
    """
    found = {module: read for module, path in made.items() if (read := _read(module, path))}
    shared = {symbol for module in found.values() for symbol in module.exports} | providers.core
    # The libraries are read only when something is left for them to provide.
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
    """What the shared libraries provide of which a module needs symbols without a version; those that are found."""
    wanted = {name: module.runpath for module in modules for name in module.libraries}
    paths = {name: find(name, runpath) for name, runpath in wanted.items()}
    found = {name: exports_of(path) for name, path in paths.items() if path}
    # One that cannot be read counts as not found: a script of the linker, or musl's libc.so beside glibc's.
    return {name: symbols for name, symbols in found.items() if symbols}


def exports_of(path: Path) -> frozenset[str]:
    """The symbols that a shared object or a program provides; none when it cannot be read."""
    try:
        return reader.exports_of(files.read_bytes(path, files.BINARY), str(path))
    except AsterismError:
        return frozenset()
