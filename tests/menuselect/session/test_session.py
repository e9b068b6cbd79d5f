"""A sitting with a tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from dropin import ORIGIN, Place

from asterism.errors import AsterismError
from menuselect.session.session import Session

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
    assert here.makeopts == "MENUSELECT_A=a \nMENUSELECT_BUILD_DEPS=\nMENUSELECT_DEPSFAILED=MENUSELECT_A=a\n"
    assert here.makedeps == "MENUSELECT_DEPENDS_a=ZLIB \n"


UNCONFIGURED = """
<category name="MENUSELECT_A">
  <member name="a"><depend>b</depend></member><member name="b"><depend>zlib</depend></member>
  <member name="c"/><member name="d"><depend>zlib</depend></member>
</category>
<category name="MENUSELECT_P" positive_output="yes">
  <member name="p"><defaultenabled>yes</defaultenabled><conflict>curl</conflict></member>
</category>
"""


@pytest.mark.parametrize(
    ("found", "built"),
    [
        ("ZLIB=1\nCURL=0\n", ["a", "b", "c", "p"]),
        ("ZLIB=0\nCURL=0\n", ["c", "p"]),
        ("ZLIB=0\nCURL=1\n", ["c"]),
    ],
)
def test_what_was_chosen_before_configure_is_built_as_far_as_its_needs_are_found(
    place: Make, found: str, built: list[str]
) -> None:
    here = place(UNCONFIGURED)
    (here.path / "build_tools/menuselect-deps").unlink()
    session = Session.open(here.path)
    session.selection.disable(session.menu.members[3])
    session.save()
    assert [member.name for member in Session.open(here.path).selection.built()] == ["a", "b", "c", "p"]
    here.put("build_tools/menuselect-deps", found)
    # What make runs before it builds.
    assert (here.run("--check-deps", MAKEOPTS).status, here.run("--check-deps", MAKEOPTS).stderr) == (0, "")
    assert [member.name for member in Session.open(here.path).selection.built()] == built


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
        "mine:2: warning: 'gone' is no longer a member of MENUSELECT_P and is ignored\n"
        "    remove it from the file, or save the file again"
    ]


def test_a_choice_that_cannot_be_read_is_not_taken_for_none(place: Make) -> None:
    here = place(MENU)
    (here.path / MAKEOPTS).mkdir()
    with pytest.raises(AsterismError) as caught:
        Session.open(here.path)
    assert [(fault.what, fault.why) for fault in caught.value.faults] == [("cannot read the file", "is a directory")]


def test_a_tree_without_a_list_of_modules_says_how_to_get_one(place: Make) -> None:
    here = place(MENU)
    (here.path / "menuselect-tree").unlink()
    with pytest.raises(AsterismError) as caught:
        Session.open(here.path)
    assert str(caught.value) == (
        f"{here.path}/menuselect-tree: the list of modules is missing: no such file or directory\n"
        "    run this where menuselect-tree is, or write it: 'make menuselect-tree', or 'asterism tree'"
    )
