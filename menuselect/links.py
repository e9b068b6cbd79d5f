"""Who refers to whom: the references of a menu resolved once, as numbers, for the engine.

Follows ``match_member_relations`` of menuselect.c: a reference is internal when some member has its
name, the own category first; every other one is external and looked up in menuselect-deps.
"""

from __future__ import annotations

from dataclasses import dataclass

from menuselect.deps import Deps
from menuselect.model import Menu, Reference

Numbers = tuple[tuple[int, ...], ...]
"""For each member, by its index, the indices of others."""


@dataclass(frozen=True, slots=True)
class Links:
    """The references of all members; members are given by their index."""

    depends: Numbers
    """Internal dependencies, in the order written."""
    dependents: Numbers
    """The other way round; twice when the dependency is written twice."""
    conflicts: Numbers
    """Internal conflicts that are written down; those of exclusive categories are in :attr:`rivals`."""
    opponents: Numbers
    """The other way round: whose conflicts name this member."""
    uses: Numbers
    """Internal members it uses."""
    autoselects: Numbers
    """Those of them that it switches on."""
    rivals: tuple[int, ...]
    """The number of the exclusive category a member is in, or -1."""
    exclusives: Numbers
    """The members of each exclusive category."""
    missing: tuple[Reference | None, ...]
    """The first external dependency that is not met, which makes the member unavailable."""
    present: tuple[Reference | None, ...]
    """The first external conflict that is met, which makes the member unavailable."""


def link(menu: Menu, deps: Deps) -> Links:
    """Resolve the references of a menu."""
    size = len(menu.members)
    depends: list[tuple[int, ...]] = [()] * size
    conflicts: list[tuple[int, ...]] = [()] * size
    uses: list[tuple[int, ...]] = [()] * size
    autoselects: list[tuple[int, ...]] = [()] * size
    missing: list[Reference | None] = [None] * size
    present: list[Reference | None] = [None] * size
    for member in menu.members:
        if not member.references:
            continue
        internal: dict[str, list[int]] = {"depend": [], "conflict": [], "use": [], "autoselect": []}
        at = member.index
        for reference in member.references:
            target = menu.resolve(member, reference)
            if target is not None:
                internal[reference.kind].append(target.index)
                if reference.kind == "use" and reference.autoselect:
                    internal["autoselect"].append(target.index)
            elif reference.kind == "depend" and missing[at] is None and not deps.is_met(reference.name):
                missing[at] = reference
            elif reference.kind == "conflict" and present[at] is None and deps.is_present(reference.name):
                present[at] = reference
        depends[at], conflicts[at] = tuple(internal["depend"]), tuple(internal["conflict"])
        uses[at], autoselects[at] = tuple(internal["use"]), tuple(internal["autoselect"])
    exclusives = [
        tuple(member.index for member in category.members) for category in menu.categories if category.exclusive
    ]
    rivals = [-1] * size
    for number, members in enumerate(exclusives):
        for at in members:
            rivals[at] = number
    return Links(
        depends=tuple(depends),
        dependents=_reversed(depends),
        conflicts=tuple(conflicts),
        opponents=_reversed(conflicts),
        uses=tuple(uses),
        autoselects=tuple(autoselects),
        rivals=tuple(rivals),
        exclusives=tuple(exclusives),
        missing=tuple(missing),
        present=tuple(present),
    )


def _reversed(numbers: list[tuple[int, ...]]) -> Numbers:
    back: list[list[int] | None] = [None] * len(numbers)
    for at, targets in enumerate(numbers):
        for target in targets:
            entries = back[target]
            if entries is None:
                back[target] = [at]
            else:
                entries.append(at)
    return tuple(tuple(entries) if entries else () for entries in back)
