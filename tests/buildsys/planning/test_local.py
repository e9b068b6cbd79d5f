"""Modules in several directories, and what asterism.toml adds to them, in a source tree and outside of one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from source_tree import SourceTree
from waiting import HANG

from asterism.errors import Fault, Place
from buildsys.planning import module_directory
from buildsys.planning.own_modules import extended
from buildsys.planning.plan import Module
from menuselect.sources import recognition, settings
from menuselect.sources.settings import Extras, Settings

MODULE = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
int pool(void);
static int load_module(void) { return pool() == 7 ? AST_MODULE_LOAD_SUCCESS : AST_MODULE_LOAD_DECLINE; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "About it");
"""

POOL = "int pool(void);\nint pool(void) { return POOL; }\n"


def write(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)


def run(tree: Path, top: Path, *words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    return subprocess.run(
        [tree / "sbin/asterism", *words],
        cwd=top,
        env=os.environ | {"XDG_CONFIG_HOME": str(top / "none")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


def test_modules_one_level_below_are_built_where_there_are_none_above(tree: Path, tmp_path: Path) -> None:
    """The layout of a repository with a directory for its modules; from the top, and from that directory."""
    good = MODULE.replace("pool() == 7", "1").replace("int pool(void);\n", "")
    write(
        tmp_path,
        {
            "README.md": "",
            "sample_module/res_x.c": good,
            "sample_module/res_x.test": "*CLI> module show like no\n...\n",
        },
    )
    for top in (tmp_path, tmp_path / "sample_module"):
        tested = run(tree, top, "test")
        assert (tested.returncode, tested.stderr) == (0, "")
        assert tested.stdout.startswith("ok     res_x  2 tests\n")
    (tmp_path / "sample_module/res_x.test").write_text("*CLI> module show like no\nnothing\n")
    assert run(tree, tmp_path, "test").stderr.startswith("res_x.test:1: ")


def test_further_directories_sources_flags_and_libraries_come_from_the_settings(tree: Path, tmp_path: Path) -> None:
    needs_library = POOL.replace("POOL;", "compressBound(1) ? POOL : 0;").replace("int", "#include <zlib.h>\nint", 1)
    write(
        tmp_path,
        {
            "mine/res_a.c": MODULE,
            "mine/asterism.toml": """
directories = ["../more"]
cflags = "-DPOOL=7"

[modules.res_a]
sources = ["../common/pool.c"]

[modules.res_b]
sources = ["../common/other.c"]
libs = "-lz"
""",
            "more/res_b.c": MODULE,
            "common/pool.c": POOL,
            "common/other.c": needs_library if os.path.exists("/usr/include/zlib.h") else POOL,
        },
    )
    done = run(tree, tmp_path / "mine", "test", "--json")
    told = [(each["group"], each["state"]) for each in json.loads(done.stdout)["tests"]]
    assert (told, done.stderr) == ([("res_a", "passed"), ("res_b", "passed")], "")
    counted = json.loads(run(tree, tmp_path / "mine", "test", "--json", "--coverage").stdout)["coverage"]
    assert [file["file"] for file in counted] == ["../common/other.c", "../common/pool.c", "../more/res_b.c", "res_a.c"]


def test_a_launcher_of_the_settings_goes_before_each_compilation(tree: Path, tmp_path: Path) -> None:
    program = tmp_path / "launch"
    program.write_text(f'#!/bin/sh\necho run >> {tmp_path}/log\nexec "$@"\n')
    program.chmod(0o755)
    good = MODULE.replace("pool() == 7", "1").replace("int pool(void);\n", "")
    write(tmp_path, {"res_a.c": good, "res_b.c": good, "asterism.toml": f'launcher = "{program}"\n'})
    assert run(tree, tmp_path, "build").returncode == 0
    assert (tmp_path / "log").read_text() == "run\nrun\n"
    write(tmp_path, {"res_a.c": good + "\n", "asterism.toml": 'launcher = "launch-none"\n'})
    done = run(tree, tmp_path, "build")
    assert done.returncode == 1
    assert done.stderr.startswith("asterism: the launcher 'launch-none' was not found\n")


def test_two_modules_of_one_name_in_two_directories_are_told_with_both_places(tree: Path, tmp_path: Path) -> None:
    write(
        tmp_path, {"mine/res_a.c": MODULE, "more/res_a.c": MODULE, "mine/asterism.toml": 'directories = ["../more"]\n'}
    )
    done = run(tree, tmp_path / "mine", "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == "res_a.c: two modules are named res_a: ../more/res_a.c has the same name\n    rename one of them\n"
    )


def test_what_is_wrong_with_the_settings_is_told_before_anything_is_built(tree: Path, tmp_path: Path) -> None:
    write(tmp_path, {"res_a.c": MODULE, "asterism.toml": '[modules.res_b]\ncflag = "-O1"\n'})
    done = run(tree, tmp_path, "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{tmp_path}/asterism.toml:2:1: unknown key 'cflag'\n    cflag = \"-O1\"\n    ^\n    did you mean 'cflags'?\n"
    )


def test_a_source_tree_takes_further_directories_into_its_choice(sources: SourceTree, tmp_path: Path) -> None:
    sources.write({"../mine/res_four.c": POOL.replace("int", "/*** MODULEINFO\n***/\nint", 1)})
    assert "res_four.so" not in sources.products()
    sources.write({"asterism.toml": 'directories = ["../mine"]\ncflags = "-DPOOL=7"\n'})
    done = sources.build("--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert "res_four.so" in sources.products()
    assert "MENUSELECT_LOCAL_MINE=\n" in (sources.top / "menuselect.makeopts").read_text()
    watched = (sources.top / "build/check.ninja").read_text()
    assert "asterism.toml" in watched
    assert "../mine/res_four.c" in watched

    sources.write({"../mine/res_one.c": "/*** MODULEINFO\n***/\n"})
    done = sources.build("--selection-only")
    assert (done.returncode, done.stderr) == (
        1,
        "../mine/res_one.c: two modules are named res_one: res/res_one.c has the same name\n"
        "    rename one of them, or remove ../mine from asterism.toml\n",
    )
    (tmp_path / "mine/res_one.c").unlink()
    sources.write({"asterism.toml": 'directories = ["../mine"]\ncflags = "-DPOOL=7"\n\n[modules.res_for]\n'})
    assert "module 'res_for' does not exist" in sources.build("--quiet").stderr


def test_a_name_with_signs_is_a_module_too(tree: Path, tmp_path: Path) -> None:
    write(tmp_path, {"res_a-b+c.c": MODULE.replace("pool() == 7", "AST_MODULE_SELF").replace("int pool(void);\n", "")})
    done = run(tree, tmp_path, "test")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok     res_a-b+c  1 test\n")


PLACE = Place("asterism.toml", 3)


@pytest.mark.parametrize(
    ("module", "sources", "what"),
    [
        (Module("res_x", ("res_x.py",)), ("a.c",), "res_x cannot have further sources"),
        (Module("res_x", ("res_x.c",)), ("a.h",), "'a.h' cannot be compiled"),
        (Module("res_x", ("res_x.c",)), ("one/a.c", "two/a.c"), "two sources of res_x have one name"),
    ],
)
def test_sources_that_cannot_be_those_of_one_module_are_refused(
    module: Module, sources: tuple[str, ...], what: str
) -> None:
    found = extended(module, Settings(modules={"res_x": Extras(sources, place=PLACE)}))
    assert isinstance(found, Fault)
    assert (found.what, found.place) == (what, PLACE)


@pytest.mark.parametrize(
    ("line", "column"), [('sources = ["a.c", "a.h"]', 20), ('sources = ["one/a.c", "two/a.c"]', 24)]
)
def test_a_source_that_cannot_be_a_modules_is_told_where_it_is_named(tmp_path: Path, line: str, column: int) -> None:
    write(tmp_path, {"a.c": "", "a.h": "", "one/a.c": "", "two/a.c": ""})
    said = settings.read(f"[modules.res_x]\n{line}\n", "asterism.toml", tmp_path)
    found = extended(Module("res_x", ("res_x.c",)), said)
    assert isinstance(found, Fault)
    assert found.place == Place("asterism.toml", 2, column, line)


def test_a_source_that_a_module_has_already_is_not_compiled_twice() -> None:
    module = Module("res_x", ("res_x.c", "res_x/a.c"))
    found = extended(module, Settings(modules={"res_x": Extras(("res_x/a.c", "b.c"), ("-O1",), ("-lm",))}))
    assert found == Module("res_x", ("res_x.c", "res_x/a.c", "b.c"), cflags=("-O1",), libs=("-lm",))


def test_what_lies_beside_modules_is_found_where_they_are(tmp_path: Path) -> None:
    write(tmp_path, {"one/res_x.c": MODULE, "one/res_x.conf": "", ".hidden/res_y.c": MODULE, "build/res_z.c": MODULE})
    assert recognition.module_directories(tmp_path) == ["one"]
    assert recognition.module_sources(tmp_path) == ["one/res_x.c"]
    assert list(module_directory.configurations(recognition.at(tmp_path))) == [tmp_path / "one/res_x.conf"]
    assert module_directory.beside(recognition.at(tmp_path), "res_x.conf") == tmp_path / "one/res_x.conf"
    assert module_directory.beside(recognition.at(tmp_path), "res_y.conf") is None
