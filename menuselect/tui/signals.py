"""Handle the signals of an open menu: termination, suspension, and the return from the shell."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App  # takes half a second, and the line-by-line menu does not need it

_ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end the menu; the terminal is restored first."""


class Ended(BaseException):
    """Raised by a signal that ends the dialog."""


def attend(app: App[Any], keep: Callable[[], object]) -> None:
    """Handle signals until the end of the program's event loop.

    Args:
        app: a program that runs in this thread, the main one.
        keep: called before the program ends; later code may not run if the terminal is closed.
    """
    # After 'fg' Textual paints only changes, but the terminal has cleared the screen.
    app.app_resume_signal.subscribe(app, lambda _: app.refresh(layout=True))
    loop = asyncio.get_running_loop()

    def end() -> None:
        keep()
        app.exit(None)

    for number in _ENDING:
        loop.add_signal_handler(number, end)


class FirstSignal:
    """Raises :class:`Ended` at the first signal to end; later signals, and those after :meth:`disarm`, are ignored.

    A terminal that closes causes end of input and two signals, in any order; the changes are kept only once.
    """

    def __init__(self) -> None:
        self._is_armed = True
        for number in _ENDING:
            signal.signal(number, self._end)

    def disarm(self) -> None:
        """Ignore signals from now on, so that the code after the dialog completes."""
        self._is_armed = False

    def _end(self, _number: int, _frame: object) -> None:
        if self._is_armed:
            self._is_armed = False
            raise Ended


def stop_group() -> None:
    """Stop all processes of this job, as Ctrl-Z does at a terminal that is not in raw mode; return after ``fg``.

    Under make, the shell waits for make, which is not the process that reads the key.  The others stop first, then this
    thread before ``pthread_kill`` returns: a signal to the group might be served by another thread a moment later.
    In an orphaned process group, which no shell can resume, the kernel drops the signals, and nothing stops.
    """
    before = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        os.killpg(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)
