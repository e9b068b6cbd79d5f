"""Key sets and the file that changes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError
from menuselect.tui import preferences
from menuselect.tui.keys import ACTIONS, SETS, keymap_from, keys_file, keys_of, spelled
from menuselect.tui.preferences import Preferences, load, loads


@pytest.mark.parametrize("name", sorted(SETS))
def test_the_sets_of_the_house_have_no_key_with_two_meanings(name: str) -> None:
    assert keymap_from(name, {}, "keys") == SETS[name]


def test_the_keys_of_the_original_are_there() -> None:
    classic = {action.name: action.classic.split(",") for action in ACTIONS}
    assert {"enter"} <= set(classic["choose"])
    assert {"space", "right"} <= set(classic["turn"])
    assert {"y", "Y"} <= set(classic["on"])
    assert {"n", "N"} <= set(classic["off"])
    assert (classic["none"], classic["all"]) == (["f7"], ["f8"])
    assert {"left", "escape"} <= set(classic["back"])
    assert {"q", "Q"} <= set(classic["quit"])
    assert {"x", "X"} <= set(classic["save"])
    assert {"h", "H"} <= set(classic["help"])


def test_keys_are_spelled_as_people_write_them() -> None:
    assert [spelled(key) for key in ("ctrl+r", "f7", "question_mark", "x", "G")] == ["Ctrl+R", "F7", "?", "x", "G"]
    assert keys_of("save", SETS["classic"]) == ["x"]


def test_a_file_starts_from_a_set_and_changes_it() -> None:
    keymap = keymap_from("vim", {"save": ["w", "ctrl+s"], "about": "i"}, "menu.toml")
    assert keymap == {**SETS["vim"], "save": "w,ctrl+s", "about": "i"}


def test_all_faults_of_a_keys_file_are_told_at_once() -> None:
    with pytest.raises(AsterismError) as caught:
        keymap_from("emacs", {"sav": "w", "quit": 3, "undo": "x"}, "menu.toml")
    assert str(caught.value) == (
        "menu.toml: unknown key set 'emacs'\n    use 'classic' or 'vim'\n"
        "menu.toml: unknown action 'sav'\n    did you mean 'save'?\n"
        "menu.toml: the keys of 'quit' are not a string\n    write quit = \"y\" or a list\n"
        "menu.toml: the key 'x' means both 'undo' and 'save'\n    assign another key to one of them"
    )


def test_the_printed_keys_read_back_as_the_same_set() -> None:
    assert loads(keys_file("vim"), "menu.toml", Preferences()).keymap == SETS["vim"]


def test_preferences_come_from_a_file_of_the_person(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text('keymap = "vim"\ntheme = "light"\nmouse = false\n[keys]\nsave = "w"\nabout = "i"\n')
    environ = {"MENUSELECT_PREFERENCES": str(file), "LANG": "C.UTF-8"}
    assert load(environ) == Preferences({**SETS["vim"], "save": "w", "about": "i"}, "light", mouse=False)


def test_without_a_file_the_terminal_decides_the_colours(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    assert load(environ) == Preferences(theme="dark")
    assert load({**environ, "TERM": "linux"}) == Preferences(theme="ansi", ascii=True)
    assert load({**environ, "TERM": "xterm-256color", "NO_COLOR": "1"}) == Preferences(theme="ansi")


def test_the_file_is_in_the_configuration_directory_of_the_person() -> None:
    assert preferences.path({"HOME": "/home/ada"}) == Path("/home/ada/.config/asterism/menu.toml")
    assert preferences.path({"XDG_CONFIG_HOME": "/etc/ada"}) == Path("/etc/ada/asterism/menu.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keymap =", "menu.toml:1: this is not valid TOML: invalid value\n    keymap ="),
        (
            'them = "dark"\ntheme = "pink"\nmouse = "no"\n[keys]\nsve = "w"\n',
            "menu.toml: unknown setting 'them'\n    did you mean 'theme'?\n"
            "menu.toml: unknown theme 'pink'\n    use 'dark', 'light', 'high-contrast' or 'ansi'\n"
            "menu.toml: 'mouse' is neither true nor false\n    write mouse = true\n"
            "menu.toml: unknown action 'sve'\n    did you mean 'save'?",
        ),
        ("keys = 3", "menu.toml: 'keys' is not a table\n    begin it with [keys]"),
    ],
)
def test_a_wrong_file_is_told_before_the_menu_opens(text: str, message: str) -> None:
    with pytest.raises(AsterismError) as caught:
        loads(text, "menu.toml", Preferences())
    assert str(caught.value) == message
