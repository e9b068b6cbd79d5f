"""The watchdog: logs a warning when a module's callback keeps the program waiting."""

from __future__ import annotations

import threading
import time

from runtime.core.journal import Journal, RunningCallback
from runtime.core.message_log import Logger


class Watchdog:
    """Watches the running callbacks, in a thread that sleeps while there are none.

    Args:
        journal: knows the running callbacks.
        logger: receives the warnings.
        limit: seconds that a callback may take; a warning comes then, and again each time the elapsed time has doubled.
    """

    def __init__(self, journal: Journal, logger: Logger, limit: float) -> None:
        self._journal = journal
        self._logger = logger
        self._limit = limit
        self._ended = threading.Event()

    def start(self) -> None:
        """Start the thread."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Stop watching, at the next look."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(min(1.0, self._limit / 4)):
            self._journal.busy.wait()
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Warn about callbacks that have run for too long at ``now``, a time of the monotonic clock in seconds."""
        for entry in self._journal.running():
            passed = now - entry.since
            if not entry.patient and passed >= self._limit * 2**entry.told:
                entry.told += 1
                self._logger.warning(_told(entry, passed))


def _told(entry: RunningCallback, passed: float) -> str:
    return (
        f"module {entry.module} has been in {entry.callback} for {passed:.0f} seconds; "
        "whatever waits for it waits as long"
    )
