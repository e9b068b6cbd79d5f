"""The text beside the lists: why a member is as it is, and what switching it does."""

from __future__ import annotations

import pytest

from menuselect.listing.styled_text import plain
from menuselect.tui import explanation
from menuselect.tui.undo import Steps


def _everything(steps: Steps, name: str) -> str:
    member = steps.menu.find(name)
    assert member
    return "\n".join(map(plain, explanation.everything(steps, member)))


def test_a_member_without_its_library_has_the_way_to_get_it(steps: Steps) -> None:
    text = _everything(steps, "app_mysql").splitlines()
    assert text[:3] == [
        "app_mysql  Simple Mysql Interface",
        "Cannot be on:",
        "  it needs mysqlclient, which was not found",
    ]
    assert text[3].startswith("  To get it: install mysqlclient")
    assert text[4:] == [
        "Depends on: mysqlclient(E) missing",
        "Support Level: deprecated, Replaced by: func_odbc, Deprecated in: 1.8, Removed in: 19",
    ]


def test_a_member_that_others_need_says_what_turning_it_off_does(steps: Steps) -> None:
    assert _everything(steps, "res_features") == (
        "res_features  Call Features\n"
        "On\n"
        "Can use: res_clock(M) on\n"
        "Support Level: core\n"
        "Turning it off also turns off: app_dial\n"
        "Kept on by: app_dial"
    )


def test_a_member_in_a_conflict_says_why_it_cannot_be_turned_on(steps: Steps) -> None:
    assert _everything(steps, "res_sundial") == (
        "res_sundial  Sundial\n"
        "Off, as it is by default:\n"
        "  it conflicts with res_clock, which is on\n"
        "Conflicts with: res_clock(M) on\n"
        "Support Level: extended\n"
        "Cannot turn it on: it conflicts with res_clock, which is on."
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("res_features", "res_features: On; Kept on by: app_dial"),
        ("app_mysql", "app_mysql: Cannot be on: it needs mysqlclient, which was not found"),
    ],
)
def test_a_reason_stands_on_one_line(steps: Steps, name: str, line: str) -> None:
    member = steps.menu.find(name)
    assert member
    assert explanation.reason(steps, member) == line


def test_a_category_counts_its_members_and_names_what_is_missing(steps: Steps) -> None:
    apps = steps.menu.categories[0]
    app_echo = steps.menu.find("app_echo")
    assert app_echo
    steps.disable(app_echo)
    assert [plain(line) for line in explanation.category(steps, apps)] == [
        "Applications",
        "3 members: 1 on, 1 off, 1 cannot be on",
        "  Without mysqlclient: app_mysql",
        "Support Levels: 2 core, 1 deprecated",
        "Changed: app_echo",
    ]
