"""Explain missing symbols: where a module uses them, and which sources of the repository define them."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, Setting
from asterism.modulefile import library_search, missing, reader
from asterism.tree import SETTINGS
from asterism.values import dataclass, field, replace
from asterism.words import agreed, both
from buildsys.compile import definitions
from buildsys.compile.definitions import SourceNames
from buildsys.compile.symbol_check import Lack, Providers
from buildsys.planning.plan import LANGUAGES, Module
from buildsys.settled import toolchain

CURE = f"link the library that has it (libs in {SETTINGS}), or build the module that provides it"
OF_ASTERISK = ("ast_", "ao2_", "stasis_", "pbx_", "__ast_")
"""Prefixes of the names of Asterisk's functions, which no library has."""
LARGEST = 4_000_000
"""The largest size in bytes of a source that is searched for definitions."""
_CALLER = re.compile(r"^\s+U (?P<name>\S+)\t(?P<file>.+):(?P<line>\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repository:
    """The sources around the modules of a build, searched for missing definitions."""

    top: Path
    place: str
    """The output directory of the build, relative to the top."""
    spare: tuple[str, ...] = ()
    """Sources that belong to no module, relative to the top."""
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The further sources that asterism.toml gives to modules, by module name."""
    unbuilt: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The sources of modules that were not built, by module name."""

    def fault(self, lack: Lack, providers: Providers) -> Fault:
        """The fault of a module that lacks symbols."""
        used = self._callers(lack)
        first = min(used.values(), key=lambda place: (place.file, place.line), default=Place(lack.module.sources[0]))
        places = {name: str(place) for name, place in used.items()}
        told = missing.fault(first, lack.names, lambda: providers.core, CURE, places)
        told = replace(told, what=f"module {lack.module.name} cannot be loaded: {told.what}")
        owners = [name for name, sources in self.unbuilt.items() if self._defines(sources, lack.names)]
        if owners:
            why = f"{both(owners)} would provide it, and {agreed(len(owners), 'is', 'are')} not built"
            return replace(told, why=why, cure=f"build {both(owners)} first")
        own = frozenset[str]().union(*(self._names(path).defined for path in lack.module.sources))
        siblings = definitions.providers(lack.names, self._spare_names(lack.module), own)
        if not siblings:
            return self._of_library(lack, told)
        verb, noun = agreed(len(siblings), "defines", "define"), agreed(len(lack.names), "it", "them")
        added = (Setting(lack.module.name, "sources", tuple(siblings)),)
        why = f"{both(siblings)} {verb} {noun}"
        return replace(told, why=why, cure=self._cure(lack.module, siblings), settings=added)

    def _of_library(self, lack: Lack, told: Fault) -> Fault:
        """The fault completed with the libraries of this machine that provide the symbols; unchanged when none does."""
        theirs = [name for name in lack.names if not name.startswith(OF_ASTERISK)]
        found = libraries_with(theirs, library_search.PLACES)
        if not found:
            return told
        flags = [f"-l{name.removeprefix('lib').removesuffix('.so')}" for name in found]
        verb = agreed(len(found), "provides", "provide")
        cure = f'write libs = "{" ".join(flags)}" below [modules.{lack.module.name}] in {SETTINGS}'
        noun = "it" if len(lack.names) == 1 else "them" if len(theirs) == len(lack.names) else f"{len(theirs)} of them"
        added = (Setting(lack.module.name, "libs", tuple(flags)),)
        return replace(told, why=f"{both(found)} {verb} {noun}", cure=cure, settings=added)

    def _defines(self, sources: Sequence[str], names: Sequence[str]) -> bool:
        return any(self._names(path).defined & set(names) for path in sources)

    def _names(self, path: str) -> SourceNames:
        return definitions.names_in(_text(self.top / path))

    def _callers(self, lack: Lack) -> dict[str, Place]:
        """The first place where a module uses each symbol, with paths relative to the top."""
        found = callers(sorted((self.top / self.place / "obj" / lack.module.name).glob("*.o")))
        return {name: self._shown(found[name]) for name in lack.names if name in found}

    def _shown(self, place: Place) -> Place:
        path = Path(os.path.normpath(self.top / place.file))  # debug information may be relative to the top, as './x.c'
        return replace(place, file=str(path.relative_to(self.top) if path.is_relative_to(self.top) else path))

    def _spare_names(self, module: Module) -> dict[str, SourceNames]:
        """The names in the spare sources; sources near to the module come first."""
        home = Path(module.sources[0]).parent
        ordered = sorted(self.spare, key=lambda path: (not Path(path).is_relative_to(home), path))
        return {path: self._names(path) for path in ordered}

    def _cure(self, module: Module, siblings: Sequence[str]) -> str:
        listed = ", ".join(f'"{path}"' for path in dict.fromkeys((*self.extras.get(module.name, ()), *siblings)))
        return f"write to {SETTINGS}:\n    [modules.{module.name}]\n    sources = [{listed}]"


def _text(path: Path) -> str:
    """The text of a source; empty when it cannot be read."""
    try:
        return files.read_bytes(path, LARGEST).decode("utf-8", "replace")
    except AsterismError:
        return ""


def libraries_with(names: Sequence[str], places: Iterable[str]) -> list[str]:
    """The fewest libraries that together provide the symbols, by their names for linking, such as ``libusb-1.0.so``.

    Args:
        names: the symbols.
        places: glob patterns of directories.
    """
    paths = {path.name: path for place in places for path in sorted(Path("/").glob(f"{place.lstrip('/')}/lib*.so"))}
    offers = reader.providers(paths.values(), names) if names else {}
    left, chosen = set(offers), list[str]()
    while left:
        counts = Counter(file for name in left for file in offers[name])
        best = max(sorted(counts), key=lambda file: counts[file])
        chosen.append(best)
        left -= {name for name in left if best in offers[name]}
    return chosen


def spare_sources(found: Iterable[str], modules: Iterable[Module]) -> tuple[str, ...]:
    """The sources in a compiled language that belong to no module."""
    taken = {source for module in modules for source in module.sources}
    return tuple(path for path in found if path not in taken and Path(path).suffix in LANGUAGES)


def callers(objects: Iterable[Path]) -> dict[str, Place]:
    """The first place where each undefined symbol of some object files is used, from their debug information.

    ``nm`` of the binutils reads it; without ``nm`` the result is empty.
    """
    program, paths = shutil.which("nm"), [str(path) for path in objects]
    if program is None or not paths:
        return {}
    places: dict[str, Place] = {}
    for match in _CALLER.finditer(toolchain.run([program, "-u", "-l", *paths]).output):
        places.setdefault(match["name"], Place(match["file"], int(match["line"])))
    return places
