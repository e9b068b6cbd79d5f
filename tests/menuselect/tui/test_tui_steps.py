"""Steps: what the menu does to a selection, with a way back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tree import DEPS, TREE

from menuselect.model.menu import Member
from menuselect.session import makeopts
from menuselect.session.session import Session
from menuselect.tui import undo as steps_room
from menuselect.tui.undo import Steps


def named(steps: Steps, name: str) -> Member:
    member = steps.menu.find(name)
    assert member is not None
    return member


def text(steps: Steps) -> str:
    return makeopts.dumps(steps.selection)


def test_marks_are_those_of_the_original(steps: Steps) -> None:
    steps.disable(named(steps, "res_curl"))
    assert {member.name: steps.mark(member) + steps.change(member) for member in steps.menu.members} == {
        "app_dial": "[*] ",
        "app_echo": "[*] ",
        "app_mysql": "XXX ",
        "res_curl": "[ ]-",
        "res_features": "[*] ",
        "res_clock": "[*] ",
        "res_config_curl": "< >-",
        "res_sundial": "( ) ",
        "DEBUG_THREADS": "[ ] ",
        "MOH-WAV": "[ ] ",
        "MOH-ULAW": "[ ] ",
    }


def test_a_step_that_changes_nothing_leaves_nothing_to_undo(steps: Steps) -> None:
    assert steps.enable(named(steps, "app_dial")) == "app_dial is unchanged."
    assert steps.toggle(named(steps, "app_mysql")) == (
        "app_mysql cannot be on: it needs mysqlclient, which was not found."
    )
    assert steps.undo() == "Nothing to undo."


def test_a_new_step_after_an_undo_takes_the_place_of_the_undone(steps: Steps) -> None:
    steps.disable(named(steps, "app_dial"))
    steps.disable(named(steps, "app_echo"))
    steps.undo()
    steps.enable(named(steps, "DEBUG_THREADS"))
    assert steps.taken == ["app_dial off", "DEBUG_THREADS on"]
    assert steps.redo() == "Nothing to redo."


def test_what_was_turned_and_turned_back_is_no_change(steps: Steps) -> None:
    steps.disable(named(steps, "app_dial"))
    assert steps.is_changed
    steps.enable(named(steps, "app_dial"))
    assert not steps.is_changed


def test_a_preview_changes_nothing(steps: Steps) -> None:
    before = text(steps)
    change = steps.preview(named(steps, "res_curl"))
    assert [member.name for member in change.turned_off] == ["res_curl", "res_config_curl"]
    assert text(steps) == before


def test_the_defaults_are_found_from_any_saved_file(tree: Path) -> None:
    default = text(Steps(Session.open(tree)))
    (tree / "menuselect.makeopts").write_text(
        "MENUSELECT_APPS=app_dial app_echo\nMENUSELECT_RES=res_curl res_clock res_config_curl\nMENUSELECT_MOH=MOH-WAV\n"
    )
    steps = Steps(Session.open(tree))
    assert steps.to_defaults() == "The defaults: 5 turned on, 2 turned off."
    assert text(steps) == default


def test_only_as_many_steps_are_kept_as_memory_allows(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_room, "MOST_REMEMBERED", 33)
    for _ in range(5):
        steps.toggle(named(steps, "app_echo"))
    assert len(steps.taken) == 2
    assert [steps.undo()[:7] for _ in range(3)] == ["Undone:", "Undone:", "Nothing"]


MOVES = st.tuples(
    st.sampled_from(["enable", "disable", "toggle", "reset", "enable_category", "disable_category", "reset_category"]),
    st.integers(0, 10),
)


@given(moves=st.lists(MOVES, max_size=12))
@settings(deadline=None, max_examples=60)
def test_undoing_everything_leads_back_and_redoing_leads_forth(moves: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "build_tools").mkdir()
        Path(name, "menuselect-tree").write_text(TREE)
        Path(name, "build_tools", "menuselect-deps").write_text(DEPS)
        steps = Steps(Session.open(name))
    states = [text(steps)]
    for move, number in moves:
        member = steps.menu.members[number]
        category = steps.menu.category(member.category)
        taken = len(steps.taken)
        getattr(steps, move)(category if move.endswith("category") else member)
        if len(steps.taken) > taken:
            states.append(text(steps))
    assert len(states) == len(steps.taken) + 1
    for state in reversed(states[:-1]):
        steps.undo()
        assert text(steps) == state
    for state in states[1:]:
        steps.redo()
        assert text(steps) == state
