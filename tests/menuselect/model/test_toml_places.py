"""The places of keys and words in TOML files, for faults."""

from __future__ import annotations

import pytest

from asterism.errors import AsterismError, Place
from menuselect.model import toml_places

LINES = [
    'directories = ["local"]',
    "[modules.app_x]",
    'sources = ["a.c", "b.c"]',
    'source = "c.c"',
    '["modules" . "app_y"]',
    "libs = [",
    "    '-lcurl',",
    "]",
]


@pytest.mark.parametrize(
    ("key", "table", "line", "column"),
    [
        ("directories", "", 1, 1),
        ("sources", "modules.app_x", 3, 1),
        ("source", "modules.app_x", 4, 1),
        ("libs", "modules.app_y", 6, 1),
        ("modules.app_x", "", 2, 2),
        ("libs", "modules.app_x", 0, 0),
    ],
)
def test_a_key_is_found_below_its_table_by_its_whole_name(key: str, table: str, line: int, column: int) -> None:
    found = toml_places.key_place(LINES, key, "asterism.toml", table)
    assert (found.line, found.column) == (line, column)


def test_a_word_is_found_below_its_key_in_either_kind_of_quotes() -> None:
    key = toml_places.key_place(LINES, "libs", "asterism.toml", "modules.app_y")
    assert toml_places.word_place(LINES, "-lcurl", key) == Place("asterism.toml", 7, 6, "    '-lcurl',")
    assert toml_places.word_place(LINES, "a.c", key) == key


def test_a_text_that_is_not_toml_has_the_place_of_its_fault() -> None:
    with pytest.raises(AsterismError) as caught:
        toml_places.parse("a = 1\nb = = 2\n", "x.toml", "bad-toml")
    fault = caught.value.faults[0]
    assert (fault.code, fault.place, fault.why) == ("bad-toml", Place("x.toml", 2, 5, "b = = 2"), "invalid value")


def test_a_byte_that_is_not_utf8_has_its_place_and_is_not_shown() -> None:
    with pytest.raises(AsterismError) as caught:
        toml_places.parse("a = 1\nb = '\udcff'\n", "x.toml", "bad-toml")
    assert caught.value.faults[0].place == Place("x.toml", 2, 6, "b = '\ufffd'")
