"""Where a verb works: the directory of ``-C DIR``, or the top of the repository around it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

MODULE = """\
/*** MODULEINFO
    <support_level>extended</support_level>
***/
#include "asterisk.h"
#include "asterisk/module.h"
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "A module");
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a module in a directory, and an empty directory."""
    top = tmp_path / "repository"
    (top / "docs").mkdir(parents=True)
    (top / "asterism.toml").write_text("")
    (top / "apps").mkdir()
    (top / "apps/app_x.c").write_text(MODULE)
    (top / "build/log").mkdir(parents=True)
    (top / "build/log/app_x.log").write_text("$ gcc\n")
    return top


def test_a_verb_works_in_the_directory_that_is_named(repository: Path, tmp_path: Path, asterism: Asterism) -> None:
    for words in (["log", "-C", "repository"], ["log", "--directory", "repository", "app_x"]):
        done = asterism(tmp_path, *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "$ gcc\n" if "app_x" in words else "app_x\n", "")
    done = asterism(tmp_path, "log", "-C", "nowhere")
    assert (done.returncode, done.stderr) == (
        2,
        "asterism: cannot enter the directory 'nowhere': no such file or directory\n    check the path\n",
    )


@pytest.mark.parametrize("words", [["log"], ["list", "--names"]])
def test_below_the_top_of_a_repository_a_verb_works_on_all_of_it(
    repository: Path, asterism: Asterism, words: list[str]
) -> None:
    done = asterism(repository / "docs", *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, "app_x\n", f"asterism: working in {repository}\n")


def test_below_a_directory_that_is_no_top_nothing_is_searched_for(repository: Path, asterism: Asterism) -> None:
    (repository / "asterism.toml").unlink()
    done = asterism(repository / "docs", "log")
    assert (done.returncode, done.stderr) == (
        1,
        f"{repository}/docs/build/log: there are no logs of a build here\n"
        "    'asterism build' writes them; name the directory of another build with -C DIR\n",
    )


def test_logs_are_data_when_that_is_asked_for(repository: Path, asterism: Asterism) -> None:
    assert json.loads(asterism(repository, "log", "--json").stdout) == {"app_x": f"{repository}/build/log/app_x.log"}
    assert json.loads(asterism(repository, "log", "--json", "app_x").stdout) == {"app_x": "$ gcc\n"}


def test_an_unknown_log_is_told_with_a_similar_one(repository: Path, asterism: Asterism) -> None:
    done = asterism(repository, "log", "app_y", "app_xx")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == f"{repository}/build/log: there is no log of 'app_y'"


def test_a_list_of_nothing_says_where_was_looked(tmp_path: Path, asterism: Asterism) -> None:
    done = asterism(tmp_path, "list")
    assert (done.returncode, done.stderr) == (
        255,
        f"{tmp_path}: there is neither a list of modules (menuselect-tree) nor a module\n"
        "    name a source tree or a directory of modules with -C DIR; 'asterism new NAME' writes a module\n",
    )


@pytest.mark.parametrize("verb", ["build", "test", "run", "watch", "install", "uninstall", "test --target x"])
def test_a_directory_without_modules_is_told_as_such_whatever_it_holds(
    tmp_path: Path, asterism: Asterism, verb: str
) -> None:
    (tmp_path / "build_tools").mkdir()
    (tmp_path / "asterism.toml").write_text(f'[targets.x]\ndirectory = "{tmp_path}"\n')
    done = asterism(tmp_path, *verb.split())
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (
        1,
        "",
        f"{tmp_path}: no modules of your own here",
    )


def test_the_menu_opens_a_directory_of_modules_with_what_is_off(tmp_path: Path, asterism: Asterism) -> None:
    for name in ("app_x", "app_y"):
        (tmp_path / f"{name}.c").write_text(MODULE)
    assert asterism(tmp_path, "disable", "app_y").returncode == 0
    shown = asterism(tmp_path, "select", "--plain").stdout.splitlines()
    assert shown[1:3] == ["1 of 2 are on. Type h for help.", "1. Modules: 1 of 2 on"]
