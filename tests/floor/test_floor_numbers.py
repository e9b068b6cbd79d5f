"""Numbers that others wrote: decimal digits within a range, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterism.numbers import MOST, number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0", 0),
        ("42", 42),
        (" 42\t", 42),
        ("00000000000000000042", 42),
        (str(MOST), MOST),
        (str(MOST + 1), None),
        ("9" * 5000, None),
        ("", None),
        (" ", None),
        ("-1", None),
        ("+1", None),
        ("4 2", None),
        ("1_000", None),
        ("0x10", None),
        ("²", None),
        ("٣", None),
        ("1.0", None),
        ("1e3", None),
        ("4\n", None),
    ],
)
def test_what_is_a_number(text: str, found: int | None) -> None:
    assert number(text) == found


@pytest.mark.parametrize(
    ("text", "found"), [("-3", -3), ("+3", 3), ("-4", None), ("3", 3), ("4", None), ("--3", None), ("-", None)]
)
def test_a_range_has_both_its_ends_and_signs_below_zero(text: str, found: int | None) -> None:
    assert number(text, -3, 3) == found


@given(st.text(max_size=30), st.integers(-(10**6), 0), st.integers(0, 10**6))
def test_any_text_is_a_number_of_the_range_or_none(text: str, least: int, most: int) -> None:
    found = number(text, least, most)
    assert found is None or least <= found <= most


@given(st.integers(0, MOST))
def test_every_number_is_read_as_written(value: int) -> None:
    assert number(str(value)) == value
