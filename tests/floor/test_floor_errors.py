"""Faults as data, words last."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.names import suggestion

TAG = Fault("unknown tag 'dependd'", Place("res_x.c", 3, 2, "\t<dependd>curl"), "", "did you mean 'depend'?", "tag")


def test_a_fault_starts_with_its_place_and_ends_with_its_cure() -> None:
    assert str(TAG) == "res_x.c:3:2: unknown tag 'dependd'\n    \t<dependd>curl\n    \t^\n    did you mean 'depend'?"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("no"), "no"),
        (Fault("no", why="because"), "no: because"),
        (Fault("no", severity="warning"), "warning: no"),
        (Fault("no", Place("f"), severity="warning"), "f: warning: no"),
        (Fault("no", Place("f", 0, 0, "text\n")), "f: no\n    text"),
        (Fault("no", Place("f", 7)), "f:7: no"),
    ],
)
def test_parts_that_are_unknown_are_left_out(fault: Fault, text: str) -> None:
    assert str(fault) == text


def test_as_json_it_is_plain_data_without_empty_parts() -> None:
    assert TAG.as_json() == {
        "code": "tag",
        "severity": "error",
        "file": "res_x.c",
        "line": 3,
        "column": 2,
        "what": "unknown tag 'dependd'",
        "cure": "did you mean 'depend'?",
    }


def test_a_suggestion_carries_its_names_as_data_and_comes_back_from_json() -> None:
    fault = Fault("unknown tag 'usee'", cure=suggestion(["use", "user"]))
    assert (str(fault), fault.similar) == (
        "unknown tag 'usee'\n    did you mean 'use' or 'user'?",
        ("use", "user"),
    )
    again = Fault.of_json(fault.as_json())
    assert (again, again.similar) == (fault, ("use", "user"))
    assert Fault("unknown tag 'x'", cure=suggestion([])).as_json() == {
        "severity": "error",
        "what": "unknown tag 'x'",
    }


def test_an_error_shows_all_its_faults_and_has_a_status() -> None:
    error = AsterismError(Fault("one"), Fault("two"), status=2)
    assert (str(error), error.status, len(error.faults)) == ("one\ntwo", 2, 2)


def test_a_collector_raises_all_faults_if_one_is_an_error() -> None:
    collector = Collector()
    collector.add(Fault("odd", severity="warning"))
    collector.check()
    collector.extend([Fault("bad")])
    with pytest.raises(AsterismError) as caught:
        collector.check(status=3)
    assert (str(caught.value), caught.value.status) == ("warning: odd\nbad", 3)
    assert [fault.what for fault in collector] == ["odd", "bad"]


def test_a_report_says_each_fault_once_and_names_the_program_where_there_is_no_place() -> None:
    out = io.StringIO()
    report([Fault("one"), Fault("two", Place("f")), Fault("one")], "asterism", out)
    assert out.getvalue() == "asterism: one\nf: two\n"


@pytest.mark.parametrize(
    ("column", "line", "caret"),
    [
        (0, "x" * 400 + "...", ""),
        (1, "x" * 400 + "...", "^"),
        (5000, "..." + "x" * 200 + "y" + "x" * 199 + "...", " " * 203 + "^"),
        (9999, "..." + "x" * 202, " " * 203 + "^"),
    ],
)
def test_of_a_very_long_line_what_is_near_the_caret_is_shown(column: int, line: str, caret: str) -> None:
    text = "x" * 4999 + "y" + "x" * 5000
    expected = [f"    {line}", *([f"    {caret}"] if caret else [])]
    assert Place("f", 1, column, text).excerpt().split("\n") == expected


def test_the_caret_counts_the_cells_of_a_terminal() -> None:
    assert Place("f", 1, 6, "\t\u6f22\u5b57e\u0301<x>").excerpt() == (
        "    \t\u6f22\u5b57e\u0301<x>\n    \t     ^"  # two letters of two cells, one of one with its accent
    )


@given(st.text(st.characters(max_codepoint=0x2FF, blacklist_characters="\r\n"), max_size=30), st.integers(1, 30))
def test_the_caret_stands_under_its_column(text: str, column: int) -> None:
    excerpt = Place("f", 1, column, text).excerpt()
    if not text:
        assert excerpt == ""
        return
    line, caret = excerpt.split("\n")
    assert line == f"    {text}"
    assert caret.endswith("^")
    assert len(caret) == 4 + min(column - 1, len(text)) + 1
    assert [char for char in caret if char == "\t"] == [char for char in text[: column - 1] if char == "\t"]
