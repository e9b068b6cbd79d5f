"""The words of a typed line, and the patterns of commands that they match."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.core.commands.typed_words import (
    beginning_with,
    consumed,
    differs_in_last,
    split,
    tokens_of,
    unquoted,
    word_matches,
)

SPLITS = [
    ("a b  c", ("a", "b", "c")),
    ('  say "two words" x', ("say", "two words", "x")),
    ('a"b c"d', ("ab cd",)),
    ("two\\ words", ("two words",)),
    ('\\"a\\"', ('"a"',)),
    ('say ""', ("say", "")),
    ("", ()),
    ("\t a", ("a",)),
]


@pytest.mark.parametrize(("line", "words"), SPLITS)
def test_words_of_a_line(line: str, words: tuple[str, ...]) -> None:
    assert split(line) == words


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(min_size=1, max_size=5)))
def test_quoted_words_come_back_as_they_were(words: list[str]) -> None:
    quoted = ['"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words]
    assert split(" ".join(quoted)) == tuple(words)


def test_each_word_has_its_place_in_the_line() -> None:
    assert tokens_of('  say "two words"') == [("say", 2), ("two words", 6)]


def test_the_rest_of_a_line_keeps_its_blanks_and_loses_its_quotes() -> None:
    assert unquoted('a  "b  c" \\"d') == 'a  b  c "d'


@pytest.mark.parametrize(
    ("word", "pattern", "matches"),
    [
        ("Show", "show", True),
        ("sho", "show", False),
        ("on", "{on|off}", True),
        ("like", "[like|with]", True),
        ("no", "[like|with]", False),
        ("anything", "%", True),
        ("", "%", False),
    ],
)
def test_a_word_matches_one_of_the_choices_of_a_pattern(word: str, pattern: str, matches: bool) -> None:
    assert word_matches(word, pattern) is matches


@pytest.mark.parametrize(
    ("words", "patterns", "taken"),
    [
        ("module show", "module show [like]", (2, 3)),
        ("module show like res", "module show [like]", (3, 3)),
        ("module", "module show", (1, 1)),
        ("core reload", "module show", (0, 0)),
        ("debug level", "debug [channel] level", (2, 3)),
    ],
)
def test_optional_words_are_passed_over(words: str, patterns: str, taken: tuple[int, int]) -> None:
    assert consumed(words.split(), patterns.split()) == taken


@pytest.mark.parametrize(
    ("words", "patterns", "differs"),
    [
        ("module shw", "module show", True),
        ("module show", "module show [like]", True),
        ("modul shw", "module show", False),
        ("module", "module show like", False),
    ],
)
def test_a_command_is_near_when_its_last_word_alone_differs(words: str, patterns: str, differs: bool) -> None:
    assert differs_in_last(words.split(), patterns.split()) is differs


def test_completion_offers_the_choices_that_begin_as_typed() -> None:
    assert beginning_with("O", "{on|off|auto}") == ["on", "off"]
    assert beginning_with("", "%") == []
