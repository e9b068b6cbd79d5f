"""Failures that the original menuselect forgets at the start of a pass."""

from __future__ import annotations

from menuselect.choice.references import Links


class Relapse:
    """The hard failures that the original forgets at the start of a pass, and the groups affected by that.

    ``calc_dep_failures`` clears the failure of a member whose external dependencies are all met, even
    if it failed because of another member that is unavailable.  The pass then finds the failure again, unless
    a member earlier in the menu was accepted because of it in the meantime.  So a member can be built
    although a dependency cannot.  This is a fault of the original; the drop-in reproduces it, because
    builds depend on the file, and no other program does.
    """

    def __init__(self, links: Links) -> None:
        doomed = _doomed(links)
        self.members = [at for at in sorted(doomed) if links.missing[at] is None and links.has_library[at]]
        self.forgotten: set[int] = set()
        """The members whose failure is forgotten and not yet found again."""
        self._group: dict[int, int] = {}
        for at in self.members:
            self._join(at, links.dependents[at])
        self._by_group: dict[int, list[int]] = {}
        for at in self.members:
            self._by_group.setdefault(self._find(at), []).append(at)
        self._due = set(self._by_group)

    def _find(self, at: int) -> int:
        while self._group.setdefault(at, at) != at:
            self._group[at] = self._group[self._group[at]]
            at = self._group[at]
        return at

    def _join(self, at: int, others: tuple[int, ...]) -> None:
        for other in others:
            self._group[self._find(other)] = self._find(at)
        self._find(at)

    def touch(self, at: int) -> None:
        """Mark the group of a member as due, after a change of an input."""
        if at in self._group:
            self._due.add(self._find(at))

    def due(self) -> list[int]:
        """The members whose failure is to be forgotten now; groups without a change are left out."""
        return [at for group in sorted(self._due) for at in self._by_group.get(group, ())]

    def rest(self, missed: list[int]) -> None:
        """End a pass that changed nothing: another pass would have the same result.

        A member that missed a failure found again later sees it when a change elsewhere restarts the sweep;
        its group stays due.
        """
        self._due = {self._find(at) for at in missed if at in self._group}


def _doomed(links: Links) -> set[int]:
    """The members that are unavailable because a library of theirs or of a dependency is missing."""
    doomed = {at for at, reference in enumerate(links.missing) if reference}
    trail = list(doomed)
    while trail:
        for dependent in links.dependents[trail.pop()]:
            if dependent not in doomed:
                doomed.add(dependent)
                trail.append(dependent)
    return doomed
