"""Fixtures of the tests of menuselect."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from dropin import Outcome, Place


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests changes what the drop-in does, and no disk is waited for."""
    for name in ("POSIXLY_CORRECT", "MENUSELECT_STRICT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Place]:
    """Makes a directory with a menu of the given categories and what configure found."""

    def make(menu: str, deps: str = "", makeopts: str | None = None, **files: str) -> Place:
        made = Place(tmp_path)
        made.put("menuselect-tree", f'<menu name="Test">{menu}</menu>')
        made.put("build_tools/menuselect-deps", deps)
        if makeopts is not None:
            made.put("menuselect.makeopts", makeopts)
        for name, text in files.items():
            made.put(name, text)
        return made

    return make


@pytest.fixture
def asterism(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Runs ``asterism WORDS`` in the directory that ``place`` makes, away from the files of the person who tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def run(*words: str) -> Outcome:
        from asterism.__main__ import main

        capsys.readouterr()
        status = main(words)
        written = capsys.readouterr()
        return Outcome(status, written.out, written.err)

    return run
