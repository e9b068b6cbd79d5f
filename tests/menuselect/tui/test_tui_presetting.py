"""Presets in the menu: unavailable members are shown, the others are applied; a saved preset can be applied."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tree import DEPS, TREE

from menuselect.session.session import Session
from menuselect.tui import preset_steps
from menuselect.tui.undo import Steps


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A person without presets."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def preset(tree: Path, name: str, text: str) -> str:
    (tree / "presets").mkdir(exist_ok=True)
    (tree / "presets" / f"{name}.toml").write_text(text)
    return name


def described(steps: Steps, name: str) -> list[str]:
    found = next(each for each in preset_steps.offered(steps) if each.name == name)
    return preset_steps.described(steps, found).splitlines()[2:]


def test_a_word_for_what_the_tree_does_not_have_is_passed_over_and_told(steps: Steps, tree: Path) -> None:
    name = preset(tree, "mixed", 'enable = ["DEBUG_THREADS", "DONT_OPTIMIZE"]\n')
    assert described(steps, name) == [
        "Turns on: DEBUG_THREADS",
        "Ignored: 'DONT_OPTIMIZE' is not a member of this tree",
    ]
    assert preset_steps.take(steps, name) == "Preset mixed: 1 turned on. Names that are not in this tree: 1."


def test_what_only_a_group_stands_for_may_be_left_out(steps: Steps, tree: Path) -> None:
    name = preset(tree, "group", 'enable = ["in:apps"]\n')
    assert described(steps, name) == [
        "Left out: app_mysql, it needs mysqlclient, which was not found",
        "The preset changes nothing.",
    ]
    assert preset_steps.take(steps, name) == "Preset group: nothing to change."


def test_a_shipped_preset_for_other_trees_is_no_error(steps: Steps) -> None:
    assert preset_steps.take(steps, "debug") == "Preset debug: nothing to change. Names that are not in this tree: 1."


def test_a_preset_that_is_no_toml_says_where(steps: Steps, tree: Path) -> None:
    name = preset(tree, "broken", "enable = [\n")
    assert preset_steps.take(steps, name).startswith(f"{tree}/presets/broken.toml:")


@given(turned=st.lists(st.tuples(st.integers(0, 10), st.booleans()), max_size=8))
@settings(deadline=None, max_examples=25, derandomize=True)
def test_what_is_kept_turns_the_defaults_into_the_choice(
    turned: list[tuple[int, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("tree")
    (top / "build_tools").mkdir()
    (top / "menuselect-tree").write_text(TREE)
    (top / "build_tools" / "menuselect-deps").write_text(DEPS)
    steps, other = Steps(Session.open(top)), Steps(Session.open(top))
    for index, on in turned:
        member = steps.menu.members[index]
        (steps.enable if on else steps.disable)(member)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(top))
        preset_steps.keep(steps, "mine")
        preset_steps.take(other, "mine")
    built = [list(map(each.selection.is_built, each.menu.members)) for each in (steps, other)]
    assert built[0] == built[1]
