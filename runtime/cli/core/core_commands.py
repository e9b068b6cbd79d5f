"""``core ...``: the program, help, levels, stop and restart."""

from __future__ import annotations

import time
from collections.abc import Callable

from asterism import __version__
from asterism.errors import Fault
from asterism.names import bare, did_you_mean
from asterism.values import dataclass
from asterism.words import counted
from runtime.cli.module_commands import reloaded_all
from runtime.core.commands.command import (
    SHOWUSAGE,
    Command,
    CommandCall,
    Completing,
    Handler,
    Outcome,
    answered,
    declare,
    failure,
    fixed_words,
    usage_of,
)
from runtime.core.core import Core, Niceness
from runtime.core.message_log import Logger
from runtime.loader.loader import Loader


def commands(core: Core, loader: Loader) -> tuple[Command, ...]:
    """The commands for one core."""
    return _General(core, loader).commands()


_UNITS = (("year", 31536000), ("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: float) -> str:
    """A duration such as ``1 hour, 2 minutes, 3 seconds``; units with a count of 0 are omitted."""
    left = int(seconds)
    parts = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(counted(count, name))
    return ", ".join(parts) or "0 seconds"


@dataclass(frozen=True, slots=True)
class _Chatter:
    """A kind of messages with its own level: its names, and its levels in the logger."""

    name: str
    common: Callable[[Logger], int]
    set_common: Callable[[Logger, int], None]
    own: Callable[[Logger, str], int]
    set_own: Callable[[Logger, str, int], None]


_DEBUG = _Chatter(
    "debug",
    lambda logger: logger.debugging,
    lambda logger, level: logger.set_levels(debug=level),
    Logger.debug_of,
    Logger.set_module_debug,
)
_TRACE = _Chatter(
    "trace",
    lambda logger: logger.tracing,
    lambda logger, level: logger.set_levels(trace=level),
    Logger.trace_of,
    Logger.set_module_trace,
)


class _General:
    def __init__(self, core: Core, loader: Loader) -> None:
        self.core = core
        self.loader = loader

    def commands(self) -> tuple[Command, ...]:
        return (*self._shown_and_set(), *self._stops())

    def _shown_and_set(self) -> tuple[Command, ...]:
        return (
            declare("core show version", self.version, "Display version info", _VERSION),
            declare("core show uptime [seconds]", self.uptime, "Show uptime information", _UPTIME),
            declare("core show calls [uptime]", self.calls, "Display information on calls", _CALLS),
            declare("core show calls uptime seconds", self.calls, "Display information on calls", _CALLS),
            declare(
                "core show help [<command>...]",
                self.help,
                "Display help list, or specific help on a command",
                _HELP,
                complete=self.topics,
            ),
            declare("core waitfullybooted", self.wait, "Wait for the program to be fully booted", _WAIT),
            declare("core set verbose [atleast] <level> [silent]", self.set_verbose, "Set verbosity", _SET_VERBOSE),
            declare(
                "core set debug [atleast] <level> [<module:module name>]",
                self._set_chatter(_DEBUG),
                "Set level of debug chattiness",
                _SET_DEBUG,
            ),
            declare(
                "core set trace [atleast] <level> [<module:module name>]",
                self._set_chatter(_TRACE),
                "Set level of trace chattiness",
                _SET_TRACE,
            ),
        )

    def _stops(self) -> tuple[Command, ...]:
        return (
            declare("core abort shutdown", self.abort, "Cancel a running shutdown", _ABORT),
            declare("core reload", self.reload, "Global reload", _CORE_RELOAD),
            declare("core restart now", self._stop(Niceness.NOW, restart=True), "Restart at once", _RESTART_NOW),
            declare(
                "core restart gracefully",
                self._stop(Niceness.GRACEFULLY, restart=True),
                "Gracefully restart",
                _RESTART,
            ),
            declare(
                "core restart when convenient",
                self._stop(Niceness.WHEN_CONVENIENT, restart=True),
                "Restart when nothing is in use",
                _RESTART_CONVENIENT,
            ),
            declare("core stop now", self._stop(Niceness.NOW), "Shut down at once", _STOP_NOW),
            declare("core stop gracefully", self._stop(Niceness.GRACEFULLY), "Gracefully shut down", _STOP),
            declare(
                "core stop when convenient",
                self._stop(Niceness.WHEN_CONVENIENT),
                "Shut down when nothing is in use",
                _STOP_CONVENIENT,
            ),
        )

    # -- show

    def version(self, call: CommandCall) -> Outcome | None:
        call.line_out(version())
        return None

    def uptime(self, call: CommandCall) -> Outcome | None:
        times = self.core.times
        _passed(call, "System uptime", times.started)
        _passed(call, "Last reload", times.reloaded)
        return None

    def calls(self, call: CommandCall) -> Outcome | None:
        channels = self.core.channels
        call.line_out(counted(len({channel.linkedid for channel in channels}), "active call"))
        call.line_out(f"{counted(channels.processed, 'call')} processed")
        if len(call.words) > len(("core", "show", "calls")):
            _passed(call, "System uptime", self.core.times.started)
        return None

    # -- help

    def help(self, call: CommandCall) -> Outcome | None:
        topic = " ".join(call.args).lower()
        command = self.core.commands.exact(call.args) if call.args else None
        found = [entry for entry in self.core.commands if not entry.is_hidden and entry.words.lower().startswith(topic)]
        if command is None and len(found) == 1 and fixed_words(found[0]).lower() == topic:
            command = found[0]  # a command with a choice is named without it
        if command is not None:
            call.write(usage_of(command))
            return None
        for entry in found:
            call.line_out(f"{entry.listed:<30} -- {entry.summary or '<no description available>'}")
        return None if found else self._no_help(call)

    def _no_help(self, call: CommandCall) -> Outcome:
        topic = " ".join(call.args)
        call.line_out(f"No such command '{topic}'.")
        hint = did_you_mean(topic, [command.words for command in self.core.commands if not command.is_hidden])
        return answered(Fault(f"no such command '{topic}'", cure=hint, code="unknown-command"))

    def topics(self, asked: Completing) -> list[str]:
        before = asked.words[3 : asked.position]
        return self.core.commands.complete(" ".join([*before, asked.word]))

    # -- levels

    def set_verbose(self, call: CommandCall) -> Outcome | None:
        before = call.client.verbose
        after = _level(call, before)
        call.client.verbose = after
        self.core.logger.changed()
        if not call.has("silent"):
            call.line_out(_changed("Console verbose", before, after))
        return None

    def _set_chatter(self, chatter: _Chatter) -> Handler:
        """A handler that sets the common level of debug or trace messages, or the level of a module."""
        logger = self.core.logger

        def set_common(call: CommandCall) -> Outcome | None:
            before = chatter.common(logger)
            after = _level(call, before)
            chatter.set_common(logger, after)
            call.line_out(_changed(f"Core {chatter.name}", before, after))
            return None

        def set_chatter(call: CommandCall) -> Outcome | None:
            module = bare(call.value("module"))
            if not module:
                return set_common(call)
            if call.value("level").lower() == "off":
                return SHOWUSAGE
            before = chatter.own(logger, module)
            after = _level(call, before)
            chatter.set_own(logger, module, after)
            call.line_out(_changed_of(chatter.name, module, before, after))
            return None

        return set_chatter

    # -- stop and restart

    def wait(self, call: CommandCall) -> Outcome | None:
        while not self.core.booted.wait(0.1):
            if self.core.halt.requested:
                return failure(Fault("the start was given up", code="stopping"))
        call.line_out("Asterisk has fully booted.")
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        return reloaded_all(call, self.loader)

    def abort(self, call: CommandCall) -> Outcome | None:
        if not self.core.halt.abort():
            call.client.err("no shutdown waits; nothing was taken back\n")
        return None

    def _stop(self, niceness: Niceness, *, restart: bool = False) -> Handler:
        def stop(call: CommandCall) -> Outcome | None:
            if niceness is Niceness.WHEN_CONVENIENT:
                call.line_out(f"Waiting for inactivity to perform {'restart' if restart else 'halt'}")
            self.core.halt.request(niceness, restart=restart)
            return None

        return stop


def _passed(call: CommandCall, label: str, since: float) -> None:
    """Show the time since a moment, in words, or in seconds when the command asks for them."""
    passed = max(0.0, time.time() - since)
    call.line_out(f"{label}: {int(passed) if call.words[-1].lower() == 'seconds' else duration(passed)}")


def version() -> str:
    """The line of ``core show version`` and ``-V``."""
    return f"Asterism {__version__}"


def _level(call: CommandCall, before: int) -> int:
    """The requested level; ``atleast`` never lowers the previous one."""
    word = call.value("level")
    level = 0 if word.lower() == "off" else int(word)
    return max(level, before) if call.has("atleast") else level


def _changed(what: str, before: int, after: int) -> str:
    was, now = (str(level) if level else "OFF" for level in (before, after))
    return f"{what} is still {was}." if before == after else f"{what} was {was} and is now {now}."


def _changed_of(what: str, module: str, before: int, after: int) -> str:
    """Asterisk's words for a change of a module's own level (main/cli.c, ``handle_debug_or_trace``)."""
    if before == after:
        return f"Core {what} is still {after} for '{module}'."
    return f"Core {what} was {before} and has been set to {after} for '{module}'."


_VERSION = """\
Shows the version of the program.
"""
_CALLS = """\
Shows how many calls there are now and were since the start; with 'uptime' how
long the program runs, with 'seconds' as a number.
"""
_UPTIME = """\
Shows how long the program has been running and when it last reloaded;
with 'seconds', in seconds only.
"""
_HELP = """\
Lists the commands, or those that begin with <command>; for a whole command, shows
how it is used.
"""
_WAIT = """\
Waits until every module of the start had its turn.
"""
_SET_VERBOSE = """\
Sets how many verbose messages this console shows; 0 is none, like 'off'.
'atleast' never lowers it; 'silent' does not report it.
"""
_SET_DEBUG = """\
Sets the level up to which debug messages are made, by all modules or by one; 0
is none, like 'off'. A module's own level counts beside the common one: the
higher of the two. 'atleast' never lowers it.
"""
_SET_TRACE = """\
Sets the level up to which modules built in development mode trace their scopes,
all or one; the level 'trace' of logger.conf says where to. 0 is none, like 'off'.
'atleast' never lowers it.
"""
_CORE_RELOAD = """\
Has every module that can read its configuration again.
"""
_ABORT = """\
Takes back a 'core stop when convenient' or 'core restart when convenient' that
still waits.
"""
_RESTART_NOW = """\
Starts the program anew at once, in the same process and with the same command
line; modules are not asked.
"""
_RESTART = """\
Unloads the modules, from the last started to the first, and starts the program
anew with the same command line.
"""
_RESTART_CONVENIENT = """\
Waits until no module is in use by anything but other modules, then restarts
gracefully.
"""
_STOP_NOW = """\
Stops the program at once; modules are not asked.
"""
_STOP = """\
Unloads the modules, from the last started to the first, and stops.
"""
_STOP_CONVENIENT = """\
Waits until no module is in use by anything but other modules, then stops
gracefully.
"""
