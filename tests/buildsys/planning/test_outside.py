"""Modules outside of the source tree, with the installed program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waiting import HANG

from asterism.errors import AsterismError
from asterism.tree import Kind, Tree
from buildsys.develop import new, sandbox, transcript, trial_program
from buildsys.develop.transcript import Exchange, fits, parse
from buildsys.installing import module_install, tree_contents
from buildsys.settled import build_record, tree_facts
from buildsys.settled.build_record import Built
from buildsys.settled.tree_facts import Facts
from buildsys.settled.tree_places import TreeLayout

Outcome = subprocess.CompletedProcess[str]

CLEAN = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "CC", "CFLAGS")}


class Workshop:
    """A directory of somebody's own, and the installed program."""

    def __init__(self, top: Path, tree: Path) -> None:
        self.top = top
        self.program = str(tree / "sbin/asterism")

    def run(self, *words: str, text: str = "") -> Outcome:
        return subprocess.run(
            [self.program, *words],
            cwd=self.top,
            env=CLEAN,
            input=text,
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )


@pytest.fixture
def workshop(tree: Path, tmp_path: Path) -> Workshop:
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    (tmp_path / "mine").mkdir()
    return Workshop(tmp_path / "mine", tree)


def test_from_new_to_tested_and_installed_modules_in_both_languages(workshop: Workshop, tmp_path: Path) -> None:
    """The whole way of a module's author; several modules in one directory, with everything they can begin with."""
    made = workshop.run("new", "res_hello", "--with", "cli,app,func")
    assert (made.returncode, made.stderr) == (0, "")
    assert workshop.run("new", "res_pie", "--lang", "py", "--with", "cli,app,func").returncode == 0
    assert sorted(path.name for path in workshop.top.iterdir()) == [
        "res_hello.c",
        "res_hello.test",
        "res_pie.py",
        "res_pie.test",
    ]
    tested = workshop.run("test")
    assert (tested.returncode, tested.stderr) == (0, "")
    assert tested.stdout.startswith("ok     res_hello  2 tests\nok     res_pie    2 tests\n4 tests passed in ")

    (workshop.top / "res_hello.conf").write_text("[general]\n")
    stage = tmp_path / "stage"
    prefix = Path(workshop.program).parents[1]
    placed = Path(f"{stage}{prefix}")
    installed = workshop.run("install", "--destdir", str(stage))
    assert (installed.returncode, installed.stderr) == (0, "")
    assert installed.stdout == f"installed 5 files in {placed} (5 new or changed)\n"
    files = {str(path.relative_to(placed)) for path in placed.rglob("*") if path.is_file()}
    assert files == {
        "etc/asterism/res_hello.conf",
        "lib/asterism/modules.d/mine.json",
        "lib/asterism/modules/res_hello.so",
        "lib/asterism/modules/res_pie.py",
        "var/lib/asterism/documentation/thirdparty/res_hello-en_US.xml",
        "var/lib/asterism/documentation/thirdparty/res_pie-en_US.xml",
    }
    assert workshop.run("install", "--destdir", str(stage)).stdout == f"{placed} is up to date (5 files)\n"
    removed = workshop.run("uninstall", "--destdir", str(stage))
    assert (removed.returncode, removed.stdout) == (0, f"removed 5 files from {placed}\n")
    assert not [path for path in placed.rglob("*") if path.is_file()]
    assert not (placed / "lib/asterism/modules.d").exists()


def test_programs_get_what_new_build_and_install_did_as_json(workshop: Workshop, tmp_path: Path) -> None:
    def answer(*words: str) -> dict[str, object]:
        done = workshop.run(*words, "--json")
        data = json.loads(done.stdout)
        assert isinstance(data, dict)
        return {"status": done.returncode, **data}

    written = answer("new", "res_plain", "--lang", "py")
    bad = workshop.top / "res_bad.c"
    bad.write_text('#include "asterisk.h"\n\nnix;\nAST_MODULE_INFO(x);\n')
    failed = answer("build")
    bad.unlink()
    built = answer("build", "-q")
    staged = answer("install", "--destdir", str(tmp_path / "stage"))
    assert written == {"status": 0, "directory": ".", "written": ["res_plain.py", "res_plain.test"], "notes": []}
    assert (failed["status"], "'file': 'res_bad.c', 'line': 3" in str(failed["faults"])) == (1, True)
    assert (built["status"], built["products"]) == (0, ["build/modules/res_plain.py"])
    assert built["said"] == "nothing to do: every chosen module is built"
    assert (staged["status"], staged["next"]) == (0, [])
    assert list(tmp_path.glob("stage/**/res_plain.py")) != []


def test_run_tries_modules_without_installing_them(workshop: Workshop) -> None:
    workshop.run("new", "res_hello")
    done = workshop.run("run", "-cn", text="hello show\nmodule show like res_sample_module\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Hello, world.\n" in done.stdout
    assert "res_sample_module.so" in done.stdout
    assert not (Path(workshop.program).parents[1] / "lib/asterism/modules/res_hello.so").exists()


def test_a_test_that_fails_is_told_with_its_line_and_both_answers(workshop: Workshop) -> None:
    workshop.run("new", "res_hello")
    (workshop.top / "res_hello.test").write_text("*CLI> hello show\nGood bye.\n")
    done = workshop.run("test", "--json")
    assert done.returncode == 1
    told = [(each["name"], each["state"]) for each in json.loads(done.stdout)["tests"]]
    assert told == [("is loaded, unloaded and loaded again", "passed"), ("res_hello.test", "failed")]
    assert [fault["line"] for fault in json.loads(done.stdout)["tests"][1]["faults"]] == [1]
    assert done.stderr == (
        "res_hello.test:1: 'hello show' gives another answer (- expected, + got)\n"
        "    - Good bye.\n    + Hello, world.\n"
    )


def test_a_module_that_declines_fails_its_test(workshop: Workshop) -> None:
    workshop.run("new", "res_hello")
    source = workshop.top / "res_hello.c"
    source.write_text(source.read_text().replace("return AST_MODULE_LOAD_SUCCESS", "return AST_MODULE_LOAD_DECLINE"))
    done = workshop.run("test")
    assert done.returncode == 1
    assert done.stdout.startswith("FAILED res_hello  1 of 1 test failed\n1 of 1 test failed in ")
    assert done.stderr.startswith("res_hello: the module fails when it is loaded with the others: ")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"res_x.c": "/*** MODULEINFO\n\t<depnd>curl</depnd>\n***/\n"},
            "res_x.c:2:2: unknown tag <depnd>",
        ),
        (
            {"res_x.c": "/*** MODULEINFO\n\t<depend>win32</depend>\n\t<support_level>core</support_level>\n***/\n"},
            "res_x.c: it needs win32, which was not found",
        ),
        (
            {"notes.c": "int x;\n"},
            "{top}: no modules of your own here: notes.c: without AST_MODULE_INFO or a MODULEINFO block, it "
            "is not a module",
        ),
    ],
)
def test_what_cannot_be_built_is_told_with_its_place(workshop: Workshop, files: dict[str, str], expected: str) -> None:
    for name, text in files.items():
        (workshop.top / name).write_text(text)
    done = workshop.run("build", "--quiet")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == expected.format(top=workshop.top)


def test_a_module_of_the_installed_tree_is_not_replaced(workshop: Workshop) -> None:
    shutil.copy(Path(__file__).parents[3] / "res/res_sample_module.c", workshop.top)
    assert workshop.run("build", "--quiet").returncode == 0
    done = workshop.run("install")
    assert done.returncode == 1
    assert done.stderr.startswith("lib/asterism/modules/res_sample_module.so: another install owns this file: ")


def test_two_directories_of_one_name_do_not_take_each_others_modules_away(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    below = {"astmoddir": "lib/asterism/modules", "astetcdir": "etc/asterism", "astdatadir": "var/lib/asterism"}
    directories = {name: f"{prefix}/{path}" for name, path in below.items()}
    tree = Facts("1", str(prefix), "", directories, (), "", ("gcc",))
    for parent, name in (("a", "res_a"), ("b", "res_b")):
        top = tmp_path / parent / "mine"
        (top / "build").mkdir(parents=True)
        (top / f"{name}.py").write_text("")
        build_record.save(Tree(top, Kind.MODULES), Built((f"{name}.py",)))
        module_install.install(Tree(top, Kind.MODULES), tree, "")
    modules = prefix / "lib/asterism/modules"
    assert sorted(path.name for path in modules.iterdir()) == ["res_a.py", "res_b.py"]
    module_install.uninstall(Tree(tmp_path / "b/mine", Kind.MODULES), tree, "")
    assert [path.name for path in modules.iterdir()] == ["res_a.py"]
    # A directory that was moved is the same one.
    (tmp_path / "a/mine").rename(tmp_path / "mine")
    module_install.uninstall(Tree(tmp_path / "mine", Kind.MODULES), tree, "")
    assert list(modules.iterdir()) == []


MAKEFILE = """\
CFLAGS := $(shell {cflags}) -Wall -Werror
MODDIR := $(shell {moddir})
res_plain.so: res_plain.c
	$(CC) -shared $(CFLAGS) -DAST_MODULE='"res_plain"' -DAST_MODULE_SELF_SYM=__internal_res_plain_self -o $@ $<
install: res_plain.so
	install -D -m 755 $< $(DESTDIR)$(MODDIR)/$<
"""

WAYS = {
    "pkg-config": ("pkg-config --cflags asterism", "pkg-config --variable=moduledir asterism"),
    "asterism config": ("$(ASTERISM) config --cflags", "$(ASTERISM) config --moddir"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_foreign_makefile_builds_and_installs_a_module_that_loads(tree: Path, tmp_path: Path, way: str) -> None:
    for program in ("make", "gcc", "pkg-config"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    moved = tmp_path / "moved"
    shutil.copytree(tree, moved, symlinks=True)
    top = tmp_path / "plain"
    top.mkdir()
    source = Path(__file__).parents[3] / "res/res_sample_module.c"
    (top / "res_plain.c").write_text(source.read_text())
    cflags, moddir = WAYS[way]
    (top / "Makefile").write_text(MAKEFILE.format(cflags=cflags, moddir=moddir))
    environment = CLEAN | {"PKG_CONFIG_PATH": str(moved / "lib/pkgconfig"), "ASTERISM": str(moved / "sbin/asterism")}
    made = subprocess.run(
        ["make", "-s", "install"], cwd=top, env=environment, capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert (moved / "lib/asterism/modules/res_plain.so").is_file()

    facts = tree_facts.of_tree(moved / "lib/asterism/tree.json")
    with tempfile.TemporaryDirectory(prefix="asterism-") as rundir:
        build_record.save(Tree(top, Kind.MODULES), Built(()))
        conf = sandbox.prepare(Tree(top, Kind.MODULES), facts, Path(rundir))
        with trial_program.running(facts.program, conf, top / "log") as ask:
            assert list(trial_program.check("res_plain", ask)) == []
    said = subprocess.run(
        [facts.program, "modinfo", "res_plain", "--json"], cwd="/", capture_output=True, text=True, check=False
    )
    assert [(each["name"], each["fits"]) for each in json.loads(said.stdout)] == [("res_plain", True)]


def test_config_answers_each_question_with_a_line_and_all_of_them_as_json(tree: Path) -> None:
    program = str(tree / "sbin/asterism")

    def ask(*words: str) -> str:
        done = subprocess.run([program, "config", *words], cwd="/", capture_output=True, text=True, check=True)
        return done.stdout

    said = json.loads(ask("--json"))
    assert (said["prefix"], said["includedir"], said["moddir"]) == (
        str(tree),
        str(tree / "include/asterism"),
        str(tree / "lib/asterism/modules"),
    )
    assert said["cflags"].split()[:2] == [f"-I{tree}/include/asterism", "-fPIC"]
    assert said["libs"].split()[0] == "-shared"
    assert said["sum"] == json.loads((tree / "lib/asterism/tree.json").read_text())["buildopts"]["sum"]
    asked = ["cflags", "libs", "moddir", "includedir", "sum"]
    assert ask(*(f"--{name}" for name in asked)).splitlines() == [said[name] for name in asked]


def test_directories_outside_of_the_prefix_are_named_as_they_are() -> None:
    layout = TreeLayout(etc="/etc")
    assert tree_contents.pkg_config_text(Built(()), layout, "/usr").splitlines()[2:5] == [
        "moduledir=${prefix}/lib/asterism/modules",
        "sysconfdir=/etc/asterism",
        "sum=68b329da9893e34099c7d8ad5cb9c940",
    ]


def test_a_name_says_what_a_module_begins_with() -> None:
    assert new.parts_of("app_x", "") == {"app"}
    assert new.parts_of("func_x", "") == {"func"}
    assert new.parts_of("res_x", "") == {"cli"}
    assert new.parts_of("res_x", "cli, func,test") == {"cli", "func", "test"}
    with pytest.raises(AsterismError, match="unknown part 'clx'\n    did you mean 'cli'"):
        new.parts_of("res_x", "clx")


def test_a_new_module_replaces_no_file(tmp_path: Path) -> None:
    (tmp_path / "res_x.test").write_text("mine")
    with pytest.raises(AsterismError, match=r"res_x.test: the file exists already"):
        new.write(tmp_path, new.texts("res_x", "c", ["cli"]))
    assert [path.name for path in tmp_path.iterdir()] == ["res_x.test"]


def test_a_transcript_is_commands_and_their_answers() -> None:
    text = "about it\n\n*CLI> one two\nfirst\n# a comment\n\nthird\n\n*CLI>\n*CLI> three\n"
    assert parse(text) == [
        Exchange(3, "one two", ("first", "", "third")),
        Exchange(9, "", ()),
        Exchange(10, "three", ()),
    ]
    assert [str(fault) for fault in transcript.failures("*CLI> a\nb\n", "t", lambda command: f"{command}\n")] == [
        "t:1: 'a' gives another answer (- expected, + got)\n    - b\n    + a"
    ]


@pytest.mark.parametrize(
    ("answer", "expected", "is_good"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a  b"], ["a b"], True),
        (["a"], ["b"], False),
        (["a", "b"], ["a"], False),
        (["a", "b", "c"], ["...", "c"], True),
        (["a", "b", "c"], ["a", "..."], True),
        ([], ["..."], True),
        ([], ["a"], False),
        (["a", "b"], ["...", "c"], False),
    ],
)
def test_dots_stand_for_any_lines_and_blanks_do_not_count(
    answer: list[str], expected: list[str], is_good: bool
) -> None:
    assert fits(answer, expected) is is_good


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["a", "b", ""]), max_size=6), st.integers(0, 6), st.integers(0, 6))
def test_an_answer_fits_itself_with_any_part_of_it_left_out(answer: list[str], first: int, last: int) -> None:
    start, end = sorted((min(first, len(answer)), min(last, len(answer))))
    assert fits(answer, answer)
    assert fits(answer, [*answer[:start], "...", *answer[end:]])
