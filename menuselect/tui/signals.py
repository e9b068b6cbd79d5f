"""What the system tells a menu that is open: to end, and that it is back from the shell."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from textual.app import App

_ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals after which nothing is saved, and the terminal is left as it was found."""


def attend(app: App[Any]) -> None:
    """Serve signals from now until the end of the program's loop.

    Args:
        app: a program that runs in this thread, the main one.
    """
    # Textual paints only what changes after 'fg', on a screen that the terminal has emptied.
    app.app_resume_signal.subscribe(app, lambda _: app.refresh(layout=True))
    loop = asyncio.get_running_loop()
    for number in _ENDING:
        loop.add_signal_handler(number, app.exit, None)
