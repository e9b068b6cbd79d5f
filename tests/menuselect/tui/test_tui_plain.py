"""The menu line by line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from menuselect.session.session import Session
from menuselect.tui.plain import Plain
from menuselect.tui.unsaved import FILE

Talk = Callable[..., list[str]]


def talk_with(session: Session, *typed: str) -> tuple[Plain, list[str]]:
    """A conversation, and its lines from the first answer on; prompts are not among them."""
    lines: list[str] = []
    waiting = iter(typed)

    def read(prompt: str) -> str:
        line = next(waiting, None)
        if line is None:
            raise EOFError
        lines.append(f"{prompt}{line}")
        return line

    plain = Plain(session, read, lines.append)
    plain.run()
    return plain, lines


@pytest.fixture
def talk(tree: Path) -> Talk:
    """What is said after the first list."""

    def lines(*typed: str) -> list[str]:
        return talk_with(Session.open(tree), *typed)[1][6:]

    return lines


def test_a_conversation_opens_a_category_and_turns_members(tree: Path) -> None:
    plain, lines = talk_with(Session.open(tree), "2", "1", "y 1 4", "n res_clock", "x")
    assert lines == [
        "Asterism Module Selection",
        "6 of 11 are on. Type h for help.",
        "1. Applications: 2 of 3 on",
        "2. Resource Modules: 4 of 5 on",
        "3. Compiler Flags: 0 of 1 on",
        "4. Music On Hold: 0 of 2 on",
        "categories> 2",
        "1. res_curl, on: cURL Resource Module",
        "2. res_features, on: Call Features",
        "3. res_clock, on: Clock",
        "4. res_config_curl, on: Realtime Curl",
        "5. res_sundial, off, in conflict with a member that is on: Sundial",
        "Resource Modules> 1",
        "res_curl is off. Off: res_config_curl.",
        "Resource Modules> y 1 4",
        "res_curl is on.",
        "res_config_curl is on.",
        "Resource Modules> n res_clock",
        "res_clock is off.",
        "Resource Modules> x",
    ]
    assert plain.saved == "configuration saved to 'menuselect.makeopts'"
    assert "MENUSELECT_RES=res_clock res_sundial \n" in (tree / "menuselect.makeopts").read_text()


def test_the_filter_narrows_and_numbers_count_its_matches(talk: Talk) -> None:
    assert talk("/curl !config", "n 1", "b", "/changed") == [
        "categories> /curl !config",
        "1 match.",
        "1. res_curl, on: cURL Resource Module",
        "matches> n 1",
        "res_curl is off. Off: res_config_curl.",
        "matches> b",
        "1. Applications: 2 of 3 on",
        "2. Resource Modules: 2 of 5 on",
        "3. Compiler Flags: 0 of 1 on",
        "4. Music On Hold: 0 of 2 on",
        "categories> /changed",
        "2 match.",
        "1. res_curl, off, changed: cURL Resource Module",
        "2. res_config_curl, off, a dependency is off, changed: Realtime Curl",
    ]


def test_a_name_is_explained_down_to_the_package(talk: Talk) -> None:
    lines = talk("app_mysql", "w app_dial")
    assert lines[:4] == [
        "categories> app_mysql",
        "app_mysql  Simple Mysql Interface",
        "Cannot be on:",
        "  it needs mysqlclient, which was not found",
    ]
    assert lines[4].startswith("  To get it: install mysqlclient")
    assert lines[5:] == [
        "Depends on: mysqlclient(E) missing",
        "Support Level: deprecated, Replaced by: func_odbc, Deprecated in: 1.8, Removed in: 19",
        "categories> w app_dial",
        "app_dial  Dialing Application",
        "On",
        "Depends on: res_features(M) on",
        "Support Level: core",
        "Turning it off changes nothing else.",
    ]


def test_every_step_is_undone_and_done_again(talk: Talk) -> None:
    assert talk("1", "none", "u", "r", "all", "reset app_dial", "reset", "defaults", "u")[4:] == [
        "Applications> none",
        "All of Applications off: 2 turned off.",
        "Applications> u",
        "Undone: all of Applications off. On: app_dial, app_echo.",
        "Applications> r",
        "Redone: all of Applications off. Off: app_dial, app_echo.",
        "Applications> all",
        "All of Applications on: 2 turned on, 1 cannot be on.",
        "Applications> reset app_dial",
        "app_dial is unchanged.",
        "Applications> reset",
        "Applications back: nothing to change.",
        "Applications> defaults",
        "The defaults: nothing to change.",
        "Applications> u",
        "Undone: all of Applications on. Off: app_dial, app_echo.",
    ]


def test_the_difference_names_what_was_turned(talk: Talk) -> None:
    assert talk("y DEBUG_THREADS", "n app_echo", "d")[-6:] == [
        "Since the menu was opened: 1 more, 1 fewer.",
        "On: DEBUG_THREADS.",
        "Off: app_echo.",
        "From the defaults: 1 more, 1 fewer.",
        "On: DEBUG_THREADS.",
        "Off: app_echo.",
    ]


def test_needs_are_a_tree_by_indents(talk: Talk) -> None:
    assert talk("e app_dial", "needs res_clock app_mysql") == [
        "categories> e app_dial",
        "app_dial needs:",
        "  res_features: on",
        "    res_clock: on (uses, switches it on)",
        "app_dial is needed by: none",
        "categories> needs res_clock app_mysql",
        "res_clock needs: none",
        "res_clock is needed by:",
        "  res_features: on (uses it)",
        "app_mysql needs:",
        "  mysqlclient: library, not found",
        "app_mysql is needed by: none",
    ]


def test_a_saved_file_is_compared_and_taken_as_one_step(talk: Talk, tree: Path) -> None:
    (tree / "lean.makeopts").write_text("MENUSELECT_APPS=app_dial app_echo app_mysql \nMENUSELECT_RES=res_sundial \n")
    assert talk("o", "compare lean.makeopts", "o lean.makeopts", "u", "o nix") == [
        "categories> o",
        "Saved selections: lean.makeopts.",
        "categories> compare lean.makeopts",
        "lean.makeopts: 0 more, 2 fewer than now.",
        "Off: app_dial, app_echo.",
        "categories> o lean.makeopts",
        "The selection of lean.makeopts: 2 turned off.",
        "categories> u",
        "Undone: the selection of lean.makeopts. On: app_dial, app_echo.",
        "categories> o nix",
        f"{tree}/nix: cannot read the file: no such file or directory",
        "    check the path",
    ]


def test_what_is_not_understood_is_said(talk: Talk) -> None:
    assert talk("9", "app_dail", "1", "99", "y 7-9", "frobnicate")[:4] == [
        "categories> 9",
        "Category '9' does not exist.",
        "categories> app_dail",
        "'app_dail' is neither a member nor a number of this list; did you mean 'app_dial'?",
    ]
    assert talk("1", "99", "y 7-9", "frobnicate")[4:] == [
        "Applications> 99",
        "'99' is neither a member nor a number of this list.",
        "Applications> y 7-9",
        "'7-9' is neither a member nor a number of this list.",
        "Applications> frobnicate",
        "'frobnicate' is neither a member nor a number of this list.",
    ]


def test_quitting_asks_only_when_something_changed(tree: Path) -> None:
    assert talk_with(Session.open(tree), "q")[0].left
    plain, lines = talk_with(Session.open(tree), "n app_echo", "q", "n", "q", "y")
    assert plain.left
    assert not plain.saved
    assert lines[-2:] == [
        "categories> q",
        "Changes that are not saved: 1. y quits without saving, n continues, s saves: y",
    ]
    assert talk_with(Session.open(tree), "n app_echo", "q", "s")[0].saved
    assert not talk_with(Session.open(tree), "y app_echo")[0].saved


def test_a_long_list_comes_in_pages(tree: Path) -> None:
    members = "".join(f'<member name="m{number}"/>' for number in range(30))
    (tree / "menuselect-tree").write_text(f'<menu><category name="C">{members}</category></menu>')
    _, lines = talk_with(Session.open(tree), "1", "m", "m")
    assert lines[4:7] == ["1. m0, on", "2. m1, on", "3. m2, on"]
    assert lines[23:29] == [
        "20. m19, on",
        "10 more; m shows them.",
        "C> m",
        "21. m20, on",
        "22. m21, on",
        "23. m22, on",
    ]
    assert lines[-2] == "20. m19, on"


def test_a_save_that_fails_is_said_and_nothing_is_lost(session: Session, tree: Path) -> None:
    (tree / "menuselect.makeopts").mkdir()
    plain, lines = talk_with(session, "n app_echo", "x", "u")
    assert not plain.saved
    assert lines[-3].startswith("NOT SAVED: ")
    assert lines[-1] == "Undone: app_echo off. On: app_echo."


def test_the_help_names_every_command(talk: Talk) -> None:
    lines = talk("h")
    assert lines[1:4] == [
        "l or list: show the current list again",
        "m or more: show the next lines of the list",
        "b or back: go back to the categories, or out of the filter",
    ]
    assert "x or save: save and exit" in lines


def test_what_something_else_wrote_meanwhile_is_overwritten_only_when_asked(tree: Path) -> None:
    session = Session.open(tree)
    question = "Another program changed menuselect.makeopts since the menu was opened. s overwrites it, n continues: "
    plain, lines = conversation_over(session, tree, "n", "s")
    assert lines == [
        "categories> x",
        f"{question}n",
        "categories> x",
        f"{question}s",
    ]
    assert plain.saved == "configuration saved to 'menuselect.makeopts'"
    plain, _ = conversation_over(Session.open(tree), tree)
    assert (plain.saved, plain.left) == ("", True)
    assert (tree / "menuselect.makeopts").read_text() == "MENUSELECT_APPS=app_echo\n"


def conversation_over(session: Session, tree: Path, *answers: str) -> tuple[Plain, list[str]]:
    """Saving, with these answers, after something else has written the file."""
    lines: list[str] = []
    waiting = iter(answers)

    def read(prompt: str) -> str:
        (tree / "menuselect.makeopts").write_text("MENUSELECT_APPS=app_echo\n")
        line = "x" if prompt == "categories> " else next(waiting, None)
        if line is None:
            raise EOFError
        lines.append(f"{prompt}{line}")
        return line

    plain = Plain(session, read, lambda _: None)
    plain.run()
    return plain, lines


@pytest.mark.parametrize(
    ("answer", "first", "stays"),
    [
        ("t", "The unsaved changes: 1 turned off.", True),
        ("d", "The unsaved changes are discarded.", False),
        ("l", "1. Applications: 2 of 3 on", True),
    ],
)
def test_what_an_ended_menu_has_kept_is_taken_thrown_away_or_left(
    tree: Path, answer: str, first: str, stays: bool
) -> None:
    (tree / FILE).write_text("MENUSELECT_APPS=app_dial app_mysql \n")
    plain, lines = talk_with(Session.open(tree), answer)
    question = "An earlier menu left 1 unsaved change. t applies them, d discards them, l keeps them for later: "
    assert lines[2:4] == [f"{question}{answer}", first]
    assert (tree / FILE).exists() == stays
    assert plain.steps.taken == (["the unsaved changes"] if answer == "t" else [])


def test_what_was_taken_goes_with_the_save_or_with_the_answer_that_gives_it_up(tree: Path) -> None:
    for typed in (("t", "q", "y"), ("t", "x")):
        (tree / FILE).write_text("MENUSELECT_APPS=app_dial app_mysql \n")
        plain, _ = talk_with(Session.open(tree), *typed)
        assert plain.unsaved.left(plain.saved) == (plain.saved or "nothing was saved")
        assert not (tree / FILE).exists()


def test_a_kept_choice_that_changes_nothing_is_not_offered(tree: Path) -> None:
    (tree / FILE).write_text("MENUSELECT_APPS=app_mysql \nMENUSELECT_RES=res_sundial \n")
    assert talk_with(Session.open(tree), "q")[1][2] == "1. Applications: 2 of 3 on"
    assert not (tree / FILE).exists()
