"""A source tree of Asterisk that cannot be built: one message each, with the place and the cure."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest
import stand_in

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.adopted import adoption, own_steps, questions, tree_build
from buildsys.compile.following import Reporter


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A configured tree that nothing was built in."""
    return stand_in.write(tmp_path / "tree")


def said(tree: Path, *names: str) -> str:
    """What a build of a tree says when it fails."""
    with pytest.raises(AsterismError) as caught:
        tree_build.build(Tree(tree, Kind.ASTERISK), Reporter(io.StringIO()), names=names)
    return str(caught.value).replace(str(tree), "TREE")


def test_a_tree_that_is_not_configured(tree: Path) -> None:
    (tree / "makeopts").unlink()
    assert said(tree) == "TREE: this source tree of Asterisk is not configured\n    run ./configure there"
    assert not (tree / "build").exists()


def test_a_tree_that_cannot_be_written(tree: Path) -> None:
    (tree / "build").write_text("a file in the way")
    assert said(tree) == (
        "TREE/build/lock: cannot lock the file: file exists\n"
        "    a file is where a directory is expected; move it elsewhere"
    )
    (tree / "build").unlink()
    (tree / "menuselect-tree").mkdir()
    assert said(tree).startswith("TREE/menuselect-tree: cannot write the file: is a directory\n")


def test_a_tree_that_was_configured_on_another_machine(tree: Path) -> None:
    text = (tree / "makeopts").read_text().replace(os.uname().machine, "sparc64")
    (tree / "makeopts").write_text(text)
    assert said(tree) == (
        "TREE: the tree was configured on another machine: its makeopts are of a machine of type sparc64, and this one "
        f"is of type {os.uname().machine}\n    run 'make distclean' and ./configure there"
    )


def test_a_tree_whose_compiler_has_gone(tree: Path) -> None:
    (tree / "makeopts").write_text((tree / "makeopts").read_text().replace("CC=gcc", "CC=gcc-that-was"))
    assert said(tree) == (
        "TREE: the compiler 'gcc-that-was' is missing: configure found it, but it is not there now\n"
        "    install it again, or run ./configure there"
    )


def test_a_configure_that_is_newer_than_its_results(tree: Path) -> None:
    os.utime(tree / "makeopts", (1, 1))
    assert said(tree) == (
        "TREE: configure is newer than what it has settled\n"
        "    run ./configure there, or 'touch makeopts' when nothing in it has changed"
    )


def test_a_makefile_with_a_mistake_is_named_with_its_line(tree: Path) -> None:
    with (tree / "Makefile").open("a") as stream:
        stream.write("endif\n")
    line = len((tree / "Makefile").read_text().splitlines())
    assert said(tree) == (
        f"Makefile:{line}: menuselect.makeopts cannot be brought up to date: extraneous 'endif'\n"
        "    mend that Makefile, or take it back from git"
    )


def test_a_mistake_in_the_makefile_of_a_directory_leaves_that_directory_to_its_own_make(tree: Path) -> None:
    with (tree / "utils/Makefile").open("a") as stream:
        stream.write("endif\n")
    out = io.StringIO()
    with pytest.raises(AsterismError) as caught:
        tree_build.build(Tree(tree, Kind.ASTERISK), Reporter(out))
    assert "    utils: Makefile:" in out.getvalue()
    assert "extraneous 'endif'" in out.getvalue()
    assert [fault.code for fault in caught.value.faults] == ["does-not-compile"]
    assert (tree / "apps/app_one.so").is_file()


def test_a_parser_that_has_to_be_made_without_bison(tree: Path) -> None:
    (tree / "main/parser.c").unlink()
    text = (tree / "main/Makefile").read_text().replace("cp parser.y $@", ": -o $@ parser.y")
    (tree / "main/Makefile").write_text(text)
    assert said(tree) == (
        "main/parser.c: the file has to be made by a program that configure did not find: ': -o parser.c parser.y'\n"
        "    install that program (bison, flex), run ./configure, or take the file back from git"
    )


def test_an_unknown_module_and_one_that_is_not_chosen(tree: Path) -> None:
    chosen = (tree / "menuselect.makeopts").read_text().replace("APPS=", "APPS=app_one")
    (tree / "menuselect.makeopts").write_text(chosen)
    assert said(tree, "app_twp") == "there is no module 'app_twp' here\n    did you mean 'app_two'?"
    assert said(tree, "app_one") == (
        "apps/app_one.c: app_one is not chosen\n"
        "    'asterism enable app_one' chooses it; 'asterism why app_one' says what it lacks"
    )


def test_a_source_that_the_makefile_of_its_directory_does_not_name(tree: Path) -> None:
    (tree / "res/mine_one.c").write_text(stand_in.module("mine_one"))
    assert said(tree, "mine_one") == (
        "res/mine_one.c: the Makefile of res does not build mine_one\n"
        "    name it there, or move it to a directory that builds all sources with such a name"
    )


def test_a_make_that_is_too_old(tmp_path: Path) -> None:
    program = tmp_path / "make"
    program.write_text("#!/bin/sh\necho GNU Make 3.82\n")
    program.chmod(0o755)
    with pytest.raises(AsterismError) as caught:
        questions.make_of("", str(program))
    assert str(caught.value) == (
        f"{program}: GNU make 4.0 or later is needed: GNU Make 3.82\n"
        "    build with the tree's own make ('make -f Makefile'), or install a newer one"
    )


def test_a_tree_with_a_gnumakefile_of_its_own_is_not_adopted(tree: Path) -> None:
    (tree / "GNUmakefile").write_text("include Makefile\n")
    with pytest.raises(AsterismError) as caught:
        adoption.adopt(tree)
    assert str(caught.value) == (
        f"{tree}/GNUmakefile: the tree has a GNUmakefile of its own: make reads it before the Makefile, as it would "
        "read Asterism's\n    move it elsewhere, or use 'asterism adopt --only menuselect'"
    )
    adoption.adopt(tree, is_menu_only=True)
    assert (tree / "GNUmakefile").read_text() == "include Makefile\n"


def test_an_adopted_tree_says_what_to_do_when_asterism_has_moved(tree: Path, tmp_path: Path) -> None:
    adoption.adopt(tree)
    for name in ("GNUmakefile", "menuselect/GNUmakefile"):
        text = (tree / name).read_text()
        (tree / name).write_text(text.replace(str(Path(adoption.__file__).parents[2]), str(tmp_path / "gone")))
    done = stand_in.make(tree)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "Asterism is no longer where it was when it adopted this tree: run 'asterism adopt' in it again, or "
        "'rm -f GNUmakefile menuselect/GNUmakefile' to do without"
    )
    assert stand_in.make(tree, "clean").returncode == 0


def test_a_tree_that_was_moved_is_built_in_its_new_place(tree: Path, tmp_path: Path) -> None:
    adoption.adopt(tree)
    assert stand_in.make(tree, "-j2").returncode == 0
    shutil.move(tree, tmp_path / "moved")
    done = stand_in.make(tmp_path / "moved", "-j2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the tree was moved, or Asterism was: its commands are asked for again" in done.stdout
    assert str(tree).encode() not in b"".join(stand_in.content(tmp_path / "moved").values())


def test_undo_leaves_what_was_there_before_and_what_was_built(tree: Path) -> None:
    before = {path.relative_to(tree) for path in tree.rglob("*")}
    adoption.adopt(tree)
    assert stand_in.make(tree).returncode == 0
    adoption.undo(tree)
    made = {str(path.relative_to(tree)) for path in tree.rglob("*")} - set(map(str, before))
    assert [path for path in sorted(made) if path.startswith(("build/", "GNU", "menuselect/"))] == []
    assert stand_in.make(tree).returncode == 0
    assert "nothing" not in stand_in.make(tree).stdout


def test_variables_that_the_makefiles_take_from_the_environment_decide_about_the_steps(tree: Path) -> None:
    names = own_steps.environment_names(Tree(tree, Kind.ASTERISK))
    assert {"ASTCFLAGS", "ASTLDFLAGS", "COPTS", "LOCAL_MOD_SUBDIRS", "OPTIMIZE"} <= set(names)
    assert not {"CC", "ASTTOPDIR", "PATH", "MAKE"} & set(names)
