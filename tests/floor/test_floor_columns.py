"""Long lines are broken at the width of a terminal, under their column; what is no terminal gets them whole."""

from __future__ import annotations

import io
import os
import pty
import termios
from pathlib import Path

import pytest

from asterism.terminal.columns import broken, fitted, width_of


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "  build      compile the chosen modules now",
            ["  build      compile the chosen", "             modules now"],
        ),
        (
            "core show help -- Display help list, or more",
            ["core show help -- Display help", "                  list, or more"],
        ),
        ("a sentence of several words that goes on", ["a sentence of several words that", "    goes on"]),
        ("  indented words that go on and on and on", ["  indented words that go on and", "      on and on"]),
        ("exports      " + "x" * 40, ["exports", "             " + "x" * 40]),
        ("short", ["short"]),
        (
            "\x1b[1mlight\x1b[0m words that are not to be broken",
            ["\x1b[1mlight\x1b[0m words that are not to be broken"],
        ),
    ],
)
def test_a_line_goes_on_under_the_column_in_which_it_began(line: str, shown: list[str]) -> None:
    assert broken(line, 32).split("\n") == shown


def test_a_column_that_leaves_no_room_is_passed_over() -> None:
    assert broken("first  " + "x" * 20 + "  last words of it", 32).split("\n") == [
        "first  " + "x" * 20,
        "       last words of it",
    ]


def test_lines_and_their_ends_stay(tmp_path: Path) -> None:
    text = "one\n\n" + "word " * 10 + "end\n"
    assert broken(text, 30) == "one\n\nword word word word word word\n    word word word word end\n"
    with (tmp_path / "file").open("w") as file:
        assert (width_of(file), fitted(text, file)) == (0, text)
    assert fitted(text, io.StringIO()) == text


@pytest.mark.parametrize(("width", "is_broken"), [(40, True), (20, False), (0, False)])
def test_a_terminal_breaks_when_it_has_room(width: int, is_broken: bool) -> None:
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, width))
    text = "word " * 20
    with os.fdopen(terminal, "w") as stream:
        assert (width_of(stream), fitted(text, stream) != text) == (width, is_broken)
    os.close(controller)
