"""A small tree with one member of each kind, and the menu over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_tree import DEPS, TREE
from textual.app import App

from menuselect.session.session import Session
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
