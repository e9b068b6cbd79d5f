"""Outcomes of tests as values, shown to people, as JSON, and as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from asterism import junit
from asterism.errors import Fault
from asterism.values import dataclass
from asterism.words import counted

State = Literal["passed", "failed", "crashed", "skipped"]
"""The state of a test; ``crashed`` means that it did not finish: a crash, a hang, a sanitizer's report."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one test."""

    group: str
    """The module or test file that the test belongs to."""
    name: str
    state: State
    seconds: float = 0.0
    faults: tuple[Fault, ...] = ()
    output: str = ""
    """The output of the test."""

    @property
    def is_bad(self) -> bool:
        """Whether the outcome makes the run fail."""
        return self.state in ("failed", "crashed")

    def as_json(self) -> dict[str, object]:
        """The outcome as plain data."""
        return {
            "group": self.group,
            "name": self.name,
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "faults": [fault.as_json() for fault in self.faults],
        }


def of(group: str, name: str, faults: Iterable[Fault], seconds: float = 0.0) -> Outcome:
    """The outcome of a test that fails when there are faults."""
    found = tuple(faults)
    return Outcome(group, name, "failed" if found else "passed", seconds, found)


def skipped(group: str, name: str, why: str) -> Outcome:
    """The outcome of a test that was not run."""
    return Outcome(group, name, "skipped", 0.0, (Fault(f"{name} was skipped", None, why, "", "skipped"),))


def table(outcomes: Sequence[Outcome], width: int) -> list[str]:
    """A line for each group; group names are padded to ``width`` columns."""
    groups = dict.fromkeys(outcome.group for outcome in outcomes)
    lines = []
    for group in groups:
        own = [outcome for outcome in outcomes if outcome.group == group]
        bad = sum(outcome.is_bad for outcome in own)
        count = f"{bad} of {counted(len(own), 'test')} failed" if bad else counted(len(own), "test")
        lines.append(f"{'FAILED' if bad else 'ok':<7}{group:<{width}}  {count}")
    return lines


def summary(outcomes: Sequence[Outcome]) -> str:
    """A sentence about all outcomes."""
    bad = sum(outcome.is_bad for outcome in outcomes)
    skipped = sum(outcome.state == "skipped" for outcome in outcomes)
    left_out = f", {skipped} skipped" if skipped else ""
    if not bad:
        return f"{counted(len(outcomes) - skipped, 'test')} passed{left_out}"
    return f"{bad} of {counted(len(outcomes), 'test')} failed{left_out}"


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as JUnit XML, with a suite for each group."""
    return junit.document(suites(outcomes))


def suites(outcomes: Sequence[Outcome], properties: Mapping[str, str] | None = None) -> list[junit.Suite]:
    """A JUnit suite for each group, each with the given properties."""
    groups = dict.fromkeys(outcome.group for outcome in outcomes)
    return [
        junit.Suite(group, tuple(_case(each) for each in outcomes if each.group == group), dict(properties or {}))
        for group in groups
    ]


def _case(outcome: Outcome) -> junit.Case:
    said = "\n".join(map(str, outcome.faults))
    return junit.Case(
        outcome.group,
        outcome.name,
        outcome.seconds,
        failure=said if outcome.state == "failed" else None,
        error=said if outcome.state == "crashed" else None,
        skipped=said if outcome.state == "skipped" else None,
        output=outcome.output,
    )
