"""Old or new, never half: what a program that is killed, or has no room, leaves of its database and its log."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from runtime_support import Place

from runtime.conf import conf_file
from runtime.core.database import Database
from runtime.core.message_log import Logger
from runtime.logs import logger_conf
from runtime.logs.log_files import Logs

PROJECT = Path(__file__).parents[3]

PUTS = """
import sys
from runtime.core.database import Database
database = Database(sys.argv[1])
for number in range(100_000):
    database.put("family", f"key{number % 50}", f"{number} " * 200)
    print(number, flush=True)
"""

LINES = """
import sys
from runtime.conf import conf_file
from runtime.core.message_log import Logger
from runtime.logs import logger_conf
from runtime.logs.log_files import Logs
made = Logs(Logger(0), sys.argv[1])
made.configure(logger_conf.read(conf_file.loads("[logfiles]\\nfull => [json]notice\\n", "logger.conf")))
for number in range(100_000):
    made.logger.notice(f"{number} " * 200)
    print(number, flush=True)
"""


def killed_after(program: str, place: Path, lines: int) -> int:
    """Kill a program in what comes after so many lines, each a number; the last number that it printed."""
    command = [sys.executable, "-c", program, str(place)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
        rest = process.stdout.read().split("\n")[:-1]
    assert process.returncode == -signal.SIGKILL
    return lines - 1 + len(rest)


@pytest.mark.parametrize("lines", [1, 7, 60, 333])
def test_a_database_whose_program_is_killed_has_all_that_was_put_and_nothing_half(tmp_path: Path, lines: int) -> None:
    last = killed_after(PUTS, tmp_path, lines)
    entries = Database(str(tmp_path)).tree("family")
    numbers = sorted(int(value.split()[0]) for _, value in entries)
    assert [value for _, value in entries if value != f"{value.split()[0]} " * 200] == []
    assert numbers[-1] in (last, last + 1)
    assert numbers == list(range(max(0, numbers[-1] - 49), numbers[-1] + 1))
    with contextlib.closing(sqlite3.connect(tmp_path / "astdb.sqlite3")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("lines", [1, 7, 60, 333])
def test_a_log_whose_program_is_killed_has_whole_lines_only(tmp_path: Path, lines: int) -> None:
    last = killed_after(LINES, tmp_path, lines)
    messages = [json.loads(line)["message"] for line in (tmp_path / "full").read_text().splitlines()]
    assert messages in ([f"{number} " * 200 for number in range(end)] for end in (last + 1, last + 2))


def logs(directory: Path, text: str) -> Logs:
    made = Logs(Logger(0), str(directory))
    assert made.configure(logger_conf.read(conf_file.loads(text, "logger.conf"))) == []
    return made


@pytest.mark.parametrize("is_new", [False, True], ids=["the same program", "the next one"])
def test_a_line_for_which_there_was_no_room_does_not_swallow_the_next(tmp_path: Path, is_new: bool) -> None:
    text = "[logfiles]\nfull => [plain]notice\n"
    made = logs(tmp_path, text)
    made.logger.notice("first")
    size = (tmp_path / "full").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, before[1]))
    try:
        with contextlib.suppress(OSError):
            made.logger.notice("without room " * 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "full").stat().st_size == size + 20
    (logs(tmp_path, text) if is_new else made).logger.notice("last")
    assert [line.rpartition(": ")[2] for line in (tmp_path / "full").read_text().splitlines()][::2] == ["first", "last"]


def test_a_clock_that_runs_backwards_loses_no_old_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = logs(tmp_path, "[general]\nrotatestrategy = timestamp\n[logfiles]\nfull => [plain]notice\n")
    moments = iter((2_000_000_000, 2_000_000_000, 1_000_000_000, 1_999_999_999))
    for number in range(4):
        made.logger.notice(f"line {number}")
        with monkeypatch.context() as patched:
            patched.setattr(time, "time", lambda: next(moments))
            made.rotate()
    found = sorted(
        line.rpartition(": ")[2] for path in tmp_path.glob("full.*") for line in path.read_text().splitlines()
    )
    assert found == [f"line {number}" for number in range(4)]
    assert os.path.getsize(tmp_path / "full") == 0


@pytest.mark.parametrize("answers", [0, 1, 4])
def test_a_program_that_is_killed_in_a_refresh_starts_again(place: Place, answers: int) -> None:
    """With the module, or without it where it was killed in one of its callbacks; and it says which."""
    place.take("func_strings.so")
    with place.running() as process:
        for _ in range(answers):
            assert place.ask("module refresh func_strings").returncode == 0
        client = subprocess.Popen(
            place.words("-rx", "module refresh func_strings"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        process.kill()
        process.wait()
        client.wait()
    again = place.asterism("-cq", given="module show failed\nmodule show like func_strings\n")
    assert again.returncode == 0, again.stderr
    is_left_out = "left out since they brought the program down (1)" in again.stdout
    assert is_left_out or "Running" in again.stdout, again.stdout
