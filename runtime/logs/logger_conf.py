"""logger.conf: which messages go to which file and to the console, and in which form.

The syntax is Asterisk's: ``name => [formatter]level,level,verbose(3)`` in [logfiles], where the name
``console`` means the consoles.  Formatters are ``default``, ``plain`` and ``json``.
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
from runtime.conf import conf_file
from runtime.core.commands import Client
from runtime.core.message_log import Kind, Level, Logger, Record
from runtime.logs import system_log
from runtime.logs.system_log import SystemSink

FILE = "logger.conf"
DATE_FORMAT = "%b %e %H:%M:%S"
"""The usual stamp of a line."""
ROTATIONS = ("none", "rotate", "sequential", "timestamp")
"""What ``logger rotate`` does with the old file: nothing; number it from .0 upwards, the newest first or last; put the
seconds since the epoch behind its name."""

EVERY = "*"
"""In the place of levels: all, and those that modules add."""

COLORS: dict[Kind, str] = {Level.NOTICE: "33", Level.WARNING: "31;1", Level.ERROR: "31;1", Level.DEBUG: "32"}
"""Terminal colours of the levels' names, as numbers of an SGR sequence."""


@dataclass(frozen=True, slots=True)
class LogChannel:
    """One line of [logfiles]."""

    name: str
    levels: frozenset[Level]
    verbosity: int | None = None
    """Of verbose messages; None takes those up to the common level."""
    formatter: str = "default"
    added: frozenset[str] = frozenset()
    """Names, in capitals, of levels that a module can add, now or later; or :data:`EVERY`."""
    place: Place | None = None
    """Where that was said; None of what is so by itself."""
    is_dynamic: bool = False
    """Whether ``logger add channel`` added it."""

    def names(self, level: Kind) -> bool:
        """Whether it takes messages of this level."""
        if isinstance(level, Level):
            return level in self.levels
        return not self.added.isdisjoint((level.name, EVERY))

    def wants(self, record: Record, verbose: int) -> bool:
        """Whether it takes a message, when ``verbose`` is the common level."""
        if not self.names(record.level):
            return False
        limit = verbose if self.verbosity is None else self.verbosity
        return record.level is not Level.VERBOSE or record.verbosity <= limit


CONSOLE = LogChannel("console", frozenset({Level.NOTICE, Level.WARNING, Level.ERROR, Level.VERBOSE, Level.DEBUG}))
"""What consoles show when logger.conf does not say."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """All of logger.conf."""

    console: LogChannel = CONSOLE
    files: tuple[LogChannel, ...] = ()
    date_format: str = DATE_FORMAT
    rotation: str = "sequential"
    warnings: tuple[Fault, ...] = ()


def read(parsed: conf_file.Config) -> LogSettings:
    """Understand a logger.conf; what it says wrong is among the warnings, and the rest counts."""
    general = parsed.section("general") or conf_file.Section("general", parsed.file, 0)
    warnings = list(parsed.warnings)
    variables = [one for one in parsed.variables("logfiles") if _has_facility(one, warnings)]
    channels = [_channel(variable, warnings) for variable in variables]
    console = next((channel for channel in channels if channel.name == "console"), None)
    return LogSettings(
        console=console or (CONSOLE if not channels else LogChannel("console", frozenset())),
        files=tuple(channel for channel in channels if channel.name != "console"),
        date_format=general.get("dateformat", DATE_FORMAT).replace("\0", ""),  # which would end it in C
        rotation=_rotation(general, warnings),
        warnings=tuple(warnings),
    )


def _rotation(general: conf_file.Section, warnings: list[Fault]) -> str:
    variable = general.find("rotatestrategy")
    if variable is None or variable.value.lower() in ROTATIONS:
        return variable.value.lower() if variable else "sequential"
    cure = f"the strategies are {', '.join(ROTATIONS)}"
    warnings.append(Fault(f"unknown strategy '{variable.value}'", variable.place, cure=cure, severity="warning"))
    return "sequential"


def _has_facility(variable: conf_file.Variable, warnings: list[Fault]) -> bool:
    """Whether a line names a file, or a facility of the system's log that there is."""
    if not system_log.names_facility(variable.name):
        return True
    facility = system_log.facility_of(variable.name)
    if facility not in system_log.FACILITIES:
        warnings.append(_unknown("facility of the system's log", facility, variable.name_place, system_log.FACILITIES))
    return facility in system_log.FACILITIES


def _channel(variable: conf_file.Variable, warnings: list[Fault]) -> LogChannel:
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
    """A record's time; ``%3q`` and the like give parts of a second, as in Asterisk."""
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
        logger: whose common verbosity counts.
        date_format: of the stamps.
        head: what the file says each time it is opened; empty for nothing.
    """

    def __init__(self, channel: LogChannel, path: str, logger: Logger, date_format: str, head: str = "") -> None:
        self.channel = channel
        self.path = path
        self._logger = logger
        self._date_format = date_format
        self._head = head
        self._handle = -1
        self.opened = 0
        """How often the file was opened: files of one descriptor are told apart by it."""
        self._is_torn = False
        """Whether the file ends in the middle of a line, for which there was no room."""
        self.reopen()

    def __str__(self) -> str:
        return self.path

    def reopen(self) -> None:
        """Close the file and open it by its name, which may be another file by now.  Raises ``OSError``."""
        self.close()
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._is_torn = _is_torn(self.path)
        self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o640)
        self.opened += 1
        os.set_blocking(self._handle, True)  # only a FIFO that nobody reads must not keep the start waiting
        if self._head:
            self._begin()

    def _begin(self) -> None:
        """Say which program writes from here on, as Asterisk does at the head of its files."""
        record = Record(Level.NOTICE, self._head, time=time.time(), thread=threading.get_native_id())
        is_json = self.channel.formatter == "json"
        stamp = stamp_of(record, self._date_format)
        self._append(_json(record, stamp) if is_json else f"[{stamp}] {self._head}")

    @property
    def descriptor(self) -> int:
        """The descriptor of the file, or -1 when it is not open."""
        return self._handle

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def wants(self, record: Record) -> bool:
        """Whether the file's line of logger.conf names this kind of message."""
        return self.channel.wants(record, self._logger.verbosity)

    def write(self, record: Record) -> None:
        """Append one line; the write is a single one, so that lines of several threads do not mix."""
        self._append(FORMATTERS[self.channel.formatter](record, stamp_of(record, self._date_format)))

    def _append(self, line: str) -> None:
        begin = "\n" if self._is_torn else ""
        data = f"{begin}{line}\n".encode("utf-8", "surrogateescape")
        written = os.write(self._handle, data)
        self._is_torn = written < len(data)
        if self._is_torn:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.path)


def _is_torn(path: str) -> bool:
    """Whether a file ends in the middle of a line, as one that a full disk has cut does."""
    if not os.path.isfile(path) or not os.path.getsize(path):
        return False
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False


class ConsoleSink:
    """The log as a client sees it."""

    def __init__(
        self, client: Client, settings: Callable[[], LogSettings], *, color: bool = False, stamps: bool = False
    ):
        self.client = client
        self._settings = settings
        self._color = color
        self._stamps = stamps

    @property
    def verbose(self) -> int:
        """The verbosity the client shows."""
        return self.client.verbose

    def wants(self, record: Record) -> bool:
        """Whether consoles show this kind of message, and this client its verbosity."""
        if self.client.muted or record.level.name in self.client.hidden:
            return False
        return self._settings().console.wants(record, self.client.verbose)

    def write(self, record: Record) -> None:
        """Show one message; verbose ones stand by themselves, the others carry time and origin."""
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
    """Held while files are opened or closed, and by whoever needs :meth:`descriptors` to stay as they are meanwhile."""
    head: str = ""
    """What a file says each time it is opened: which program writes."""

    def configure(self, settings: LogSettings) -> list[Fault]:
        """Close what is open and open what ``settings`` names; returns what could not be opened."""
        with self.steady:
            for sink in self.sinks:
                self.logger.detach(sink)
                sink.close()
            self.sinks.clear()
            self.settings = settings
            return [fault for channel in settings.files for fault in self._open(channel)]

    def unknown_levels(self, *channels: LogChannel) -> list[Fault]:
        """A fault for each level that a line names and nobody has added, in all lines when none are given.

        Known once the modules are loaded: until then, one of them may add it.
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
        """Log into one more file, until the settings are read again; returns what is wrong with that.

        Args:
            name: a file in the log directory, or ``syslog.FACILITY``.
            text: what goes there, as in logger.conf: ``[json]notice,verbose(3)``.
        """
        variable = conf_file.Variable(name, text, "logger add channel", 0, 0, False, "")
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
        """Stop logging into what :meth:`add` added; False when there is no such thing."""
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
        """The log files that are open by their descriptors, each with how often it was opened."""
        found = [sink for sink in self.sinks if isinstance(sink, FileSink)]
        return {sink.descriptor: (sink, sink.opened) for sink in found if sink.descriptor >= 0}

    def reopen(self) -> None:
        """Open every file anew, after something else has renamed it."""
        with self.steady:
            for sink in self.sinks:
                with contextlib.suppress(OSError):  # it goes on being attached, and says so when it cannot write
                    sink.reopen()

    def rotate(self) -> list[Fault]:
        """Number the old files as ``rotatestrategy`` says and begin new ones; returns what could not be rotated."""
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
    """The file is reopened and nothing else: somebody renames it from outside."""


def _stamped(path: str) -> None:
    stamp = int(time.time())
    while os.path.exists(f"{path}.{stamp}"):  # twice in a second
        stamp += 1
    os.replace(path, f"{path}.{stamp}")


_ROTATE = {"none": _keep, "rotate": _newest_first, "sequential": _sequential, "timestamp": _stamped}


def load(path: str, *, exec_: bool = False) -> LogSettings:
    """Read logger.conf; when there is none, consoles show the usual and there are no files.

    Raises:
        AsterismError: it is there and cannot be understood.
    """
    if not os.path.lexists(path):
        return LogSettings()
    return read(conf_file.load(path, exec_=exec_))
