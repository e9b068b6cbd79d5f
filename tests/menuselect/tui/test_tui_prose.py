"""Text broken into the lines of a pane."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from menuselect.listing.styled_text import Piece, fitted, plain, shown, wrapped


def test_lines_break_at_blanks_and_go_on_indented() -> None:
    paragraph = (Piece("Needed by: ", "label"), Piece("res_one", "name"), Piece(", "), Piece("res_two", "name"))
    assert [plain(line) for line in wrapped([paragraph], 20)] == ["Needed by: res_one, ", "  res_two"]


def test_a_comma_stays_with_the_name_before_it() -> None:
    paragraph = (Piece("Off: "), Piece("func_curl", "name"), Piece(", "), Piece("res", "name"), Piece(","))
    assert [plain(line) for line in wrapped([paragraph], 14)] == ["Off: ", "  func_curl, ", "  res,"]


def test_a_name_keeps_its_look_on_the_next_line() -> None:
    lines = wrapped([(Piece("a b "), Piece("name", "name"))], 6)
    assert lines == [(Piece("a"), Piece(" b"), Piece(" ")), (Piece("  "), Piece("name", "name"))]


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert [plain(line) for line in wrapped([(Piece("abcdefgh"),)], 4)] == ["abcd", "  ef", "  gh"]


def test_the_indent_is_half_a_line_at_most() -> None:
    assert [plain(line) for line in wrapped([(Piece("key what it does"),)], 12, 17)] == ["key what it", "      does"]


def test_a_text_that_is_cut_ends_in_a_mark() -> None:
    assert [fitted("one two", width) for width in (7, 6, 5, 4, 1)] == [
        "one two",
        "one t\u2026",
        "one\u2026",
        "one\u2026",
        "\u2026",
    ]


def test_an_empty_paragraph_is_an_empty_line() -> None:
    assert wrapped([()], 10) == [()]


def test_what_a_terminal_would_obey_or_cannot_write_is_replaced() -> None:
    assert shown("a\x1b[31m\tb\udcff\u202ec\r\nd") == "a\ufffd[31m b\ufffd\ufffdc d"


@given(texts=st.lists(st.text(alphabet="ab \t\n\x1b", max_size=30), max_size=5), width=st.integers(1, 30))
@settings(deadline=None, max_examples=300)
def test_no_line_is_wider_than_the_pane_and_no_letter_is_lost(texts: list[str], width: int) -> None:
    lines = [plain(line) for line in wrapped([tuple(Piece(text) for text in texts)], width)]
    assert all(len(line.rstrip()) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown("".join(texts)).split())
