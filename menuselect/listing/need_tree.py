"""What a member needs and what needs it, as a tree whose branches fold and unfold."""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cached_property

from asterism.values import dataclass
from menuselect.choice.dependency_graph import Node, State, edges_of, label_of, member_node
from menuselect.choice.selection import Selection
from menuselect.model.menu import Member

Path = tuple[str, ...]
"""The names from a root of the tree to a row."""

NEEDS, NEEDED = "needs", "is needed by"
"""The roots of the tree."""

STATES: dict[State, str] = {
    "on": "on",
    "off": "off",
    "unavailable": "cannot be on",
    "met": "library, found",
    "unmet": "library, not found",
    "unknown": "library, not looked for",
}


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A row of the tree."""

    path: Path
    label: str
    """The relation, such as ``uses``; empty for a dependency and for a root."""
    name: str
    state: State | None = None
    """The state of a member or a library; None for a root."""
    member: Member | None = None
    folds: bool = False
    """Whether there is something below the row."""


class NeedTree:
    """The tree of a member; which branches are unfolded is up to the caller."""

    def __init__(self, selection: Selection, member: Member) -> None:
        self._selection = selection
        self.member = member

    def rows(self, unfolded: Set[Path]) -> list[NeedRow]:
        """The visible rows, each below the row that it belongs to."""
        found: list[NeedRow] = []
        waiting = [iter(self._roots())]
        while waiting:
            row = next(waiting[-1], None)
            if row is None:
                waiting.pop()
                continue
            found.append(row)
            if row.folds and row.path in unfolded:
                waiting.append(iter(list(self._below(row))))
        return found

    def _roots(self) -> Iterator[NeedRow]:
        for root in (NEEDS, NEEDED):
            yield NeedRow((root,), "", f"{self.member.name} {root}", None, self.member, self._folds(root, self.member))

    def _below(self, row: NeedRow) -> Iterator[NeedRow]:
        if row.member is None:
            return
        root = row.path[0]
        seen = {self.member.name, *row.path[1:]}
        for label, node, member in self._next(root, row.member):
            again = node.name in seen
            folds = bool(member) and not again and self._folds(root, member)
            yield NeedRow((*row.path, node.name), label, node.name, node.state, member, folds)

    def _next(self, root: str, member: Member) -> Iterator[tuple[str, Node, Member | None]]:
        """The relations of a member to those below it."""
        if root == NEEDS:
            for edge in edges_of(self._selection, member, ("depend", "use", "conflict")):
                target = None if edge.target.is_library else self._selection.menu.find(edge.target.name)
                yield label_of(edge), edge.target, target
            return
        for other in self._selection.dependents(member):
            yield "", member_node(self._selection, other), other
        for other in self._users.get(member.index, ()):
            yield "uses it", member_node(self._selection, other), other

    def _folds(self, root: str, member: Member | None) -> bool:
        return member is not None and next(self._next(root, member), None) is not None

    @cached_property
    def _users(self) -> dict[int, list[Member]]:
        """The members that use each member, by its index."""
        found: dict[int, list[Member]] = {}
        for member in self._selection.menu.members:
            for used in self._selection.used(member):
                found.setdefault(used.index, []).append(member)
        return found


def unfolded_at_first(tree: NeedTree, most: int = 30) -> set[Path]:
    """The branches to show at first: both roots, and below them level by level as long as few rows are shown."""
    shown: set[Path] = {(NEEDS,), (NEEDED,)}
    while True:
        more = shown | {row.path for row in tree.rows(shown) if row.folds and row.path[0] == NEEDS}
        if more == shown or len(tree.rows(more)) > most:
            return shown
        shown = more
