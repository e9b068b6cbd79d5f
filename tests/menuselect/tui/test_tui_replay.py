"""What the menu saves is byte for byte what the command line writes for the same steps."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tree import DEPS, TREE
from textual import events

from asterism.tree import MAKEDEPS, SELECTION
from menuselect.dropin import command
from menuselect.session.session import Session
from menuselect.tui.app import MenuApp
from menuselect.tui.preferences import Preferences

MOVES = ["up", "down", "pageup", "pagedown", "home", "end", "left", "enter"]
TURNS = ["y", "n", "space", "f7", "f8"]
KEYS = [*MOVES, *TURNS, "down", "down", "enter", "y", "n", "u", "ctrl+r"]

_SHARED = Path(__file__).parents[3] / ".." / "shared" / "conformance"
CONFORMANCE = Path(os.environ.get("ASTERISM_CONFORMANCE", _SHARED)) / "menuselect"


async def press(app: MenuApp, keys: list[str]) -> None:
    """Press keys in one go, and wait until all of them have been served."""
    async with app.run_test(size=(80, 24)):
        served = app.served + len(keys)
        for key in keys:
            app.post_message(events.Key(key, key if len(key) == 1 else " " if key == "space" else None))
        while app.is_running and app.served < served:
            await asyncio.sleep(0.002)


def words_for(app: MenuApp) -> list[str]:
    """The steps of the menu as options of the command line."""
    titles = {category.title: category.name for category in app.steps.menu.categories}
    words: list[str] = []
    for step in app.steps.taken:
        what, _, state = step.rpartition(" ")
        option = "--enable" if state == "on" else "--disable"
        if what.startswith("all of "):
            words.append(f"{option}-category={titles[what.removeprefix('all of ')]}")
        else:
            words.append(f"{option}={what}")
    return words or ["--category-list"]


def saved_both_ways(
    tree: str, deps: str, keys: list[str], before: str = ""
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that the menu and the command line leave behind after the same steps from the same start."""
    with tempfile.TemporaryDirectory() as name:
        menu, line = Path(name, "menu"), Path(name, "line")
        (menu / "build_tools").mkdir(parents=True)
        (menu / "menuselect-tree").write_text(tree)
        (menu / "build_tools" / "menuselect-deps").write_text(deps)
        if before:
            (menu / SELECTION).write_text(before)
        shutil.copytree(menu, line)
        app = MenuApp(Session.open(menu), Preferences())
        asyncio.run(press(app, keys))
        app.steps.session.save()
        with contextlib.chdir(line), contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            assert command.main([*words_for(app), SELECTION]) == 0
        left, right = ({each: (where / each).read_bytes() for each in (SELECTION, MAKEDEPS)} for where in (menu, line))
        return left, right


@given(keys=st.lists(st.sampled_from(KEYS), min_size=8, max_size=40))
@settings(deadline=None, max_examples=8, derandomize=True)
def test_any_keys_save_what_the_same_options_save(keys: list[str]) -> None:
    menu, line = saved_both_ways(TREE, DEPS, ["enter", *keys])
    assert menu == line


def test_keys_over_a_saved_file_save_what_the_same_options_save() -> None:
    before = "MENUSELECT_APPS=app_dial app_mysql\nMENUSELECT_CFLAGS=DEBUG_THREADS\nMENUSELECT_MOH=MOH-WAV \n"
    menu, line = saved_both_ways(
        TREE, DEPS, ["enter", "y", "left", "end", "enter", "down", "y", "up", "up", "n"], before
    )
    assert menu == line
    assert menu[SELECTION].startswith(b"MENUSELECT_APPS=app_mysql \n")
    assert b"MENUSELECT_MOH=MOH-ULAW \n" in menu[SELECTION]


@pytest.mark.parametrize("branch", ["13", "18"])
@pytest.mark.skipif(not CONFORMANCE.exists(), reason="needs the recorded runs of Asterisk")
def test_a_walk_through_a_real_tree_saves_what_the_same_options_save(branch: str) -> None:
    recorded = json.loads(gzip.decompress((CONFORMANCE / f"asterisk-{branch}.json.gz").read_bytes()))
    choice = random.Random(branch)
    keys = ["enter", *choice.choices([*KEYS, "pagedown", "left", "enter"], k=90)]
    menu, line = saved_both_ways(recorded["tree"], recorded["deps"], keys)
    assert menu == line
