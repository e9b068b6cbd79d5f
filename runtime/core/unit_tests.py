"""Unit tests that modules register (asterisk/test.h): their registry, runs and reports."""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from asterism.values import dataclass, replace
from runtime.core.holding import Holding
from runtime.core.registry import Registry


class TestState(enum.IntEnum):
    """The result of a test (``enum ast_test_result_state``)."""

    NOT_RUN = 0
    PASS = 1
    FAIL = 2

    def __str__(self) -> str:
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Asked:
    """The command that runs tests."""

    words: tuple[str, ...]
    """All words of the command; those after ``options`` are for the test."""
    fd: int
    """The descriptor that receives a test's output while it runs."""


Run = Callable[[Asked], tuple[TestState, str]]
"""Runs a test.  Returns its result and its messages, in lines."""


@dataclass(frozen=True, slots=True)
class Test:
    """A registered test."""

    __test__ = False  # for pytest, which would collect a class of that name

    category: str
    """A path that begins and ends with a slash: ``/res/sum/``."""
    title: str
    """The test's name in the category."""
    run: Run
    module: str | None = None
    summary: str = ""
    description: str = ""
    explicit_only: bool = False
    """Whether the test runs only when requested by name."""
    ordinal: int = 1
    """The number among the tests of that category and title: a module may have several."""

    @property
    def name(self) -> str:
        """The test's key: category and title, and the number of a later test of that title."""
        return f"{self.category}{self.title}{f' ({self.ordinal})' * (self.ordinal > 1)}"


@dataclass(frozen=True, slots=True)
class TestResult:
    """The result of the last run of a test."""

    state: TestState = TestState.NOT_RUN
    milliseconds: int = 0
    said: str = ""
    """The test's messages, in lines."""


NOT_RUN = TestResult()


class Tests(Registry[Test]):
    """The registered tests, and their last results."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__("test")
        self.results: dict[str, TestResult] = {}
        """The last results, by the names of the tests."""
        self._running = threading.Lock()

    def remove(self, name: str) -> Test | None:
        """Remove a test and its result.  Returns the test, or None when there is none of that name."""
        gone = super().remove(name)
        if gone is not None:
            self.results.pop(gone.name, None)
        return gone

    def numbered(self, test: Test) -> Test:
        """The test with the next number, when its module has others of that title (main/test.c compares no names)."""
        while test.module and (other := self.find(test.name)) and other.module == test.module:
            test = replace(test, ordinal=test.ordinal + 1)
        return test

    def chosen(self, category: str = "", title: str | None = None) -> list[Test]:
        """The tests whose category begins with ``category``, of that title if one is given."""
        return [test for test in self if test.category.startswith(category) and title in (None, test.title)]

    def result(self, test: Test) -> TestResult:
        """The last result of a test."""
        return self.results.get(test.name, NOT_RUN)

    def execute(
        self, tests: Iterable[Test], asked: Asked, holding: Holding
    ) -> Iterator[tuple[Test, TestResult | None]]:
        """Run tests, one at a time; yields each test before it runs, with None, and afterwards with its result.

        Args:
            tests: the tests; those whose module is gone are skipped.
            asked: the command that runs them.
            holding: holds the module of each while it runs.
        """
        with self._running:
            for test in tests:
                with holding(test.module, f"its test {test.name}", partial(self.has, test)) as is_there:
                    if is_there:
                        yield test, None
                        result = self.results[test.name] = _timed(test, asked)
                        yield test, result


def _timed(test: Test, asked: Asked) -> TestResult:
    began = time.monotonic()
    state, said = test.run(asked)
    return TestResult(state, int((time.monotonic() - began) * 1000), said)


# ---- reports -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Totals:
    """The number of tests by result, and the total time."""

    tests: int
    passed: int
    failed: int
    milliseconds: int

    @property
    def executed(self) -> int:
        """The number of tests that ran."""
        return self.passed + self.failed


def totals(results: Sequence[TestResult]) -> Totals:
    """Count results."""
    states = [result.state for result in results]
    passed, failed = states.count(TestState.PASS), states.count(TestState.FAIL)
    return Totals(len(results), passed, failed, sum(result.milliseconds for result in results))


def as_json(test: Test, result: TestResult) -> dict[str, object]:
    """A test and its last result as JSON's types."""
    return {
        "category": test.category,
        "name": test.title,
        "module": test.module,
        "summary": test.summary,
        "description": test.description,
        "explicit_only": test.explicit_only,
        "result": result.state.name.lower(),
        "milliseconds": result.milliseconds,
        "said": result.said,
    }


def as_text(pairs: Sequence[tuple[Test, TestResult]], version: str) -> str:
    """The text report (``test generate results txt``)."""
    total = totals([result for _, result in pairs])
    lines = [
        f"Asterisk Version:         {version}",
        f"Number of Tests:          {total.tests}",
        f"Number of Tests Executed: {total.executed}",
        f"Passed Tests:             {total.passed}",
        f"Failed Tests:             {total.failed}",
        f"Total Execution Time:     {total.milliseconds}",
    ]
    for test, result in pairs:
        lines += [
            "",
            f"Name:              {test.title}",
            f"Category:          {test.category}",
            f"Summary:           {test.summary}",
            f"Description:       {test.description}",
            f"Result:            {result.state}",
        ]
        lines += [f"Time:              {result.milliseconds}"] if result.state is not TestState.NOT_RUN else []
        lines += [f"Error Description: {result.said.rstrip() or 'NA'}"] if result.state is TestState.FAIL else []
    return "\n".join(lines) + "\n"
