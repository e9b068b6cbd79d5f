"""Resolve the references of a menu into indices, for the engine.

The module follows ``match_member_relations`` of menuselect.c: a reference is internal when a member has its
name, own category first; every other reference is external and looked up in menuselect-deps.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass
from menuselect.model.deps import Deps
from menuselect.model.menu import Kind, Member, Menu, Reference, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    Resolve = Callable[[Member, Reference], Member | None]

Numbers = tuple[tuple[int, ...], ...]
"""For each member, by its index, the indices of other members."""


@dataclass(frozen=True, slots=True)
class Links:
    """The references of all members; members are given by their index."""

    depends: Numbers
    """Internal dependencies, in the order written."""
    dependents: Numbers
    """The members that depend on a member; twice when the dependency is written twice."""
    conflicts: Numbers
    """Internal conflicts that are declared; those of exclusive categories are in :attr:`rivals`."""
    opponents: Numbers
    """The members that declare a conflict with a member."""
    uses: Numbers
    """The members that a member uses."""
    autoselects: Numbers
    """The used members that a member switches on."""
    rivals: tuple[int, ...]
    """The number of the exclusive category a member is in, or -1."""
    exclusives: Numbers
    """The members of each exclusive category."""
    external: tuple[tuple[Reference, ...], ...]
    """The external references, in the order written."""
    missing: tuple[Reference | None, ...]
    """The first external dependency that is not met, which makes the member unavailable."""
    present: tuple[Reference | None, ...]
    """The first external conflict that is met, which makes the member unavailable."""
    has_library: bytes
    """Whether a member has an external dependency."""
    headings: tuple[Member, ...] = ()
    """Entries beyond the members of the menu, for references spelled like a heading: always off, never listed."""


def link(menu: Menu, deps: Deps, headings: bool = False) -> Links:
    """Resolve the references of a menu.

    Args:
        menu: the menu.
        deps: the results of configure.
        headings: whether a reference may name a heading, as in the original; see :attr:`Links.headings`.
    """
    shown = _Headings(menu) if headings else None
    size = len(menu.members) + (len(shown.members) if shown else 0)
    found, external = _resolved(menu, size, shown.resolve if shown else menu.resolve)
    exclusives = tuple(
        tuple(member.index for member in category.members) for category in menu.categories if category.exclusive
    )
    return Links(
        depends=tuple(found["depend"]),
        dependents=_reversed(found["depend"]),
        conflicts=tuple(found["conflict"]),
        opponents=_reversed(found["conflict"]),
        uses=tuple(found["use"]),
        autoselects=tuple(found["autoselect"]),
        external=tuple(external),
        rivals=_rivals(size, exclusives),
        exclusives=exclusives,
        missing=_firsts(external, "depend", lambda name: not deps.is_met(name)),
        present=_firsts(external, "conflict", deps.is_present),
        has_library=bytes(
            bool(references) and any(reference.kind == "depend" for reference in references) for references in external
        ),
        headings=shown.members if shown else (),
    )


def _resolved(
    menu: Menu, size: int, resolve: Resolve
) -> tuple[dict[str, list[tuple[int, ...]]], list[tuple[Reference, ...]]]:
    """The internal references by kind, and the external references, of each member."""
    found: dict[str, list[tuple[int, ...]]] = {kind: [()] * size for kind in _KINDS}
    external: list[tuple[Reference, ...]] = [()] * size
    for member in menu.members:
        if not member.references:
            continue
        internal: dict[str, list[int]] = {}
        others: list[Reference] = []
        for reference in member.references:
            target = resolve(member, reference)
            if target is None:
                others.append(reference)
                continue
            internal.setdefault(reference.kind, []).append(target.index)
            if reference.autoselect and reference.kind == "use":
                internal.setdefault("autoselect", []).append(target.index)
        external[member.index] = tuple(others)
        for kind, targets in internal.items():
            found[kind][member.index] = tuple(targets)
    return found, external


_KINDS = ("depend", "conflict", "use", "autoselect")


def _rivals(size: int, exclusives: Numbers) -> tuple[int, ...]:
    rivals = [-1] * size
    for number, members in enumerate(exclusives):
        for at in members:
            rivals[at] = number
    return tuple(rivals)


def _firsts(
    external: list[tuple[Reference, ...]], kind: Kind, holds: Callable[[str], bool]
) -> tuple[Reference | None, ...]:
    """For each member, the first external reference of a kind for which a condition holds."""
    found: list[Reference | None] = [None] * len(external)
    for at, references in enumerate(external):
        for reference in references:
            if reference.kind == kind and holds(reference.name):
                found[at] = reference
                break
    return tuple(found)


class _Headings:
    """The headings of a menu as entries that references can name, each before its members."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._lists: dict[str, list[Member]] = {}
        members: list[Member] = []
        for category in menu.categories:
            entries = self._lists.setdefault(category.name, [])
            for title, group in category.groups():
                heading = Member(title, category.name, len(menu.members) + len(members), starts_on=False)
                members.append(heading)
                entries += (heading, *group)
        self.members = tuple(members)
        self._titles = {fold(heading.name) for heading in members}

    def resolve(self, member: Member, reference: Reference) -> Member | None:
        name = fold(reference.name)
        if name not in self._titles:
            return self._menu.resolve(member, reference)
        lists = (self._lists[member.category], *self._lists.values())
        return next((entry for entries in lists for entry in entries if fold(entry.name) == name), None)


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
