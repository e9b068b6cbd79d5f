"""``logger ...``: the log files and what this console shows of the log."""

from __future__ import annotations

import os

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime import logfiles
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome
from runtime.core import Core
from runtime.logfiles import Channel, Logs
from runtime.logger import AddedLevel, Kind, Level


def commands(core: Core, logs: Logs) -> tuple[Command, ...]:
    """The commands for the logs of one core."""
    return _Logger(core, logs).commands()


class _Logger:
    def __init__(self, core: Core, logs: Logs) -> None:
        self.core = core
        self.logs = logs

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("logger show channels", self.show, "List configured log channels", _SHOW),
            Command("logger show levels", self.levels, "List the levels of log messages", _LEVELS),
            Command("logger show formatters", self.formatters, "List the forms of log lines", _FORMATTERS),
            Command("logger add channel", self.add, "Log into one more file", _ADD, self.names),
            Command("logger remove channel", self.remove, "Stop logging into a file", _REMOVE, self.files),
            Command(
                "logger set level",
                self.set_level,
                "Show or hide a level of the log on this console",
                _SET,
                self.switches,
            ),
            Command("logger reload", self.reload, "Reopens the log files", _RELOAD),
            Command("logger rotate", self.rotate, "Rotates and reopens the log files", _ROTATE),
            Command("logger mute", self.mute, "Toggle logging output to a console", _MUTE),
        )

    def show(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        settings = self.logs.settings
        call.line_out(f"{'Channel':<40} {'Formatter':<10} {'Status':<9} Configuration")
        call.line_out(self._row("Console", settings.console, "Enabled"))
        opened = {sink.channel.name for sink in self.logs.sinks}
        for channel in settings.files:
            path = os.path.join(self.logs.directory, channel.name)
            call.line_out(self._row(path, channel, "Enabled" if channel.name in opened else "Disabled"))
        return None

    def levels(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        for level in self.core.logger.kinds().values():
            call.line_out(f"{level.name:<9} {_meaning(level)}")
        return None

    def formatters(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        for name in logfiles.FORMATTERS:
            call.line_out(name)
        return None

    def add(self, call: Call) -> Outcome | None:
        if len(call.args) < 2:
            return SHOWUSAGE
        name, *levels = call.args
        faults = self.logs.add(name, ",".join(levels))
        if faults:
            raise AsterismError(*faults)
        call.line_out(f"The log goes to {os.path.join(self.logs.directory, name)} as well.")
        return None

    def remove(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        name = call.args[0]
        if not self.logs.remove(name):
            cure = did_you_mean(name, self._names()) or "'logger show channels' lists them"
            raise AsterismError(Fault(f"nothing is logged into '{name}'", cure=cure, code="logger"))
        call.line_out(f"The log does not go to '{name}' any more.")
        return None

    def _names(self) -> list[str]:
        return [sink.channel.name for sink in self.logs.sinks]

    def files(self, asked: Completing) -> list[str]:
        return self._names() if asked.position == 3 else []

    def set_level(self, call: Call) -> Outcome | None:
        words = [word.upper() for word in call.args]
        if len(words) != 2 or words[0] not in self.core.logger.kinds() or words[1] not in ("ON", "OFF"):
            return SHOWUSAGE
        level, switch = words
        (call.client.hidden.discard if switch == "ON" else call.client.hidden.add)(level)
        call.line_out(f"This console {'shows' if switch == 'ON' else 'does not show'} {level} messages.")
        return None

    def reload(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        path = os.path.join(self.core.settings.directories.astetcdir, logfiles.FILE)
        settings = logfiles.load(path, exec_=self.core.settings.options.execincludes)
        faults = self.logs.configure(settings)
        for fault in (*settings.warnings, *self.logs.unknown_levels()):
            call.line_out(str(fault))
        if faults:
            raise AsterismError(*faults)
        return None

    def rotate(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        self.logs.rotate()
        return None

    def mute(self, call: Call) -> Outcome | None:
        if call.args not in ((), ("silent",)):
            return SHOWUSAGE
        call.client.muted = not call.client.muted
        if not call.args:
            call.line_out(f"Console is {'muted' if call.client.muted else 'not muted anymore'}.")
        return None

    def _row(self, place: str, channel: Channel, status: str) -> str:
        kinds = self.core.logger.kinds()
        levels = [name for name, level in kinds.items() if channel.names(level)]
        if channel.verbosity is not None:
            levels = [f"{name}({channel.verbosity})" if name == "VERBOSE" else name for name in levels]
        levels += [f"{name}(of no module)" for name in sorted(channel.added - {logfiles.EVERY, *kinds})]
        return f"{place:<40} {channel.formatter:<10} {status:<9} {','.join(levels) or '(nothing)'}"

    def names(self, asked: Completing) -> list[str]:
        return [name.lower() for name in self.core.logger.kinds()] if asked.position >= 4 else []

    def switches(self, asked: Completing) -> list[str]:
        return {3: list(self.core.logger.kinds()), 4: ["on", "off"]}.get(asked.position, [])


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
Usage: logger show levels
       Lists the levels of log messages, and what each is for.
"""
_FORMATTERS = """\
Usage: logger show formatters
       Lists the forms that lines of a log file can have: [default], [plain], [json].
"""
_ADD = """\
Usage: logger add channel FILE LEVEL [LEVEL ...]
       Logs these levels into one more file of the log directory, until 'logger
       reload' or the end: logger add channel try.log [json]debug verbose(3)
"""
_REMOVE = """\
Usage: logger remove channel FILE
       Stops logging into a file until 'logger reload' or the end.
"""
_SET = """\
Usage: logger set level {DEBUG|NOTICE|WARNING|ERROR|VERBOSE|DTMF} {on|off}
       Shows the messages of a level on this console, or does not; also of one that a
       module added, which 'logger show levels' lists.
"""
_SHOW = """\
Usage: logger show channels
       Lists where the log goes, and which messages.
"""
_RELOAD = """\
Usage: logger reload
       Reads logger.conf again and opens the log files anew.
"""
_ROTATE = """\
Usage: logger rotate
       Numbers the log files as rotatestrategy of logger.conf says, and begins new ones.
"""
_MUTE = """\
Usage: logger mute [silent]
       Stops showing the log on this console, or shows it again.
"""
