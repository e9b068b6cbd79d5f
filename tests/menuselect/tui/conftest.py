"""A small tree with one member of each kind, and the menu over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import drive, keys, sit
from small_tree import DEPS, TREE
from textual.app import App

from menuselect.session.session import Session
from menuselect.tui.preferences import Preferences
from menuselect.tui.undo import Steps


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory with a small tree that was configured."""
    (tmp_path / "build_tools").mkdir()
    (tmp_path / "menuselect-tree").write_text(TREE)
    (tmp_path / "build_tools" / "menuselect-deps").write_text(DEPS)
    return tmp_path


@pytest.fixture
def session(tree: Path) -> Session:
    """A sitting with the small tree."""
    return Session.open(tree)


@pytest.fixture
def steps(session: Session) -> Steps:
    """The steps of a menu over the small tree."""
    return Steps(session)


@pytest.fixture
def screen() -> Callable[[App[str]], str]:
    """The text on the screen, without the blanks at the ends of lines."""

    def text(app: App[str]) -> str:
        strips = app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips).rstrip("\n") + "\n"

    return text


@pytest.fixture
def said(tree: Path) -> Callable[..., list[str]]:
    """What the menu says after each of some groups of keys."""

    def lines(*groups: str) -> list[str]:
        texts = asyncio.run(sit(Session.open(tree), groups, (100, 20), Preferences()))
        return [text.splitlines()[-2].strip() for text in texts]

    return lines


@pytest.fixture
def looks(tree: Path) -> Callable[..., list[str]]:
    """The text of the screen after each of some groups of keys."""

    def texts(*groups: str, size: tuple[int, int] = (80, 20), liking: Preferences | None = None) -> list[str]:
        return asyncio.run(sit(Session.open(tree), groups, size, liking or Preferences()))

    return texts


@pytest.fixture
def look(tree: Path) -> Callable[..., str]:
    """The text of the screen after some keys."""

    def text(pressed: str = "", size: tuple[int, int] = (80, 20), liking: Preferences | None = None) -> str:
        app = asyncio.run(drive(Session.open(tree), keys(pressed), size, liking or Preferences()))
        return str(app.text)  # type: ignore[attr-defined]

    return text
