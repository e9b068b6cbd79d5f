"""The bounded queue of events for one session: filled by any thread, emptied by the session's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from runtime.core.events import Event

MOST_TEXT = 4 << 20
"""The limit of queued characters.  A session that exceeds it has stopped reading."""


class Pending:
    """A queue of events."""

    def __init__(self, most: int = MOST_TEXT) -> None:
        self._most = most
        self._events: list[Event] = []
        self._size = 0
        self._changed = threading.Condition(threading.Lock())
        self._is_told = False
        self.is_full = False
        """Whether the queue has overflowed; then it accepts no more events."""

    def put(self, event: Event) -> bool:
        """Add an event.  Returns whether the session must be notified."""
        with self._changed:
            if self.is_full:
                return False
            self._size += len(event.text)
            if self._size > self._most:
                self.is_full = True
                self._events.clear()
            else:
                self._events.append(event)
            self._changed.notify_all()
            tell = self.is_full or not self._is_told
            self._is_told = True
            return tell

    def take(self) -> list[Event]:
        """Take all queued events, in order."""
        with self._changed:
            taken, self._events = self._events, []
            self._size = 0
            self._is_told = False
            return taken

    def __len__(self) -> int:
        return len(self._events)

    @property
    def size(self) -> int:
        """The number of queued characters."""
        return self._size

    def wait(self, seconds: float | None, over: Callable[[], bool]) -> None:
        """Wait for an event, at most ``seconds`` (None: for ever), or until ``over`` holds after a :meth:`disturb`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not (self._events or self.is_full or over()):
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return
                self._changed.wait(left)

    def disturb(self) -> None:
        """Make waiting threads check again whether they are to end."""
        with self._changed:
            self._changed.notify_all()
