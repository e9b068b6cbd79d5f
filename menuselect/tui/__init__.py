"""The menu: a Textual program, or prompts line by line, over menuselect's own selection."""

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
    why="standard input or output is none",
    cure="run it in a terminal, or without a menu: menuselect --enable NAME menuselect.makeopts",
    code="no-terminal",
)

NOT_SAVED = 255
"""The exit status of a menu that was left without saving, as the original's."""

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
        raise AsterismError(NO_TERMINAL, status=NOT_SAVED)
    if plain or not is_capable(os.environ):
        from menuselect.tui.plain import run as run_plain

        talk = run_plain(session)
        return left(session, talk.saved, talk.unsaved)
    return on_screen(session, liking)


def on_screen(session: Session, liking: Preferences | None = None) -> int:
    """Show the menu on a screen until it is left; arguments and result are those of :func:`start`."""
    # Most of the start is imports and styles, which make no garbage; to look for some takes a tenth of it.
    gc.disable()
    if sys.stdout.isatty():
        # Textual draws on standard error; in 'make menuselect 2>log' that is no terminal.
        setattr(sys, "__stderr__", sys.__stdout__)  # noqa: B010  # for mypy it is final
    try:
        from menuselect.tui import preferences
        from menuselect.tui.app import MenuApp

        app = MenuApp(session, liking or preferences.load())
        return left(session, app.run() or "", app.unsaved)
    finally:
        gc.enable()


def left(session: Session, saved: str, unsaved: Unsaved) -> int:
    """Say how the menu was left, and give its exit status.

    Args:
        session: what was chosen from.
        saved: the sentence of the save, or nothing.
        unsaved: keeps what was neither saved nor thrown away.
    """
    report(session.faults, program="menuselect")
    print(unsaved.left(saved))
    return 0 if saved else NOT_SAVED
