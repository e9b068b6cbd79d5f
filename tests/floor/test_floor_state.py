"""State files: a damaged one never keeps a program from starting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asterism import state
from asterism.parsing import json_value


def numbers(text: str) -> list[int]:
    return [int(each["n"]) for each in json_value(text)]


def test_a_good_file_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "s").write_text('[{"n": 1}]')
    assert state.load(tmp_path / "s", numbers, []) == ([1], None)
    assert os.listdir(tmp_path) == ["s"]


def test_a_file_that_is_not_there_is_no_damage(tmp_path: Path) -> None:
    assert state.load(tmp_path / "s", numbers, [7]) == ([7], None)


@pytest.mark.parametrize(
    "text", ["", "[" * 5000, "{}}", "[1]", '[{"m": 1}]', '[{"n": "x"}]', "7", '[{"n": ' + "9" * 5000]
)
def test_a_damaged_file_is_set_aside_with_one_warning(tmp_path: Path, text: str) -> None:
    (tmp_path / "s").write_text(text)
    found, fault = state.load(tmp_path / "s", numbers, [7])
    assert (found, fault and fault.severity, fault and fault.code) == ([7], "warning", "damaged")
    assert (tmp_path / "s.damaged").read_text() == text


def test_what_is_no_file_is_set_aside(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "s")
    found, fault = state.load(tmp_path / "s", numbers, [])
    assert (found, fault and fault.code, os.listdir(tmp_path)) == ([], "damaged", ["s.damaged"])
