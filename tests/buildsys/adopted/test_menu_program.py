"""A source tree of Asterisk that uses this menuselect."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.adopted import adoption
from menuselect.model import menu_cache

MAKEFILE = """\
menuselect.makeopts: menuselect/menuselect makeopts
	menuselect/menuselect --check-deps $@
menuselect/menuselect: menuselect/makeopts
	+$(MAKE) -C menuselect menuselect
menuselect/makeopts: makeopts
	+$(MAKE) -C menuselect makeopts
"""


def source_tree(top: Path) -> Path:
    """What Asterisk's top Makefile and its menuselect have to do with each other."""
    (top / "menuselect").mkdir(parents=True)
    (top / "build_tools").mkdir()
    (top / "menuselect/menuselect.c").write_text("")
    (top / "menuselect/Makefile").write_text("%:\n\tfalse\n")
    (top / "Makefile").write_text(MAKEFILE)
    (top / "makeopts").write_text("")
    (top / "menuselect-tree").write_text('<menu><category name="MENUSELECT_A"><member name="a"/></category></menu>')
    (top / "build_tools/menuselect-deps").write_text("")
    return top


def make(top: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-s", *words], cwd=top, capture_output=True, text=True, check=False)


def test_make_runs_the_adopted_program_once(tmp_path: Path) -> None:
    top = source_tree(tmp_path / "it's a tree")
    adoption.adopt(top, is_menu_only=True)
    made = make(top, "menuselect.makeopts")
    assert (made.returncode, made.stderr) == (0, "")
    assert (top / "menuselect.makeopts").read_text() == "MENUSELECT_A=\nMENUSELECT_BUILD_DEPS=\n"
    assert make(top, "-q", "menuselect.makeopts").returncode == 0


def test_the_adopted_program_keeps_the_menu_it_has_read_until_it_is_cleaned(tmp_path: Path) -> None:
    top = source_tree(tmp_path)
    adoption.adopt(top, is_menu_only=True)
    make(top, "menuselect.makeopts")
    assert (top / menu_cache.FILE).is_file()
    words = ["menuselect/menuselect", "--disable", "a", "menuselect.makeopts"]
    done = subprocess.run(words, cwd=top, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (top / "menuselect.makeopts").read_text() == "MENUSELECT_A=a \nMENUSELECT_BUILD_DEPS=\n"
    done = subprocess.run([*words[:1], "--what"], cwd=top, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[0] == "menuselect/menuselect: unrecognized option '--what'"
    assert make(top, "-C", "menuselect", "clean").returncode == 0
    assert not (top / menu_cache.FILE).exists()


def test_distclean_leaves_the_tree_adopted_and_undo_does_not(tmp_path: Path) -> None:
    top = source_tree(tmp_path)
    adoption.adopt(top, is_menu_only=True)
    make(top, "menuselect.makeopts")
    assert make(top, "-C", "menuselect", "dist-clean").returncode == 0
    assert sorted(path.name for path in (top / "menuselect").iterdir()) == ["GNUmakefile", "Makefile", "menuselect.c"]
    adoption.undo(top)
    assert sorted(path.name for path in (top / "menuselect").iterdir()) == ["Makefile", "menuselect.c"]


OWN_MAKEFILE = """\
ifneq ($(wildcard makeopts),)
include makeopts
endif
menuselect:
	test "$(LIBXML2)" = found
	echo own > $@
makeopts:
	echo LIBXML2=found > $@
.PHONY: menuselect
"""
"""How the tree's own menuselect is built: of what its configure has written, once there is any."""


@pytest.mark.parametrize("was", [None, "LIBXML2=found\n"])
@pytest.mark.parametrize("rounds", [1, 2])
def test_after_undo_make_builds_the_menuselect_of_the_tree_again(tmp_path: Path, was: str | None, rounds: int) -> None:
    top = source_tree(tmp_path)
    (top / "menuselect/Makefile").write_text(OWN_MAKEFILE)
    if was:
        (top / "menuselect/makeopts").write_text(was)
    for _ in range(rounds):
        adoption.adopt(top, is_menu_only=True)
        assert make(top, "menuselect.makeopts").returncode == 0
        adoption.undo(top)
        (top / "menuselect.makeopts").unlink()
        present = top / "menuselect/makeopts"
        assert (present.read_text() if present.exists() else None) == was
    done = make(top, "menuselect/menuselect")
    assert (done.returncode, done.stderr) == (0, "")
    assert (top / "menuselect/menuselect").read_text() == "own\n"


def test_undo_takes_away_the_empty_file_that_older_releases_left(tmp_path: Path) -> None:
    top = source_tree(tmp_path)
    adoption.adopt(top, is_menu_only=True)
    (top / "menuselect/makeopts").touch()
    adoption.undo(top)
    assert sorted(path.name for path in (top / "menuselect").iterdir()) == ["Makefile", "menuselect.c"]


def test_clean_leaves_what_the_configure_of_the_tree_has_written(tmp_path: Path) -> None:
    top = source_tree(tmp_path)
    (top / "menuselect/makeopts").write_text("LIBXML2=found\n")
    adoption.adopt(top, is_menu_only=True)
    make(top, "menuselect.makeopts")
    assert make(top, "-C", "menuselect", "clean").returncode == 0
    assert (top / "menuselect/makeopts").read_text() == "LIBXML2=found\n"


def test_the_programs_of_the_tree_are_replaced(tmp_path: Path) -> None:
    top = source_tree(tmp_path)
    (top / "menuselect/nmenuselect").write_text("the original")
    adoption.adopt(top, is_menu_only=True)
    assert not (top / "menuselect/nmenuselect").exists()


def test_another_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AsterismError) as caught:
        adoption.adopt(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: this is not a source tree of Asterisk: menuselect/menuselect.c is missing\n"
        "    name the directory that Asterisk was unpacked in"
    )
