"""System and TrySystem: what runs, and what they say about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from module_runtime import Runtime, compile_module

SOURCE = Path(__file__).parents[2] / "apps" / "app_system.c"


@pytest.fixture(scope="module")
def shell(runtime: Runtime, tree: Path) -> Iterator[Runtime]:
    """The runtime with the module that nobody gets without choosing it."""
    assert "app_system.so" not in os.listdir(tree / "lib" / "asterism" / "modules")
    compile_module(tree, SOURCE, runtime.modules)
    assert runtime.ask("module load app_system").status == 0
    yield runtime
    assert runtime.ask("module unload app_system").status == 0


NO_COMMAND = "needs a command"

RUNS = [
    ("true", "SUCCESS", []),
    ("exit 3", "APPERROR", []),
    ("no-such-command-here 2>/dev/null", "FAILURE", ["WARNING cannot run 'no-such-command-here 2>/dev/null'"]),
    ("kill -9 $$", "FAILURE", ["WARNING cannot run 'kill -9 $$'"]),
    ('"true"', "SUCCESS", ['NOTICE remove the quotes around the command: "true"']),
    ("test a\\\\tb = 'a\tb' || true", "SUCCESS", []),
]


@pytest.mark.parametrize("who", ["somebody", "nobody"])
@pytest.mark.parametrize(("command", "status", "said"), RUNS, ids=[command[:12] for command, _, _ in RUNS])
def test_status_says_how_the_command_ended(
    shell: Runtime, command: str, status: str, said: list[str], who: str
) -> None:
    for application, failure in (("System", "-1"), ("TrySystem", "0")):
        result = failure if status == "FAILURE" else "0"
        assert shell.execute(application, command, who) == "\n".join([result, *said])
        assert shell.get("SYSTEMSTATUS", who) == status


@pytest.mark.parametrize("data", [None, ""])
def test_no_command_is_a_failure(shell: Runtime, data: str | None) -> None:
    assert shell.execute("System", data) == "-1\nWARNING System needs a command: System(command)"
    assert shell.execute("TrySystem", data) == "0\nWARNING TrySystem needs a command: TrySystem(command)"
    assert shell.get("SYSTEMSTATUS") == "FAILURE"


def test_command_runs_in_a_shell_and_sees_its_environment(shell: Runtime) -> None:
    file = shell.home / "written"
    assert shell.execute("System", f"echo $((6 * 7)) > {file}; echo more >> {file}") == "0"
    assert file.read_text() == "42\nmore\n"


def test_ending_of_a_command_is_not_lost_to_others(shell: Runtime) -> None:
    for _ in range(20):
        assert shell.execute("System", "exit 7") == "0"
        assert shell.get("SYSTEMSTATUS") == "APPERROR"
