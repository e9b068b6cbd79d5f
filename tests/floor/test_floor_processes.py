"""Child processes without :mod:`subprocess`."""

from __future__ import annotations

import os
import signal

import pytest

from asterism.light import processes


def test_the_numbers_of_signals_are_those_of_this_system() -> None:
    known = (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ)
    assert known == (processes.INTERRUPT, processes.PIPE, processes.FILE_SIZE)


def test_output_and_errors_are_read_and_the_status_is_told() -> None:
    child = processes.start(["sh", "-c", "echo one; echo two >&2; cat; exit 3"], {"PATH": os.defpath})
    assert list(child.stdout) == ["one\n", "two\n"]
    assert (child.wait(), child.wait()) == (3, 3)


def test_errors_can_be_dropped() -> None:
    child = processes.start(["sh", "-c", "echo one; echo two >&2"], {"PATH": os.defpath}, errors=False)
    assert (list(child.stdout), child.wait()) == (["one\n"], 0)


def test_a_stopped_program_was_interrupted() -> None:
    child = processes.start(["sleep", "60"], {"PATH": os.defpath})
    child.stop()
    assert child.status == -signal.SIGINT


def test_a_child_ends_when_nobody_reads_what_it_prints() -> None:
    child = processes.start(["sh", "-c", "while echo more; do :; done"], {"PATH": os.defpath})
    child.stdout.close()
    assert child.wait() == -signal.SIGPIPE


def test_a_program_that_is_missing_leaves_no_descriptor_open() -> None:
    before = sorted(os.listdir("/dev/fd"))
    with pytest.raises(FileNotFoundError):
        processes.start(["no-such-program"], {"PATH": os.defpath})
    assert sorted(os.listdir("/dev/fd")) == before
