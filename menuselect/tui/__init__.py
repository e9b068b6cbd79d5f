"""The menu: a Textual program, or a line-by-line dialog, for a selection.

Imports model, choice, listing, session and reasons.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from asterism.errors import AsterismError, Fault, report

if TYPE_CHECKING:
    from menuselect.session.session import Session
    from menuselect.tui.preferences import Preferences
    from menuselect.tui.unsaved import Unsaved

NO_TERMINAL = Fault(
    "the menu needs a terminal",
    why="standard input or output is not a terminal",
    cure="run it in a terminal, or without a menu: menuselect --enable NAME menuselect.makeopts",
    code="no-terminal",
)

NOT_SAVED = 255
"""The exit status of a menu that was left without saving, as the original's."""

_CANNOT = ("", "dumb", "unknown")
"""Values of TERM for terminals that show only lines of text."""


def is_capable(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can show a screen."""
    return environ.get("TERM", "") not in _CANNOT


def start(session: Session, *, plain: bool = False, liking: Preferences | None = None) -> int:
    """Show the menu in the way the terminal allows.

    Args:
        session: an open tree.
        plain: ask line by line, even on a terminal that can show a screen; works without a terminal.
        liking: keys, colours and mouse; by default those of the user's preferences file.

    Returns:
        0 when the choice was saved, 255 when it was not; the last line printed says which.

    Raises:
        AsterismError: the terminal is missing (status 255), or the preferences file is invalid.
    """
    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise AsterismError(NO_TERMINAL, status=NOT_SAVED)
    if plain or not is_capable(os.environ):
        from menuselect.tui.plain import run as run_plain

        talk = run_plain(session)
        return left(session, talk.saved, talk.unsaved)
    return on_screen(session, liking)


def on_screen(session: Session, liking: Preferences | None = None) -> int:
    """Show the menu on a screen until it is left; arguments and result are those of :func:`start`."""
    # Most of the start-up is imports and styles, which make no garbage; collection takes a tenth of that time.
    gc.disable()
    if sys.stdout.isatty():
        # Textual draws on standard error; in 'make menuselect 2>log' that is not a terminal.
        setattr(sys, "__stderr__", sys.__stdout__)  # noqa: B010  # for mypy it is final
    try:
        from menuselect.tui import preferences
        from menuselect.tui.app import MenuApp

        app = MenuApp(session, liking or preferences.load())
        return left(session, app.run() or "", app.unsaved)
    finally:
        gc.enable()


def left(session: Session, saved: str, unsaved: Unsaved) -> int:
    """Print how the menu was left, and return its exit status.

    Args:
        session: the open tree.
        saved: the sentence of the save, or an empty string.
        unsaved: keeps changes that were neither saved nor discarded.
    """
    report(session.faults, program="menuselect")
    print(unsaved.left(saved))
    return 0 if saved else NOT_SAVED
