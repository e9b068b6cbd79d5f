"""``test show registered|results``, ``test execute``, ``test generate results``: the unit tests of modules."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence

from asterism import __version__, files
from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.core.commands.command import SUCCESS, Command, CommandCall, Outcome, declare, failure
from runtime.core.core import Core
from runtime.core.unit_tests import Asked, Test, TestResult, TestState, as_json, as_text, totals

_WHICH = "{all|category <in:category> [name <test>]}"
_KINDS = {"all": tuple(TestState), "failed": (TestState.FAIL,), "passed": (TestState.PASS,)}


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _TestCommands(core).commands()


class _TestCommands:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.tests = core.tests

    def commands(self) -> tuple[Command, ...]:
        return (
            declare(f"test show registered {_WHICH} [json]", self.registered, "Show registered tests", _REGISTERED),
            declare(f"test execute {_WHICH} [options <option>...]", self.execute, "Execute tests", _EXECUTE),
            declare("test show results {all|failed|passed} [json]", self.results, "Show last test results", _RESULTS),
            declare(
                "test generate results {xml|txt} [<file>]", self.generate, "Generate test results to file", _GENERATE
            ),
        )

    # -- selection of tests

    def _chosen(self, call: CommandCall) -> list[Test]:
        """The tests that ``all`` or ``category C [name N]`` selects."""
        if not call.has("category"):
            return self.tests.chosen()
        wanted = call.value("in")
        return self.tests.chosen(wanted, call.value("test")) if call.has("test") else self.tests.chosen(wanted)

    def _none(self, category: str, title: str) -> Fault:
        """The fault when no test is selected."""
        known = {test.title for test in self.tests} if title else {test.category for test in self.tests}
        cure = (
            did_you_mean(title or category, known)
            or "'test show registered all' lists those that are; TEST_FRAMEWORK compiles those of C modules in"
        )
        return Fault("there is no such test", cure=cure, code="no-test")

    # -- show

    def registered(self, call: CommandCall) -> Outcome | None:
        chosen = self._chosen(call)
        if call.has("json"):
            call.line_out(json.dumps([as_json(test, self.tests.result(test)) for test in chosen], indent=1))
            return None
        rows = [(test.category, test.title, test.summary, str(self.tests.result(test).state)) for test in chosen]
        rule = ("--------", "----", "-------", "-----------")
        heading = ("Category", "Name", "Summary", "Test Result")
        call.write(_table([heading, rule, *rows, rule], (25, 30, 40, 13)))
        call.line_out(f"\n{len(chosen)} Registered Tests Matched")
        return None

    def results(self, call: CommandCall) -> Outcome | None:
        pairs = [(test, self.tests.result(test)) for test in self.tests]
        ran = [(test, result) for test, result in pairs if result.state is not TestState.NOT_RUN]
        shown = [(test, result) for test, result in ran if result.state in _KINDS[call.words[3].lower()]]
        if call.has("json"):
            call.line_out(json.dumps([as_json(test, result) for test, result in shown], indent=1))
            return None
        rows = [(str(result.state), test.title, test.category, _took(result)) for test, result in shown]
        call.write(_table([("Result", "Name", "Category", "Time"), *rows], (8, 30, 25, 0)))
        total = totals([result for _, result in ran])
        call.line_out(f"{total.executed} Test(s) Executed  {total.passed} Passed  {total.failed} Failed")
        return None

    # -- run

    def execute(self, call: CommandCall) -> Outcome | None:
        chosen, category, title = self._chosen(call), call.value("in"), call.value("test")
        call.line_out(f"Running all available tests{_matching(call)}...\n")
        wanted = [test for test in chosen if not test.explicit_only or call.has("test")]
        with call.descriptor() as fd:
            done = list(self._run(wanted, Asked(call.words, fd)))
        total = totals(done)
        if not total.executed:
            call.line_out("--- No Tests Found! ---")
        call.line_out(f"\n{total.executed} Test(s) Executed  {total.passed} Passed  {total.failed} Failed")
        if not wanted and call.has("category"):
            return failure(self._none(category, title))
        return failure() if total.failed else SUCCESS

    def _run(self, tests: Sequence[Test], asked: Asked) -> Iterator[TestResult]:
        def say(line: str) -> None:
            with contextlib.suppress(OSError):
                os.write(asked.fd, f"{line}\n".encode("utf-8", "surrogateescape"))

        for test, result in self.tests.execute(tests, asked, self.core.holding):
            if result is None:
                say(f"START  {test.category} - {test.title} ")
            else:
                say(f"END    {test.category} - {test.title} Time: {_took(result)} Result: {result.state}")
                yield result

    # -- reports

    def generate(self, call: CommandCall) -> Outcome | None:
        kind = call.words[3].lower()
        log = self.core.settings.directories.astlogdir
        path = call.value("file") or f"{log}/asterisk_test_results-{int(time.time())}.{kind}"
        pairs = [(test, self.tests.result(test)) for test in self.tests]
        text = as_text(pairs, __version__) if kind == "txt" else _junit(pairs)
        files.write(path, text)
        call.line_out(f"Results Generated Successfully: {path}")
        return None


def _matching(call: CommandCall) -> str:
    name = f" and name {call.value('test')}" if call.has("test") else ""
    return f" matching category {call.value('in')}{name}" if call.has("category") else ""


def _took(result: TestResult) -> str:
    return f"{result.milliseconds}ms" if result.milliseconds else "<1ms"


def _table(rows: Sequence[tuple[str, ...]], least: tuple[int, ...]) -> str:
    """A table whose columns are as wide as Asterisk's, or wider for longer contents."""
    widths = [max([low, *(len(row[index]) for row in rows)]) for index, low in enumerate(least)]
    lines = [" ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _junit(pairs: Sequence[tuple[Test, TestResult]]) -> str:
    from asterism import junit  # XML costs a start more than a report that is asked for

    ran = [(test, result) for test, result in pairs if result.state is not TestState.NOT_RUN]
    cases = [
        junit.Case(
            ".".join(part for part in test.category.split("/") if part),
            test.title,
            result.milliseconds / 1000,
            failure=(result.said.rstrip() or "it failed") if result.state is TestState.FAIL else None,
        )
        for test, result in ran
    ]
    return junit.document([junit.Suite("AsteriskUnitTests", tuple(cases), {"version": __version__})])


_REGISTERED = """\
Lists the tests that modules have registered, with their last results, as a
table or as JSON.
"""
_EXECUTE = """\
Runs tests: all, those below a category, or one of it. It fails when one of
them fails. A test may read the options. Tests that ask for it run only by name.
"""
_RESULTS = """\
Shows how tests ended that were run, as a table or as JSON.
"""
_GENERATE = """\
Writes how tests ended into a file: JUnit's XML, or a text. Without <file>, into
one of astlogdir.
"""
