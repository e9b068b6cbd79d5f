"""A source tree of Asterisk, built by its own make and by ninja in turn: the same files, the same bytes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import stand_in
from stand_in import content, make

from asterism.tree import Kind, Tree
from buildsys.adopted import adoption, quick_build, tree_build, upkeep
from buildsys.compile.following import Reporter
from buildsys.verbs import build, log
from menuselect.sources import scan


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A configured tree that nothing was built in."""
    return stand_in.write(tmp_path / "tree")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with ``saved``, a tree that was adopted and built in ``tree`` beside it."""
    place = tmp_path_factory.mktemp("adopted")
    adoption.adopt(stand_in.write(place / "tree"))
    done = make(place / "tree", "-j2")
    assert (done.returncode, done.stderr) == (0, "")
    # The first build has made files of documentation, which the steps may depend on.
    assert make(place / "tree").stdout.startswith("nothing to do: ")
    (place / "tree").rename(place / "saved")
    return place


@pytest.fixture
def adopted(built: Path) -> Path:
    """A tree that was adopted and built; of a test's own, and always in the same place."""
    shutil.rmtree(built / "tree", ignore_errors=True)
    return stand_in.copy(built / "saved", built / "tree")


def edit(name: str, before: str, after: str) -> Callable[[Path], None]:
    """A change of a file; it is newer than what was built of it."""

    def change(top: Path) -> None:
        text = (top / name).read_text()
        assert before in text
        (top / name).write_text(text.replace(before, after))

    return change


def new_module(top: Path) -> None:
    (top / "res/res_two.c").write_text(stand_in.module("res_two"))


def removed_module(top: Path) -> None:
    """The source alone; the menu lists the module until another source changes."""
    (top / "res/res_two.c").unlink()


CHANGES: dict[str, Callable[[Path], None]] = {
    "nothing": lambda _top: None,
    "a source": edit("apps/app_one.c", "return SHARED", "return 7 + SHARED"),
    "a second source": edit("apps/two/second.c", "return", "return 1 +"),
    "a header of one module": edit("apps/two/second.h", "2", "3"),
    "a header of all": edit("include/asterisk/shared.h", "SHARED 1", "SHARED 2"),
    "an option": edit("menuselect.makeopts", "CFLAGS=", "CFLAGS=SHOWN"),
    "a module deselected": edit("menuselect.makeopts", "APPS=", "APPS=app_one"),
    "a new module": new_module,
    "a removed one": removed_module,
    "a module selected": edit("menuselect.makeopts", "APPS=app_one", "APPS="),
    "the source of an embedded library": edit("codecs/own/part.c", "3", "33"),
    # Of the directory that has lost a module: its own make lists that one until then.
    "the documentation of a module": edit("res/res_one.c", "<application", "<function"),
    "a source of the program": edit("main/shared.c", "return", "return 1 -"),
    "a script of exported names": edit("main/asterisk.exports.in", "*", "main"),
    "the version": edit(".version", "20.0.0", "20.0.1"),
}


def different(ours: dict[str, bytes], theirs: dict[str, bytes]) -> dict[str, tuple[bytes | None, bytes | None]]:
    """The files that differ, with both contents."""
    return {
        name: (ours.get(name), theirs.get(name))
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    }


def test_after_each_change_the_files_are_those_of_the_own_make_to_the_byte(tree: Path) -> None:
    places = {"theirs": tree.with_name("theirs"), "ours": tree.with_name("ours")}
    tree.rename(places["theirs"])
    stand_in.copy(places["theirs"], places["ours"])
    adoption.adopt(places["ours"])
    for name, change in CHANGES.items():
        made = {}
        for whose, place in places.items():
            place.rename(tree)  # the directory is a part of what a compiler writes
            change(tree)
            done = make(tree, *(() if whose == "ours" else ("-f", "Makefile")))
            assert (name, done.returncode, done.stderr) == (name, 0, "")
            made[whose] = content(tree)
            tree.rename(place)
        assert (name, different(made["ours"], made["theirs"])) == (name, {})


@pytest.mark.parametrize("name", ["nothing", "an option", "a new module"])
def test_either_make_finds_nothing_to_do_after_the_other(adopted: Path, name: str) -> None:
    CHANGES[name](adopted)
    assert make(adopted).returncode == 0
    own = make(adopted, "-f", "Makefile")
    assert "[" not in own.stdout  # it prints its steps in brackets: [CC], [LD]
    before = content(adopted)
    edit("apps/app_two.c", "return", "return 2 +")(adopted)
    assert "[CC] app_two.c" in make(adopted, "-f", "Makefile").stdout
    taken = make(adopted)
    assert (taken.returncode, [line for line in taken.stdout.splitlines() if "app_two" in line]) == (0, [])
    assert content(adopted).keys() == before.keys()
    assert make(adopted).stdout.startswith("nothing to do: ")


def test_a_tree_that_its_own_make_has_built_is_not_built_again(tree: Path) -> None:
    assert make(tree, "-f", "Makefile").returncode == 0
    before = {path: os.stat(tree / path).st_mtime_ns for path in content(tree) if path.endswith((".o", ".so"))}
    adoption.adopt(tree)
    done = make(tree)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("nothing to do: ")
    assert {path: os.stat(tree / path).st_mtime_ns for path in before} == before


def test_what_the_own_make_has_half_built_is_built_to_its_end(tree: Path) -> None:
    assert make(tree, "-f", "Makefile", "utils", "main").returncode == 0
    adoption.adopt(tree)
    done = make(tree)
    shown = sorted(line.split()[-1] for line in done.stdout.splitlines() if "[CC]" in line)
    assert shown == [
        "apps/app_one.c",
        "apps/app_two.c",
        "apps/two/second.c",
        "codecs/codec_own.c",
        "codecs/own/part.c",
        "res/res_one.c",
    ]


def test_one_changed_source_is_one_compilation_and_one_link(adopted: Path) -> None:
    edit("apps/app_one.c", "return", "return 3 +")(adopted)
    done = make(adopted)
    lines = [line for line in done.stdout.splitlines() if "[" in line]
    assert lines == ["   [CC] apps/app_one.c", "   [LD] apps/app_one.so"]


QUICK = {
    "nothing",
    "a source",
    "a second source",
    "a header of one module",
    "a header of all",
    "the source of an embedded library",
    "a source of the program",
    "a script of exported names",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_quick_build_is_for_code_alone_and_leaves_all_else_as_it_is(
    adopted: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name == "a module selected":
        (adopted / "menuselect.makeopts").write_text(
            (adopted / "menuselect.makeopts").read_text().replace("APPS=", "APPS=app_one")
        )
    if name == "a removed one":
        new_module(adopted)
    if name in ("a module selected", "a removed one"):
        assert make(adopted).returncode == 0
    CHANGES[name](adopted)
    before = content(adopted)
    monkeypatch.chdir(adopted)
    said = quick_build.build(Reporter(io.StringIO()))
    assert (said is not None) == (name in QUICK)
    if name not in QUICK and name != "the documentation of a module":  # whose compiler may have been stopped
        assert content(adopted) == before
    if name in QUICK:
        assert make(adopted).stdout.startswith("nothing to do: ")


def test_a_quick_build_starts_without_what_a_whole_one_imports(adopted: Path) -> None:
    edit("apps/app_one.c", "return", "return 3 +")(adopted)
    names = {"argparse", "subprocess", "pathlib", "shutil", "json.tool", "buildsys.adopted.tree_build"}
    program = (
        "import io, sys; from buildsys.adopted import quick_build; from buildsys.compile.following import Reporter\n"
        f"quick_build.build(Reporter(io.StringIO())); print(sorted({names} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(quick_build.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", program], cwd=adopted, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert (adopted / "build/log/app_one.log").read_text().count("= exit status 0\n") == 2


def test_what_the_own_make_has_built_is_no_work_for_a_quick_build(
    adopted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("apps/app_two.c", "return", "return 2 +")(adopted)
    assert make(adopted, "-f", "Makefile").returncode == 0
    monkeypatch.chdir(adopted)
    assert quick_build.build(Reporter(io.StringIO())) is None


def test_in_a_git_repository_a_new_version_is_no_work_for_a_quick_build(
    adopted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (adopted / ".git").mkdir()
    script = adopted / "build_tools/make_version"
    script.write_text("#!/bin/sh\ncat said\n")
    (adopted / "said").write_text("GIT-one\n")
    edit("apps/app_one.c", "The app_one", "Another")(adopted)
    assert make(adopted).returncode == 0
    monkeypatch.chdir(adopted)
    edit("apps/app_one.c", "return", "return 3 +")(adopted)
    assert quick_build.build(Reporter(io.StringIO()))
    edit("apps/app_one.c", "return", "return 3 +")(adopted)
    (adopted / "said").write_text("GIT-oneM\n")
    assert quick_build.build(Reporter(io.StringIO())) is None


def test_of_changed_code_neither_menu_nor_documentation_is_made_again(
    adopted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("apps/app_one.c", "return", "return 3 +")(adopted)
    monkeypatch.setattr(scan, "tree_bytes", None)
    before = content(adopted)
    upkeep.refresh_menu(Tree(adopted, Kind.ASTERISK))
    assert content(adopted) == before
    monkeypatch.undo()
    edit("apps/app_one.c", "The app_one", "Another")(adopted)
    assert upkeep.refresh_menu(Tree(adopted, Kind.ASTERISK))
    assert b'displayname="Another module"' in (adopted / "menuselect-tree").read_bytes()


def test_where_flags_have_changed_what_they_are_for_is_built_again(adopted: Path) -> None:
    edit("apps/Makefile", "ONLY_ONE", "ONLY_TWO")(adopted)
    done = make(adopted)
    assert [line for line in done.stdout.splitlines() if "[" in line] == [
        "   [CC] apps/app_one.c",
        "   [LD] apps/app_one.so",
    ]


def test_a_removed_module_is_built_no_more(adopted: Path) -> None:
    (adopted / "res/res_one.c").unlink()
    done = make(adopted)
    assert (done.returncode, done.stderr) == (0, "")
    commands = json.loads((adopted / "build/compile_commands.json").read_text())
    assert "res_one.c" not in {Path(each["file"]).name for each in commands}


def test_a_selected_module_is_built_alone(adopted: Path) -> None:
    CHANGES["a module deselected"](adopted)
    make(adopted)
    os.unlink(adopted / "apps/app_one.so")
    make(adopted)
    assert not (adopted / "apps/app_one.so").exists()
    edit("menuselect.makeopts", "APPS=app_one", "APPS=")(adopted)
    done = make(adopted)
    assert [line for line in done.stdout.splitlines() if "[" in line] == ["   [LD] apps/app_one.so"]


def test_the_first_error_is_shown_with_its_place_in_the_tree_and_all_else_is_built(adopted: Path) -> None:
    edit("apps/app_one.c", "return", "retrun")(adopted)
    edit("res/res_one.c", "return", "return 5 +")(adopted)
    done = make(adopted)
    assert done.returncode == 2
    assert "[LD] res/res_one.so" in done.stdout
    last = done.stderr.splitlines()
    assert last[0].startswith("apps/app_one.c:8:")
    assert "module app_one does not compile: 'retrun' undeclared" in last[0]
    log = (adopted / "build/log/app_one.log").read_text()
    assert log.startswith("$ gcc -o app_one.o -c app_one.c ")
    assert "apps/app_one.c:8:" in log


def test_a_module_alone_is_built_in_a_tree_that_nobody_adopted(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tree)
    assert build.main(["app_two"]) == 0
    made = {path.name for path in tree.glob("*/*.so")}
    assert (made, capsys.readouterr().out.splitlines()[-1].startswith("built 1 part of ")) == ({"app_two.so"}, True)
    assert not (tree / "GNUmakefile").exists()
    assert log.main(["app_two"]) == 0
    commands = [line for line in capsys.readouterr().out.splitlines() if line.startswith("$ ")]
    assert {" ".join(line.split()[1:4]) for line in commands} >= {"gcc -o app_two.o", "gcc -o two/second.o"}
    assert len(commands) == 3


def test_install_is_that_of_the_tree_and_builds_nothing_again(adopted: Path, tmp_path: Path) -> None:
    done = make(adopted, "install", f"DESTDIR={tmp_path / 'root'}")
    assert (done.returncode, "[" in done.stdout) == (0, False)
    names = {path.name for path in (tmp_path / "root").iterdir()}
    assert names == {"asterisk", "app_one.so", "app_two.so", "res_one.so", "codec_own.so"}


def test_a_directory_whose_recipes_are_not_understood_stays_with_its_own_make(tree: Path) -> None:
    edit("utils/Makefile", "all: tool", "all: tool\n\t@$(MAKE) -q nothing; echo done > mark")(tree)
    adoption.adopt(tree)
    done = make(tree)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 directory of the tree will be built by the tree's own make:" in done.stdout
    assert (tree / "utils/tool").is_file()
    assert (tree / "utils/mark").read_text() == "done\n"


def test_directories_of_ones_own_are_built_too(tree: Path) -> None:
    (tree / "local").mkdir()
    text = stand_in.RES.replace("MODULE_PREFIX=res", "MODULE_PREFIX=mine").replace("=RES", "=LOCAL")
    (tree / "local/Makefile").write_text(text)
    (tree / "local/mine_one.c").write_text(stand_in.module("mine_one"))
    adoption.adopt(tree)
    done = make(tree, "LOCAL_MOD_SUBDIRS=local")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tree / "local/mine_one.so").is_file()


def test_other_flags_of_the_command_line_make_other_objects(adopted: Path) -> None:
    done = make(adopted, "ASTCFLAGS=-DOTHER")
    assert done.returncode == 0
    assert "[CC] apps/app_one.c" in done.stdout
    assert make(adopted, "ASTCFLAGS=-DOTHER").stdout.startswith("nothing to do: ")
    assert "[CC] apps/app_one.c" in make(adopted).stdout  # which asks for none of them


def test_editors_are_told_how_each_source_is_compiled(adopted: Path) -> None:
    commands = json.loads((adopted / "build/compile_commands.json").read_text())
    one = next(each for each in commands if each["file"].endswith("second.c"))
    assert one["directory"] == f"{adopted}/apps"
    assert one["output"] == f"{adopted}/apps/two/second.o"
    assert one["command"].startswith("gcc -o two/second.o -c two/second.c -MD ")


def test_the_time_line_shows_the_last_build(adopted: Path) -> None:
    said = tree_build.draw_timeline(Tree(adopted, Kind.ASTERISK))
    assert said.startswith("build/timeline.html: ")
    assert "codecs/own/part.c" in (adopted / "build/timeline.html").read_text()
