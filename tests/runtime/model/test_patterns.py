"""Names of extensions: what matches, and which of two patterns is asked first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.model.pattern import is_broken, matches, matches_caller, rank

MATCHES = [
    ("100", "100", True),
    ("100", "1000", False),
    ("1-00", "100", True),
    ("100", "1-0-0", True),
    ("_1XX", "199", True),
    ("_1XX", "19", False),
    ("_1XX", "1999", False),
    ("_1xx", "199", True),
    ("_ZN", "09", False),
    ("_ZN", "12", True),
    ("_ZN", "11", False),
    ("_NXX-XXX-XXXX", "155-123-4567", False),
    ("_NXX-XXX-XXXX", "255-123-4567", True),
    ("_9.", "9", False),
    ("_9.", "91", True),
    ("_9.", "9abc", True),
    ("_9!", "9", True),
    ("_9!", "91", True),
    ("_!", "", True),
    ("_.", "", False),
    ("_[2-46]", "3", True),
    ("_[2-46]", "5", False),
    ("_[2-46]", "6", True),
    ("_[a-c-]x", "-5", False),
    ("_[-a]5", "a5", True),
    ("_[]5", "5", True),
    ("_[25", "2", False),
    ("_1[", "1", False),
    ("_9.5", "91", True),
    ("_X.", "_X.", True),
    ("_X.", "_[0-9].", True),
    ("_X.", "_Z.", False),
    ("s", "S", False),
    ("_*X", "*5", True),
]


@pytest.mark.parametrize(("name", "dialed", "expected"), MATCHES)
def test_name_matches_what_it_describes(name: str, dialed: str, expected: bool) -> None:
    assert matches(name, dialed) is expected


def slow_match(pattern: str, dialed: str) -> bool:
    """Match a pattern by a regular expression; patterns here have complete sets only."""
    text = ""
    for part in re.findall(r"\[[^]]*\]|.", pattern[1:]):
        if part in ".!":
            text += ".+" if part == "." else ".*"
            break
        if part != "-" and part != "[]":
            digits = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]"}
            text += part if part.startswith("[") else digits.get(part.upper(), re.escape(part))
    return re.fullmatch(text, dialed.replace("-", ""), re.DOTALL) is not None


ELEMENTS = st.sampled_from(
    ["X", "x", "Z", "N", "1", "5", "-", "*", "a", ".", "!", "[]", "[1-3]", "[59]", "[a-c5]", "[0-9]"]
)
PATTERNS = st.lists(ELEMENTS, max_size=6).map(lambda parts: "_" + "".join(parts))
DIALED = st.text("0159ab*-", max_size=7)


@given(PATTERNS, DIALED)
def test_pattern_matches_as_the_regular_expression_of_its_elements(pattern: str, dialed: str) -> None:
    assert matches(pattern, dialed) is slow_match(pattern, dialed)


@given(st.text("_XZN[]-.!019ab\\^\0é", max_size=12), st.text("_XZN[]-.!019ab\0é", max_size=12))
def test_any_name_and_anything_dialed_have_an_answer(name: str, dialed: str) -> None:
    assert matches(name, dialed) in (True, False)
    assert (rank(name) < rank(dialed)) + (rank(name) == rank(dialed)) + (rank(name) > rank(dialed)) == 1
    assert not (is_broken(name) and matches(name, "1"))


@given(PATTERNS)
def test_pattern_matches_itself(pattern: str) -> None:
    assert matches(pattern, pattern)


def test_closest_name_is_asked_first() -> None:
    names = [
        "_!",
        "_.",
        "_X!",
        "_X.",
        "_XX",
        "_1X",
        "_12",
        "12",
        "_[12]X",
        "_[1-5]X",
        "_ZX",
        "_NX",
        "_[34]X",
        "_1",
        "_1[",
        "2",
    ]
    assert sorted(names, key=rank) == [
        "12",
        "2",
        "_12",
        "_1X",
        "_1",
        "_1[",
        "_[12]X",
        "_[34]X",
        "_[1-5]X",
        "_NX",
        "_ZX",
        "_XX",
        "_X.",
        "_X!",
        "_.",
        "_!",
    ]


@pytest.mark.parametrize(
    ("wanted", "number", "expected"),
    [(None, "", True), (None, "5", True), ("", "", True), ("", "5", False), ("_5X", "55", True), ("_5X", "", False)],
)
def test_extension_may_be_for_certain_callers(wanted: str | None, number: str, expected: bool) -> None:
    assert matches_caller(wanted, number) is expected
