"""The start order of modules: a pure function of their declarations, with a reason for each step.

The rules are those of Asterisk's loader (main/loader.c, ``start_resource_list``): preloaded modules first, then by
rank, then as listed; before a module, the modules that it needs and that do not run yet, in the same order.

The result of a step determines the steps after it.  Therefore :class:`Start` yields one :class:`StartStep` at a time
and receives its :class:`StepResult`.  :func:`plan` assumes that every step succeeds.
"""

from __future__ import annotations

import enum
import functools
import heapq
from collections.abc import Generator, Iterable, Iterator, Sequence

from asterism.names import bare
from asterism.values import dataclass, field

DEFAULT_RANK = 128
"""The rank of a module that declares none (``AST_MODPRI_DEFAULT``)."""


@functools.lru_cache(8192)
def key_of(name: str) -> str:
    """A module's name without suffix, in lower case: the key under which all spellings of the name are found."""
    return bare(name).lower()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An opened module that waits for its start."""

    name: str
    """The module's file name."""
    rank: int = DEFAULT_RANK
    """The load priority, 0 to 255; lower starts first."""
    preload: bool = False
    required: bool = False
    """Whether the start stops when the module does not run."""
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    enhances: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The module's name without suffix, in lower case."""
        return key_of(self.name)


class StepResult(enum.Enum):
    """The result of a step."""

    SUCCESS = "success"
    DECLINE = "decline"
    FAILURE = "failure"
    INVALID = "invalid"
    """The load callback returned an undefined number; it counts as a decline."""


class Cause(enum.Enum):
    """The cause for which a module does not run."""

    DECLINED = "declined"
    """The module declined to load."""
    INVALID = "invalid"
    FAILED = "failed"
    """The module failed, which stops the start."""
    ABSENT = "absent"
    """Needed modules are not opened."""
    NEED = "need"
    """Needed modules are opened and do not run."""
    CYCLE = "cycle"
    """The module needs itself, through others."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A module that does not run, with the cause."""

    name: str
    cause: Cause
    names: tuple[str, ...] = ()
    """The needed modules that are absent or do not run; for CYCLE the cycle, with its first module again at the end."""
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
    """The module that needs this one to start now; empty when the module starts at its own place."""

    @property
    def reason(self) -> str:
        """Why the module starts at this place, in words."""
        if self.needed_by:
            return f"needed by {self.needed_by}"
        return "preloaded" if self.candidate.preload else f"rank {self.candidate.rank}"


@dataclass(slots=True)
class StartOrder:
    """The steps of a start in which every step succeeds, and the modules that cannot start even then."""

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
    """A start, step by step.

    Attributes:
        running: keys of the modules that run, in the order of their start.
        refusals: the modules that do not run, in the order in which they were refused.
        stopped: the refusal that stopped the start, or None.
        holds: for each module, the names of the modules on which it holds a reference, in the order of taking.
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
        """Keys of the modules that will not run; kept up to date, so that no search per module is needed."""
        self._victims = self._outside_cycles(self.doomed)
        """Keys of the doomed modules that are neither in a cycle nor needed by a module in a cycle."""
        self._in_told_cycle: set[str] = set()

    def run(self) -> Steps:
        """Yield the steps; the caller sends the result of each."""
        for candidate in sorted(self.known.values(), key=_turn):
            if self.stopped:
                return
            if candidate.key not in self.running and candidate.key not in self.refused:
                yield from self._bring_up(candidate)

    # -- needs

    def hard_needs(self, candidate: Candidate) -> list[str]:
        """Keys of the modules that must run first: those it enhances or requires, and optional ones that are opened."""
        optional = [key_of(name) for name in candidate.optional if key_of(name) in self.known]
        return list(dict.fromkeys([*map(key_of, candidate.enhances), *map(key_of, candidate.requires), *optional]))

    def needs(self, candidate: Candidate) -> list[str]:
        """The hard needs of a module, and the enhancers of the modules it requires or uses that are not doomed."""
        own = [key_of(name) for name in (*candidate.requires, *candidate.optional)]
        enhancers = [
            key
            for need in own
            for key in self._enhancers.get(need, ())
            if key not in self.doomed and need in self.known
        ]
        wanted = [*self.hard_needs(candidate), *enhancers]
        # A module that enhances a module it also requires does not wait for itself; one that requires itself does.
        return [key for key in dict.fromkeys(wanted) if key != candidate.key or key in own]

    def _unmet(self, candidate: Candidate) -> list[str]:
        return [key for key in self.needs(candidate) if key not in self.running]

    def _closure(self, candidate: Candidate) -> list[str]:
        """Keys of all modules that a module needs, directly or indirectly, and that do not run, depth first."""
        found: dict[str, None] = {}
        stack = [candidate.key]
        while stack:
            new = [key for key in self._unmet(self.known[stack.pop()]) if key not in found]
            found.update(dict.fromkeys(new))
            stack.extend(reversed(new))
        return list(found)

    def _without_hope(self) -> set[str]:
        """Keys of the modules that can never run: they need an absent module or themselves, directly or indirectly."""
        unmet = {key: len(self.hard_needs(candidate)) for key, candidate in self.known.items()}
        ready = [key for key, count in unmet.items() if not count]
        for key in ready:
            for dependent in self._dependents.get(key, ()):
                unmet[dependent] -= 1
                if not unmet[dependent]:
                    ready.append(dependent)
        return set(unmet).difference(ready)

    def _outside_cycles(self, keys: set[str]) -> set[str]:
        """The ``keys`` outside of cycles: keys that no other one of ``keys`` needs, removed repeatedly."""
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
        """Mark a module and all modules that need it as doomed."""
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
            # Enhancers that still do not run wait for this module themselves, so this module cannot wait for them.
            if all(key in self.running for key in self.hard_needs(candidate)):
                yield from self._start(candidate, "")
                return
        self._refuse(self._why_not(candidate))

    def _start_needs(self, candidate: Candidate, closure: list[str]) -> Steps:
        """Start the modules of a closure that can be started.

        Asterisk scans the list repeatedly and starts what is ready.  Two heaps visit only the ready modules, in the
        same order, since a chain of n modules would otherwise need n * n visits.
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
        """The index of the first module that waits only for enhancers which wait for it: it starts before them."""
        for index, item in enumerate(queue):
            unmet = waiting[item.key]
            if unmet and item.key not in self.doomed and unmet.isdisjoint(self.hard_needs(item)):
                unmet.clear()
                return [index]
        return []

    def _released(self, item: Candidate, waiting: dict[str, set[str]], waiters: dict[str, list[str]]) -> Iterator[str]:
        """Keys of the modules that wait for nothing more now that ``item`` had its turn."""
        for key in waiters.get(item.key, ()):
            unmet = waiting[key]
            # A declined need blocks the modules that require it, but not the modules it merely enhances.
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
        """The shortest path from a module through its needs back to itself, as names.

        The path is empty when there is none, or when a cycle that leads to the module was reported before.
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
        """Whether the reason is known already: a needed module was refused, or belongs to a reported cycle."""
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
        """Stop the start at once when a required module can no longer start."""
        lost = next((key for key in self._required if key in self.doomed and key not in self.refused), None)
        if lost is not None:
            self._refuse(self._why_not(self.known[lost]))


def _turn(candidate: Candidate) -> tuple[bool, int]:
    return (not candidate.preload, candidate.rank)
