"""``logger ...``: the log files, and the log levels shown on this console."""

from __future__ import annotations

import os
from collections.abc import Iterable

from asterism.errors import AsterismError, Fault, Place
from asterism.files import name_inside
from asterism.names import did_you_mean
from runtime.core.commands.command import UNKNOWN, Command, CommandCall, Completing, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.logs import log_forms, logger_conf, system_log
from runtime.logs.log_files import Logs
from runtime.logs.logger_conf import LogChannel


def commands(core: Core, logs: Logs) -> tuple[Command, ...]:
    """The commands for the logs of one core."""
    return _Logger(core, logs).commands()


def reload_part(core: Core, logs: Logs) -> bool:
    """Reload logger.conf as a part of the core.  Returns whether that succeeded; faults are logged."""
    try:
        warnings, faults = _Logger(core, logs).read_again()
    except AsterismError as error:
        warnings, faults = [], list(error.faults)
    core.doubt((*warnings, *faults))
    return not faults


class _Logger:
    def __init__(self, core: Core, logs: Logs) -> None:
        self.core = core
        self.logs = logs

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("logger show channels", self.show, "List configured log channels", _SHOW),
            declare("logger show levels", self.levels, "List configured log levels", _LEVELS),
            declare("logger show formatters", self.formatters, "List the forms of log lines", _FORMATTERS),
            declare("logger add channel <name> <levels:log levels>...", self.add, "Adds a new logging channel", _ADD),
            declare("logger remove channel <name:log file>", self.remove, "Removes a logging channel", _REMOVE),
            declare(
                "logger set level % {on|off}",
                self.set_level,
                "Enables/Disables a specific logging level for this console",
                _SET,
                complete=self.complete_level,
                listed=_SET_LEVEL,
            ),
            declare("logger reload [<alt-conf:file.conf>]", self.reload, "Reopens the log files", _RELOAD),
            declare("logger rotate", self.rotate, "Rotates and reopens the log files", _ROTATE),
            declare("logger mute [silent]", self.mute, "Toggle logging output to a console", _MUTE),
        )

    def show(self, call: CommandCall) -> Outcome | None:
        settings = self.logs.settings
        call.line_out(f"Logger queue limit: {QUEUE_LIMIT}\n")
        call.line_out(_CHANNEL.format("Channel", "Type", "Formatter", "Status") + "Configuration")
        call.line_out(_CHANNEL.format("-------", "----", "---------", "------") + "-------------")
        opened = {sink.channel for sink in self.logs.sinks}
        for channel in reversed(settings.files):  # the newest first, as Asterisk keeps its list
            call.line_out(self._row(channel, "Enabled" if channel in opened else "Disabled"))
        if settings.console.levels or settings.console.added:
            call.line_out(self._row(settings.console, "Enabled"))
        call.line_out()
        return None

    def levels(self, call: CommandCall) -> Outcome | None:
        call.line_out("Level Name\n----- ----")
        for level in self.core.logger.kinds().values():
            call.line_out(f"{level.value:>5} {level.name}")
        call.line_out()
        return None

    def formatters(self, call: CommandCall) -> Outcome | None:
        for name in log_forms.FORMATTERS:
            call.line_out(name)
        return None

    def add(self, call: CommandCall) -> Outcome | None:
        name = call.value("name")
        faults = self.logs.add(name, ",".join(call.all("levels")))
        if faults and name in self._names():
            call.line_out(f"Logger channel '{name}' already exists")
            return answered(*faults)
        if faults:
            call.line_out(f"ERROR: Unable to create log channel '{name}'")
            return failure(*faults)
        return None

    def remove(self, call: CommandCall) -> Outcome | None:
        name = call.value("name")
        if not self.logs.remove(name):
            call.line_out(f"Unable to find dynamic logger channel '{name}'")
            return answered(self._not_removed(name))
        call.line_out(f"Removed dynamic logger channel '{name}'")
        return None

    def _not_removed(self, name: str) -> Fault:
        what = f"'{name}' was not added by 'logger add channel'"
        if name in self._names():
            return Fault(what, cure="take its line out of logger.conf, then 'logger reload'", code="logger")
        return Fault(what, cure=did_you_mean(name, self._names()) or "'logger show channels' lists them", code="logger")

    def _names(self) -> list[str]:
        return ["console", *(sink.channel.name for sink in self.logs.sinks)]

    def set_level(self, call: CommandCall) -> Outcome | None:
        level = call.words[3].upper()
        if level not in self.core.logger.kinds():
            return UNKNOWN
        state = "on" if call.has("on") else "off"
        (call.client.hidden.discard if call.has("on") else call.client.hidden.add)(level)
        call.line_out(f"Logger status for '{level}' has been set to '{state}'.")
        return None

    def complete_level(self, asked: Completing) -> Iterable[str]:
        return self.core.logger.kinds() if asked.position == 3 else ()

    def reload(self, call: CommandCall) -> Outcome | None:
        warnings, faults = self.read_again(call.value("alt-conf") or logger_conf.FILE)
        for fault in (*warnings, *faults):
            call.client.err(f"{fault}\n")
        return answered() if faults else None

    def read_again(self, name: str = logger_conf.FILE) -> tuple[list[Fault], list[Fault]]:
        """Read a logger.conf and reopen the files.  Returns its warnings, and the faults of opening."""
        path = name_inside(self.core.settings.directories.astetcdir, name)
        if name != logger_conf.FILE and not os.path.lexists(path):
            return [], [Fault("the log goes on as before", Place(path), "there is no such file", code="logger")]
        settings = logger_conf.load(path, exec_=self.core.settings.options.execincludes)
        faults = self.logs.configure(settings)
        return [*settings.warnings, *self.logs.unknown_levels()], faults

    def rotate(self, _call: CommandCall) -> Outcome | None:
        faults = self.logs.rotate()
        return failure(*faults) if faults else None

    def mute(self, call: CommandCall) -> Outcome | None:
        call.client.muted = not call.client.muted
        if not call.has("silent"):
            call.line_out(f"Console is {'muted' if call.client.muted else 'not muted anymore'}.")
        return None

    def _row(self, channel: LogChannel, status: str) -> str:
        kinds = self.core.logger.kinds()
        levels = [name for name, level in kinds.items() if channel.names(level)]
        if channel is self.logs.settings.console and "VERBOSE" not in levels:
            levels.insert(
                levels.index("DTMF") if "DTMF" in levels else len(levels), "VERBOSE"
            )  # each has its own level
        levels += [f"{name}(of no module)" for name in sorted(channel.added - {logger_conf.EVERY, *kinds})]
        return (
            _CHANNEL.format(*self._place(channel), channel.formatter, status)
            + f" - {''.join(f'{one} ' for one in levels)}"
        )

    def _place(self, channel: LogChannel) -> tuple[str, str]:
        """The destination of a channel, and its type."""
        if channel is self.logs.settings.console:
            return "", "Console"
        if system_log.names_facility(channel.name):
            return channel.name, "Syslog"
        return os.path.join(self.logs.directory, channel.name), "File"


QUEUE_LIMIT = 1000
"""Asterisk's default; here the logging thread writes messages itself, and none are dropped."""
_CHANNEL = "{:<35} {:<8} {:<10} {:<9} "
_SET_LEVEL = "logger set level {DEBUG|TRACE|NOTICE|WARNING|ERROR|VERBOSE|DTMF} {on|off}"

_LEVELS = """\
Lists the levels of log messages by their numbers: those of the core, then those
that modules added.
"""
_FORMATTERS = """\
Lists the forms that lines of a log file can have: [default], [plain], [json].
"""
_ADD = """\
Logs these levels into one more file of the log directory, until 'logger
reload' or the end: logger add channel try.log [json]debug verbose(3)
"""
_REMOVE = """\
Stops logging into a file until 'logger reload' or the end.
"""
_SET = """\
Shows the messages of a level on this console, or does not; also of one that a
module added, which 'logger show levels' lists.
"""
_SHOW = """\
Lists where the log goes, and which messages.
"""
_RELOAD = """\
Reads logger.conf again and opens the log files anew.
"""
_ROTATE = """\
Numbers the log files as rotatestrategy of logger.conf says, and begins new ones.
"""
_MUTE = """\
Stops showing the log on this console, or shows it again.
"""
