"""JSON, TOML, Python and regular expressions of others: a value, or a ValueError with one sentence."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest

from asterism import parsing

DEEP = [
    (parsing.json_value, "[" * 100_000),
    (parsing.json_value, '{"a":' * 100_000),
    (parsing.toml_table, "a = " + "[" * 5000),
    (parsing.toml_table, "a = " + "{a = " * 5000),
    (lambda text: parsing.python_tree(text, "m.py"), "-" * 50_000 + "1"),
    (lambda text: parsing.python_tree(text, "m.py"), "x" + ".a" * 50_000),
    (parsing.regular_expression, "(" * 10_000 + ")" * 10_000),
]


@pytest.mark.parametrize(("read", "text"), DEEP)
def test_deep_nesting_is_a_value_error(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read(text)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (parsing.json_value, "9" * 5000),
        (parsing.json_value, ""),
        (parsing.toml_table, "a = " + "9" * 5000),
        (parsing.toml_table, "a = "),
        (parsing.regular_expression, "a{99999999999}"),
        (parsing.regular_expression, "a{" + "9" * 5000 + "}"),
        (parsing.regular_expression, "["),
        (parsing.regular_expression, "(?P<a>.)(?P<a>.)"),
    ],
)
def test_what_cannot_be_read_is_a_value_error(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


@pytest.mark.parametrize("text", ["(" * 5000, "[" * 5000, "\0", "x = = 1"])
def test_a_source_that_is_no_python_is_a_syntax_error_or_too_deep(text: str) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        parsing.python_tree(text, "m.py")


def test_what_is_read_warns_nobody() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        parsing.python_tree("x = '\\d'\nassert (1, 'x')\n", "m.py")
        parsing.regular_expression("[[a]")
    assert caught == []
