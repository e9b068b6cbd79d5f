"""Which module provides and which needs each symbol, for the modules of one directory; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from asterism.branches import built_in
from asterism.errors import Fault, Place
from asterism.modulefile import missing
from asterism.modulefile.content import ModuleFile
from asterism.names import did_you_mean
from asterism.values import dataclass
from asterism.words import both

NEAR = 0.8
"""The least similarity (0 to 1) of two module names for one to be suggested in place of the other."""

Kind = Literal["uses", "requires", "optional", "enhances"]


@dataclass(frozen=True, slots=True)
class Dependency:
    """The dependency of one module on another."""

    source: str
    target: str
    kinds: tuple[Kind, ...]
    """The kinds of dependency: ``uses`` symbols, ``requires``, ``optional`` or ``enhances`` in the module's record."""
    symbols: tuple[str, ...] = ()
    """The symbols of the target that the source uses."""

    @property
    def is_needed(self) -> bool:
        """Whether the source cannot be loaded without the target."""
        return "uses" in self.kinds or "requires" in self.kinds


@dataclass(frozen=True, slots=True)
class Survey:
    """The modules of a directory, the dependencies between them, and what is missing or provided twice."""

    modules: tuple[ModuleFile, ...]
    core: frozenset[str]
    """The symbols that the program itself provides."""
    links: tuple[Dependency, ...]
    missing: Mapping[str, tuple[str, ...]]
    """The missing symbols, by the name of the module that needs them."""
    doubled: Mapping[str, tuple[str, ...]]
    """The names of the modules that provide a symbol, for each symbol provided by several."""
    cycles: tuple[tuple[str, ...], ...]
    """Circles of modules that need each other."""
    parts: frozenset[str] = built_in.OURS
    """The parts of the program that modules may require."""

    @property
    def faults(self) -> list[Fault]:
        """The faults found, the most serious first."""
        return [fault for check in CHECKS for fault in check(self)]

    @property
    def by_name(self) -> dict[str, ModuleFile]:
        """The modules by their names."""
        return {module.name: module for module in self.modules}


def survey(
    modules: Iterable[ModuleFile],
    core: Iterable[str],
    libraries: Mapping[str, Iterable[str]],
    parts: frozenset[str] = built_in.OURS,
) -> Survey:
    """Determine which modules need which.

    Args:
        modules: the modules of one directory.
        core: the symbols that the program itself provides.
        libraries: the symbols of each shared library that modules link to; an unreadable library is left out.
        parts: the parts of the program that modules may require.
    """
    ordered = tuple(sorted(modules, key=lambda module: module.name))
    providers: dict[str, list[str]] = {}
    for module in ordered:
        for symbol in module.exports:
            providers.setdefault(symbol, []).append(module.name)
    provided = frozenset(core)
    known = {name: frozenset(symbols) for name, symbols in libraries.items()}
    lacking = {module.name: tuple(_missing(module, provided, providers, known)) for module in ordered}
    links = tuple(link for module in ordered for link in _links(module, provided, providers))
    return Survey(
        ordered,
        provided,
        links,
        {name: symbols for name, symbols in lacking.items() if symbols},
        {symbol: tuple(names) for symbol, names in sorted(providers.items()) if len(names) > 1},
        tuple(_circles(ordered, links)),
        parts,
    )


def _missing(
    module: ModuleFile, core: frozenset[str], providers: Mapping[str, object], libraries: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    own = [libraries.get(name) for name in module.libraries]
    if any(symbols is None for symbols in own):
        # A library that cannot be read may provide any symbol.
        return
    available = frozenset[str]().union(*(symbols for symbols in own if symbols))
    for need in module.needs:
        if not need.is_open or need.name in core or need.name in providers or need.name in available:
            continue
        yield need.name


def _links(module: ModuleFile, core: frozenset[str], providers: Mapping[str, list[str]]) -> Iterator[Dependency]:
    used: dict[str, list[str]] = {}
    for need in module.needs:
        if not need.library and need.name not in core and module.name not in providers.get(need.name, ()):
            for provider in providers.get(need.name, ())[:1]:
                used.setdefault(provider, []).append(need.name)
    for target in dict.fromkeys([*sorted(used), *module.requires, *module.optional, *module.enhances]):
        kinds: dict[Kind, bool] = {
            "uses": target in used,
            "requires": target in module.requires,
            "optional": target in module.optional,
            "enhances": target in module.enhances,
        }
        yield Dependency(
            module.name, target, tuple(kind for kind, holds in kinds.items() if holds), tuple(used.get(target, ()))
        )


def _circles(modules: Sequence[ModuleFile], links: Sequence[Dependency]) -> Iterator[tuple[str, ...]]:
    """A circle for each way in which modules need each other, in the order of the dependencies."""
    leads: dict[str, list[str]] = {module.name: [] for module in modules}
    for link in links:
        if link.target in leads and link.is_needed:
            leads[link.source].append(link.target)
    while True:
        try:
            TopologicalSorter(leads).prepare()
        except CycleError as error:
            # The list of CycleError goes from the needed module to its user, and ends where it began.
            circle = error.args[1][:0:-1]
            first = circle.index(min(circle))
            yield (*circle[first:], *circle[:first])
            # Break the circle, so that the next one is found.
            leads[circle[0]].remove(circle[1 % len(circle)])
        else:
            return


# ---- faults --------------------------------------------------------------------------------------


def _nobody(found: Survey) -> Iterator[Fault]:
    cure = "build the module that provides it, or compile this one against the headers here"

    def provided() -> list[str]:
        return [*found.core, *(symbol for module in found.modules for symbol in module.exports)]

    for module in found.modules:
        names = found.missing.get(module.name, ())
        if names:
            yield missing.fault(_place(module), names, provided, cure)


def _hidden(found: Survey) -> Iterator[Fault]:
    by_name = found.by_name
    for link in found.links:
        target = by_name.get(link.target)
        if link.symbols and target and not target.is_global:
            why = f"the module uses its {both(link.symbols)}"
            cure = f"give {link.target} the flag AST_MODFLAG_GLOBAL_SYMBOLS"
            what = f"{link.target} does not share its symbols"
            yield Fault(what, _place(by_name[link.source]), why, cure, "hidden-symbol")


def _undeclared(found: Survey) -> Iterator[Fault]:
    by_name = found.by_name
    for link in found.links:
        if link.kinds == ("uses",):
            why, cure = (
                f"the module uses its {both(link.symbols)}",
                f'add .requires = "{link.target}" to its AST_MODULE_INFO',
            )
            what = f"the module does not declare that it requires {link.target}"
            yield Fault(what, _place(by_name[link.source]), why, cure, "undeclared", "warning")


def _absent(found: Survey) -> Iterator[Fault]:
    by_name = found.by_name
    for link in found.links:
        if "requires" in link.kinds and link.target not in by_name and link.target not in found.parts:
            cure = did_you_mean(link.target, by_name, NEAR) or "choose and build it, too"
            what = f"the module requires {link.target}, which does not exist"
            yield Fault(what, _place(by_name[link.source]), "", cure, "no-module")


def _doubled(found: Survey) -> Iterator[Fault]:
    by_name = found.by_name
    for symbol, names in found.doubled.items():
        shared = [name for name in names if by_name[name].is_global]
        if len(shared) > 1:
            cure = "make one of them static, or rename it"
            what = f"{both(shared)} both provide '{symbol}'"
            yield Fault(what, _place(by_name[shared[0]]), "", cure, "same-symbol", "warning")


def _circular(found: Survey) -> Iterator[Fault]:
    by_name = found.by_name
    for circle in found.cycles:
        what = f"{' -> '.join([*circle, circle[0]])} need each other"
        yield Fault(what, _place(by_name[circle[0]]), "", "take what both need into a third module", "cycle")


def _place(module: ModuleFile) -> Place:
    return Place(module.path)


CHECKS: tuple[Callable[[Survey], Iterator[Fault]], ...] = (_nobody, _absent, _hidden, _undeclared, _doubled, _circular)
"""The checks, the most serious faults first."""
