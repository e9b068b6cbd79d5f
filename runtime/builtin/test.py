"""``test show registered|results``, ``test execute``, ``test generate results``: the tests that modules bring."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence

from asterism import __version__, files
from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.commands import SHOWUSAGE, SUCCESS, Call, Command, Completing, Outcome, failure
from runtime.core import Core
from runtime.tests import Asked, Result, State, Test, as_json, as_text, totals

_KINDS = {"all": tuple(State), "failed": (State.FAIL,), "passed": (State.PASS,)}


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Commands(core).commands()


class _Commands:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.tests = core.tests

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("test show registered", self.registered, "Show registered tests", _REGISTERED, self.complete),
            Command("test execute", self.execute, "Execute registered tests", _EXECUTE, self.complete),
            Command("test show results {all|failed|passed} [json]", self.results, "Show last test results", _RESULTS),
            Command("test generate results {xml|txt}", self.generate, "Generate test results to file", _GENERATE),
        )

    # -- which tests are meant

    def _chosen(self, args: Sequence[str]) -> list[Test] | None:
        """The tests that ``all`` or ``category C [name N]`` means; None when it is neither."""
        words = tuple(args)
        keys = tuple(word.lower() for word in words)
        if keys == ("all",):
            return self.tests.chosen()
        if len(words) == 2 and keys[0] == "category":
            return self.tests.chosen(words[1])
        if len(words) == 4 and (keys[0], keys[2]) == ("category", "name"):
            return self.tests.chosen(words[1], words[3])
        return None

    def _none(self, args: Sequence[str]) -> Fault:
        """What to say when no test was meant."""
        title = args[3] if len(args) == 4 else ""
        known = {test.title for test in self.tests} if title else {test.category for test in self.tests}
        hint = did_you_mean(title or (args[1] if len(args) > 1 else ""), known)
        cure = hint or "'test show registered all' lists those that are; TEST_FRAMEWORK compiles those of C modules in"
        return Fault("there is no such test", cure=cure, code="no-test")

    def complete(self, asked: Completing) -> list[str]:
        words = [word.lower() for word in asked.words[: asked.position]]
        given = words[words.index("registered") + 1 :] if "registered" in words else words[2:]
        match given:
            case []:
                return ["all", "category"]
            case ["category"]:
                return sorted({test.category for test in self.tests})
            case ["category", _]:
                return ["name"]
            case ["category", _, "name"]:
                return sorted({test.title for test in self.tests.chosen(asked.words[asked.position - 2])})
        return []

    # -- show

    def registered(self, call: Call) -> Outcome | None:
        is_json = [word.lower() for word in call.args[-1:]] == ["json"]
        chosen = self._chosen(call.args[:-1] if is_json else call.args)
        if chosen is None:
            return SHOWUSAGE
        if is_json:
            call.line_out(json.dumps([as_json(test, self.tests.result(test)) for test in chosen], indent=1))
            return None
        rows = [(test.category, test.title, test.summary, str(self.tests.result(test).state)) for test in chosen]
        rule = ("--------", "----", "-------", "-----------")
        heading = ("Category", "Name", "Summary", "Test Result")
        call.write(_table([heading, rule, *rows, rule], (25, 30, 40, 13)))
        call.line_out(f"\n{len(chosen)} Registered Tests Matched")
        return None

    def results(self, call: Call) -> Outcome | None:
        words = [word.lower() for word in call.words[3:]]
        if call.args:
            return SHOWUSAGE
        pairs = [(test, self.tests.result(test)) for test in self.tests]
        ran = [(test, result) for test, result in pairs if result.state is not State.NOT_RUN]
        shown = [(test, result) for test, result in ran if result.state in _KINDS[words[0]]]
        if words[1:]:
            call.line_out(json.dumps([as_json(test, result) for test, result in shown], indent=1))
            return None
        rows = [(str(result.state), test.title, test.category, _took(result)) for test, result in shown]
        call.write(_table([("Result", "Name", "Category", "Time"), *rows], (8, 30, 25, 0)))
        total = totals([result for _, result in ran])
        call.line_out(f"{total.executed} Test(s) Executed  {total.passed} Passed  {total.failed} Failed")
        return None

    # -- run

    def execute(self, call: Call) -> Outcome | None:
        args = list(call.args)
        lower = [word.lower() for word in args]
        if "options" in lower[2:]:
            args = args[: lower.index("options", 2)]
        chosen = self._chosen(args)
        if chosen is None:
            return SHOWUSAGE
        call.line_out(f"Running all available tests{_matching(args)}...\n")
        wanted = [test for test in chosen if not test.explicit_only or len(args) == 4]
        with call.descriptor() as fd:
            done = list(self._run(wanted, Asked(call.words, fd)))
        total = totals(done)
        if not total.executed:
            call.line_out("--- No Tests Found! ---")
        call.line_out(f"\n{total.executed} Test(s) Executed  {total.passed} Passed  {total.failed} Failed")
        if not wanted and len(args) > 1:
            return failure(self._none(args))
        return failure() if total.failed else SUCCESS

    def _run(self, tests: Sequence[Test], asked: Asked) -> Iterator[Result]:
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

    def generate(self, call: Call) -> Outcome | None:
        if len(call.args) > 1:
            return SHOWUSAGE
        kind = call.words[3].lower()
        log = self.core.settings.directories.astlogdir
        path = call.args[0] if call.args else f"{log}/asterisk_test_results-{int(time.time())}.{kind}"
        pairs = [(test, self.tests.result(test)) for test in self.tests]
        text = as_text(pairs, __version__) if kind == "txt" else _junit(pairs)
        files.write(path, text)
        call.line_out(f"Results Generated Successfully: {path}")
        return None


def _matching(args: Sequence[str]) -> str:
    name = f" and name {args[3]}" if len(args) == 4 else ""
    return f" matching category {args[1]}{name}" if len(args) > 1 else ""


def _took(result: Result) -> str:
    return f"{result.milliseconds}ms" if result.milliseconds else "<1ms"


def _table(rows: Sequence[tuple[str, ...]], least: tuple[int, ...]) -> str:
    """Columns at least as wide as Asterisk's, wider when something is longer."""
    widths = [max([low, *(len(row[index]) for row in rows)]) for index, low in enumerate(least)]
    lines = [" ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _junit(pairs: Sequence[tuple[Test, Result]]) -> str:
    from asterism import junit  # XML costs a start more than a report that is asked for

    ran = [(test, result) for test, result in pairs if result.state is not State.NOT_RUN]
    cases = [
        junit.Case(
            ".".join(part for part in test.category.split("/") if part),
            test.title,
            result.milliseconds / 1000,
            failure=(result.said.rstrip() or "it failed") if result.state is State.FAIL else None,
        )
        for test, result in ran
    ]
    return junit.document([junit.Suite("AsteriskUnitTests", tuple(cases), {"version": __version__})])


_REGISTERED = """\
Usage: test show registered {all|category CATEGORY [name NAME]} [json]
       Lists the tests that modules have registered, with their last results, as a
       table or as JSON.
"""
_EXECUTE = """\
Usage: test execute {all|category CATEGORY [name NAME]} [options OPTION ...]
       Runs tests: all, those below a category, or one of it. It fails when one of
       them fails. A test may read the options. Tests that ask for it run only by name.
"""
_RESULTS = """\
Usage: test show results {all|failed|passed} [json]
       Shows how tests ended that were run, as a table or as JSON.
"""
_GENERATE = """\
Usage: test generate results {xml|txt} [FILE]
       Writes how tests ended into a file: JUnit's XML, or a text. Without FILE, into
       one of astlogdir.
"""
