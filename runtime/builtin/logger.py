"""``logger ...``: the log files and what this console shows of the log."""

from __future__ import annotations

import os

from asterism.errors import AsterismError
from runtime import logfiles
from runtime.commands import SHOWUSAGE, Call, Command, Outcome
from runtime.core import Core
from runtime.logfiles import Channel, Logs


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
            Command("logger reload", self.reload, "Reopens the log files", _RELOAD),
            Command("logger rotate", self.rotate, "Rotates and reopens the log files", _ROTATE),
            Command("logger mute", self.mute, "Toggle logging output to a console", _MUTE),
        )

    def show(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        settings = self.logs.settings
        call.line_out(f"{'Channel':<40} {'Formatter':<10} {'Status':<9} Configuration")
        call.line_out(_row("Console", settings.console, "Enabled"))
        opened = {sink.channel.name for sink in self.logs.sinks}
        for channel in settings.files:
            path = os.path.join(self.logs.directory, channel.name)
            call.line_out(_row(path, channel, "Enabled" if channel.name in opened else "Disabled"))
        return None

    def reload(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        path = os.path.join(self.core.settings.directories.astetcdir, logfiles.FILE)
        settings = logfiles.load(path, exec_=self.core.settings.options.execincludes)
        faults = self.logs.configure(settings)
        for fault in settings.warnings:
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


def _row(place: str, channel: Channel, status: str) -> str:
    levels = [level.name for level in sorted(channel.levels)]
    if channel.verbosity is not None:
        levels = [f"{name}({channel.verbosity})" if name == "VERBOSE" else name for name in levels]
    return f"{place:<40} {channel.formatter:<10} {status:<9} {','.join(levels) or '(nothing)'}"


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
