"""How far a run of the tests is, and how long it will take: a line that is rewritten, or one now and then in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field

import pytest

MANY = 100
"""So many tests are shown as a progress; fewer as pytest shows them."""
KNOWN = "asterism/seconds"
"""Where pytest's cache keeps how long each test took the last time."""
EVERY_ON_TERMINAL, EVERY_IN_FILE = 0.5, 15.0
"""Seconds between two lines."""


def spoken(seconds: float) -> str:
    """A duration in words: ``45 s``, ``1 min 50 s``."""
    whole = 5 * round(seconds / 5) if seconds > 20 else round(seconds)
    minutes, rest = divmod(whole, 60)
    return " ".join([*([f"{minutes} min"] if minutes else []), *([f"{rest} s"] if rest or not minutes else [])])


@dataclass
class Count:
    """What a run has to do, and has done.

    Args:
        tests: the ids of all tests.
        known: seconds that tests took an earlier time; the others count as the average of these.
    """

    tests: Iterable[str]
    known: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seconds = [self.known[test] for test in self.tests if test in self.known]
        usual = sum(seconds) / len(seconds) if seconds else 1.0
        self._weights = {test: self.known.get(test, usual) for test in self.tests}
        self._left = dict(self._weights)
        self.failed = 0

    @property
    def total(self) -> int:
        """The number of tests."""
        return len(self._weights)

    @property
    def done(self) -> int:
        """The number of tests that have run."""
        return len(self._weights) - len(self._left)

    def finish(self, test: str) -> None:
        """Note that a test has run."""
        self._left.pop(test, None)

    def seconds_left(self, elapsed: float) -> float | None:
        """How long the rest will take when it goes on as it went; None while that cannot be said."""
        whole, left = sum(self._weights.values()), sum(self._left.values())
        ran = whole - left
        return elapsed * left / ran if ran > whole / 100 else None

    def line(self, elapsed: float) -> str:
        """The progress as a line."""
        left = self.seconds_left(elapsed)
        failed = f", {self.failed} failed" if self.failed else ""
        time_left = f", about {spoken(left)} left" if left is not None else ""
        return f"[{100 * self.done // max(self.total, 1):3} %] {self.done} of {self.total}{failed}{time_left}"


class Progress:
    """The plugin: shows the progress in place of a dot for each test.

    Args:
        config: the run's.
        clock: seconds since some moment.
    """

    def __init__(self, config: pytest.Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._count: Count | None = None
        self._began = self._shown = clock()
        self._seconds: dict[str, float] = {}

    @property
    def _reporter(self) -> pytest.TerminalReporter:
        """Made after the plugins."""
        return self._config.pluginmanager.getplugin("terminalreporter")

    @property
    def _is_terminal(self) -> bool:
        return self._reporter.isatty

    def _known(self) -> dict[str, float]:
        cache = getattr(self._config, "cache", None)
        return cache.get(KNOWN, {}) if cache else {}

    def begin(self, tests: list[str]) -> None:
        """The tests are known; the workers find the same."""
        if self._count is None and len(tests) >= MANY and self._config.getoption("verbose") <= 0:
            self._count = Count(tests, self._known())
            self._began = self._clock()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.items:  # there are none where workers run them
            self.begin([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        self.begin(ids)

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, tuple[str, object, object], tuple[str, object, object]]:
        category, letter, word = yield
        return (category, "" if self._count else letter, word)  # the summary of failures shows the word

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] = round(self._seconds.get(report.nodeid, 0) + report.duration, 3)
        if self._count is None:
            return
        if report.failed:
            self._count.failed += 1
            self._write(f"FAILED {report.nodeid}\n")
        if report.when == "teardown":
            self._count.finish(report.nodeid)
            self._show()

    def _show(self) -> None:
        assert self._count is not None
        now = self._clock()
        if now - self._shown >= (EVERY_ON_TERMINAL if self._is_terminal else EVERY_IN_FILE):
            self._shown = now
            self._write(self._count.line(now - self._began) + ("" if self._is_terminal else "\n"))

    def _write(self, text: str) -> None:
        if self._is_terminal:
            text = f"\r\033[K{text}"
        self._reporter.write(text, flush=True)

    def pytest_sessionfinish(self) -> None:
        if self._count and self._is_terminal:
            self._write("")
        cache = getattr(self._config, "cache", None)
        if cache and self._seconds:
            cache.set(KNOWN, self._known() | self._seconds)
