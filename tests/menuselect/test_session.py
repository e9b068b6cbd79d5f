"""A sitting with a tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from dropin import ORIGIN, Place

from asterism.errors import AsterismError
from menuselect.session import Session

Make = Callable[..., Place]
MENU = """
<category name="MENUSELECT_A" remove_on_change="all.o">
  <member name="a" remove_on_change="a.o"/><member name="b"/>
</category>
"""
MAKEOPTS = "menuselect.makeopts"


def test_a_tree_that_was_never_configured_can_be_opened_and_saved(place: Make) -> None:
    here = place('<category name="MENUSELECT_A"><member name="a"><depend>zlib</depend></member></category>')
    (here.path / "build_tools/menuselect-deps").unlink()
    session = Session.open(here.path)
    assert (session.deps.known, session.existing, session.is_changed) == (False, False, True)
    assert session.save() == "configuration saved to 'menuselect.makeopts'"
    assert here.makeopts == "MENUSELECT_A=\nMENUSELECT_BUILD_DEPS=\n"
    assert here.makedeps == "MENUSELECT_DEPENDS_a=ZLIB \n"


def test_saving_what_is_saved_changes_nothing(place: Make) -> None:
    here = place(MENU, "", "MENUSELECT_A=b \nMENUSELECT_BUILD_DEPS=\n")
    session = Session.open(here.path)
    assert not session.is_changed
    assert session.save() == "no change to 'menuselect.makeopts'"
    assert int((here.path / MAKEOPTS).stat().st_mtime) == ORIGIN


def test_each_save_cleans_up_after_what_changed_since_the_last(place: Make) -> None:
    here = place(MENU, "", "MENUSELECT_A=\n")
    session = Session.open(here.path)
    a, b = session.menu.members
    for member, gone in ((a, ["a.o", "all.o"]), (b, ["all.o"])):
        for name in ("a.o", "all.o"):
            here.put(name, "")
        session.selection.disable(member)
        session.save()
        assert [name for name in ("a.o", "all.o") if not (here.path / name).exists()] == gone


def test_files_add_up_in_the_order_they_are_read(place: Make) -> None:
    menu = '<category name="MENUSELECT_P" positive_output="yes"><member name="P"/><member name="Q"/></category>'
    here = place(menu, "", "MENUSELECT_P=P\n", mine="MENUSELECT_P=Q -P\nMENUSELECT_P=gone\n")
    session = Session.open(here.path, (MAKEOPTS, "mine", "absent"))
    assert [member.name for member in session.selection.built()] == ["Q"]
    assert [str(note.fault()) for note in session.notes] == [
        "mine:2: warning: 'gone' is no member of MENUSELECT_P any more, and is ignored\n"
        "    remove it from the file, or save the file again"
    ]


def test_a_choice_that_cannot_be_read_is_not_taken_for_none(place: Make) -> None:
    here = place(MENU)
    (here.path / MAKEOPTS).mkdir()
    with pytest.raises(AsterismError) as caught:
        Session.open(here.path)
    assert [(fault.what, fault.why) for fault in caught.value.faults] == [("cannot read it", "is a directory")]


def test_a_tree_without_a_list_of_modules_says_how_to_get_one(place: Make) -> None:
    here = place(MENU)
    (here.path / "menuselect-tree").unlink()
    with pytest.raises(AsterismError) as caught:
        Session.open(here.path)
    assert str(caught.value) == (
        f"{here.path}/menuselect-tree: there is no list of modules to choose from: no such file or directory\n"
        "    run this where menuselect-tree is, or write it: 'make menuselect-tree', or 'asterism tree'"
    )
