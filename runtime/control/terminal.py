"""The terminal of a console, written to in one place while a line may be typed below.

While a prompt is open, output goes above it: the prompt's event loop erases the line, writes, and draws the line again.
Otherwise output is written directly.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from asterism.terminal import columns


def wants_color() -> bool:
    """Whether standard output is a terminal that shows colours, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


class Screen:
    """The client of the command table that writes to standard output, usually a terminal."""

    who = "the console"

    def __init__(self, verbose: int = 0, *, muted: bool = False) -> None:
        self.verbose = verbose
        self.muted = muted
        self.hidden: set[str] = set()
        self.lost: OSError | None = None
        """The error after which standard output accepts no more output; None before."""
        self._writing = threading.Lock()
        self._above: Callable[[], None] | None = None
        self._pending: list[str] = []

    def out(self, text: str) -> None:
        """Show output, with lines that are too long for the terminal broken at blanks."""
        self._show(columns.fitted(text, sys.stdout))

    def _show(self, text: str) -> None:
        with self._writing:
            if self._above is None:
                self._write(text)
                return
            self._pending.append(text)
            above = self._above
        above()

    def err(self, text: str) -> None:
        """Show the reason of a failure: on standard error, unless that is the same terminal."""
        if self._above is not None or (sys.stdout.isatty() and sys.stderr.isatty()):
            self.out(text)
        else:
            _write(2, text)

    def log(self, text: str) -> None:
        """Show lines of the log."""
        self._show(text)

    def open_prompt(self, above: Callable[[], None]) -> None:
        """Enter prompt mode: ``above`` makes the prompt's event loop call :meth:`flush` while its line is erased."""
        with self._writing:
            self._above = above

    def close_prompt(self) -> None:
        """Leave prompt mode, and write the pending output."""
        with self._writing:
            self._above = None
        self.flush()

    def flush(self) -> None:
        """Write the pending output."""
        with self._writing:
            text, self._pending = "".join(self._pending), []
            self._write(text)

    def _write(self, text: str) -> None:
        self.lost = _write(1, text) or self.lost


def _write(handle: int, text: str) -> OSError | None:
    """Write a text.  Returns the error when that fails: the terminal may have gone, and the program goes on."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        while data:
            data = data[os.write(handle, data) :]
    except OSError as error:
        return error
    return None
