"""Arguments of applications and functions, as AST_STANDARD_APP_ARGS takes them apart."""

from __future__ import annotations

import pytest

from runtime.dialplan.application_arguments import split_arguments


@pytest.mark.parametrize(
    ("data", "arguments"),
    [
        ("", []),
        ("a", ["a"]),
        ("a,b,,d,", ["a", "b", "", "d", ""]),
        ("f(a,b),[c,d],e", ["f(a,b)", "[c,d]", "e"]),
        ("f(g(a,b),c),d", ["f(g(a,b),c)", "d"]),
        (")a,b", [")a", "b"]),
        ("f(a,b", ["f(a,b"]),
        ("(a],b),c", ["(a],b)", "c"]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a,b', ["a,b"]),
        (r"a\,b,c", ["a,b", "c"]),
        (r"a\\,b", ["a\\", "b"]),
        (r"\(a,b", ["(a", "b"]),
        ('"(",b', ["(,b"]),
        ("a,b\\", ["a", "b"]),
    ],
)
def test_delimiters_in_brackets_quotes_and_behind_backslashes_do_not_count(data: str, arguments: list[str]) -> None:
    assert split_arguments(data) == arguments


def test_raw_arguments_keep_quotes_and_backslashes() -> None:
    assert split_arguments(r'"a,b",c\,d', raw=True) == ['"a,b"', r"c\,d"]


def test_another_delimiter_leaves_commas_alone() -> None:
    assert split_arguments("a,b|c|(d|e)", "|") == ["a,b", "c", "(d|e)"]
