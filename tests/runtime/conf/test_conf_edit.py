"""Edits of .conf files that keep everything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asterism.errors import AsterismError
from runtime.conf import conf_edit
from runtime.conf.conf_edit import ConfText

TEXT = """\
; about the file
[general]
a = 1 ; one
; about b
b => 2

[base](!)
x = 9

[heir](base)
y = 3
"""


def _edited(change: Callable[[ConfText], ConfText], text: str = TEXT) -> str:
    return change(ConfText("x.conf", text)).text


def test_a_variable_goes_before_another_and_above_its_comment() -> None:
    assert _edited(lambda conf: conf_edit.inserted(conf, 0, 1, "new", "a;b")) == TEXT.replace(
        "; about b\n", "new = a\\;b\n; about b\n"
    )


def test_a_variable_at_the_end_goes_behind_the_last_one() -> None:
    assert _edited(lambda conf: conf_edit.inserted(conf, 2, 5, "z", "4", is_object=True)) == TEXT + "z => 4\n"


def test_a_changed_value_keeps_the_comment_of_its_line() -> None:
    def change(conf: ConfText) -> ConfText:
        return conf_edit.updated(conf, 0, conf.own(conf[0])[0], "a", "11", is_object=False)

    assert _edited(change) == TEXT.replace("a = 1 ; one", "a = 11 ; one")


def test_a_removed_variable_takes_its_line() -> None:
    def change(conf: ConfText) -> ConfText:
        return conf_edit.removed(conf, 0, conf.own(conf[0])[:1])

    assert _edited(change) == TEXT.replace("a = 1 ; one\n", "")


def test_a_section_goes_with_the_comments_above_it_and_comments_inside_stay() -> None:
    after = TEXT.partition("b => 2\n")[2]
    assert _edited(lambda conf: conf_edit.without_section(conf, 0)) == f"; about b\n{after}"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, TEXT + "\n[new](!,base)\n"),
        (2, TEXT.replace("[heir]", "[new](!,base)\n\n[heir]")),
    ],
)
def test_a_section_is_added_at_its_place(before: int | None, expected: str) -> None:
    assert (
        _edited(lambda conf: conf_edit.with_section(conf, "new", is_template=True, bases=["base"], before=before))
        == expected
    )


def test_an_heir_keeps_what_its_template_loses() -> None:
    def change(conf: ConfText) -> ConfText:
        after = conf_edit.removed(conf, 1, conf.own(conf[1]))
        return conf_edit.kept_for_heirs(conf, after)

    assert _edited(change) == TEXT.replace("x = 9\n", "").replace("y = 3", "x = 9\ny = 3")


def test_lines_keep_their_carriage_returns() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert _edited(lambda conf: conf_edit.inserted(conf, 0, 0, "n", "v"), text) == text.replace(
        "a = 1", "n = v\r\na = 1"
    )


@pytest.mark.parametrize(("name", "value"), [("x", "1\n[evil]"), ("[y]", "1"), ("#include", "f"), (";c", "1")])
def test_no_name_or_value_becomes_something_else(name: str, value: str) -> None:
    with pytest.raises(AsterismError):
        _edited(lambda conf: conf_edit.inserted(conf, 0, 0, name, value))
