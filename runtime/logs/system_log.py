"""Lines of logger.conf that name the system's log: ``syslog.local0 => notice,warning`` (main/syslog.c)."""

from __future__ import annotations

import syslog
from collections.abc import Callable
from typing import TYPE_CHECKING

from runtime.core.message_log import Kind, Level, Record

if TYPE_CHECKING:
    from runtime.core.message_log import Logger
    from runtime.logs.logger_conf import LogChannel

PREFIX = "syslog"
"""What the name of such a line begins with; a facility follows behind a dot."""
IDENTITY = "asterism"
"""The name of the program in the system's log."""
USUAL = "local0"
"""The facility of a line that names none."""
FACILITIES = {
    **{f"local{number}": getattr(syslog, f"LOG_LOCAL{number}") for number in range(8)},
    "user": syslog.LOG_USER,
    "kern": syslog.LOG_KERN,
    "mail": syslog.LOG_MAIL,
    "daemon": syslog.LOG_DAEMON,
    "auth": syslog.LOG_AUTH,
    "security": syslog.LOG_AUTH,
    "syslog": syslog.LOG_SYSLOG,
    "lpr": syslog.LOG_LPR,
    "news": syslog.LOG_NEWS,
    "uucp": syslog.LOG_UUCP,
    "cron": syslog.LOG_CRON,
    **({"authpriv": syslog.LOG_AUTHPRIV} if hasattr(syslog, "LOG_AUTHPRIV") else {}),
}
"""Facilities by the names that Asterisk knows."""
PRIORITIES: dict[Kind, int] = {
    Level.DEBUG: syslog.LOG_DEBUG,
    Level.TRACE: syslog.LOG_INFO,
    Level.NOTICE: syslog.LOG_NOTICE,
    Level.WARNING: syslog.LOG_WARNING,
    Level.ERROR: syslog.LOG_ERR,
    Level.VERBOSE: syslog.LOG_DEBUG,
    Level.DTMF: syslog.LOG_DEBUG,
    Level.CC: syslog.LOG_NOTICE,
}
"""Priorities of the levels (``ast_syslog_priority_from_loglevel``); those that modules add are notices."""

Send = Callable[[int, str], None]
"""Writes one message with its facility and priority."""


def names_facility(name: str) -> bool:
    """Whether the name of a line of logger.conf means the system's log."""
    return name.lower() == PREFIX or name.lower().startswith(f"{PREFIX}.")


def facility_of(name: str) -> str:
    """The facility that such a name says: ``local0`` of ``syslog.local0``."""
    return name.partition(".")[2].lower() or USUAL


def _send(priority: int, text: str) -> None:
    syslog.openlog(IDENTITY, syslog.LOG_PID)
    syslog.syslog(priority, text)


class SystemSink:
    """The system's log.

    Args:
        channel: the line of logger.conf; its name names a known facility.
        logger: whose common verbosity counts.
        formatted: makes the text of a message.
        send: writes it.
    """

    def __init__(
        self, channel: LogChannel, logger: Logger, formatted: Callable[[Record], str], send: Send = _send
    ) -> None:
        self.channel = channel
        self._logger = logger
        self._formatted = formatted
        self._send = send
        self._facility = FACILITIES[facility_of(channel.name)]

    def __str__(self) -> str:
        return self.channel.name

    def wants(self, record: Record) -> bool:
        """Whether the line of logger.conf names this kind of message."""
        return self.channel.wants(record, self._logger.verbosity)

    def write(self, record: Record) -> None:
        """Write one message; each of its lines is a message of its own there, since the system's log has no other."""
        priority = self._facility | PRIORITIES.get(record.level, syslog.LOG_NOTICE)
        for line in self._formatted(record).split("\n"):
            self._send(priority, line.replace("\0", ""))

    def reopen(self) -> None:
        """Do nothing: the C library connects again by itself."""

    def close(self) -> None:
        """Do nothing: other lines may go on."""
