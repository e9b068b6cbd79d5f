"""The order in which modules start: a pure function of what they say, with a reason for every step.

The rules are those of Asterisk's loader (main/loader.c, ``start_resource_list``): preloaded modules first,
then by rank, then as listed; before a module, whatever it needs that does not run yet, in the same order.
A step can go wrong, and what follows depends on that; so :class:`Start` yields one :class:`StartStep` at a time
and is told its :class:`StepResult`.  :func:`plan` supposes that all goes well.
"""

from __future__ import annotations

import enum
import functools
import heapq
from collections.abc import Generator, Iterable, Iterator, Sequence

from asterism.names import bare
from asterism.values import dataclass, field

DEFAULT_RANK = 128
"""Rank of a module that names none (``AST_MODPRI_DEFAULT``)."""


@functools.lru_cache(8192)
def key_of(name: str) -> str:
    """What two spellings of a module's name have in common: no suffix, no case."""
    return bare(name).lower()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An opened module that waits for its start."""

    name: str
    """Its file name."""
    rank: int = DEFAULT_RANK
    """Lower starts first, 0 to 255."""
    preload: bool = False
    required: bool = False
    """The start stops when it does not run."""
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    enhances: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name as others may spell it."""
        return key_of(self.name)


class StepResult(enum.Enum):
    """What became of a step."""

    SUCCESS = "success"
    DECLINE = "decline"
    FAILURE = "failure"
    INVALID = "invalid"
    """Its load callback returned a number that means nothing; taken as a decline."""


class Cause(enum.Enum):
    """Why a module does not run."""

    DECLINED = "declined"
    """It said so."""
    INVALID = "invalid"
    FAILED = "failed"
    """It failed, which stops the start."""
    ABSENT = "absent"
    """Modules it needs are not opened."""
    NEED = "need"
    """Modules it needs are opened and do not run."""
    CYCLE = "cycle"
    """It needs itself, by way of others."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A module that does not run, and why."""

    name: str
    cause: Cause
    names: tuple[str, ...] = ()
    """The modules it is about: those that are absent or do not run; of a cycle the whole way round."""
    required: bool = False

    def __str__(self) -> str:
        return f"{self.name} {_WORDS[self.cause].format(', '.join(self.names), ' -> '.join(self.names))}"


_WORDS = {
    Cause.DECLINED: "declined to load",
    Cause.INVALID: "returned a result from its load callback that means nothing",
    Cause.FAILED: "failed to load",
    Cause.ABSENT: "needs {0}, which is not there",
    Cause.NEED: "needs {0}, which does not run",
    Cause.CYCLE: "needs itself: {1}",
}


@dataclass(frozen=True, slots=True)
class StartStep:
    """The next module to start."""

    name: str
    candidate: Candidate
    needed_by: str = ""
    """The module on whose behalf it starts now; empty when it is its own turn."""

    @property
    def reason(self) -> str:
        """Why it starts here, in words."""
        if self.needed_by:
            return f"needed by {self.needed_by}"
        return "preloaded" if self.candidate.preload else f"rank {self.candidate.rank}"


@dataclass(slots=True)
class StartOrder:
    """The steps of a start in which all goes well, and the modules that cannot start even then."""

    steps: list[StartStep] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def plan(candidates: Sequence[Candidate]) -> StartOrder:
    """Order a start without starting anything."""
    start = Start(candidates)
    found = StartOrder(refusals=start.refusals)
    steps = start.run()
    step = next(steps, None)
    while step is not None:
        found.steps.append(step)
        try:
            step = steps.send(StepResult.SUCCESS)
        except StopIteration:
            break
    return found


Steps = Generator[StartStep, StepResult, None]


class Start:
    """One start, step by step.

    Attributes:
        running: keys of the modules that run, in the order of their start.
        refusals: those that do not, in the order in which that came out.
        stopped: what stopped the start, or None.
        holds: for each module, the names of those it holds a reference on, in the order they were taken.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.known = {candidate.key: candidate for candidate in candidates}
        self.running: dict[str, None] = {}
        self.refused: dict[str, Refusal] = {}
        self.refusals: list[Refusal] = []
        self.stopped: Refusal | None = None
        self.holds: dict[str, list[str]] = {key: [] for key in self.known}
        self._required = [key for key, candidate in self.known.items() if candidate.required]
        self._enhancers: dict[str, list[str]] = {}
        self._dependents: dict[str, list[str]] = {}
        for key, candidate in self.known.items():
            for name in candidate.enhances:
                self._enhancers.setdefault(key_of(name), []).append(key)
            for need in self.hard_needs(candidate):
                self._dependents.setdefault(need, []).append(key)
        self.doomed = self._without_hope()
        """Keys of those that will not run: kept up to date, so that no search is needed for each of them."""
        self._victims = self._outside_cycles(self.doomed)
        """Keys of those among them that are in no cycle."""
        self._in_told_cycle: set[str] = set()

    def run(self) -> Steps:
        """Yield the steps; each must be answered with its result."""
        for candidate in sorted(self.known.values(), key=_turn):
            if self.stopped:
                return
            if candidate.key not in self.running and candidate.key not in self.refused:
                yield from self._bring_up(candidate)

    # -- needs

    def hard_needs(self, candidate: Candidate) -> list[str]:
        """Keys of what must run before it: what it enhances, what it requires, optional modules that are opened."""
        optional = [key_of(name) for name in candidate.optional if key_of(name) in self.known]
        return list(dict.fromkeys([*map(key_of, candidate.enhances), *map(key_of, candidate.requires), *optional]))

    def needs(self, candidate: Candidate) -> list[str]:
        """The same and the enhancers of what it requires or uses, those left out that will not run anyway."""
        own = [key_of(name) for name in (*candidate.requires, *candidate.optional)]
        enhancers = [
            key
            for need in own
            for key in self._enhancers.get(need, ())
            if key not in self.doomed and need in self.known
        ]
        wanted = [*self.hard_needs(candidate), *enhancers]
        # A module that enhances what it also requires does not wait for itself; one that requires itself does.
        return [key for key in dict.fromkeys(wanted) if key != candidate.key or key in own]

    def _unmet(self, candidate: Candidate) -> list[str]:
        return [key for key in self.needs(candidate) if key not in self.running]

    def _closure(self, candidate: Candidate) -> list[str]:
        """All it needs that does not run, by way of others too, as a walk finds them."""
        found: dict[str, None] = {}
        stack = [candidate.key]
        while stack:
            new = [key for key in self._unmet(self.known[stack.pop()]) if key not in found]
            found.update(dict.fromkeys(new))
            stack.extend(reversed(new))
        return list(found)

    def _without_hope(self) -> set[str]:
        """Those that need something absent, or themselves, by way of others too: what is left when the rest has run."""
        unmet = {key: len(self.hard_needs(candidate)) for key, candidate in self.known.items()}
        ready = [key for key, count in unmet.items() if not count]
        for key in ready:
            for dependent in self._dependents.get(key, ()):
                unmet[dependent] -= 1
                if not unmet[dependent]:
                    ready.append(dependent)
        return set(unmet).difference(ready)

    def _outside_cycles(self, keys: set[str]) -> set[str]:
        """Those of ``keys`` that none of the others needs, these left out again and again."""
        dependents = {key: sum(other in keys for other in self._dependents.get(key, ())) for key in keys}
        outside = [key for key, count in dependents.items() if not count]
        for key in outside:
            for need in self.hard_needs(self.known[key]):
                if need in dependents:
                    dependents[need] -= 1
                    if not dependents[need]:
                        outside.append(need)
        return set(outside)

    def _doom(self, key: str) -> None:
        """Give up a module and all that need it."""
        stack = [key]
        while stack:
            lost = stack.pop()
            self.doomed.add(lost)
            stack.extend(
                other
                for other in self._dependents.get(lost, ())
                if other not in self.doomed and other not in self.running
            )

    # -- starting

    def _bring_up(self, candidate: Candidate) -> Steps:
        if candidate.key not in self.doomed:
            closure = self._closure(candidate)
            if closure:
                yield from self._start_needs(candidate, closure)
            if self.stopped:
                return
            # Enhancers that still do not run wait for this module themselves: it cannot wait for them.
            if all(key in self.running for key in self.hard_needs(candidate)):
                yield from self._start(candidate, "")
                return
        self._refuse(self._why_not(candidate))

    def _start_needs(self, candidate: Candidate, closure: list[str]) -> Steps:
        """Start what can be started of a closure.

        Asterisk walks the list over and over and starts what is ready; two heaps visit in that same order
        only those that are, since a chain of n modules would otherwise take n * n looks.
        """
        queue = sorted((self.known[key] for key in closure if key != candidate.key), key=_turn)
        place = {item.key: index for index, item in enumerate(queue)}
        waiting = {item.key: set(self._unmet(item)) for item in queue}
        waiters: dict[str, list[str]] = {}
        for key, unmet in waiting.items():
            for need in unmet:
                waiters.setdefault(need, []).append(key)
        now = [place[key] for key, unmet in waiting.items() if not unmet]
        later: list[int] = []
        heapq.heapify(now)
        while now and not self.stopped:
            index = heapq.heappop(now)
            item = queue[index]
            yield from self._start(item, candidate.name)
            for ready in self._released(item, waiting, waiters):
                heapq.heappush(now if place[ready] > index else later, place[ready])
            if not now:
                now, later = later, []
            if not now:
                now = self._let_past(queue, waiting)

    def _let_past(self, queue: Sequence[Candidate], waiting: dict[str, set[str]]) -> list[int]:
        """The first that waits for nothing but enhancers which wait for it: it goes before them."""
        for index, item in enumerate(queue):
            unmet = waiting[item.key]
            if unmet and item.key not in self.doomed and unmet.isdisjoint(self.hard_needs(item)):
                unmet.clear()
                return [index]
        return []

    def _released(self, item: Candidate, waiting: dict[str, set[str]], waiters: dict[str, list[str]]) -> Iterator[str]:
        """Those that have nothing left to wait for, now that ``item`` had its turn."""
        for key in waiters.get(item.key, ()):
            unmet = waiting[key]
            # A need that declined holds up those that require it for good, but not those it merely enhances for.
            if item.key in self.running or item.key not in self.hard_needs(self.known[key]):
                unmet.discard(item.key)
                if not unmet and key not in self.refused and key not in self.running:
                    yield key

    def _start(self, candidate: Candidate, needed_by: str) -> Steps:
        self._hold_needs(candidate)
        result = yield StartStep(candidate.name, candidate, needed_by)
        if result is StepResult.SUCCESS:
            self.running[candidate.key] = None
            return
        cause = {StepResult.DECLINE: Cause.DECLINED, StepResult.INVALID: Cause.INVALID}.get(result, Cause.FAILED)
        self._refuse(Refusal(candidate.name, cause, required=candidate.required))

    def _hold_needs(self, candidate: Candidate) -> None:
        held = self.holds[candidate.key]
        held += [
            self.known[key].name
            for key in self.needs(candidate)
            if key in self.running and self.known[key].name not in held
        ]

    # -- refusing

    def _why_not(self, candidate: Candidate) -> Refusal:
        unmet = self._unmet(candidate)
        absent = [self._spelled(candidate, key) for key in unmet if key not in self.known]
        if absent:
            return Refusal(candidate.name, Cause.ABSENT, tuple(absent), candidate.required)
        way = self._way_round(candidate)
        if way:
            return Refusal(candidate.name, Cause.CYCLE, way, candidate.required)
        return Refusal(candidate.name, Cause.NEED, tuple(self.known[key].name for key in unmet), candidate.required)

    @staticmethod
    def _spelled(candidate: Candidate, key: str) -> str:
        names = (*candidate.requires, *candidate.enhances, *candidate.optional)
        return next((name for name in names if key_of(name) == key), key)

    def _way_round(self, candidate: Candidate) -> tuple[str, ...]:
        """The shortest way from a module through its needs back to it, as names.

        Empty when there is none, and when the same cycle was told of before: the others in it are its victims.
        """
        came_from: dict[str, str] = {}
        queue = [] if self._is_told(candidate) else [candidate.key]
        for key in queue:
            for need in self._unmet(self.known[key]):
                if need == candidate.key:
                    way = self._walk_back(candidate.key, key, came_from)
                    self._in_told_cycle.update(map(key_of, way))
                    return way
                if need in self.known and need not in came_from:
                    came_from[need] = key
                    queue.append(need)
        return ()

    def _is_told(self, candidate: Candidate) -> bool:
        """Whether the reason is known already: a need of it was refused, or is part of a cycle that was told."""
        if candidate.key in self._victims or candidate.key in self._in_told_cycle:
            return True
        return any(key in self.refused for key in self._unmet(candidate))

    def _walk_back(self, start: str, key: str, came_from: dict[str, str]) -> tuple[str, ...]:
        way = [start]
        while key != start:
            way.append(key)
            key = came_from[key]
        return tuple(self.known[step].name for step in (start, *reversed(way)))

    def _refuse(self, refusal: Refusal) -> None:
        key = key_of(refusal.name)
        self._hold_needs(self.known[key])
        self.refused[key] = refusal
        self.refusals.append(refusal)
        self._doom(key)
        if refusal.required or refusal.cause is Cause.FAILED:
            self.stopped = refusal
        else:
            self._check_required()

    def _check_required(self) -> None:
        """Stop at once when a module the admin requires can no longer start."""
        lost = next((key for key in self._required if key in self.doomed and key not in self.refused), None)
        if lost is not None:
            self._refuse(self._why_not(self.known[lost]))


def _turn(candidate: Candidate) -> tuple[bool, int]:
    return (not candidate.preload, candidate.rank)
