"""Text from elsewhere, on its way to a terminal or into a file of lines."""

from __future__ import annotations

import io

import pytest

from asterism.controls import escaped, escaped_lines
from asterism.errors import Fault, report

TEXTS = [
    ("plain äöü 日本 \xa0", "plain äöü 日本 \xa0"),
    ("a\tb", "a\tb"),
    ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    ("a\r\n[now] ERROR: b", "a\\x0d\\x0a[now] ERROR: b"),
    ("a\x00\x08\x7f", "a\\x00\\x08\\x7f"),
    ("a\x85\x9bb", "a\\x85\\x9bb"),
    ("a\u2028b\u2029", "a\\u2028b\\u2029"),
    ("a\u202eb\u2066", "a\\u202eb\\u2066"),
    ("\udc9b\udce9", "\\x9b\udce9"),  # raw bytes: a C1 sequence is escaped, a letter of Latin-1 stays
    ("\ud800", "\\ud800"),
    ("\u200f\u061c", "\u200f\u061c"),  # marks of right-to-left text turn nothing that follows
]


@pytest.mark.parametrize(("text", "shown"), TEXTS)
def test_a_control_character_is_escaped_and_everything_else_stays(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_line_feeds_of_a_text_of_lines_stay() -> None:
    assert escaped_lines("one\n\ttwo\r\n\x1bthree\n") == "one\n\ttwo\\x0d\n\\x1bthree\n"


def test_what_is_escaped_can_be_encoded() -> None:
    text = "".join(map(chr, [*range(0x300), *range(0xD800, 0xE000)]))
    assert b"\x1b" not in escaped(text).encode("utf-8", "surrogateescape")


def test_a_fault_that_quotes_a_strangers_text_drives_no_terminal() -> None:
    stream = io.StringIO()
    report([Fault("unknown word '\x1b[2J'", cure="take it out")], "asterism", stream)
    assert stream.getvalue() == "asterism: unknown word '\\x1b[2J'\n    take it out\n"
