"""Modules of a directory that its saved selection switches off: no verb builds them unless they are named."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Kind, Tree
from buildsys.compile import ninja_run
from buildsys.planning import left_out
from buildsys.planning.left_out import LeftOut
from buildsys.planning.not_built import NotBuilt
from buildsys.planning.plan import Plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled.configuration import Configuration

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

TEXT = """\
/*** MODULEINFO
	@<support_level>core</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
static int load_module(void) { return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""
WARNING = """\
menuselect.makeopts: warning: app_b is left out: it was switched off
    'asterism enable app_b' switches it on, 'asterism build app_b' builds it all the same
"""


def put(top: Path, **needs: str) -> Tree:
    """Write a module for each name, which depends on the value."""
    for name, needed in needs.items():
        (top / f"{name}.c").write_text(TEXT.replace("@", f"<depend>{needed}</depend>\n\t" if needed else ""))
    return Tree(top, Kind.MODULES)


def built(top: Path) -> list[str]:
    return sorted(path.name for path in (top / "build/modules").iterdir())


def test_a_module_that_is_off_is_left_out_by_every_verb_and_told_once(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, app_a="", app_b="")
    assert asterism(tmp_path, "build", "--quiet").returncode == 0
    assert built(tmp_path) == ["app_a.so", "app_b.so"]
    assert asterism(tmp_path, "disable", "app_b").returncode == 0
    kept = asterism(tmp_path, "install", "--destdir", str(tmp_path / "stage"))
    assert (kept.returncode, kept.stdout.splitlines()[:2]) == (0, WARNING.splitlines())
    assert [path.name for path in (tmp_path / "stage").rglob("app_*.so")] == ["app_a.so"]
    done = asterism(tmp_path, "build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing to do: every chosen module is built\n", WARNING)
    assert built(tmp_path) == ["app_a.so"]
    tested = asterism(tmp_path, "test")
    assert (tested.stdout.splitlines()[0].split()[:2], tested.stderr) == (["ok", "app_a"], WARNING)


def test_a_module_that_is_off_is_built_when_it_is_named_and_stays_off(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, app_a="", app_b="")
    asterism(tmp_path, "disable", "app_b")
    done = asterism(tmp_path, "build", "--quiet", "app_b")
    assert (done.returncode, done.stderr, built(tmp_path)) == (0, "", ["app_b.so"])
    assert asterism(tmp_path, "list", "--names", "on").stdout == "app_a\n"
    assert asterism(tmp_path, "test", "app_b").stdout.split()[:2] == ["ok", "app_b"]


def test_the_reason_is_that_of_the_menu(tmp_path: Path) -> None:
    tree = put(tmp_path, app_a="", app_b="app_a", app_c="app_b", res_d="")
    (tmp_path / "menuselect.makeopts").write_text("MENUSELECT_LOCAL_TOP=app_a \n")
    off = left_out.find(tree)
    assert off.modules == (
        NotBuilt("app_a", "it was switched off"),
        NotBuilt("app_b", "it needs app_a, which is off"),
        NotBuilt("app_c", "it needs app_b, which is off"),
    )
    assert off.fault() == Fault(
        "3 modules are left out",
        Place("menuselect.makeopts"),
        "app_a (it was switched off), app_b (it needs app_a, which is off), app_c (it needs app_b, which is off)",
        "'asterism enable NAME' switches one on, 'asterism build NAME' builds it all the same",
        "switched-off",
        "warning",
        ("app_a", "app_b", "app_c"),
    )


def test_long_lists_name_the_first_five() -> None:
    off = LeftOut(modules=tuple(NotBuilt(f"app_{letter}", "why") for letter in "abcdefg"))
    assert off.fault().why == "app_a (why), app_b (why), app_c (why), app_d (why), app_e (why), 2 more"


def test_without_a_saved_selection_everything_is_built(tmp_path: Path) -> None:
    tree = put(tmp_path, app_a="", app_b="")
    assert left_out.kept(tree, ["app_a.c", "app_b.c"], ()) == (("app_a.c", "app_b.c"), LeftOut())


def test_a_malformed_block_of_another_module_does_not_bring_back_what_is_off(tmp_path: Path) -> None:
    tree = put(tmp_path, app_a="", app_b="<", res_c="")
    (tmp_path / "menuselect.makeopts").write_text("MENUSELECT_LOCAL_TOP=app_a \nMENUSELECT_BUILD_DEPS=res_c \n")
    assert left_out.find(tree).modules == (NotBuilt("app_a", "it was switched off"),)


def test_a_directory_in_which_everything_is_off_is_refused(tmp_path: Path) -> None:
    tree = put(tmp_path, app_a="")
    (tmp_path / "menuselect.makeopts").write_text("MENUSELECT_LOCAL_TOP=app_a \n")
    with pytest.raises(AsterismError) as caught:
        left_out.sources_told(tree)
    assert str(caught.value) == (
        "menuselect.makeopts: every module here is switched off\n"
        "    'asterism enable NAME' switches one on, 'asterism build NAME' builds one all the same"
    )
    assert left_out.sources_told(tree, ["app_a"]) == ("app_a.c",)


def test_a_build_of_a_module_of_the_source_tree_that_is_off_names_the_cure() -> None:
    inputs = Inputs(Configuration(("cc",)), (), (), None, (), off=("res_x",))
    with pytest.raises(AsterismError) as caught:
        ninja_run.only(Plan((), ()), inputs, ["res_x"])
    assert str(caught.value) == "res_x is switched off\n    'asterism enable res_x' switches it on"
