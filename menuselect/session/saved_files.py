"""Other saved selections: the files beside the tree's own, and the selection that one of them makes."""

from __future__ import annotations

import os
from pathlib import Path

from asterism import files
from asterism.tree import SELECTION
from menuselect.choice.selection import Selection
from menuselect.session import makeopts
from menuselect.session.session import Session

GLOBAL = "/etc/asterisk.makeopts"
OWN = "~/.asterisk.makeopts"
"""Selections that apply to a tree without menuselect.makeopts, as in Asterisk's Makefile."""


def selection_of(session: Session, path: str) -> Selection:
    """The selection that a makeopts file makes in the tree of a session.

    Raises:
        AsterismError: the file cannot be read.
    """
    selection = Selection(session.menu, session.deps)
    makeopts.apply(makeopts.loads(files.read_text(path), path), selection)
    selection.settle()
    return selection


def beside(directory: Path) -> list[str]:
    """The paths of saved selections that can be opened: those of the tree, and those for all trees.

    Paths in the tree are relative to it.
    """
    names = sorted(path.name for path in directory.glob("*makeopts*") if _is_selection(path.name) and path.is_file())
    others = [path for path in (os.path.expanduser(OWN), GLOBAL) if os.path.isfile(path)]
    return [*names, *others]


def _is_selection(name: str) -> bool:
    return name.startswith(SELECTION) or name.endswith(".makeopts")
