"""The command ulimit."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from module_runtime import Answer, Runtime

NAMES = ["core", "data", "descriptors", "file", "locked", "memory", "processes", "stack", "time", "virtual"]


def refused(line: str, why: str) -> Answer:
    return Answer(f"{why}\nCommand '{line}' failed.\n", "", 1, ())


def test_every_limit_is_shown(runtime: Runtime) -> None:
    lines = runtime.ask("ulimit").out.splitlines()
    assert sorted(line.partition("(")[2].partition(")")[0] for line in lines) == NAMES
    assert lines == [runtime.ask(f"ulimit {name}").out.rstrip() for name in _order(lines)]


def _order(lines: list[str]) -> list[str]:
    return [line.partition("(")[2].partition(")")[0] for line in lines]


def test_limit_that_can_be_raised_says_so(runtime: Runtime) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    more = "" if hard == soft else " without limit" if hard == resource.RLIM_INFINITY else f" to {hard} bytes"
    now = "unlimited" if soft == resource.RLIM_INFINITY else f"limited to {soft} bytes"
    tail = f"; it can be raised{more}" if more else ""
    assert runtime.ask("ulimit stack") == Answer(f"Program stack size (stack) is {now}{tail}.\n", "", 0, ())


def test_limit_is_set_for_good(runtime: Runtime) -> None:
    assert runtime.ask("ulimit descriptors 256") == Answer("", "", 0, ())
    assert runtime.ask("ULIMIT Descriptors").out == "Number of file descriptors (descriptors) is limited to 256.\n"
    assert runtime.ask("ulimit file 1000000000").status == 0
    assert runtime.ask("ulimit file").out == "File size (file) is limited to 1000000000 bytes.\n"
    assert runtime.ask("ulimit core 0").status == 0
    assert runtime.ask("ulimit core").out == "Core file size (core) is limited to 0 bytes.\n"


@pytest.mark.skipif(not Path("/proc/sys/fs/nr_open").exists(), reason="needs Linux, which names the highest limit")
def test_limit_beyond_what_the_system_allows_is_refused(runtime: Runtime) -> None:
    line = f"ulimit descriptors {int(Path('/proc/sys/fs/nr_open').read_text()) + 1}"
    words = f"Number of file descriptors (descriptors) cannot be set to {line.split()[-1]}: Operation not permitted."
    assert runtime.ask(line) == refused(line, words)


@pytest.mark.parametrize("text", ["many", "-5", "5x", "1.5", "99999999999999999999", "18446744073709551615", '""'])
def test_value_that_is_no_number_is_refused(runtime: Runtime, text: str) -> None:
    line = f"ulimit file {text}"
    shown = text.strip('"')
    assert runtime.ask(line) == refused(line, f"'{shown}' is neither a number nor 'unlimited'.")


def test_limit_that_would_kill_is_not_set(runtime: Runtime) -> None:
    line = "ulimit time 1"
    assert runtime.ask(line) == refused(line, "CPU time (time) cannot be changed while the program is running.")


def test_unknown_limit_is_named(runtime: Runtime) -> None:
    line = "ulimit files"
    assert runtime.ask(line) == refused(line, "Unknown limit 'files'; 'core show help ulimit' lists the limits.")


def test_too_many_words_show_the_usage(runtime: Runtime) -> None:
    answer = runtime.ask("ulimit file 1 2")
    assert (answer.status, answer.out) == (1, runtime.ask("core show help ulimit").out)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ulimit ", NAMES),
        ("ulimit co", ["core"]),
        ("ulimit D", ["data", "descriptors"]),
        ("ulimit x", []),
        ("ulimit core ", ["unlimited"]),
        ("ulimit core un", ["unlimited"]),
        ("ulimit stack ", []),
        ("ulimit nothing ", []),
        ("ulimit core 5 ", []),
    ],
)
def test_names_and_values_are_completed(runtime: Runtime, line: str, words: list[str]) -> None:
    assert runtime.complete(line) == words
