"""The language of the filter box."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menuselect.listing.query import Subject, Term, holds, marked, parse
from menuselect.listing.rows import View
from menuselect.model.menu import Member
from menuselect.session.session import Session
from menuselect.tui.undo import Steps


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("Curl REAL", (Term("word", "curl"), Term("word", "real"))),
        ("on !missing", (Term("state", "on"), Term("state", "missing", negated=True))),
        ('"on" "two words', (Term("word", "on"), Term("word", "two words"))),
        ("~rcurl", (Term("fuzzy", "rcurl"),)),
        ("level:core needs:curl in:res", (Term("level", "core"), Term("needs", "curl"), Term("in", "res"))),
        ("level: ~ !", ()),
        ("color:red", (Term("word", "color:red"),)),
    ],
)
def test_every_text_is_a_query(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == terms


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("curl", ["--- Resource Modules ---", "res_curl", "res_config_curl"]),
        ("curl real", ["--- Resource Modules ---", "res_config_curl"]),
        ("real curl", ["--- Resource Modules ---", "res_config_curl"]),
        ("echo", ["--- Applications ---", "app_echo"]),
        ("~rcfcrl", ["--- Resource Modules ---", "res_config_curl"]),
        ("missing", ["--- Applications ---", "app_mysql"]),
        ("off !missing in:res", ["--- Resource Modules ---", "res_sundial"]),
        ("needs:curl", ["--- Resource Modules ---", "res_curl", "res_config_curl"]),
        ("conflicts:clock", ["--- Resource Modules ---", "res_sundial"]),
        ("level:opt", ["--- Compiler Flags ---", "DEBUG_THREADS"]),
        ("changed", []),
        ("nobody", []),
    ],
)
def test_a_filter_narrows_over_all_categories(steps: Steps, query: str, names: list[str]) -> None:
    rows = View(steps.menu).matches(parse(query), steps.is_in)
    assert [row.name if isinstance(row, Member) else row for row in rows] == names


def test_changed_finds_what_was_turned_and_what_went_along(session: Session) -> None:
    steps = Steps(session)
    steps.disable(session.menu.find("res_curl"))  # type: ignore[arg-type]
    rows = View(steps.menu).matches(parse("changed"), steps.is_in)
    assert [row.name for row in rows if isinstance(row, Member)] == ["res_curl", "res_config_curl"]


@pytest.mark.parametrize(
    ("query", "text", "spans"),
    [
        ("curl", "res_config_curl", [(11, 15)]),
        ("c", "res_curl", [(4, 5)]),
        ("res curl s_c", "res_curl", [(0, 8)]),
        ("~rcl", "res_curl", [(0, 1), (4, 5), (7, 8)]),
        ("!curl on", "res_curl on", []),
        ("i", "\u0130stanbul", []),
    ],
)
def test_what_matched_is_marked(query: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert marked(parse(query), text) == spans


_TEXTS = st.text(alphabet='abcon:!~" _-\u0130\ud800', max_size=20)


@given(query=_TEXTS, text=_TEXTS)
@settings(deadline=None, max_examples=200)
def test_marks_are_in_order_inside_the_text_and_apart(query: str, text: str) -> None:
    edges = [edge for span in marked(parse(query), text) for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@given(query=_TEXTS, name=_TEXTS)
@settings(deadline=None, max_examples=200)
def test_a_term_holds_exactly_where_its_opposite_does_not(query: str, name: str) -> None:
    subject = Subject(name.lower(), "", "core", "", "", "")
    for term in parse(query):
        opposite = Term(term.kind, term.text, not term.negated)
        assert holds([term], subject, lambda state: state == "on") != holds([opposite], subject, lambda s: s == "on")
