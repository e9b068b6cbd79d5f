"""The forms of a line in a log."""

from __future__ import annotations

import json
import re

import pytest

from runtime.core.message_log import Level, Record
from runtime.logs.log_forms import FORMATTERS, stamp_of


def test_stamps_follow_the_date_format_with_parts_of_a_second() -> None:
    record = Record(Level.NOTICE, "x", time=1_000_000_000.123456)
    assert stamp_of(record, "%Y|%3q|%q") == "2001|123|123456"


@pytest.mark.parametrize(
    ("record", "default", "plain"),
    [
        (
            Record(Level.NOTICE, "a\x1b[0m\nb", file="f.c", line=3, function="load", thread=7),
            r"[T] NOTICE[7] f.c:3 load: a\x1b[0m~    b",
            r"[T] NOTICE[7] f.c:3 load: a\x1b[0m~    b",
        ),
        (Record(Level.ERROR, "x", thread=7, call=255), "[T] ERROR[7][C-000000ff]: x", "[T] ERROR[7][C-000000ff]: x"),
        (
            Record(Level.VERBOSE, "a\nb", verbosity=2, thread=7),
            "[T] VERBOSE[7]:   == a~  == b",
            "[T] VERBOSE[7]: a~    b",
        ),
    ],
)
def test_a_record_becomes_lines_that_no_terminal_obeys(record: Record, default: str, plain: str) -> None:
    made = {name: FORMATTERS[name](record, "T").replace("\n", "~") for name in ("default", "plain")}
    assert made == {"default": default, "plain": plain}


def test_a_record_in_json_is_one_line_of_ascii_with_all_its_parts() -> None:
    text = FORMATTERS["json"](Record(Level.WARNING, "é\n", file="f.c", line=3, function="g", thread=7, call=16), "T")
    assert re.fullmatch("[ -~]+", text)
    assert json.loads(text) == {
        "timestamp": "T",
        "level": "WARNING",
        "thread": 7,
        "location": {"file": "f.c", "line": 3, "function": "g"},
        "message": "é\n",
        "call": "C-00000010",
    }
