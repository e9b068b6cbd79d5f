"""A clone of Asterism's repository: its own program, and how users call that program."""

from __future__ import annotations

import os
import sys

from asterism.home import where
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LAUNCHER = os.path.join("bin", "asterism")
"""The path of a clone's program below its top."""

_MARKS = (LAUNCHER, os.path.join("build_tools", "bootstrap"), os.path.join("asterism", "__main__.py"))
"""Files by which a clone is recognized."""

HANDED = "ASTERISM_HANDED_OVER"
"""Set in the environment of a clone's program when another program has passed a verb to it."""


def top_of(directory: str) -> str:
    """The top of the clone that a directory lies in; empty when it lies in none."""
    place = os.path.realpath(directory)
    while True:
        if all(os.path.isfile(os.path.join(place, mark)) for mark in _MARKS):
            return place
        parent = os.path.dirname(place)
        if parent == place:
            return ""
        place = parent


def own_top() -> str:
    """The top of the clone that this program belongs to; empty for an installed tree and for the pip package."""
    top = os.path.dirname(where.PACKAGE)
    return top if os.path.isfile(os.path.join(top, LAUNCHER)) else ""


def hand_over(words: Sequence[str], directory: str) -> None:
    """Replace this process with the program of the clone that a directory is in, unless it is that program.

    A tree named by ASTERISM_TREE prevents this.
    """
    top = top_of(directory)
    if not top or top == own_top() or os.environ.get(HANDED) or os.environ.get(where.VARIABLE):
        return
    sys.stdout.flush()
    launcher = os.path.join(top, LAUNCHER)
    os.execve(launcher, [launcher, *words], {**os.environ, HANDED: "1"})


def command() -> str:
    """The command by which a user in the working directory calls this program: ``asterism``, ``bin/asterism``."""
    top = own_top()
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # the current directory was removed
        return "asterism"
    if not top or os.path.commonpath([top, here]) != top:
        return "asterism"
    return os.path.relpath(os.path.join(top, LAUNCHER), here)


def spelled(text: str) -> str:
    """A message in which ``'asterism VERB'`` is replaced by the command that works here."""
    return text.replace("'asterism ", f"'{command()} ") if "'asterism " in text else text
