"""``asterism call``: a call at a terminal, in a program that runs or in one that is started for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pexpect
import pytest
from module_runtime import Runtime
from waiting import HANG

ENDED = "hung up 16 Normal clearing"


@pytest.fixture
def words(runtime: Runtime) -> list[str]:
    """The verb for the program of the tests, whose dialplan reads digits."""
    text = "[default]\nexten => 100,1,Read(PIN,vm-enter,4,,,5)\n same => n,Hangup(${PIN})\n"
    Path(runtime.home / "etc" / "extensions.conf").write_text(text)
    runtime.cli("dialplan reload")
    return [runtime.program, "call", "-C", str(runtime.home / "etc" / "asterisk.conf")]


def call(words: list[str], *more: str, keys: str = "", place: Path | None = None) -> tuple[int, list[str], str]:
    """Status, lines and reasons of a call whose keys come from a pipe."""
    done = subprocess.run(
        [*words, *more], input=keys, capture_output=True, text=True, timeout=HANG, check=False, cwd=place or os.getcwd()
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_keys_come_from_a_pipe(words: list[str], tmp_path: Path) -> None:
    status, lines, reasons = call(words, "100", keys="1x7\n#", place=tmp_path)
    pressed = ["pressed 1", "pressed 7", "pressed #"]
    assert [line for line in lines if line not in pressed] == ["answered", "heard vm-enter", "hung up 17 User busy"]
    assert [line for line in lines if line in pressed] == pressed
    assert (status, reasons) == (0, "")


def test_keys_of_a_terminal_are_digits_and_control_c_hangs_up(words: list[str], tmp_path: Path) -> None:
    child = pexpect.spawn(words[0], [*words[1:], "100@default"], encoding="utf-8", timeout=HANG, cwd=str(tmp_path))
    child.expect_exact("heard vm-enter")
    child.send("4")
    child.expect_exact("pressed 4")
    child.sendintr()
    child.expect_exact(ENDED)
    child.expect_exact(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_extension_that_is_not_there_is_told(words: list[str], tmp_path: Path) -> None:
    assert call(words, "10@default", place=tmp_path) == (
        1,
        [],
        "there is no extension '10' in the context 'default'\n    did you mean '100'?\n",
    )


def test_program_is_started_when_none_runs_and_ends_with_the_call(words: list[str], tmp_path: Path) -> None:
    conf = tmp_path / "asterisk.conf"
    before = Path(words[3]).read_text()
    (tmp_path / "run").mkdir()
    old = str(Path(words[3]).parent.parent / "run")
    conf.write_text(before.replace(f"astrundir => {old}", f"astrundir => {tmp_path}/run"))
    status, lines, _ = call([*words[:3], str(conf)], "100", keys="#", place=tmp_path)
    assert (status, [line for line in lines if line != "pressed #"]) == (0, ["answered", "heard vm-enter", ENDED])
    assert not (tmp_path / "run" / "asterisk.ctl").exists()
