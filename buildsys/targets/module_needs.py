"""Determine which modules of an Asterisk other modules need, from their records and symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.branches import built_in
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile
from asterism.names import did_you_mean


def find(wanted: Iterable[ModuleFile], present: Mapping[str, Path], program: Path) -> list[str]:
    """The modules of an Asterisk that the wanted modules need, each after those that it needs itself.

    Symbols that nothing provides are ignored, since the build reports them.

    Args:
        wanted: the modules to load.
        present: the files of the Asterisk's modules, by name.
        program: the executable of the Asterisk, whose exports every module can use.

    Raises:
        AsterismError: with a fault for each required module that is missing and each file that cannot be read.
    """
    own = {_name(module): module for module in wanted}
    search = _NeedsWalk(own, present, reader.exports_of(files.read_bytes(program, files.BINARY), str(program)))
    for module in own.values():
        search.visit(module)
    search.faults.check()
    return [name for name in search.ordered if name not in own]


def of_each(
    own: Mapping[str, ModuleFile], present: Mapping[str, Path], program: Path
) -> dict[str, tuple[Sequence[str], Sequence[Fault]]]:
    """For each module, the names of the modules it needs and the faults that keep it from being loaded.

    Args:
        own: the modules, by name.
        present: the files of the Asterisk's modules, by name.
        program: the executable of the Asterisk.
    """
    core = reader.exports_of(files.read_bytes(program, files.BINARY), str(program))
    found: dict[str, tuple[Sequence[str], Sequence[Fault]]] = {}
    for name, module in own.items():
        search = _NeedsWalk(own, present, core)
        search.visit(module)
        found[name] = ([each for each in search.ordered if each != name], tuple(search.faults))
    return found


def _name(module: ModuleFile) -> str:
    """The name of a module's file, by which Asterisk finds it; it may register under another one."""
    return Path(module.path).stem


class _NeedsWalk:
    """A walk from modules to the modules that they need."""

    def __init__(self, own: Mapping[str, ModuleFile], present: Mapping[str, Path], core: frozenset[str]) -> None:
        self.own = own
        self.present = present
        self.core = core
        self.seen: set[str] = set()
        self.ordered: list[str] = []
        self.faults = Collector()

    def visit(self, module: ModuleFile) -> None:
        """Append a module to the order, after all modules that it needs."""
        name = _name(module)
        if name in self.seen:
            return
        self.seen.add(name)
        for needed in dict.fromkeys([*module.requires, *self._providers(module)]):
            self._visit_named(needed, module)
        self.ordered.append(name)

    def _visit_named(self, name: str, by: ModuleFile) -> None:
        if name in self.own:
            self.visit(self.own[name])
        elif name in self.present:
            try:
                self.visit(reader.read(self.present[name]))
            except AsterismError as error:
                self.faults.extend(error.faults)
        elif name not in built_in.NAMES:
            cure = did_you_mean(name, self.present) or f"build or install {name} for that Asterisk, too"
            what = f"it requires {name}, which that Asterisk does not have"
            self.faults.add(Fault(what, Place(by.path), "", cure, "no-module"))

    def _providers(self, module: ModuleFile) -> list[str]:
        """The names of the modules whose symbols a module uses."""
        wanted = {need.name for need in module.needs if need.is_open} - self.core
        here = _name(module)
        own = [name for name, each in self.own.items() if name != here and wanted & set(each.exports)]
        left = wanted - {symbol for name in own for symbol in self.own[name].exports}
        found = reader.providers(self.present.values(), left) if left else {}
        return [*own, *sorted({Path(names[0]).stem for names in found.values()} - {here})]
