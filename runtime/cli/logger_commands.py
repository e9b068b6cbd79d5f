"""``logger ...``: the log files and what this console shows of the log."""

from __future__ import annotations

import os

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.core.commands import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Core
from runtime.core.message_log import AddedLevel, Kind, Level
from runtime.logs import logger_conf
from runtime.logs.logger_conf import LogChannel, Logs


def commands(core: Core, logs: Logs) -> tuple[Command, ...]:
    """The commands for the logs of one core."""
    made = _Logger(core, logs)
    core.parts["logger"] = made.reload_part
    return made.commands()


class _Logger:
    def __init__(self, core: Core, logs: Logs) -> None:
        self.core = core
        self.logs = logs

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("logger show channels", self.show, "List configured log channels", _SHOW),
            declare("logger show levels", self.levels, "List the levels of log messages", _LEVELS),
            declare("logger show formatters", self.formatters, "List the forms of log lines", _FORMATTERS),
            declare("logger add channel <file> <level:log levels>...", self.add, "Log into one more file", _ADD),
            declare("logger remove channel <file:log file>", self.remove, "Stop logging into a file", _REMOVE),
            declare("logger set level <level:log level> {on|off}", self.set_level, "Show or hide a level", _SET),
            declare("logger reload", self.reload, "Reopens the log files", _RELOAD),
            declare("logger rotate", self.rotate, "Rotates and reopens the log files", _ROTATE),
            declare("logger mute [silent]", self.mute, "Toggle logging output to a console", _MUTE),
        )

    def show(self, call: CommandCall) -> Outcome | None:
        settings = self.logs.settings
        call.line_out(f"{'Channel':<40} {'Formatter':<10} {'Status':<9} Configuration")
        call.line_out(self._row("Console", settings.console, "Enabled"))
        opened = {sink.channel.name for sink in self.logs.sinks}
        for channel in settings.files:
            path = os.path.join(self.logs.directory, channel.name)
            call.line_out(self._row(path, channel, "Enabled" if channel.name in opened else "Disabled"))
        return None

    def levels(self, call: CommandCall) -> Outcome | None:
        for level in self.core.logger.kinds().values():
            call.line_out(f"{level.name:<9} {_meaning(level)}")
        return None

    def formatters(self, call: CommandCall) -> Outcome | None:
        for name in logger_conf.FORMATTERS:
            call.line_out(name)
        return None

    def add(self, call: CommandCall) -> Outcome | None:
        name = call.value("file")
        faults = self.logs.add(name, ",".join(call.all("level")))
        if faults and name in self._names():
            call.line_out(f"Logger channel '{name}' already exists")
            return answered(*faults)
        if faults:
            raise AsterismError(*faults)
        call.line_out(f"The log goes to {os.path.join(self.logs.directory, name)} as well.")
        return None

    def remove(self, call: CommandCall) -> Outcome | None:
        name = call.value("file")
        if not self.logs.remove(name):
            call.line_out(f"Unable to find dynamic logger channel '{name}'")
            cure = did_you_mean(name, self._names()) or "'logger show channels' lists them"
            return answered(Fault(f"nothing is logged into '{name}'", cure=cure, code="logger"))
        call.line_out(f"The log does not go to '{name}' any more.")
        return None

    def _names(self) -> list[str]:
        return [sink.channel.name for sink in self.logs.sinks]

    def set_level(self, call: CommandCall) -> Outcome | None:
        level = call.value("level").upper()
        (call.client.hidden.discard if call.has("on") else call.client.hidden.add)(level)
        call.line_out(f"This console {'shows' if call.has('on') else 'does not show'} {level} messages.")
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        warnings, faults = self._read_again()
        for fault in warnings:
            call.line_out(str(fault))
        return failure(*faults) if faults else None

    def _read_again(self) -> tuple[list[Fault], list[Fault]]:
        """Read logger.conf and open the files anew: what is odd about it, and what could not be opened."""
        path = os.path.join(self.core.settings.directories.astetcdir, logger_conf.FILE)
        settings = logger_conf.load(path, exec_=self.core.settings.options.execincludes)
        faults = self.logs.configure(settings)
        return [*settings.warnings, *self.logs.unknown_levels()], faults

    def reload_part(self) -> bool:
        """Read logger.conf again as a part of the core; the log has what is wrong with it."""
        try:
            warnings, faults = self._read_again()
        except AsterismError as error:
            warnings, faults = [], list(error.faults)
        self.core.doubt((*warnings, *faults))
        return not faults

    def rotate(self, _call: CommandCall) -> Outcome | None:
        faults = self.logs.rotate()
        return failure(*faults) if faults else None

    def mute(self, call: CommandCall) -> Outcome | None:
        call.client.muted = not call.client.muted
        if not call.has("silent"):
            call.line_out(f"Console is {'muted' if call.client.muted else 'not muted anymore'}.")
        return None

    def _row(self, place: str, channel: LogChannel, status: str) -> str:
        kinds = self.core.logger.kinds()
        levels = [name for name, level in kinds.items() if channel.names(level)]
        if channel.verbosity is not None:
            levels = [f"{name}({channel.verbosity})" if name == "VERBOSE" else name for name in levels]
        levels += [f"{name}(of no module)" for name in sorted(channel.added - {logger_conf.EVERY, *kinds})]
        return f"{place:<40} {channel.formatter:<10} {status:<9} {','.join(levels) or '(nothing)'}"


def _meaning(level: Kind) -> str:
    if isinstance(level, AddedLevel):
        return f"added by {level.module}" if level.module else "added by a module"
    return _MEANINGS[level]


_MEANINGS = {
    Level.DEBUG: "what happens inside, for who looks for a mistake; see 'core set debug'",
    Level.NOTICE: "worth knowing",
    Level.WARNING: "not as it should be, and it goes on",
    Level.ERROR: "something failed",
    Level.VERBOSE: "what is being done, for who watches; see 'core set verbose'",
    Level.DTMF: "digits",
}

_LEVELS = """\
Lists the levels of log messages, and what each is for.
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
