"""Long lines are broken at the width of a terminal, under their column; what is no terminal gets them whole."""

from __future__ import annotations

import io
import os
import pty
import termios
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from asterism.errors import Fault, Place, report
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
            "\x1b[1mlight\x1b[0m words whose colours take no columns",
            ["\x1b[1mlight\x1b[0m words whose colours take", "    no columns"],
        ),
        ("one \x1b[31mred word that goes on here\x1b[0m", ["one \x1b[31mred word that goes on here\x1b[0m"]),
        (
            "\x1b[2Kwords drawn over a line are not to be broken",
            ["\x1b[2Kwords drawn over a line are not to be broken"],
        ),
        ("-" * 40, ["-" * 32]),
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


def seen_on_terminal(width: int, work: Callable[[TextIO], None]) -> list[str]:
    """The lines that work writes to a terminal of that width."""
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, width))
    with os.fdopen(terminal, "w") as stream:
        work(stream)
        stream.flush()
        written = os.read(controller, 65536).decode()
    os.close(controller)
    return written.splitlines()


def test_a_fault_is_broken_at_blanks_and_its_excerpt_stays_above_the_caret() -> None:
    source = "    <depend>a_library_of_a_long_name</dependd>"
    place = Place("res_x.c", 3, 38, source)
    fault = Fault("expected '</depend>'", place, "the tag is not closed", "close the tag with '</depend>' here")
    excerpt = place.excerpt().split("\n")
    assert seen_on_terminal(40, lambda stream: report([fault], stream=stream)) == [
        "res_x.c:3:38: expected '</depend>': the",
        "    tag is not closed",
        *excerpt,
        "    close the tag with '</depend>' here",
    ]
    assert len(excerpt[0]) > 40
