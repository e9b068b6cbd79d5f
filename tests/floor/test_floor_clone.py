"""A clone of Asterism: its own program serves what is about its sources, and messages spell it as it works there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from asterism.home import clone, where


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A clone whose program prints what it was asked for."""
    place = tmp_path / "clone of ü"
    for name in ("bin/asterism", "build_tools/bootstrap", "asterism/__main__.py", "res/res_x.c"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text('#!/bin/sh\nprintf "handed over: %s\\n" "$*"\n')
    (place / "bin/asterism").chmod(0o755)
    return place


def asked(directory: Path, *words: str, **variables: str) -> str:
    """What another program says in a directory."""
    kept = {name: value for name, value in os.environ.items() if name not in (clone.HANDED, where.VARIABLE)}
    environment = kept | {"PYTHONPATH": str(Path(where.PACKAGE).parent)} | variables
    done = subprocess.run(
        [sys.executable, "-m", "asterism", *words],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_verb_about_sources_is_left_to_the_program_of_the_clone(top: Path) -> None:
    assert asked(top, "test", "res_x", "-k", "a b") == "handed over: test res_x -k a b\n"
    assert asked(top / "res", "why", "res_x") == "handed over: why res_x\n"


@pytest.mark.parametrize("words", [("completion", "bash"), ("build", "--help"), ("-V",), ("help",)])
def test_what_is_about_the_program_itself_stays_with_it(top: Path, words: tuple[str, ...]) -> None:
    assert "handed over" not in asked(top, *words)


def test_the_program_of_a_clone_that_serves_already_is_not_asked_again(top: Path) -> None:
    assert "handed over" not in asked(top, "log", **{clone.HANDED: "1"})


def test_a_named_tree_is_not_handed_over(top: Path) -> None:
    assert "handed over" not in asked(top, "--tree", str(top), "log")


def test_messages_spell_the_program_as_it_is_called_here(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, "PACKAGE", str(top / "asterism"))
    for place, spelled in ((top, "bin/asterism"), (top / "res", "../bin/asterism"), (tmp_path, "asterism")):
        monkeypatch.chdir(place)
        assert clone.spelled("see 'asterism why x', 'asterisk -r'") == f"see '{spelled} why x', 'asterisk -r'"


def test_a_directory_outside_of_clones_is_in_none(top: Path, tmp_path: Path) -> None:
    assert clone.top_of(str(top / "res")) == str(top)
    assert clone.top_of(str(tmp_path)) == ""


def test_tree_without_a_directory_is_a_fault(tmp_path: Path) -> None:
    assert asked(tmp_path, "--tree") == (
        "asterism: --tree needs a directory\n"
        "    write --tree DIR before the verb: DIR is a prefix, as of 'make install'\n"
    )
