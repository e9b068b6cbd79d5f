"""The tests of a module: its life cycle, its unit tests, its transcript."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from asterism import files
from asterism.errors import Fault, Place
from asterism.values import dataclass
from asterism_testing import outcome
from asterism_testing.outcome import Outcome
from asterism_testing.running import Running, RunningError, UnsupportedError, quoted
from buildsys.develop import transcript, trial_program

LIFE = "is loaded, unloaded and loaded again"

_PLACE = re.compile(r"\[(?P<file>[^:\]]+):[^:\]]*:(?P<line>\d{1,9})\]: (?P<what>.*)")
"""The format in which a unit test reports a failure."""

_KEPT = frozenset({"asterisk.conf", "modules.conf", "logger.conf"})
"""Configuration files that each run writes itself."""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The result of a unit test."""

    is_passed: bool
    said: str
    """The message about its failure."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The program, modules and configuration of a test."""

    program: str
    modules: tuple[Path, ...]
    """The directories of modules."""
    configurations: tuple[Path, ...]
    """The configuration files for the modules."""
    environment: Mapping[str, str]
    """Further environment variables of the program."""

    def running(self, home: Path) -> Running:
        """An asterism in a directory of its own that loads all modules."""
        made = Running(self.program, home, self.modules, environment=self.environment)
        made.config("modules.conf", "[modules]\nautoload = yes\n")
        for path in self.configurations:
            if path.name not in _KEPT:
                shutil.copy(path, home / "etc" / path.name)
        return made

    def unit_tests(self, running: Running, module: str) -> list[str]:
        """The unit tests of a module as ``category name``, without those that run only on request."""
        known = json.loads(running.cli("test show registered all json"))
        own = [each for each in known if each["module"] == module and not each["explicit_only"]]
        return [f"{each['category']} {each['name']}" for each in own]

    def unit_result(self, running: Running, category: str, name: str) -> UnitResult:
        """The result of a unit test that has run."""
        known = json.loads(running.cli("test show results all json"))
        result = next((each for each in known if (each["category"], each["name"]) == (category, name)), None)
        return UnitResult(result is not None and result["result"] == "pass", result["said"] if result else "")


class Startable(Protocol):
    """The part of a subject that tests use: start its program, and read its unit tests."""

    def running(self, home: Path) -> Running:
        """The program with the modules of the test, in a directory of its own."""

    def unit_tests(self, running: Running, module: str) -> list[str]:
        """The unit tests of a module, as ``category name``."""

    def unit_result(self, running: Running, category: str, name: str) -> UnitResult:
        """The result of a unit test that has run."""


Wanted = Callable[[str, str], bool]
"""Whether to run a test, given by group and name."""


def examine(subject: Startable, name: str, script: Path | None, wanted: Wanted) -> Iterator[Outcome]:
    """Run the tests of a module, each part in a newly started program."""
    life = list(_life(subject, name, wanted))
    yield from life
    if any(each.is_bad for each in life):
        return  # a module that cannot be loaded has no further tests
    yield from units(subject, name, wanted)
    if script:
        yield from transcripts(subject, name, script, wanted)


@dataclass(slots=True)
class Attempt:
    """A test action in a running program, with the outcome."""

    subject: Startable
    group: str
    name: str

    def run(self, action: Callable[[Running], Iterator[Fault]], running: Running | None = None) -> Outcome:
        """Run the action; a program started for it is stopped afterwards, and a faulty stop fails the test."""
        began = time.monotonic()
        faults: list[Fault] = []
        state: outcome.State = "passed"
        with tempfile.TemporaryDirectory(prefix="asterism-test-") as room:
            own = running or self.subject.running(Path(room) / "home")
            try:
                faults += action(own)
                if running is None:
                    own.finish()
            except UnsupportedError as error:
                state = "skipped"
                faults.append(Fault(str(error), code="unsupported"))
            except RunningError as error:
                state = "crashed"
                faults.append(self._crash(error))
            finally:
                if running is None:
                    own.abandon()
        found = tuple(faults)
        state = "failed" if found and state == "passed" else state
        return Outcome(self.group, self.name, state, time.monotonic() - began, found)

    def _crash(self, error: RunningError) -> Fault:
        return crash_fault(f"{self.group}: {self.name}", str(error))


def crash_fault(who: str, said: str) -> Fault:
    """The fault of a test that did not finish, with the source line when a sanitizer or a backtrace names one."""
    said = said.replace(f"{Path.cwd()}/", "")  # sanitizers name sources by their absolute paths
    what, _, rest = said.partition("\n")
    found = _SANITIZED.search(said)
    place = Place(found["file"], int(found["line"])) if found else None
    lines = "".join(f"\n    {line}" for line in rest.splitlines()[:MOST])
    return Fault(f"{who}: {what}{lines}", place, code="crashed")


MOST = 40
"""The number of lines of a report to show."""

_SANITIZED = re.compile(r"(?:^|\s)(?P<file>[\w./+-]+\.(?:c|cc|h)):(?P<line>\d{1,9})(?=[:\s]|$)")


def _asker(running: Running) -> trial_program.Ask:
    return lambda line: running.ask(line).out


def _life(subject: Startable, name: str, wanted: Wanted) -> Iterator[Outcome]:
    if wanted(name, LIFE):
        yield Attempt(subject, name, LIFE).run(lambda running: trial_program.check(name, _asker(running)))


def transcripts(subject: Startable, name: str, script: Path, wanted: Wanted) -> Iterator[Outcome]:
    """Run the transcript of a module; commands that the program does not support are skipped, others run."""
    if not wanted(name, script.name):
        return
    text = files.read_text(script)
    skipped: dict[str, str] = {}

    def run(running: Running) -> Iterator[Fault]:
        def ask(line: str) -> str | None:
            try:
                return running.ask(line).out
            except UnsupportedError as error:
                skipped[line] = str(error)
                return None

        yield from transcript.failures(text, script.name, ask)

    yield Attempt(subject, name, script.name).run(run)
    for line, why in skipped.items():
        yield outcome.skipped(name, f"{script.name}: {line}", why)


# ---- unit tests ----------------------------------------------------------------------------------


def listed(subject: Startable, module: str) -> list[str]:
    """The names of a module's unit tests; empty when the program does not run."""
    with tempfile.TemporaryDirectory(prefix="asterism-test-") as room:
        running = subject.running(Path(room) / "home")
        try:
            return [_title(title) for title in subject.unit_tests(running, module)]
        except RunningError:
            return []
        finally:
            running.abandon()


def units(subject: Startable, module: str, wanted: Wanted) -> Iterator[Outcome]:
    """Run the unit tests of a module in one program; after a crash the others run in a new one."""
    left: Sequence[str] | None = None
    while left is None or left:  # tests left after a crash run in a new program
        with tempfile.TemporaryDirectory(prefix="asterism-test-") as room:
            running = subject.running(Path(room) / "home")
            try:
                if left is None:
                    left = [title for title in subject.unit_tests(running, module) if wanted(module, _title(title))]
                for made in _in_one(subject, module, running, left):
                    left = left[1:]
                    yield made
            except RunningError as error:
                yield Outcome(module, "its unit tests", "crashed", 0.0, (crash_fault(module, str(error)),))
                return
            finally:
                running.abandon()


def _in_one(subject: Startable, module: str, running: Running, titles: Sequence[str]) -> Iterator[Outcome]:
    """Run tests until one of them ends the program."""
    for title in titles:
        made = _unit(subject, running, module, title)
        yield made
        if not running.is_running:
            return
    ended = Attempt(subject, module, "the stop after its unit tests").run(_finished, running)
    if ended.is_bad:
        yield ended


def _finished(running: Running) -> Iterator[Fault]:
    running.finish()
    yield from ()


def _title(title: str) -> str:
    return title.replace(" ", "", 1)


def _unit(subject: Startable, running: Running, module: str, title: str) -> Outcome:
    category, _, name = title.partition(" ")

    def run(one: Running) -> Iterator[Fault]:
        one.ask(f"test execute category {quoted(category)} name {quoted(name)}")
        result = subject.unit_result(one, category, name)
        if not result.is_passed:
            yield _unit_fault(f"{category}{name}", result.said)
        one.check()

    return Attempt(subject, module, _title(title)).run(run, running)


def _unit_fault(title: str, said: str) -> Fault:
    """The fault of a unit test, with the place of its first failure."""
    lines = said.strip().splitlines()
    found = _PLACE.match(lines[0]) if lines else None
    place = Place(found["file"], int(found["line"])) if found else None
    first = found["what"] if found else (lines[0] if lines else "it failed without a word")
    return Fault("\n    ".join([f"unit test {title} fails: {first}", *lines[1:]]), place, code="unit-test")
