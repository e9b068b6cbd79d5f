"""A clone of Asterism: the program that belongs to it, and how a person calls that program."""

from __future__ import annotations

import os
import sys

from asterism.home import where
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LAUNCHER = os.path.join("bin", "asterism")
"""The program of a clone, below its top."""

_MARKS = (LAUNCHER, os.path.join("build_tools", "bootstrap"), os.path.join("asterism", "__main__.py"))
"""Files that every clone has."""

HANDED = "ASTERISM_HANDED_OVER"
"""Set while a clone's own program serves a verb that another one was asked for."""


def top_of(directory: str) -> str:
    """The clone that a directory lies in; empty when it lies in none."""
    place = os.path.realpath(directory)
    while True:
        if all(os.path.isfile(os.path.join(place, mark)) for mark in _MARKS):
            return place
        parent = os.path.dirname(place)
        if parent == place:
            return ""
        place = parent


def own_top() -> str:
    """The clone that this program is of; empty when it is of an installed tree or of the package of pip."""
    top = os.path.dirname(where.PACKAGE)
    return top if os.path.isfile(os.path.join(top, LAUNCHER)) else ""


def hand_over(words: Sequence[str]) -> None:
    """Replace this process by the program of the clone that it was called in, when it is not of that clone itself."""
    top = top_of(os.getcwd())
    if not top or top == own_top() or os.environ.get(HANDED) or os.environ.get(where.VARIABLE):
        return
    sys.stdout.flush()
    launcher = os.path.join(top, LAUNCHER)
    os.execve(launcher, [launcher, *words], {**os.environ, HANDED: "1"})


def command() -> str:
    """How a person who stands in the current directory calls this program: ``asterism``, ``bin/asterism``."""
    top = own_top()
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # the current directory was removed
        return "asterism"
    if not top or os.path.commonpath([top, here]) != top:
        return "asterism"
    return os.path.relpath(os.path.join(top, LAUNCHER), here)


def spelled(text: str) -> str:
    """A message with ``'asterism VERB'`` spelled as it works here."""
    return text.replace("'asterism ", f"'{command()} ") if "'asterism " in text else text
