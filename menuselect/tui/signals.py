"""What the system tells a menu that is open: to end, to stop, and that it is back from the shell."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App  # half a second, which the menu line by line does not pay for

_ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals after which the terminal is left as it was found."""


class Ended(BaseException):
    """A signal has ended the conversation."""


def attend(app: App[Any], keep: Callable[[], object]) -> None:
    """Serve signals from now until the end of the program's loop.

    Args:
        app: a program that runs in this thread, the main one.
        keep: called before the program ends; with the terminal gone, what comes later may not be reached.
    """
    # Textual paints only what changes after 'fg', on a screen that the terminal has emptied.
    app.app_resume_signal.subscribe(app, lambda _: app.refresh(layout=True))
    loop = asyncio.get_running_loop()

    def end() -> None:
        keep()
        app.exit(None)

    for number in _ENDING:
        loop.add_signal_handler(number, end)


class FirstSignal:
    """Raises :class:`Ended` at the first signal to end; later ones, and those after :meth:`disarm`, are not heeded.

    A terminal that goes away is the end of input and two signals, in any order: the choice is kept once, undisturbed.
    """

    def __init__(self) -> None:
        self._is_armed = True
        for number in _ENDING:
            signal.signal(number, self._end)

    def disarm(self) -> None:
        """Let what comes after the conversation come to its end."""
        self._is_armed = False

    def _end(self, _number: int, _frame: object) -> None:
        if self._is_armed:
            self._is_armed = False
            raise Ended


def stop_group() -> None:
    """Stop all processes of this job, as Ctrl-Z does at a terminal that is not in raw mode; return after ``fg``.

    Under make, the shell waits for make, which is not the process that reads the key.  The others stop first, then this
    thread before ``pthread_kill`` returns: a signal to the group might be served by another thread a moment later.
    Where nobody could say ``fg`` (an orphaned process group), the kernel drops the signals, and nothing stops.
    """
    before = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        os.killpg(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)
