"""What make will have to do for a selection."""

from __future__ import annotations

from pathlib import Path

import pytest

from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.session import build_state

TREE = """\
<menu name="M">
<category name="MENUSELECT_APPS" displayname="A"><member name="app_a"/><member name="app_b"/></category>
<category name="MENUSELECT_UTILS" displayname="U"><member name="astman"/></category>
<category name="MENUSELECT_CFLAGS" displayname="C" positive_output="yes"><member name="DEBUG"/></category>
</menu>
"""


def touched(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_asterisk_builds_modules_beside_their_sources_and_programs_in_utils(tmp_path: Path) -> None:
    for name in ("apps/app_a.so", "apps/app_b.o", "utils/astman", "utils/astman.c"):
        touched(tmp_path / name)
    built = build_state.built_files(tmp_path)
    assert built == {"app_a", "astman"}
    assert list(build_state.unbuilt(tree_file.loads(TREE.encode()).menu, built)) == [0, 1, 0, 0]


def test_asterism_builds_modules_into_one_directory(tmp_path: Path) -> None:
    for name in ("build/modules/app_a.so", "build/modules/res_c.py", "apps/app_b.so"):
        touched(tmp_path / name)
    assert build_state.built_files(tmp_path) == {"app_a", "res_c"}


@pytest.mark.parametrize(
    ("to_build", "cannot", "text"),
    [(3, 1, "3 to build, 1 cannot be"), (2, 0, "2 to build"), (0, 0, "nothing to build")],
)
def test_the_counts_are_a_sentence(to_build: int, cannot: int, text: str) -> None:
    assert build_state.sentence(to_build, cannot) == text


def test_what_is_on_and_cannot_be_built_counts_and_without_a_saved_file_what_cannot_be_on_does_not() -> None:
    text = """<menu name="M"><category name="MENUSELECT_APPS" displayname="A">
    <member name="app_a"><conflict>app_b</conflict></member><member name="app_b"/>
    <member name="app_c"><depend>strangelib</depend></member></category></menu>"""
    selection = Selection(tree_file.loads(text.encode()).menu, deps.loads("STRANGELIB=0\n"))
    selection.settle()
    selection.enable(selection.menu.members[0])
    built = bytes(map(selection.is_built, selection.menu.members))
    assert list(built) == [0, 1, 0]
    assert [build_state.hopeless(selection, built, is_saved) for is_saved in (False, True)] == [1, 2]
