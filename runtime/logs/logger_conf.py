"""logger.conf: which messages go to which file and to the consoles, and in which format.

The syntax is Asterisk's: ``name => [formatter]level,level,verbose(3)`` in [logfiles], where the name ``console`` means
the consoles.  Formatters are ``default``, ``plain`` and ``json``.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterable

from asterism import numbers
from asterism.controls import escaped
from asterism.errors import Fault, Place
from asterism.files import file_fault
from asterism.names import did_you_mean
from asterism.values import dataclass, field, replace
from runtime.conf import conf_file, conf_values
from runtime.core.commands.clients import Client
from runtime.core.message_log import Kind, Level, Logger, Record
from runtime.logs import system_log
from runtime.logs.system_log import SystemSink

FILE = "logger.conf"
DATE_FORMAT = "%b %e %H:%M:%S"
"""The default time format of a line."""
ROTATIONS = ("none", "rotate", "sequential", "timestamp")
"""The strategies of ``logger rotate``: what happens to the old file.

It stays (``none``), gets a number with the newest file first (``rotate``) or last (``sequential``), or gets the seconds
since the epoch (``timestamp``).
"""

EVERY = "*"
"""The word in place of levels that means all levels, including those that modules add."""

COLORS: dict[Kind, str] = {Level.NOTICE: "33", Level.WARNING: "31;1", Level.ERROR: "31;1", Level.DEBUG: "32"}
"""Terminal colours of the level names, as parameters of an SGR sequence."""


@dataclass(frozen=True, slots=True)
class LogChannel:
    """A line of [logfiles]."""

    name: str
    levels: frozenset[Level]
    verbosity: int | None = None
    """The highest verbosity to write; None means the common level."""
    formatter: str = "default"
    added: frozenset[str] = frozenset()
    """Names, in capitals, of levels that modules can add, now or later; or :data:`EVERY`."""
    place: Place | None = None
    """The place of the line; None for a default."""
    is_dynamic: bool = False
    """Whether ``logger add channel`` added the channel."""

    def names(self, level: Kind) -> bool:
        """Whether the channel takes messages of this level."""
        if isinstance(level, Level):
            return level in self.levels
        return not self.added.isdisjoint((level.name, EVERY))

    def wants(self, record: Record, verbose: int) -> bool:
        """Whether the channel takes a message; ``verbose`` is the common level."""
        if not self.names(record.level):
            return False
        limit = verbose if self.verbosity is None else self.verbosity
        return record.level is not Level.VERBOSE or record.verbosity <= limit


CONSOLE = LogChannel("console", frozenset({Level.NOTICE, Level.WARNING, Level.ERROR, Level.VERBOSE, Level.DEBUG}))
"""The channel of the consoles when logger.conf has none."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The content of logger.conf."""

    console: LogChannel = CONSOLE
    files: tuple[LogChannel, ...] = ()
    date_format: str = DATE_FORMAT
    rotation: str = "sequential"
    warnings: tuple[Fault, ...] = ()


def read(parsed: conf_values.Config) -> LogSettings:
    """Interpret a logger.conf; faults become warnings, and the valid rest applies."""
    general = parsed.section("general") or conf_values.Section("general", parsed.file, 0)
    warnings = list(parsed.warnings)
    variables = [one for one in parsed.variables("logfiles") if _has_facility(one, warnings)]
    channels = [_channel(variable, warnings) for variable in variables]
    console = next((channel for channel in channels if channel.name == "console"), None)
    return LogSettings(
        console=console or (CONSOLE if not channels else LogChannel("console", frozenset())),
        files=tuple(channel for channel in channels if channel.name != "console"),
        date_format=general.get("dateformat", DATE_FORMAT).replace("\0", ""),  # a NUL would end the format in C
        rotation=_rotation(general, warnings),
        warnings=tuple(warnings),
    )


def _rotation(general: conf_values.Section, warnings: list[Fault]) -> str:
    variable = general.find("rotatestrategy")
    if variable is None or variable.value.lower() in ROTATIONS:
        return variable.value.lower() if variable else "sequential"
    cure = f"the strategies are {', '.join(ROTATIONS)}"
    warnings.append(Fault(f"unknown strategy '{variable.value}'", variable.place, cure=cure, severity="warning"))
    return "sequential"


def _has_facility(variable: conf_values.Variable, warnings: list[Fault]) -> bool:
    """Whether a line names a file or a known facility of the system log; an unknown one becomes a warning."""
    if not system_log.names_facility(variable.name):
        return True
    facility = system_log.facility_of(variable.name)
    if facility not in system_log.FACILITIES:
        warnings.append(_unknown("facility of the system's log", facility, variable.name_place, system_log.FACILITIES))
    return facility in system_log.FACILITIES


def _channel(variable: conf_values.Variable, warnings: list[Fault]) -> LogChannel:
    formatter, text = "default", variable.value
    if text.startswith("["):
        formatter, _, text = text[1:].partition("]")
        formatter = formatter.strip().lower()
    if formatter not in FORMATTERS:
        warnings.append(_unknown("formatter", formatter, variable.place, FORMATTERS))
        formatter = "default"
    names: set[str] = set()
    verbosity: int | None = None
    for word in filter(None, (piece.strip().lower() for piece in text.split(","))):
        name, _, number = word.rstrip(")").partition("(")
        names.add(name.strip().upper())
        if name.strip() == "verbose":
            verbosity = numbers.number(number) if number.strip() else verbosity
    levels = frozenset(level for level in Level if level.name in names or EVERY in names)
    return LogChannel(
        variable.name, levels, verbosity, formatter, frozenset(names - {*Level.__members__}), variable.place
    )


def _unknown(kind: str, name: str, place: Place | None, known: Iterable[str], others: str = "") -> Fault:
    names = list(known)
    cure = did_you_mean(name, names) or f"there are {', '.join(names)}{others}"
    return Fault(f"unknown {kind} '{name}'", place, cure=cure, code="logger", severity="warning")


# ---- forms of a line -----------------------------------------------------------------------------


def _head(record: Record, stamp: str) -> str:
    call = f"[C-{record.call:08x}]" if record.call else ""
    origin = record.origin
    return f"[{stamp}] {escaped(record.level.name)}[{record.thread}]{call}{f' {origin}' if origin else ''}"


def _default(record: Record, stamp: str) -> str:
    return f"{_head(record, stamp)}: {record.prefixed}"


def _plain(record: Record, stamp: str) -> str:
    return f"{_head(record, stamp)}: {record.shown}"


def _json(record: Record, stamp: str) -> str:
    data: dict[str, object] = {
        "timestamp": stamp,
        "level": record.level.name,
        "thread": record.thread,
        "location": {"file": record.file, "line": record.line, "function": record.function},
        "message": record.text,
    }
    if record.call:
        data["call"] = f"C-{record.call:08x}"
    return json.dumps(data, ensure_ascii=True)


FORMATTERS: dict[str, Callable[[Record, str], str]] = {"default": _default, "plain": _plain, "json": _json}


def stamp_of(record: Record, date_format: str) -> str:
    """A record's time; ``%3q`` and the like give fractions of a second, as in Asterisk."""
    parts = []
    fraction = f"{record.time % 1:.6f}"[2:]
    for index, piece in enumerate(_around_fractions(date_format)):
        parts.append(fraction[: int(piece or 6)] if index % 2 else piece)
    return time.strftime("".join(parts), time.localtime(record.time))


def _around_fractions(text: str) -> list[str]:
    return re.split(r"%([1-6]?)q", text)


# ---- sinks -----------------------------------------------------------------------------------------


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
        self._append(_json(record, stamp) if is_json else f"[{stamp}] {self._head}")

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


@dataclass(slots=True)
class Logs:
    """The log files of a running program."""

    logger: Logger
    directory: str
    settings: LogSettings = field(default_factory=LogSettings)
    sinks: list[FileSink | SystemSink] = field(default_factory=list)
    steady: threading.Lock = field(default_factory=threading.Lock)
    """Held while files are opened or closed, and by callers that need :meth:`descriptors` to stay unchanged."""
    head: str = ""
    """The text written each time a file is opened: the name of the program."""

    def configure(self, settings: LogSettings) -> list[Fault]:
        """Close the open files and open those of ``settings``.  Returns the faults of files that cannot be opened."""
        with self.steady:
            for sink in self.sinks:
                self.logger.detach(sink)
                sink.close()
            self.sinks.clear()
            self.settings = settings
            return [fault for channel in settings.files for fault in self._open(channel)]

    def unknown_levels(self, *channels: LogChannel) -> list[Fault]:
        """A fault for each unknown level in some channels, by default in all.

        Call this after the modules are loaded: until then, a module may still add the level.
        """
        known = self.logger.kinds()
        lower = [name.lower() for name in known]
        others = "; the module that adds another must be loaded"
        return [
            _unknown("level", name.lower(), channel.place, lower, others)
            for channel in channels or (self.settings.console, *self.settings.files)
            for name in sorted(channel.added - {EVERY, *known})
        ]

    def _open(self, channel: LogChannel) -> list[Fault]:
        path = os.path.join(self.directory, channel.name)
        try:
            sink = self._sink(channel, path)
        except OSError as error:
            return [file_fault(path, error, "open")]
        self.sinks.append(sink)
        self.logger.attach(sink)
        return []

    def _sink(self, channel: LogChannel, path: str) -> FileSink | SystemSink:
        date_format = self.settings.date_format
        if not system_log.names_facility(channel.name):
            return FileSink(channel, path, self.logger, date_format, self.head)
        formatter = FORMATTERS[channel.formatter]
        return SystemSink(channel, self.logger, lambda record: formatter(record, stamp_of(record, date_format)))

    def add(self, name: str, text: str) -> list[Fault]:
        """Add a log file until the settings are read again.  Returns the faults; empty on success.

        Args:
            name: a file in the log directory, or ``syslog.FACILITY``.
            text: the levels, as in logger.conf: ``[json]notice,verbose(3)``.
        """
        variable = conf_values.Variable(name, text, "logger add channel", 0, 0, False, "")
        unknown: list[Fault] = []
        if not _has_facility(variable, unknown):
            return unknown
        if "/" in name or name in ("", "..", ".", "console"):
            return [Fault(f"'{name}' cannot be a log file", cure="give the name of a file, not a path", code="logger")]
        if any(sink.channel.name == name for sink in self.sinks):
            return [Fault(f"'{name}' is logged into already", cure="'logger show channels' lists them", code="logger")]
        faults: list[Fault] = []
        channel = replace(_channel(variable, faults), is_dynamic=True)
        with self.steady:
            faults = faults or self.unknown_levels(channel) or self._open(channel)
        if not faults:
            self.settings = replace(self.settings, files=(*self.settings.files, channel))
        return faults

    def remove(self, name: str) -> bool:
        """Remove a log file that :meth:`add` added.  Returns False when there is none of the name."""
        sink = next((sink for sink in self.sinks if sink.channel.name == name and sink.channel.is_dynamic), None)
        if sink is None:
            return False
        self.logger.detach(sink)
        with self.steady:
            sink.close()
            self.sinks.remove(sink)
        files = tuple(channel for channel in self.settings.files if channel is not sink.channel)
        self.settings = replace(self.settings, files=files)
        return True

    def descriptors(self) -> dict[int, tuple[FileSink, int]]:
        """The open log files by descriptor, each with how often it was opened."""
        found = [sink for sink in self.sinks if isinstance(sink, FileSink)]
        return {sink.descriptor: (sink, sink.opened) for sink in found if sink.descriptor >= 0}

    def reopen(self) -> None:
        """Open every file again, after another program has renamed it."""
        with self.steady:
            for sink in self.sinks:
                with contextlib.suppress(OSError):  # the sink stays attached, and its next failing write is reported
                    sink.reopen()

    def rotate(self) -> list[Fault]:
        """Rename the old files as ``rotatestrategy`` says and open new ones.  Returns the faults."""
        faults = []
        with self.steady:
            for sink in self.sinks:
                if not isinstance(sink, FileSink):
                    continue
                try:
                    _ROTATE[self.settings.rotation](sink.path)
                    sink.reopen()
                except OSError as error:
                    faults.append(file_fault(sink.path, error, "rotate"))
        return faults


def _numbers(path: str) -> list[int]:
    directory, base = os.path.split(path)
    names = [name[len(base) + 1 :] for name in os.listdir(directory) if name.startswith(f"{base}.")]
    return sorted(number for number in map(numbers.number, names) if number is not None)


def _sequential(path: str) -> None:
    os.replace(path, f"{path}.{max(_numbers(path), default=-1) + 1}")


def _newest_first(path: str) -> None:
    for number in reversed(_numbers(path)):
        os.replace(f"{path}.{number}", f"{path}.{number + 1}")
    os.replace(path, f"{path}.0")


def _keep(_path: str) -> None:
    """Leave the old file: another program renames it."""


def _stamped(path: str) -> None:
    stamp = int(time.time())
    while os.path.exists(f"{path}.{stamp}"):  # a second rotation in one second
        stamp += 1
    os.replace(path, f"{path}.{stamp}")


_ROTATE = {"none": _keep, "rotate": _newest_first, "sequential": _sequential, "timestamp": _stamped}


def load(path: str, *, exec_: bool = False) -> LogSettings:
    """Read logger.conf; without the file, consoles show the default levels and there are no log files.

    Raises:
        AsterismError: the file exists and is invalid.
    """
    if not os.path.lexists(path):
        return LogSettings()
    return read(conf_file.load(path, exec_=exec_))
