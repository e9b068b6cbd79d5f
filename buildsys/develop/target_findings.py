"""``asterism doctor --target``: check an Asterisk for faults that affect building, loading or updating modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.branches import built_in
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import buildsums, reader
from asterism.modulefile.content import ModuleFile
from buildsys.compile.symbol_check import exports_of, libraries_of
from buildsys.compile.symbol_table import survey
from buildsys.develop import target_install
from buildsys.installing import manifest
from buildsys.settled import build_options, shared_libraries
from buildsys.targets import installed_asterisk
from buildsys.targets.installed_asterisk import InstalledAsterisk


def examine(asterisk: InstalledAsterisk) -> list[Fault]:
    """Everything that is wrong with an Asterisk as far as modules are concerned; errors and warnings.

    Args:
        asterisk: the target; none of its programs is run.
    """
    modules, unread = _read(asterisk)
    return [*unread, *(fault for check in _CHECKS for fault in check(asterisk, modules))]


def _read(asterisk: InstalledAsterisk) -> tuple[list[ModuleFile], list[Fault]]:
    modules, faults = list[ModuleFile](), list[Fault]()
    for path in asterisk.modules.values():
        try:
            modules.append(reader.read(path))
        except AsterismError as error:
            faults += error.faults
    return modules, faults


def _program(asterisk: InstalledAsterisk, _modules: Sequence[ModuleFile]) -> Iterator[Fault]:
    """Faults of the program: missing, for another machine, or built with other options than the headers."""
    try:
        installed_asterisk.require_startable(asterisk)
    except AsterismError as error:
        yield from error.faults


def _sums(asterisk: InstalledAsterisk, modules: Sequence[ModuleFile]) -> Iterator[Fault]:
    """Modules of another build, which Asterisk refuses (main/loader.c, inspect_module)."""
    ours = build_options.abi_options(asterisk.headers.options)
    for module in modules:
        if module.sum and module.sum != asterisk.headers.sum:
            lines = buildsums.verdict(module.sum, module.options, asterisk.headers.sum, ours)
            why = "; ".join(lines).replace("in this tree", "in that Asterisk").replace("this tree's", "its")
            what = "Asterisk refuses the module, which was built with other options"
            cure = "build it for this Asterisk: 'asterism build --target'"
            yield Fault(what, Place(module.path), why, cure, "other-sum")


def _symbols(asterisk: InstalledAsterisk, modules: Sequence[ModuleFile]) -> Iterator[Fault]:
    """Modules that need missing symbols, modules or libraries."""
    find = installed_asterisk.finder(asterisk)
    if asterisk.program:
        found = survey(modules, exports_of(asterisk.program), libraries_of(modules, find), built_in.NAMES)
        yield from (fault for fault in found.faults if fault.severity == "error")
    for path, names in shared_libraries.lost({module.path: module for module in modules}, find).items():
        yield shared_libraries.fault(Place(path), names)


def _installed(asterisk: InstalledAsterisk, _modules: Sequence[ModuleFile]) -> Iterator[Fault]:
    """Modules installed by Asterism that were changed or removed since."""
    if asterisk.module_directory is None:
        return
    where = target_install.destination(asterisk)
    for path in sorted(where.place(where.layout.manifests).glob("*.json")):
        try:
            listed = manifest.load_file(path) or manifest.Manifest()
        except AsterismError as error:
            yield from error.faults
            continue
        for entry in listed.entries.values():
            if not entry.is_config:
                yield from _changed(where.place(entry.path), entry, listed.source)


def _changed(path: Path, entry: manifest.Entry, source: str) -> Iterator[Fault]:
    cure = f"install it again from {source}" if source else "install its package again"
    try:
        data = files.read_bytes(path, files.BINARY)
    except AsterismError as error:
        yield Fault("an installed module cannot be read", Place(str(path)), error.faults[0].why, cure, "gone")
        return
    if not entry.describes(data):
        yield Fault("the module was changed since it was installed", Place(str(path)), "", cure, "changed", "warning")


_Check = Callable[[InstalledAsterisk, Sequence[ModuleFile]], Iterator[Fault]]

_CHECKS: tuple[_Check, ...] = (_program, _sums, _symbols, _installed)
"""The checks, the most serious faults first."""
