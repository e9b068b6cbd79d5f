"""Lines of logger.conf that name the system log: ``syslog.local0 => notice,warning`` (main/syslog.c)."""

from __future__ import annotations

import syslog
from collections.abc import Callable

from asterism.values import TYPE_CHECKING
from runtime.core.message_log import Kind, Level, Record

if TYPE_CHECKING:
    from runtime.core.message_log import Logger
    from runtime.logs.logger_conf import LogChannel

PREFIX = "syslog"
"""The beginning of the name of such a line; a dot and a facility may follow."""
IDENTITY = "asterism"
"""The name of the program in the system log."""
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
"""The facilities by their names in Asterisk."""
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
"""The priorities of levels (``ast_syslog_priority_from_loglevel``); levels added by modules are notices."""

Send = Callable[[int, str], None]
"""Writes one message, with facility and priority combined."""


def names_facility(name: str) -> bool:
    """Whether the name of a line of logger.conf means the system log."""
    return name.lower() == PREFIX or name.lower().startswith(f"{PREFIX}.")


def facility_of(name: str) -> str:
    """The facility in the name of a line: ``local0`` of ``syslog.local0``."""
    return name.partition(".")[2].lower() or USUAL


def _send(priority: int, text: str) -> None:
    syslog.openlog(IDENTITY, syslog.LOG_PID)
    syslog.syslog(priority, text)


class SystemSink:
    """A destination in the system log.

    Args:
        channel: the line of logger.conf; its name names a known facility.
        logger: the logger with the common verbosity.
        formatted: returns the text of a message.
        send: writes the message.
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
        """Whether the line of logger.conf selects the message."""
        return self.channel.wants(record, self._logger.verbosity)

    def write(self, record: Record) -> None:
        """Write one message; each of its lines becomes a message, since the system log has single lines only."""
        priority = self._facility | PRIORITIES.get(record.level, syslog.LOG_NOTICE)
        for line in self._formatted(record).split("\n"):
            self._send(priority, line.replace("\0", ""))

    def reopen(self) -> None:
        """Do nothing: the C library reconnects by itself."""

    def close(self) -> None:
        """Do nothing: other sinks may still use the connection."""
