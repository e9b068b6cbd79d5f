"""The log on standard output of a program without a console (``-f``), for containers and supervisors.

A thread that logs never waits for a reader: a line is written at once when standard output accepts it; otherwise it
waits in a bounded queue, and lines that overflow the queue are counted.
"""

from __future__ import annotations

import os
import queue
import select
import stat
import threading
import time

LINES = 2000
"""The limit of lines that wait for a slow reader."""


class LogStream:
    """A client of the command table that shows the log and sends no commands.

    Args:
        verbose: the highest level of verbose messages to show.
        muted: whether it shows nothing at first.
        handle: the descriptor to write to; it stays open.
    """

    who = "standard output"

    def __init__(self, verbose: int = 0, *, muted: bool = False, handle: int = 1) -> None:
        self.verbose = verbose
        self.muted = muted
        self.hidden: set[str] = set()
        self._handle = handle
        self._blocks = not stat.S_ISREG(os.fstat(handle).st_mode)
        self._lines: queue.Queue[bytes] = queue.Queue(LINES)
        self._writing = threading.Lock()
        self._waiting = 0
        """The number of lines in the queue and being written."""
        self._lost = 0
        self._is_gone = False
        """Whether the reader has gone."""
        self._thread: threading.Thread | None = None

    def out(self, text: str) -> None:
        """Write lines."""
        self.log(text)

    def err(self, text: str) -> None:
        """Write lines."""
        self.log(text)

    def log(self, text: str) -> None:
        """Write lines of the log, now or when standard output accepts them."""
        data = text.encode("utf-8", "surrogateescape")
        with self._writing:
            if self._is_gone:
                return
            if not self._waiting and self._takes(data):
                self._write(data)
                return
            self._queue(data)

    def _takes(self, data: bytes) -> bool:
        """Whether standard output accepts the data without waiting: poll(2) promises that for PIPE_BUF bytes."""
        if not self._blocks:
            return True
        poll = select.poll()
        poll.register(self._handle, select.POLLOUT)
        return len(data) <= select.PIPE_BUF and bool(poll.poll(0))

    def _queue(self, data: bytes) -> None:
        try:
            self._lines.put_nowait(data)
        except queue.Full:
            self._lost += 1
            return
        self._waiting += 1
        if self._thread is None:
            self._thread = threading.Thread(target=self._pour, name="log on standard output", daemon=True)
            self._thread.start()

    def _pour(self) -> None:
        """Write the queued lines at the reader's speed."""
        while True:
            data = self._lines.get()
            self._write(data)
            with self._writing:
                self._waiting -= 1
                lost, self._lost = self._lost, 0
            if lost:
                self._write(f"({lost} log lines are missing here: nobody read them in time)\n".encode())

    def _write(self, data: bytes) -> None:
        try:
            while data and not self._is_gone:
                data = data[os.write(self._handle, data) :]
        except OSError:
            self._is_gone = True

    def close(self, seconds: float) -> None:
        """Wait until the queued lines are written, at most ``seconds``."""
        deadline = time.monotonic() + seconds
        while self._waiting and not self._is_gone and time.monotonic() < deadline:
            time.sleep(0.01)
