"""The screen: what it shows and what keys and mouse do, driven by Textual's Pilot."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import drive, keys, press, text_of
from rich.color import Color
from textual.app import App

from menuselect.session.session import Session
from menuselect.tui.app import MenuApp
from menuselect.tui.keys import SETS
from menuselect.tui.preferences import Preferences
from menuselect.tui.screens.menu_screen import MenuScreen
from menuselect.tui.widgets.bar import Bar

Screen = Callable[[App[str]], str]
Look = Callable[..., str]
Looks = Callable[..., list[str]]
Said = Callable[..., list[str]]


@pytest.fixture
def ended(tree: Path) -> Callable[[str], str | None]:
    """What the menu gives back after some keys."""

    def value(pressed: str) -> str | None:
        return asyncio.run(drive(Session.open(tree), keys(pressed), (80, 24), Preferences())).return_value

    return value


FIRST = """\
 *** Asterism Module Selection ***                                   6 to build
 / filter: words, on, off, changed, missing, level:core, needs:curl, ~fuzzy
 Categories          6 on  Applications                                  1 of 3
---> Applications     2/3       --- Core ---
     Resource Modules 4/5   [*] app_dial      Dialing Application
     Compiler Flags   0/1   [*] app_echo      Simple Echo Application
     Music On Hold    0/2       --- Deprecated ---
                            XXX app_mysql     Simple Mysql Interface




 Applications
 3 members: 2 on, 0 off, 1 cannot be on
   Without mysqlclient: app_mysql
 Support Levels: 2 core, 1 deprecated


 6 of 11 are on.
 Enter open  x save  q quit  h help  / filter  i explanation  ] next missing
"""


def test_the_first_screen_shows_categories_and_the_members_of_the_first(look: Look) -> None:
    assert look() == FIRST


def test_the_first_paint_has_the_whole_explanation_and_cut_titles_are_marked(tree: Path) -> None:
    """Nothing waits for the news of the terminal's size: the lines are broken when they are drawn."""
    from menuselect.tui.widgets.text_panes import Text

    async def painted() -> list[str]:
        app = MenuApp(Session.open(tree), Preferences())
        async with app.run_test(size=(60, 20)):
            text = app.screen.query_one(Text)
            text._width = 1
            return [text.render_line(0).text.rstrip(), *text_of(app).splitlines()[:3]]

    assert asyncio.run(painted()) == [
        " Applications",
        " / filter: words, on, off, changed, missing, level:core",
        " Categories                                            6 on",
        "---> Applications                                       2/3",
    ]


def test_a_title_too_long_for_its_column_ends_in_a_mark(tree: Path) -> None:
    file = tree / "menuselect-tree"
    file.write_text(file.read_text().replace('"Compiler Flags"', '"Compiler Flags - Development, and More"'))
    app = asyncio.run(drive(Session.open(tree), ["down", "down"], (80, 20), Preferences()))
    lines = str(app.text).splitlines()  # type: ignore[attr-defined]
    assert lines[5].startswith("> Compiler Flags - D\u2026 0/1")
    app = asyncio.run(drive(Session.open(tree), ["down", "down"], (110, 20), Preferences()))
    lines = str(app.text).splitlines()  # type: ignore[attr-defined]
    assert lines[5].startswith("> Compiler Flags - Development\u2026 0/1")
    app = asyncio.run(drive(Session.open(tree), ["down", "down"], (150, 20), Preferences()))
    lines = str(app.text).splitlines()  # type: ignore[attr-defined]
    assert lines[5].startswith("---> Compiler Flags - Development, and More  0/1")


def test_moving_among_the_categories_shows_their_members(look: Look) -> None:
    assert look("down", (80, 15)) == (
        " *** Asterism Module Selection ***                                   6 to build\n"
        " / filter: words, on, off, changed, missing, level:core, needs:curl, ~fuzzy\n"
        " Categories          6 on  Resource Modules                              1 of 5\n"
        "     Applications     2/3       --- Core ---\n"
        "---> Resource Modules 4/5   [*] res_curl         cURL Resource Module\n"
        "     Compiler Flags   0/1   [*] res_features     Call Features\n"
        "     Music On Hold    0/2   [*] res_clock        Clock\n"
        "                                --- Extended ---\n"
        "                            [*] res_config_curl  Realtime Curl\n"
        "                            ( ) res_sundial      Sundial\n"
        " Resource Modules\n"
        " 5 members: 4 on, 1 off, 0 cannot be on\n"
        " Support Levels: 3 core, 2 extended\n"
        " 6 of 11 are on.\n"
        " Enter open  x save  q quit  h help  / filter  i explanation  ] next missing\n"
    )


def test_what_goes_along_is_shown_before_and_said_after(looks: Looks) -> None:
    before, after = looks("down enter", "n", size=(80, 30))
    assert "\n Turning it off also turns off: res_config_curl\n Kept on by: res_config_curl\n" in before
    assert "- [ ] res_curl" in after
    assert "- < > res_config_curl" in after
    assert "\n res_curl is off. Off: res_config_curl.\n" in after
    assert after.splitlines()[0].endswith(" 2 changed; 4 to build")


def test_a_member_that_cannot_be_on_says_why_and_what_to_do(look: Look) -> None:
    text = look("enter end y", (80, 24))
    assert (
        " app_mysql  Simple Mysql Interface\n Cannot be on:\n   it needs mysqlclient, which was not found\n"
    ) in text
    assert "   To get it: install mysqlclient" in text
    assert " app_mysql cannot be on: it needs mysqlclient, which was not found.\n" in text


def test_turning_on_brings_what_is_needed_along(said: Said) -> None:
    assert said("down enter n end up", "y") == [
        "res_curl is off. Off: res_config_curl.",
        "res_config_curl is on. On: res_curl.",
    ]


def test_a_conflict_is_said_and_in_an_exclusive_category_the_newest_wins(said: Said) -> None:
    assert said("down enter end y", "left end enter y", "down y") == [
        "res_sundial is on, but will not be built: it conflicts with res_clock, which is on.",
        "MOH-WAV is on.",
        "MOH-ULAW is on. Off: MOH-WAV.",
    ]


def test_each_key_of_the_original_turns_a_member(said: Said) -> None:
    off, on = "app_dial is off.", "app_dial is on."
    assert said("enter enter", "space", "right", "y", "n", "Y", "N") == [off, on, off, on, off, on, off]


def test_f7_and_f8_turn_a_whole_category(said: Said) -> None:
    assert said("f7", "enter f8") == [
        "All of Applications off: 2 turned off.",
        "All of Applications on: 2 turned on, 1 cannot be on.",
    ]


def test_undo_and_redo_go_over_every_step(said: Said) -> None:
    assert said("enter u", "n down n", "u", "u", "u", "ctrl+r", "U", "U") == [
        "Nothing to undo.",
        "app_echo is off.",
        "Undone: app_echo off. On: app_echo.",
        "Undone: app_dial off. On: app_dial.",
        "Nothing to undo.",
        "Redone: app_dial off. Off: app_dial.",
        "Redone: app_echo off. Off: app_echo.",
        "Nothing to redo.",
    ]


def test_resets_go_back_to_the_saved_file(said: Said) -> None:
    assert said("enter f7", "r", "R", "f7 left down enter n", "f5", "f6") == [
        "All of Applications off: 2 turned off.",
        "app_dial is on.",
        "Applications back: 1 turned on.",
        "res_curl is off. Off: res_config_curl.",
        "Everything back: 4 turned on.",
        "The defaults: nothing to change.",
    ]


def test_the_filter_narrows_over_all_categories(look: Look) -> None:
    assert look("slash 'curl'", (80, 14)) == (
        " *** Asterism Module Selection ***                                   6 to build\n"
        " curl\n"
        " Categories 6 on  2 of 11 match                                          1 of 2\n"
        "  Applications -       --- Resource Modules ---\n"
        "> Resource…  2/2   [*] res_curl         cURL Resource Module\n"
        "  Compiler Fl… -   [*] res_config_curl  Realtime Curl\n"
        "  Music On Ho… -\n"
        " res_curl  cURL Resource Module\n"
        " On\n"
        " Depends on: curl(E) found\n"
        " Can use: openssl(E) missing\n"
        " Support Level: core\n"
        " 6 of 11 are on.\n"
        " Enter go there  Down matches  Esc clear\n"
    )


def test_space_turns_a_match_in_place(look: Look) -> None:
    text = look("slash 'config' down space")
    assert " 1 of 11 match   " in text
    assert " res_config_curl is off.\n" in text


def test_enter_on_a_match_goes_to_it_in_its_category(look: Look) -> None:
    text = look("slash 'sundial' enter space", (80, 24))
    assert text.splitlines()[0].startswith(" *** Asterism Module Selection ***")
    assert "\n> Resource…  4/5 " in text
    assert " Resource Modules                                       5 of 5\n" in text
    assert " res_sundial is on, but will not be built" in text


def test_nothing_matches_says_how_to_clear(looks: Looks) -> None:
    nothing, cleared = looks("enter down slash 'zzz'", "escape")
    assert " No member matches. Esc clears the filter.\n" in nothing
    assert " app_echo  Simple Echo Application\n" in cleared


def test_a_name_in_the_explanation_can_be_followed_and_left_again(looks: Looks) -> None:
    there, back = looks("enter i enter", "backspace")
    assert " res_features  Call Features\n" in there
    assert " app_dial  Dialing Application\n" in back


def test_the_difference_lists_what_changed_and_goes_to_it(looks: Looks) -> None:
    text, there = looks("enter n down d", "enter", size=(80, 24))
    assert "Since the menu was opened: 0 more, 1 fewer" in text
    assert "From the defaults: 0 more, 1 fewer" in text
    assert " - app_dial  Dialing Application" in text
    assert " app_dial  Dialing Application\n Off (was on)\n" in there


def test_the_help_is_searched_by_typing(looks: Looks) -> None:
    text, left, again, gone = looks("h 'redo'", "escape", "question_mark 'redo'", "enter")
    assert again == text
    assert "Ctrl+R U" in text
    assert "Undo the last step" not in text
    assert gone == left == FIRST


def test_the_palette_holds_every_action_with_its_key(look: Look) -> None:
    text = look("ctrl+p 'whole category off'", (80, 24))
    assert "Turn the whole category off" in text
    assert "F7  Turn the whole category off" in text


def test_presets_are_kept_seen_and_taken(look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert "Saved as the preset 'mine'" in look("enter n p tab tab 'mine' enter", (100, 24))
    kept = (tmp_path / "config" / "asterism" / "presets" / "mine.toml").read_text()
    assert kept == (
        'title = "mine, saved from the menu"\ndisable = [\n    # Applications\n'
        '    "app_dial",                           # Dialing Application\n]\n'
    )


def test_a_preset_is_one_step(tree: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tree / "presets").mkdir()
    (tree / "presets" / "aa.toml").write_text(
        'title = "Small"\nenable = ["app_mysql"]\ndisable = ["in:apps", "res_curl"]\n'
    )
    seen, taken, undone = looks("p", "enter", "u", size=(100, 26))
    assert "Turns off: app_dial, app_echo, res_curl, res_config_curl" in seen
    assert "Unavailable: app_mysql, it needs mysqlclient, which was not found" in seen
    assert " Preset aa: 4 turned off, 1 cannot be on.\n" in taken
    assert undone.splitlines()[0].endswith(" 6 to build")


def test_quitting_with_changes_asks_and_each_answer_does_what_it_says(
    ended: Callable[[str], str | None], tree: Path
) -> None:
    makeopts = tree / "menuselect.makeopts"
    assert ended("q") is None
    assert ended("enter n q y") is None
    assert not makeopts.exists()
    assert ended("enter n q S") == "configuration saved to 'menuselect.makeopts'"
    assert makeopts.read_text().startswith("MENUSELECT_APPS=app_dial app_mysql \n")


def test_the_question_shows_its_three_answers_and_n_goes_on(looks: Looks) -> None:
    text, on = looks("enter n q", "n", size=(80, 24))
    for line in ("ARE YOU SURE?", "1 change is not saved.", "Y  quit without saving", "S  save and exit"):
        assert line in text
    assert "ARE YOU SURE?" not in on


@pytest.mark.parametrize("way", ["x", "X", "s"])
def test_x_saves_even_what_was_not_changed(ended: Callable[[str], str | None], tree: Path, way: str) -> None:
    assert ended(way) == "configuration saved to 'menuselect.makeopts'"
    assert (tree / "menuselect.makeopts").read_text() == (
        "MENUSELECT_APPS=app_mysql \nMENUSELECT_RES=res_sundial \nMENUSELECT_CFLAGS=\nMENUSELECT_MOH=\n"
        "MENUSELECT_BUILD_DEPS=res_features res_clock res_curl \n"
    )


def test_a_save_that_fails_leaves_the_menu_open_with_the_reason(session: Session, tree: Path) -> None:
    (tree / "menuselect.makeopts").mkdir()
    app = asyncio.run(drive(session, keys("enter n x"), (80, 24), Preferences()))
    # The box breaks its lines where the path of the test lets it.
    text = re.sub(r"[\s│]", "", str(app.text))  # type: ignore[attr-defined]
    for words in (
        "NOT SAVED",
        "menuselect.makeopts: cannot write",
        "a directory is in the way; move it",
        "S  try again",
    ):
        assert words.replace(" ", "") in text


def test_what_something_else_wrote_meanwhile_is_not_overwritten_unasked(session: Session, tree: Path) -> None:
    makeopts = tree / "menuselect.makeopts"

    async def seen() -> list[str]:
        app = MenuApp(session, Preferences())
        texts = []
        async with app.run_test(size=(80, 24)) as pilot:
            makeopts.write_text("MENUSELECT_APPS=app_echo\n")
            for pressed in ("x", "n", "x s"):
                await press(app, keys(pressed))
                await pilot.pause()
                texts.append(text_of(app) if app.is_running else str(app.return_value))
        return texts

    asked, back, saved = asyncio.run(seen())
    assert "OVERWRITE?" in asked
    assert "Another program changed menuselect.makeopts" in asked
    assert "OVERWRITE?" not in back
    assert saved == "configuration saved to 'menuselect.makeopts'"
    assert makeopts.read_text().startswith("MENUSELECT_APPS=app_mysql \n")


def test_the_vim_set_moves_with_its_letters(looks: Looks) -> None:
    turned, back = looks("l j space", "h j", liking=Preferences(dict(SETS["vim"])))
    assert " app_echo is off.\n" in turned
    assert "---> Resource Modules" in back


def test_every_action_of_the_table_exists(session: Session) -> None:
    from menuselect.tui.keys import ACTIONS
    from menuselect.tui.widgets.table import Rows
    from menuselect.tui.widgets.text_panes import Text

    owners = {"app": MenuApp, "rows": Rows, "about": Text}
    missing = [
        action.name
        for action in ACTIONS
        if not hasattr(owners.get(action.where, MenuScreen), f"action_{action.name.replace('-', '_')}")
    ]
    assert missing == []


def test_every_size_from_40_by_15_shows_a_list_and_the_way_out(session: Session) -> None:
    sizes = [(40, 15), (60, 15), (79, 24), (80, 24), (129, 40), (130, 40), (300, 100), (40, 15)]

    async def seen() -> list[str]:
        app = MenuApp(session, Preferences())
        texts = []
        async with app.run_test(size=sizes[0]) as pilot:
            await press(app, ["enter", "down"])
            for size in sizes:
                await pilot.resize_terminal(*size)
                await pilot.pause()
                texts.append(text_of(app))
        return texts

    for size, text in zip(sizes, asyncio.run(seen()), strict=True):
        for part in ("[*] app_echo", "x save  q quit", "app_echo  Simple Echo"):
            assert part in text, size


@pytest.mark.parametrize("size", [(180, 20), (200, 50), (300, 100)])
def test_from_180_columns_on_the_explanation_stands_beside_the_lists(look: Look, size: tuple[int, int]) -> None:
    first, second, third = (" ".join(line.split()) for line in look("down", size).splitlines()[2:5])
    assert first == "Categories 6 on Resource Modules 1 of 5 Explanation"
    assert second == "Applications 2/3 --- Core --- Resource Modules"
    assert third == (
        "---> Resource Modules 4/5 [*] res_curl cURL Resource Module 5 members: 4 on, 1 off, 0 cannot be on"
    )


def test_one_pane_below_80_columns_shows_what_has_the_keyboard(looks: Looks) -> None:
    first, second = looks("", "enter", size=(40, 15))
    assert first.splitlines()[:5] == [
        " / filter: words, on, off, changed",
        " Categories                        6 on",
        "---> Applications                   2/3",
        "     Resource Modules               4/5",
        "     Compiler Flags                 0/1",
    ]
    assert second.splitlines()[:5] == [
        " / filter: words, on, off, changed",
        " Applications                    1 of 3",
        "      --- Core ---",
        "  [*] app_dial      Dialing Application",
        "  [*] app_echo      Simple Echo Applica\u2026",
    ]


def test_the_mouse_opens_turns_and_follows(session: Session) -> None:
    async def clicks() -> list[str]:
        said = []
        app = MenuApp(session, Preferences())
        async with app.run_test(size=(80, 20)) as pilot:
            await pilot.click("#categories", offset=(8, 1))
            await pilot.click("#members", offset=(3, 1))
            said.append(app.screen.query_one("#status", Bar).text)
            await pilot.click("#members", offset=(10, 2))
            said.append(app.screen.query_one("#status", Bar).text)
            await pilot.click("#members", offset=(10, 2))
            said.append(app.screen.query_one("#status", Bar).text)
        return said

    first, second, third = asyncio.run(clicks())
    assert first == "res_curl is off. Off: res_config_curl."
    assert second == first
    assert third == "res_features is off. Off: app_dial."


def test_colours_change_and_marks_stay(look: Look, looks: Looks) -> None:
    assert looks("", "t", "t", "t") == [FIRST] * 4
    assert look(liking=Preferences(theme="ansi")) == FIRST


def test_without_colours_the_screen_has_none(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def colours() -> set[Color]:
        app = MenuApp(session, Preferences(theme="ansi"))
        async with app.run_test(size=(80, 20)) as pilot:
            await pilot.press("enter")
            filters = app.get_line_filters()
            found: set[Color | None] = set()
            for strip in app.screen._compositor.render_strips():
                for line in filters:
                    strip = strip.apply_filter(line, app.screen.background_colors[1])
                for segment in strip:
                    if segment.style:
                        found |= {segment.style.color, segment.style.bgcolor}
            return {colour for colour in found if colour is not None and not colour.is_default}

    assert asyncio.run(colours()) == set()


def test_names_that_a_terminal_would_obey_are_shown_harmless(tree: Path) -> None:
    file = tree / "menuselect-tree"
    file.write_text(file.read_text().replace("Simple Echo", "Si\u202emple&#9;Echo\u200b"))
    app = asyncio.run(drive(Session.open(tree), [], (80, 20), Preferences()))
    assert "  Si\ufffdmple Echo\ufffd Applic" in str(app.text)  # type: ignore[attr-defined]


def test_an_empty_menu_can_be_opened_and_left(tree: Path) -> None:
    (tree / "menuselect-tree").write_text('<menu name="Empty"></menu>')
    pressed = keys("enter space y n f7 f8 r R f5 f6 i enter escape d escape end left slash 'x' escape down up")
    app = asyncio.run(drive(Session.open(tree), pressed, (80, 20), Preferences()))
    assert "No members." in str(app.text)  # type: ignore[attr-defined]


def test_the_pictures_of_the_documentation_show_the_menu_as_it_is() -> None:
    docs = Path(__file__).parents[3] / "docs"
    spec = importlib.util.spec_from_file_location("pictures", docs / "pictures.py")
    assert spec
    assert spec.loader
    pictures = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = pictures
    spec.loader.exec_module(pictures)
    for picture in pictures.PICTURES:
        drawn = asyncio.run(pictures.draw(picture))
        kept = (docs / f"{picture.name}.svg").read_text()
        # The text alone: where a letter stands to the pixel is Textual's business.
        assert re.findall(r"<text[^>]*>([^<]*)<", drawn) == re.findall(r"<text[^>]*>([^<]*)<", kept), picture.name
        assert set(re.findall(r"https?://[\w.]+", kept)) == {"http://www.w3.org", "https://www.textualize.io"}
