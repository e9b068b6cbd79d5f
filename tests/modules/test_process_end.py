"""Waiting for the end of a process: told at once, with the exit status, and with a limit."""

from __future__ import annotations

import subprocess

import pytest

from asterism_testing.program import process_end


def started(text: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sh", "-c", text], stdin=subprocess.PIPE)


@pytest.mark.parametrize(("text", "status"), [("exit 3", 3), ("kill -9 $$", -9)])
def test_the_status_of_a_process_that_ends(text: str, status: int) -> None:
    with started(text) as process:
        assert process_end.wait(process, 30) == status
        assert process_end.wait(process, 30) == status  # it was waited for before


def test_a_process_that_runs_on_meets_the_limit() -> None:
    with started("read line; exit 5") as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process_end.wait(process, 0.01)
        process.communicate(b"line\n")
        assert process_end.wait(process, 30) == 5
