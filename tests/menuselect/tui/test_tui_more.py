"""Marks, the next member of a kind, the tree of needs, other saved files, the palette, what is copied, and ASCII."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import drive, keys, press, text_of

from menuselect.session.session import Session
from menuselect.tui.app import MenuApp
from menuselect.tui.preferences import Preferences

Looks = Callable[..., list[str]]
Said = Callable[..., list[str]]


def lines(text: str, *words: str) -> list[str]:
    """The lines of a screen that hold one of some words, without the blanks between columns."""
    return [" ".join(line.split()) for line in text.splitlines() if any(word in line for word in words)]


def test_marked_members_are_switched_together_and_undone_together(said: Said) -> None:
    assert said("down enter v v", "n", "u", "v", "V") == [
        "2 members marked: y turns on, n turns off, V removes the marks.",
        "2 marked members off: 4 turned off.",
        "Undone: 2 marked members off. On: app_dial, res_curl, res_features, res_config_curl.",
        "1 member marked: y turns on, n turns off, V removes the marks.",
        "No member is marked.",
    ]


def test_a_mark_is_shown_before_the_member_and_escape_removes_it(looks: Looks) -> None:
    marked, left, back = looks("enter v", "escape", "escape")
    assert " >[*] app_dial " in marked
    assert " >[*] app_dial " not in left
    assert " 2 of 3\n" in left
    assert "Enter open" in back


def test_space_turns_marked_members_on_unless_all_are_on(said: Said) -> None:
    assert said("enter n v v", "home space", "home v v", "home space") == [
        "2 members marked: y turns on, n turns off, V removes the marks.",
        "2 marked members on: 1 turned on.",
        "2 members marked: y turns on, n turns off, V removes the marks.",
        "2 marked members off: 2 turned off.",
    ]


def test_brackets_go_to_the_next_missing_and_the_next_changed_member_round_the_menu(looks: Looks) -> None:
    start = "down enter n"
    changed, missing, again = looks(f"{start} left_square_bracket", "right_square_bracket", "right_square_bracket")
    assert " res_config_curl  Realtime Curl\n" in changed
    assert " app_mysql  Simple Mysql Interface\n" in missing
    assert again == missing


def test_without_a_changed_member_the_status_line_says_so(said: Said) -> None:
    assert said("left_square_bracket") == ["Nothing was changed."]


def test_with_a_filter_the_brackets_stay_among_the_matches(looks: Looks) -> None:
    (text,) = looks("slash 'app_' down n right_square_bracket")
    assert "3 of 11 match" in text
    assert " app_mysql  Simple Mysql Interface\n" in text


def test_the_tree_of_needs_folds_unfolds_and_leads_to_a_member(looks: Looks) -> None:
    first, folded, there = looks("enter e", "left", "right down enter", size=(80, 24))
    assert lines(first, "app_dial needs", "- res_features", "uses, switches") == [
        "│ - app_dial needs │",
        "│ - res_features on │",
        "│ uses, switches it on: res_clock on │",
    ]
    assert lines(folded, "app_dial needs", "uses, switches") == ["│ + app_dial needs │"]
    assert " res_features  Call Features\n" in there


def test_backspace_returns_from_a_member_of_the_tree(looks: Looks) -> None:
    (text,) = looks("enter e down enter backspace", size=(80, 24))
    assert " app_dial  Dialing Application\n" in text


def test_another_saved_file_is_compared_and_taken_as_one_step(tree: Path, looks: Looks) -> None:
    (tree / "small.makeopts").write_text("MENUSELECT_APPS=app_echo app_mysql\nMENUSELECT_MOH=MOH-WAV \n")
    compared, taken, undone = looks("o", "enter", "u", size=(100, 26))
    assert "small.makeopts, compared with what is chosen now: 1 more, 1 fewer" in compared
    assert " + MOH-WAV  Music, WAV" in compared
    assert " - app_echo  Simple Echo Application" in compared
    assert " The selection of small.makeopts: 1 turned on, 1 turned off.\n" in taken
    assert undone.splitlines()[0].endswith("  6 to build")


def test_a_path_is_typed_and_one_that_cannot_be_read_is_a_fault(tree: Path, looks: Looks, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.write_text("MENUSELECT_APPS=app_dial\n")
    wrong, right = looks("o 'none' enter", f"backspace backspace backspace backspace '{other.name}' enter")
    assert "no such file" in wrong
    assert " The selection of elsewhere: " in right


def test_the_palette_carries_out_the_action_that_is_chosen(looks: Looks) -> None:
    text, done = looks("enter ctrl+p 'whole category off'", "enter", size=(80, 24))
    assert "> F7  Turn the whole category off" in text
    assert " All of Applications off: 2 turned off.\n" in done


def test_a_reason_is_copied_on_one_line(tree: Path) -> None:
    async def copied(*groups: str) -> list[str]:
        app = MenuApp(Session.open(tree), Preferences())
        texts = []
        async with app.run_test(size=(80, 24)):
            for group in groups:
                await press(app, keys(group))
                texts.append(app.clipboard)
        return texts

    assert asyncio.run(copied("enter end C", "left down enter C", "n C")) == [
        "app_mysql: Cannot be on: it needs mysqlclient, which was not found",
        "res_curl: On; Kept on by: res_config_curl",
        "res_curl: Off (was on)",
    ]


@pytest.mark.parametrize("pressed", ["", "enter q", "enter n q", "d", "p", "e", "ctrl+p", "h", "o", "slash 'zzz'"])
def test_in_ascii_no_other_character_is_on_any_screen(tree: Path, pressed: str) -> None:
    file = tree / "menuselect-tree"
    file.write_text(
        file.read_text().replace("Simple Echo", "Größe \u2013 \u201cEcho\u201d, long enough 电话 to be cut,")
    )
    app = asyncio.run(drive(Session.open(tree), keys(pressed), (80, 20), Preferences(ascii=True)))
    assert str(app.text).isascii()  # type: ignore[attr-defined]


def test_in_16_colours_no_cell_of_the_cursor_row_has_a_colour_of_its_own(tree: Path) -> None:
    """The empty column of changes is not drawn in the colour of changes, which reverse video would show."""

    async def backgrounds() -> set[tuple[object, bool]]:
        app = MenuApp(Session.open(tree), Preferences(theme="ansi"))
        async with app.run_test(size=(80, 20)):
            await press(app, keys("enter"))
            assert "app_dial" in text_of(app)
            strip = app.screen.query_one("#members").render_line(1)  # type: ignore[attr-defined]
            return {(segment.style.color, segment.style.reverse) for segment in strip if segment.text.isspace()}

    assert len(asyncio.run(backgrounds())) == 1


def test_bars_are_filled_from_edge_to_edge_in_16_colours(tree: Path) -> None:
    async def reversed_cells() -> list[int]:
        app = MenuApp(Session.open(tree), Preferences(theme="ansi"))
        async with app.run_test(size=(80, 20)):
            strips = [app.screen.query_one(f"#{name}").render_line(0) for name in ("title", "keys")]  # type: ignore[attr-defined]
            return [sum(len(each.text) for each in strip if each.style.reverse) for strip in strips]

    assert asyncio.run(reversed_cells()) == [80, 0]


def test_counts_of_all_categories_follow_the_filter_and_its_end(looks: Looks) -> None:
    def counts(text: str) -> list[str]:
        return [found[0] for line in text.splitlines()[3:7] if (found := re.search(r"\d+/\d+|(?<= )-(?= |$)", line))]

    start, filtered, cleared = looks("", "slash 'echo'", "down enter")
    assert (counts(start), counts(filtered)) == (["2/3", "4/5", "0/1", "0/2"], ["1/1", "-", "-", "-"])
    assert counts(cleared) == counts(start)
