"""Compute the states of members: which are on, which cannot be, and the consequences of a switch.

The module follows ``calc_dep_failures``, ``calc_conflict_failures`` and ``enable_member`` of menuselect.c,
which sweep over all members and start over after every change.  The engine gets the same results in the
same order from a queue of the members whose inputs changed, always taking the first in menu order: a
sweep over members whose inputs did not change has no effect.  100,000 members then take a second
instead of hours.

A member is represented by its index in the menu.
"""

from __future__ import annotations

from heapq import heappop, heappush

from asterism.values import TYPE_CHECKING
from menuselect.choice.references import Links
from menuselect.choice.relapse import Relapse
from menuselect.choice.switches import HARD, NONE, SOFT, Flip, Obstacle, UnsettledError, Why

if TYPE_CHECKING:
    from collections.abc import Generator


_OK, _OFF, _DEAD = 0, 1, 2
"""The state of a member as its dependents see it."""

_DEEPEST = 16
"""How often a member may be requested while it is being switched on; only autoselect cycles request it again."""


Snapshot = tuple[bytes | list[int], ...]


class Engine:
    """The state of every member, and the transitions."""

    def __init__(
        self,
        links: Links,
        explicit: bytes,
        starts_on: bytes,
        default_no: bytes,
        default_yes: bytes,
        forgetful: bool = False,
    ) -> None:
        size = len(starts_on)
        self.links = links
        self.explicit = explicit
        self.on = bytearray(starts_on)
        self.was = bytearray(on and not no for on, no in zip(starts_on, default_no, strict=True))
        """The states in the files; the difference of ``on`` and ``was`` is what changed."""
        self.defaulted = bytearray(size)
        """Whether the state comes from a default and was not set since."""
        self.default_yes = default_yes
        self.depfail = bytearray(HARD if reference else NONE for reference in links.missing)
        self.conffail = bytearray(HARD if reference else NONE for reference in links.present)
        self.flips: list[Flip] = []
        """Every switch since :meth:`begin`."""
        self.blocks: list[Obstacle] = []
        """Every dependency that could not be switched on since :meth:`begin`."""
        self._version = 0
        self._look = bytearray(size)
        self._off = [0] * size
        """For each member, the number of dependencies that are off or fail softly."""
        self._dead = [0] * size
        """For each member, the number of dependencies that are unavailable."""
        self._rivals_on: list[set[int]] = []
        self._opponents_on = [0] * size
        self._queue: list[int] = []
        self._queued = bytearray(size)
        self._clashes: list[int] = []
        self._clashing = bytearray(size)
        self._selfish = bytearray(at in targets for at, targets in enumerate(links.depends))
        """Whether a member depends on itself: such a member fails when it is off."""
        self._relapse = Relapse(links) if forgetful else None
        self._count()

    def _count(self) -> None:
        """Compute the counters from the states."""
        links = self.links
        for at in range(len(self.on)):
            self._look[at] = _DEAD if self.depfail[at] == HARD else _OFF if self.depfail[at] or not self.on[at] else _OK
        for at, targets in enumerate(links.depends):
            if targets:
                looks = [self._look[target] for target in targets if target != at]
                self._dead[at], self._off[at] = looks.count(_DEAD), looks.count(_OFF)
        for at, targets in enumerate(links.conflicts):
            if targets:
                self._opponents_on[at] = sum(self.on[target] for target in targets)
        self._rivals_on = [{at for at in members if self.on[at]} for members in links.exclusives]
        self._queue = [at for at, targets in enumerate(links.depends) if targets and self.depfail[at] != HARD]
        self._queued = bytearray(len(self.on))
        for at in self._queue:
            self._queued[at] = 1
        self._clashes = [
            at
            for at, targets in enumerate(links.conflicts)
            if (targets or links.rivals[at] >= 0) and self.conffail[at] != HARD
        ]
        self._clashing = bytearray(len(self.on))
        for at in self._clashes:
            self._clashing[at] = 1

    def snapshot(self) -> Snapshot:
        """The whole state, for :meth:`restore`."""
        return (
            bytes(self.on),
            bytes(self.was),
            bytes(self.defaulted),
            bytes(self.depfail),
            bytes(self.conffail),
            bytes(self._look),
            self._off[:],
            self._dead[:],
            self._opponents_on[:],
            self._queue[:],
            self._clashes[:],
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a state."""
        on, was, defaulted, depfail, conffail, look, off, dead, opponents, queue, clashes = snapshot
        self.on[:], self.was[:], self.defaulted[:] = bytes(on), bytes(was), bytes(defaulted)
        self.depfail[:], self.conffail[:], self._look[:] = bytes(depfail), bytes(conffail), bytes(look)
        self._off[:], self._dead[:], self._opponents_on[:] = off, dead, opponents
        self._queue[:], self._clashes[:] = queue, clashes
        size = len(self.on)
        self._queued, self._clashing = bytearray(size), bytearray(size)
        for at in queue:
            self._queued[at] = 1
        for at in clashes:
            self._clashing[at] = 1
        self._rivals_on = [{at for at in members if self.on[at]} for members in self.links.exclusives]
        self._version += 1

    def begin(self) -> None:
        """Clear the recorded switches and blocks."""
        self.flips.clear()
        self.blocks.clear()

    def available(self, at: int) -> bool:
        """Whether a member has no hard failure."""
        return self.depfail[at] != HARD and self.conffail[at] != HARD

    def put(self, at: int, on: bool, why: Why = Why.REQUESTED, other: int = -1) -> None:
        """Switch a member, without settling the consequences."""
        if bool(self.on[at]) == on:
            return
        self.on[at] = on
        self._version += 1
        self.flips.append(Flip(at, on, why, other))
        self._relook(at)
        if self._selfish[at]:
            self._enqueue(at)
        step = 1 if on else -1
        for opponent in self.links.opponents[at]:
            self._opponents_on[opponent] += step
            self._clash(opponent)
        if self.links.rivals[at] >= 0:
            self._rival(at, on)

    def _relook(self, at: int) -> None:
        """Update the counters of the dependents after a change of a member."""
        look = _DEAD if self.depfail[at] == HARD else _OFF if self.depfail[at] or not self.on[at] else _OK
        before = self._look[at]
        if look == before:
            return
        self._look[at] = look
        dead = (look == _DEAD) - (before == _DEAD)
        off = (look == _OFF) - (before == _OFF)
        for dependent in self.links.dependents[at]:
            if dependent != at:
                self._dead[dependent] += dead
                self._off[dependent] += off
                self._enqueue(dependent)

    def _enqueue(self, at: int) -> None:
        if self._relapse:
            self._relapse.touch(at)
        if not self._queued[at] and self.depfail[at] != HARD:
            self._queued[at] = 1
            heappush(self._queue, at)

    def _clash(self, at: int) -> None:
        if not self._clashing[at] and self.conffail[at] != HARD:
            self._clashing[at] = 1
            heappush(self._clashes, at)

    def _rival(self, at: int, on: bool) -> None:
        """Queue the members affected by a switch in an exclusive category."""
        number = self.links.rivals[at]
        rivals = self._rivals_on[number]
        if on:
            rivals.add(at)
        else:
            rivals.discard(at)
        others = len(rivals) - on
        # The first and the last member that is on affect all others; a second one affects only the first.
        affected = self.links.exclusives[number] if others == 0 else rivals - {at} if others == 1 else ()
        for rival in affected:
            self._clash(rival)

    def settle(self, interactive: bool) -> None:
        """Apply every consequence of the last switches.

        Args:
            interactive: a member that fails is switched off; otherwise it is reset to the state in the files.

        Raises:
            UnsettledError: the selection never settles.
        """
        budget = self._version + 1000 + 100 * len(self.on)
        while self._dependencies(interactive, budget) or self._conflicts():
            if self._version > budget:
                raise self._unsettled()

    def _unsettled(self) -> UnsettledError:
        return UnsettledError(tuple(sorted({flip.member for flip in self.flips[-100:]})))

    def _dependencies(self, interactive: bool, budget: int) -> bool:
        """Run a pass of ``calc_dep_failures``; return true when it changed something."""
        if self._relapse:
            return self._dependencies_relapsing(self._relapse, interactive, budget)
        changed = False
        while self._queue:
            at = heappop(self._queue)
            self._queued[at] = 0
            failure = self._failure(at)
            if self.depfail[at] in (HARD, failure):
                continue
            changed = True
            self._fail(at, failure, interactive, budget)
        return changed

    def _failure(self, at: int) -> int:
        """The failure of a member that follows from its dependencies."""
        if self._dead[at]:
            return HARD
        return SOFT if self._off[at] or (self._selfish[at] and not self.on[at]) else NONE

    def _fail(self, at: int, failure: int, interactive: bool, budget: int) -> None:
        if self._version > budget:
            raise self._unsettled()
        self.depfail[at] = failure
        self._version += 1
        self._after_dependency(at, failure, interactive)

    def _dependencies_relapsing(self, relapse: Relapse, interactive: bool, budget: int) -> bool:
        """Run a pass that forgets hard failures at its start, as in the original, see :class:`Relapse`.

        A failure that is found again does not count as a change, so members before it in menu order do not see
        it in this sweep. Therefore the pass keeps its position.
        """
        self._forget(relapse)
        changed, position, behind = False, -1, list[int]()
        while self._queue:
            at = heappop(self._queue)
            if at < position:
                behind.append(at)
                continue
            position = at
            self._queued[at] = 0
            if self._is_as_before(relapse, at):
                continue
            changed, position = True, -1
            self._fail(at, self._failure(at), interactive, budget)
            for missed in behind:
                heappush(self._queue, missed)
            behind.clear()
        for missed in behind:
            self._queued[missed] = 0
            if changed:
                self._enqueue(missed)
        if not changed:
            relapse.rest(behind)
        return changed

    def _forget(self, relapse: Relapse) -> None:
        for at in relapse.due():
            if self.depfail[at] == HARD:
                self.depfail[at] = NONE
                relapse.forgotten.add(at)
                self._relook(at)
                self._enqueue(at)

    def _is_as_before(self, relapse: Relapse, at: int) -> bool:
        """Whether a member's failure is unchanged; a forgotten failure that is found again counts as unchanged."""
        failure = self._failure(at)
        if at not in relapse.forgotten:
            return self.depfail[at] in (HARD, failure)
        relapse.forgotten.discard(at)
        if failure == HARD:
            self.depfail[at] = HARD
            self._relook(at)
        return failure == HARD

    def _after_dependency(self, at: int, failure: int, interactive: bool) -> None:
        if failure == NONE and self.defaulted[at]:
            on = bool(self.default_yes[at])
        else:
            on = not interactive and bool(self.was[at])
        self.put(at, on, Why.DEPENDENCY, self._culprit(at))
        self._relook(at)

    def _culprit(self, at: int) -> int:
        """The first dependency that fails."""
        return next((target for target in self.links.depends[at] if self._look[target] != _OK), -1)

    def _conflicts(self) -> bool:
        """Run a pass of ``calc_conflict_failures``; return true when it changed something."""
        changed = False
        while self._clashes:
            at = heappop(self._clashes)
            self._clashing[at] = 0
            if self.conffail[at] == HARD:
                continue
            failure = SOFT if self._is_opposed(at) else NONE
            before = self.conffail[at]
            if failure == before:
                continue
            self.conffail[at] = failure
            self._version += 1
            if failure == SOFT:
                changed = True
                self.put(at, False, Why.CONFLICT, self.opponent(at))
        return changed

    def _is_opposed(self, at: int) -> bool:
        if self._opponents_on[at]:
            return True
        number = self.links.rivals[at]
        return number >= 0 and len(self._rivals_on[number]) > self.on[at]

    def opponent(self, at: int) -> int:
        """The first member that is on and conflicts with a member, or -1."""
        for target in self.links.conflicts[at]:
            if self.on[target]:
                return target
        number = self.links.rivals[at]
        rivals = self._rivals_on[number] if number >= 0 else ()
        return min((rival for rival in rivals if rival != at), default=-1)

    def switch_on(self, at: int, why: Why = Why.REQUESTED) -> bool:
        """Switch a member on with its dependencies (``enable_member``), and settle after each switch.

        Returns:
            Whether the member could be switched on; settling may have switched it off again.
        """
        # Not recursion: a chain of dependencies may be longer than Python's stack.
        stack = [(at, self._version, self._switching(at, why, -1))]
        open_at: dict[int, list[int]] = {at: [self._version]}
        answer: bool | None = None
        while stack:
            try:
                target, why, other = stack[-1][2].send(answer)
            except StopIteration as stop:
                answer = bool(stop.value)
                open_at[stack.pop()[0]].pop()
                continue
            versions = open_at.setdefault(target, [])
            if versions and (self._version in versions or len(versions) >= _DEEPEST):
                self.blocks.append(Obstacle(other, target, "cycle"))
                answer = False
                continue
            versions.append(self._version)
            stack.append((target, self._version, self._switching(target, why, other)))
            answer = None
        return bool(answer)

    def _switching(self, at: int, why: Why, other: int) -> Generator[tuple[int, Why, int], bool | None, bool]:
        for needed in self.links.depends[at]:
            if self.on[needed]:
                continue
            obstacle = self._obstacle(needed)
            if obstacle:
                self.blocks.append(Obstacle(at, needed, obstacle))
            if obstacle or not (yield needed, Why.NEEDED, at):
                self.put(at, False, Why.REFUSED, needed)
                return False
        self.put(at, True, why, other)
        self.settle(interactive=True)
        for used in self.links.autoselects[at]:
            if not self.on[used]:
                yield used, Why.AUTOSELECTED, at
        return True

    def _obstacle(self, at: int) -> str:
        if self.conffail[at]:
            return "conflict"
        if self.depfail[at] == HARD:
            return "unavailable"
        return "explicit" if self.explicit[at] else ""
