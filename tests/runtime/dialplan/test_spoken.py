"""What is said, as names of sound files."""

from __future__ import annotations

import calendar
import time

import pytest

from runtime.dialplan import spoken
from runtime.dialplan.spoken import Case


def heard(names: tuple[str, ...]) -> str:
    """The names in one text, without the usual directory."""
    return " ".join(name.removeprefix("digits/") for name in names)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (7, "7"),
        (19, "19"),
        (20, "20"),
        (121, "1 hundred 20 1"),
        (1000, "1 thousand"),
        (1_000_045, "1 million 40 5"),
        (2_147_483_647, "2 billion 1 hundred 40 7 million 4 hundred 80 3 thousand 6 hundred 40 7"),
        (-15, "minus 15"),
    ],
)
def test_a_number_is_said_as_main_say_does(value: int, said: str) -> None:
    assert heard(spoken.number(value)) == said


@pytest.mark.parametrize(
    ("value", "said"), [(1, "h-1"), (12, "h-12"), (21, "20 h-1"), (30, "h-30"), (100, "h-hundred"), (-3, "minus h-3")]
)
def test_an_ordinal_ends_in_its_own_sound(value: int, said: str) -> None:
    assert heard(spoken.ordinal(value)) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1", "1 letters/dollar"),
        ("1.01", "1 letters/dollar_ and 1 cent"),
        ("12.50", "12 dollars and 50 cents"),
        ("0.07", "7 cents"),
        ("0", "0 cents"),
        ("-", "0 cents"),
        ("", ""),
    ],
)
def test_money_has_its_unit_once_or_many_times(amount: str, said: str) -> None:
    assert heard(spoken.money(amount)) == said


def test_letters_have_their_case_when_asked_for() -> None:
    assert {case.name: spoken.characters("aB", case) for case in Case} == {
        "NONE": ("letters/a", "letters/b"),
        "LOWER": ("lowercase", "letters/a", "letters/b"),
        "UPPER": ("letters/a", "uppercase", "letters/b"),
        "ALL": ("lowercase", "letters/a", "uppercase", "letters/b"),
    }


def test_signs_have_names_and_unknown_ones_are_left_out() -> None:
    assert spoken.digits("1*-#x") == ("digits/1", "digits/star", "digits/minus", "digits/pound")
    assert spoken.characters("1.é~") == ("digits/1", "letters/dot", "letters/ascii126")
    assert spoken.phonetic("a9é") == ("phonetic/a_p", "phonetic/9_p")


MOMENT = calendar.timegm((2026, 3, 4, 15, 5, 9))
MIDNIGHT = calendar.timegm((2026, 3, 4, 0, 0, 0))
DAY = 86_400


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("ABdY", "day-3 mon-2 h-4 2 thousand 20 6"),
        ("'vm-at' IMp", "vm-at 3 oh 5 p-m"),
        ("R", "15 oh 5"),
        ("T", "15 oh 5 9"),
        ("Q", "today"),
        ("q", ""),
        ("z'open", "open"),
    ],
)
def test_a_format_names_the_parts_of_a_date(layout: str, said: str) -> None:
    assert heard(spoken.formatted(time.gmtime(MOMENT), layout, MIDNIGHT, MOMENT)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "yesterday"),
        (1, "tomorrow"),
        (-3, "day-0"),
        (-20, "day-4 mon-1 h-12"),
        (-60, "mon-0 h-3"),
        (-400, "mon-0 20 h-8 2 thousand 20 5"),
    ],
)
def test_a_date_is_told_by_its_distance(days: int, said: str) -> None:
    moment = MOMENT + days * DAY
    assert heard(spoken.formatted(time.gmtime(moment), "Q", MIDNIGHT, moment)) == said


def test_a_full_hour_and_its_first_minutes_are_said_differently() -> None:
    at = [time.gmtime(calendar.timegm((2026, 3, 4, *clock, 0))) for clock in ((0, 0), (12, 7), (23, 45))]
    assert [heard(spoken.clock(day)) for day in at] == ["12 oclock a-m", "12 oh 7 p-m", "11 40 5 p-m"]
