"""The log files of a running core: opened, written and rotated as logger.conf says."""

from __future__ import annotations

import contextlib
import os
import threading
import time

from asterism import numbers
from asterism.errors import Fault
from asterism.files import file_fault
from asterism.values import dataclass, field, replace
from runtime.conf import conf_values
from runtime.core.message_log import Logger
from runtime.logs import system_log
from runtime.logs.log_forms import FORMATTERS, stamp_of
from runtime.logs.log_sinks import FileSink
from runtime.logs.logger_conf import EVERY, LogChannel, LogSettings, channel_of, has_facility, unknown
from runtime.logs.system_log import SystemSink


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
            unknown("level", name.lower(), channel.place, lower, others)
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
        warnings: list[Fault] = []
        if not has_facility(variable, warnings):
            return warnings
        if "/" in name or name in ("", "..", ".", "console"):
            return [Fault(f"'{name}' cannot be a log file", cure="give the name of a file, not a path", code="logger")]
        if any(sink.channel.name == name for sink in self.sinks):
            return [Fault(f"'{name}' is logged into already", cure="'logger show channels' lists them", code="logger")]
        faults: list[Fault] = []
        channel = replace(channel_of(variable, faults), is_dynamic=True)
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
