"""Starting again in the same process, and debug levels of single modules: with a running program."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from runtime_support import Place
from waiting import HANG, until

DEBUGS = 'ast_debug(3, "three\\n"); ast_debug(5, "five\\n"); return 0;'


def ask(place: Place, command: str) -> str:
    """The answer, once somebody answers."""
    answers: list[str] = []

    def is_answered() -> bool:
        done = place.ask(command)
        answers.append(done.stdout)
        return done.returncode == 0

    until(is_answered)
    return answers[-1]


def starts(place: Place) -> int:
    log = place.root / "log/log"
    return log.read_text().count("Asterisk Ready.") if log.exists() else 0


@pytest.fixture
def logged(place: Place) -> Place:
    (place.root / "etc/logger.conf").write_text("[logfiles]\nlog => notice,verbose,debug\n")
    return place


@pytest.mark.parametrize("how", ["now", "gracefully", "when convenient"])
def test_the_program_starts_again_in_the_same_process(logged: Place, how: str) -> None:
    with logged.running() as process:
        assert starts(logged) == 1
        logged.ask(f"core restart {how}")
        until(lambda: starts(logged) == 2)
        assert "asterisk.conf" in ask(logged, "core show settings")
        assert process.poll() is None
        assert f" {process.pid}\n" in ask(logged, "core show settings")
        logged.ask("core stop gracefully")
        assert process.wait(HANG) == 0
    assert list((logged.root / "run").glob("*.pid")) == []


def test_one_in_the_background_keeps_its_relative_command_line(logged: Place) -> None:
    program = str(logged.tree / "sbin/asterism")
    subprocess.run([program, "-F", "-C", "etc/asterisk.conf"], cwd=logged.root, check=True, timeout=HANG)
    try:
        logged.ask("core restart gracefully")
        until(lambda: starts(logged) == 2)
    finally:
        ask(logged, "core stop now")
    until(lambda: not list((logged.root / "run").glob("*.pid")))


def test_a_module_has_a_debug_level_of_its_own(logged: Place, compiled: Callable[..., None]) -> None:
    compiled("res_one", DEBUGS)
    compiled("res_two", DEBUGS)
    with logged.running():
        ask(logged, "core set debug 3 res_one")
        for name in ("res_one", "res_two"):
            ask(logged, f"module refresh {name}")
        assert "  Debug level of res_one:      3\n" in ask(logged, "core show settings")
        ask(logged, "core set debug 0 res_one")
        ask(logged, "module refresh res_one")
        ask(logged, "core stop now")
    text = Path(logged.root / "log/log").read_text()
    told = [line for line in text.splitlines() if " DEBUG[" in line]
    assert [("res_one.c" in line, line.endswith(": three")) for line in told] == [(True, True)]
