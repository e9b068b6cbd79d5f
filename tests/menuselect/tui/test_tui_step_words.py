"""The sentences of the menu's status line."""

from __future__ import annotations

from menuselect.model.menu import Member
from menuselect.tui import step_words
from menuselect.tui.undo import Steps


def _member(steps: Steps, name: str) -> Member:
    member = steps.menu.find(name)
    assert member
    return member


def test_names_beyond_the_maximum_are_counted() -> None:
    members = [Member(f"res_{number}", "RES", number) for number in range(5)]
    assert [step_words.names(members, most) for most in (5, 4, 1)] == [
        "res_0, res_1, res_2, res_3, res_4",
        "res_0, res_1, res_2, res_3 and 1 more",
        "res_0 and 4 more",
    ]


def test_a_step_names_what_it_switched_besides(steps: Steps) -> None:
    curl = _member(steps, "res_curl")
    change = steps.selection.disable(curl)
    assert step_words.told("res_curl off", change, curl, steps.selection) == ("res_curl is off. Off: res_config_curl.")
    sundial = _member(steps, "res_sundial")
    change = steps.selection.enable(sundial)
    assert step_words.told("res_sundial on", change, sundial, steps.selection) == (
        "res_sundial is on, but will not be built: it conflicts with res_clock, which is on."
    )


def test_a_step_over_many_members_is_counted(steps: Steps) -> None:
    change = steps.selection.disable_all()
    assert step_words.told("everything off", change, None, steps.selection) == "Everything off: 6 turned off."
    again = steps.selection.disable_all()
    assert step_words.told("everything off", again, None, steps.selection) == "Everything off: nothing to change."


def test_an_unavailable_member_is_answered_with_its_reason(steps: Steps) -> None:
    mysql = _member(steps, "app_mysql")
    change = steps.selection.enable(mysql)
    assert step_words.told("app_mysql on", change, mysql, steps.selection) == (
        "app_mysql cannot be on: it needs mysqlclient, which was not found."
    )
