"""The tests of modules in private instances of a real Asterisk."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import Fault, Place
from asterism.values import dataclass, replace
from asterism_testing import module_tests, outcome
from asterism_testing.module_tests import LIFE, Attempt, UnitResult, Wanted
from asterism_testing.outcome import Outcome
from asterism_testing.running import NotStartedError, Running, RunningError, quoted
from asterism_testing.target_running import TargetProgram, TargetRunning
from buildsys.develop import trial_program

FRAMEWORK = "TEST_FRAMEWORK"
_DEFINED = re.compile(r"^\s*AST_TEST_DEFINE\s*\(\s*(\w+)\s*\)", re.MULTILINE)
_RESULT = re.compile(
    r"^Name: +(?P<name>[^\n]*)\nCategory: +(?P<category>[^\n]*)\n.*?^Result: +(?P<result>[^\n]*)\n"
    r"(?:Time: +[^\n]*\n)?(?:Error Description: (?P<said>.*))?",
    re.MULTILINE | re.DOTALL,
)
"""The entry of a test in the file of ``test generate results txt`` (main/test.c, test_txt_entry); no name is cut."""
_PASSED = "PASS"
_OURS = "module show failed"
"""A command that only Asterism has; the log answers it: why a module does not run."""
_MOST = 3
"""The number of messages to show of a module that cannot be loaded, and of a program that does not start."""
_ERROR = re.compile(r"\bERROR\b|EXITING|cannot|[Uu]nable")


@dataclass(frozen=True, slots=True)
class TargetSubject:
    """An Asterisk with loaded modules, as the subject of tests."""

    program: TargetProgram
    loaded: Sequence[str]

    def running(self, home: Path) -> TargetRunning:
        """An instance that loads the modules and those they need."""
        return TargetRunning(self.program, home, self.loaded)

    def unit_tests(self, running: Running, module: str) -> list[str]:
        """The unit tests of a module: those that disappear when it is unloaded, as no command tells a test's module."""
        before = list(_results(running))
        running.unload(module)
        after = set(_results(running))
        running.load(module)
        return [" ".join(each) for each in before if each not in after]

    def unit_result(self, running: Running, category: str, name: str) -> UnitResult:
        """The result of a unit test that has run."""
        return _results(running).get((category, name), UnitResult(False, ""))


def _results(running: Running) -> dict[tuple[str, str], UnitResult]:
    """The results of all unit tests, by category and name."""
    path = running.home / "results.txt"
    running.cli(f"test generate results txt {quoted(str(path))}")
    return read_results(files.read_text(path))


def read_results(text: str) -> dict[tuple[str, str], UnitResult]:
    """Parse a file of ``test generate results txt``; the results by category and name."""
    entries = re.split(r"^(?=Name: )", text, flags=re.MULTILINE)
    found = [match for match in map(_RESULT.match, entries) if match]
    return {
        (one["category"], one["name"]): UnitResult(one["result"] == _PASSED, (one["said"] or "").strip())
        for one in found
    }


@dataclass(frozen=True, slots=True)
class TargetModule:
    """A module to test in a real Asterisk."""

    name: str
    source: Path
    script: Path | None
    """The transcript of the module; None without one."""

    @property
    def unit_tests(self) -> list[str]:
        """The names of the unit tests in its source."""
        return _DEFINED.findall(files.read_text(self.source))


def examine(
    program: TargetProgram, options: Sequence[str], modules: Sequence[TargetModule], wanted: Wanted
) -> Iterator[list[Outcome]]:
    """Run the tests of modules; yields the outcomes of one module after the other.

    Args:
        program: the Asterisk with the modules.
        options: the build options of the Asterisk.
        modules: the modules to test.
        wanted: tells whether to run a test.
    """
    lives = _lives(program, [one.name for one in modules], wanted)
    # A transcript may use commands of other modules of the directory.
    fine = tuple(name for name in program.needs if name not in lives or not lives[name].is_bad)
    for module in modules:
        life = lives.get(module.name)
        rest = () if life and life.is_bad else _further(program, options, module, fine, wanted)
        yield [*([life] if life else []), *rest]


def _further(
    program: TargetProgram, options: Sequence[str], module: TargetModule, fine: Sequence[str], wanted: Wanted
) -> Iterator[Outcome]:
    """The outcomes of the unit tests and the transcript of a module that can be loaded."""
    defined = module.unit_tests
    if FRAMEWORK in options and defined:
        yield from module_tests.units(TargetSubject(program, (module.name,)), module.name, wanted)
    elif defined:
        why = f"this Asterisk was built without {FRAMEWORK}"
        names = [name for name in defined if wanted(module.name, name)]
        yield from (outcome.skipped(module.name, f"unit test {name}", why) for name in names)
    if module.script:
        yield from module_tests.transcripts(TargetSubject(program, fine), module.name, module.script, wanted)


# ---- the life cycle of modules -------------------------------------------------------------------------------------


def _lives(program: TargetProgram, names: Sequence[str], wanted: Wanted) -> dict[str, Outcome]:
    """Check life cycles: of all modules in one instance, then alone of each module that fails there."""
    chosen = [name for name in names if wanted(name, LIFE)]
    passed = _together(program, chosen) if len(chosen) > 1 else {}
    if len(chosen) > 1 and not passed and (fault := _unstartable(program)):
        return {name: Outcome(name, LIFE, "failed", 0.0, (fault,)) for name in chosen}
    return {name: passed.get(name) or _alone(program, name) for name in chosen}


def _together(program: TargetProgram, names: Sequence[str]) -> dict[str, Outcome]:
    """The outcomes of modules that pass in an instance with all of them; empty when it ends with a fault."""
    passed: dict[str, Outcome] = {}
    with tempfile.TemporaryDirectory(prefix="asterism-test-") as room:
        running = TargetSubject(program, names).running(Path(room) / "home")
        try:
            for name in names:
                began = time.monotonic()
                if not list(_life(name, program)(running)):
                    passed[name] = Outcome(name, LIFE, "passed", time.monotonic() - began)
            running.finish()
        except RunningError:
            return {}
        finally:
            running.abandon()
    return passed


def _unstartable(program: TargetProgram) -> Fault | None:
    """The fault of an Asterisk that does not start without modules, either; None when it starts."""
    with tempfile.TemporaryDirectory(prefix="asterism-test-") as room:
        running = TargetSubject(program, ()).running(Path(room) / "home")
        try:
            running.start()
        except NotStartedError as error:
            cure = f"'asterism run --target {program.name}' shows what it says"
            what = f"{program.name} does not start, even without modules"
            return Fault(what, None, _last_words(str(error)), cure, "no-start")
        finally:
            running.abandon()
    return None


def _last_words(text: str) -> str:
    """How a program ended, and what it said of it: the lines that name an error, or else its last lines."""
    how, *said = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in said if _ERROR.search(line)] or said
    return "\n    ".join([how, *telling[-_MOST:]])


def _alone(program: TargetProgram, name: str) -> Outcome:
    return Attempt(TargetSubject(program, (name,)), name, LIFE).run(_life(name, program))


def _life(name: str, program: TargetProgram) -> Callable[[Running], Iterator[Fault]]:
    def run(running: Running) -> Iterator[Fault]:
        def ask(line: str) -> str:
            answer = running.ask(line)
            return "" if line == _OURS else answer.out + answer.err

        for fault in trial_program.check(name, ask):
            why = "; ".join(filter(None, [fault.why, *_complaints(running, name)]))
            cure = f"'asterism run --target {program.name}' shows what it says"
            yield replace(fault, why=why, cure=cure, place=Place(name))

    return run


def _complaints(running: Running, name: str) -> list[str]:
    """The last warnings and errors in the log that come from a module or name it."""
    own = [one for one in running.log if one.level in ("WARNING", "ERROR") and (one.module == name or name in one.text)]
    return [" ".join(one.text.split()) for one in own[-_MOST:]]


def unfit(module: str, reasons: Mapping[str, str]) -> list[Outcome]:
    """The outcome of a module that cannot be built for a target."""
    return [outcome.skipped(module, "its tests", reasons[module])]
