"""The menu: a Textual program, or prompts line by line, over menuselect's own selection."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from asterism.errors import AsterismError, Fault

if TYPE_CHECKING:
    from menuselect.session import Session
    from menuselect.tui.preferences import Preferences

NO_TERMINAL = Fault(
    "the menu needs a terminal",
    why="standard input or output is none",
    cure="run it in a terminal, or without a menu: menuselect --enable NAME menuselect.makeopts",
    code="no-terminal",
)

_CANNOT = ("", "dumb", "unknown")
"""Values of TERM that promise nothing but lines of text."""


def is_capable(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can show a screen."""
    return environ.get("TERM", "") not in _CANNOT


def start(session: Session, *, plain: bool = False, liking: Preferences | None = None) -> int:
    """Show the menu in the way the terminal allows.

    Args:
        session: a tree and what is chosen in it.
        plain: ask line by line, even where a screen could be shown; then no terminal is needed.
        liking: keys, colours and mouse; those of the person's own file unless given.

    Returns:
        0 when the choice was saved, 255 when it was not; the last line printed says which.

    Raises:
        AsterismError: there is no terminal (status 255), or the file of preferences is wrong.
    """
    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise AsterismError(NO_TERMINAL, status=255)
    if plain or not is_capable(os.environ):
        from menuselect.tui.plain import run as run_plain

        return run_plain(session)
    from menuselect.tui.app import run

    return run(session, liking)
