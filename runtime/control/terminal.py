"""The terminal of a console: one place that writes on it, whatever line is being typed below.

While a prompt is open, what is written goes above it: the prompt's event loop takes the line away, writes, and
draws it again.  Otherwise it goes straight out.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def wants_color() -> bool:
    """Whether standard output is a terminal that shows colours, and nobody said NO_COLOR."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


class Screen:
    """A client of the command table that is a terminal, or whatever standard output is."""

    who = "the console"

    def __init__(self, verbose: int = 0, *, muted: bool = False) -> None:
        self.verbose = verbose
        self.muted = muted
        self.hidden: set[str] = set()
        self.lost: OSError | None = None
        """Why standard output takes no more, once that has happened."""
        self._writing = threading.Lock()
        self._above: Callable[[], None] | None = None
        self._pending: list[str] = []

    def out(self, text: str) -> None:
        """Show output."""
        with self._writing:
            if self._above is None:
                self._write(text)
                return
            self._pending.append(text)
            above = self._above
        above()

    def err(self, text: str) -> None:
        """Show a reason: on standard error, unless that is the same terminal."""
        if self._above is not None or (sys.stdout.isatty() and sys.stderr.isatty()):
            self.out(text)
        else:
            _write(2, text)

    def log(self, text: str) -> None:
        """Show lines of the log."""
        self.out(text)

    def open_prompt(self, above: Callable[[], None]) -> None:
        """From now on a prompt is open: ``above`` has :meth:`flush` called with the prompt's line taken away."""
        with self._writing:
            self._above = above

    def close_prompt(self) -> None:
        """The prompt is closed."""
        with self._writing:
            self._above = None
        self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            text, self._pending = "".join(self._pending), []
            self._write(text)

    def _write(self, text: str) -> None:
        self.lost = _write(1, text) or self.lost


def _write(handle: int, text: str) -> OSError | None:
    """Write, or tell why that is not possible: a console whose terminal has gone; the program may have other users."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        while data:
            data = data[os.write(handle, data) :]
    except OSError as error:
        return error
    return None
