"""Where log lines go: a file, or the console."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable

from runtime.core.commands.clients import Client
from runtime.core.message_log import Kind, Level, Logger, Record
from runtime.logs.log_forms import FORMATTERS, json_line, stamp_of
from runtime.logs.logger_conf import COLORS, LogChannel, LogSettings


class FileSink:
    """A log file.

    Args:
        channel: its line of logger.conf.
        path: the file.
        logger: the logger with the common verbosity.
        date_format: the format of times.
        head: the text written each time the file is opened; empty for none.
    """

    def __init__(self, channel: LogChannel, path: str, logger: Logger, date_format: str, head: str = "") -> None:
        self.channel = channel
        self.path = path
        self._logger = logger
        self._date_format = date_format
        self._head = head
        self._handle = -1
        self.opened = 0
        """How often the file was opened: distinguishes files that had the same descriptor."""
        self._is_torn = False
        """Whether the file ends with an incomplete line, because the disk was full."""
        self.reopen()

    def __str__(self) -> str:
        return self.path

    def reopen(self) -> None:
        """Close the file and open it again by its name, which may be another file by now.  Raises ``OSError``."""
        self.close()
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._is_torn = _is_torn(self.path)
        self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o640)
        self.opened += 1
        os.set_blocking(self._handle, True)  # only opening a FIFO without a reader must not block the start
        if self._head:
            self._begin()

    def _begin(self) -> None:
        """Write the head, which names the program, as Asterisk does."""
        record = Record(Level.NOTICE, self._head, time=time.time(), thread=threading.get_native_id())
        is_json = self.channel.formatter == "json"
        stamp = stamp_of(record, self._date_format)
        self._append(json_line(record, stamp) if is_json else f"[{stamp}] {self._head}")

    @property
    def descriptor(self) -> int:
        """The descriptor of the file, or -1 when it is closed."""
        return self._handle

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def wants(self, record: Record) -> bool:
        """Whether the file's line of logger.conf selects the message."""
        return self.channel.wants(record, self._logger.verbosity)

    def write(self, record: Record) -> None:
        """Append one line in a single write, so that lines of several threads do not mix."""
        self._append(FORMATTERS[self.channel.formatter](record, stamp_of(record, self._date_format)))

    def _append(self, line: str) -> None:
        begin = "\n" if self._is_torn else ""
        data = f"{begin}{line}\n".encode("utf-8", "surrogateescape")
        written = os.write(self._handle, data)
        self._is_torn = written < len(data)
        if self._is_torn:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.path)


def _is_torn(path: str) -> bool:
    """Whether a file ends with an incomplete line, as after a full disk."""
    if not os.path.isfile(path) or not os.path.getsize(path):
        return False
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False


class ConsoleSink:
    """The log on a client's console."""

    def __init__(
        self, client: Client, settings: Callable[[], LogSettings], *, color: bool = False, stamps: bool = False
    ):
        self.client = client
        self._settings = settings
        self._color = color
        self._stamps = stamps

    @property
    def verbose(self) -> int:
        """The verbosity that the client shows."""
        return self.client.verbose

    def wants(self, record: Record) -> bool:
        """Whether consoles show the message's level, and this client its verbosity."""
        if self.client.muted or record.level.name in self.client.hidden:
            return False
        return self._settings().console.wants(record, self.client.verbose)

    def write(self, record: Record) -> None:
        """Show one message; verbose messages without time and origin, others with them."""
        settings = self._settings()
        if record.level is Level.VERBOSE:
            stamp = f"[{stamp_of(record, settings.date_format)}] " if self._stamps else ""
            self.client.log(f"{stamp}{record.prefixed}\n")
            return
        line = FORMATTERS[settings.console.formatter](record, stamp_of(record, settings.date_format))
        self.client.log(f"{self._colored(line, record.level)}\n")

    def _colored(self, line: str, level: Kind) -> str:
        color = COLORS.get(level, "") if self._color else ""
        return line.replace(level.name, f"\033[{color}m{level.name}\033[0m", 1) if color else line
