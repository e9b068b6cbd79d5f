"""The directory that a verb works on."""

from __future__ import annotations

import os
from pathlib import Path

from asterism.tree import Kind, Tree


def test_a_tree_is_used_as_a_path(tmp_path: Path) -> None:
    tree = Tree(tmp_path, Kind.SOURCES)
    assert (os.fspath(tree), str(tree), tree / "res/res_x.c") == (
        str(tmp_path),
        str(tmp_path),
        tmp_path / "res/res_x.c",
    )


def test_a_tree_is_configured_once_it_has_makeopts(tmp_path: Path) -> None:
    tree = Tree(tmp_path, Kind.SOURCES)
    before = tree.is_configured
    tree.makeopts.write_text("CC=gcc\n")
    assert (before, tree.is_configured) == (False, True)


def test_files_of_a_tree_have_the_names_that_asterisk_gives_them() -> None:
    tree = Tree(Path("/t"), Kind.SOURCES)
    assert [str(path) for path in (tree.makeopts, tree.selection, tree.menu, tree.deps, tree.settings)] == [
        "/t/makeopts",
        "/t/menuselect.makeopts",
        "/t/menuselect-tree",
        "/t/build_tools/menuselect-deps",
        "/t/asterism.toml",
    ]
