"""``core ...``: the program itself; help, levels, stopping."""

from __future__ import annotations

import os
import resource
import time

from asterism import __version__
from asterism.errors import Fault
from asterism.names import bare, did_you_mean
from asterism.words import counted
from runtime.cli.module_commands import reloaded_all
from runtime.core.commands import (
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
from runtime.loader.loader import Loader


def commands(core: Core, loader: Loader) -> tuple[Command, ...]:
    """The commands for one core."""
    return _General(core, loader).commands()


_UNITS = (("year", 31536000), ("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: float) -> str:
    """``1 hour, 2 minutes, 3 seconds``; units of which there are none are left out."""
    left = int(seconds)
    parts = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(counted(count, name))
    return ", ".join(parts) or "0 seconds"


class _General:
    def __init__(self, core: Core, loader: Loader) -> None:
        self.core = core
        self.loader = loader

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("core show version", self.version, "Display version info", _VERSION),
            declare("core show uptime [seconds]", self.uptime, "Show uptime information", _UPTIME),
            declare("core show settings", self.settings, "Show some core settings", _SETTINGS),
            declare(
                "core show help [<command>...]",
                self.help,
                "Display help list, or specific help on a command",
                _HELP,
                complete=self.topics,
            ),
            declare("core waitfullybooted", self.wait, "Wait for the program to be fully booted", _WAIT),
            declare("core set verbose [atleast] <level> [silent]", self.set_verbose, "Set verbosity", _SET_VERBOSE),
            declare("core set debug [atleast] <level> [<module:module name>]", self.set_debug, "Set debug", _SET_DEBUG),
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
        plain = call.has("seconds")
        times = self.core.times
        for label, since in (("System uptime", times.started), ("Last reload", times.reloaded)):
            if since:
                passed = max(0.0, time.time() - since)
                call.line_out(f"{label}: {int(passed) if plain else duration(passed)}")
        return None

    def settings(self, call: CommandCall) -> Outcome | None:
        for heading, entries in self._settings(call):
            call.line_out(f"\n{heading}\n{'-' * len(heading)}")
            for name, value in entries:
                call.line_out(f"  {name + ':':<28} {value}")
        call.line_out()
        return None

    def _settings(self, call: CommandCall) -> list[tuple[str, list[tuple[str, object]]]]:
        core, options = self.core, self.core.settings.options
        layout = core.settings.layout
        directories = core.settings.directories
        general: list[tuple[str, object]] = [
            ("Version", __version__),
            ("Build options", " ".join(layout.buildopts) if layout and layout.buildopts else "(none)"),
            ("Maximum open file handles", resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
            ("Root console verbosity", core.logger.verbosity),
            ("Current console verbosity", call.client.verbose),
            ("Debug level", core.logger.debugging),
            *((f"Debug level of {name}", level) for name, level in sorted(core.logger.debugged.items())),
            ("Dump core on crash", _yes(options.dumpcore)),
            ("Startup time", _clock(core.times.started)),
            ("Last reload time", _clock(core.times.reloaded)),
            ("System name", options.systemname or "(none)"),
            ("Process", os.getpid()),
            ("User and group", f"{os.geteuid()}/{os.getegid()}"),
            ("Executable includes", _yes(options.execincludes)),
        ]
        places: list[tuple[str, object]] = [
            ("Configuration file", core.settings.file),
            ("Configuration directory", directories.astetcdir),
            ("Module directory", directories.astmoddir),
            ("Library directory", directories.astvarlibdir),
            ("Spool directory", directories.astspooldir),
            ("Log directory", directories.astlogdir),
            ("Run/Sockets directory", directories.astrundir),
            ("Control socket", core.settings.socket),
        ]
        return [("PBX Core settings", general), ("Directories", places)]

    # -- help

    def help(self, call: CommandCall) -> Outcome | None:
        topic = " ".join(call.args).lower()
        command = self.core.commands.exact(call.args) if call.args else None
        if command is None:  # one that takes a choice is asked for without it
            command = next((entry for entry in self.core.commands if fixed_words(entry).lower() == topic), None)
        if command is not None:
            call.write(usage_of(command))
            return None
        found = [entry for entry in self.core.commands if not entry.is_hidden and entry.words.lower().startswith(topic)]
        for entry in found:
            call.line_out(f"{entry.syntax:<30} -- {entry.summary or '<no description available>'}")
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

    def set_debug(self, call: CommandCall) -> Outcome | None:
        logger = self.core.logger
        module = bare(call.value("module"))
        before = logger.debug_of(module) if module else logger.debugging
        after = _level(call, before)
        if module:
            logger.set_module_debug(module, after)
        else:
            logger.set_levels(debug=after)
        call.line_out(_changed(f"Core debug of '{module}'" if module else "Core debug", before, after))
        return None

    # -- life

    def wait(self, call: CommandCall) -> Outcome | None:
        while not self.core.booted.wait(0.1):
            if self.core.halt.requested:
                return failure(Fault("the start was given up", code="stopping"))
        call.line_out("Asterisk has fully booted.")
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        return reloaded_all(call, self.loader)

    def _stop(self, niceness: Niceness, *, restart: bool = False) -> Handler:
        def stop(_call: CommandCall) -> Outcome | None:
            self.core.halt.request(niceness, restart=restart)
            return None

        return stop


def version() -> str:
    """The line of ``core show version`` and ``-V``."""
    return f"Asterism {__version__}"


def _level(call: CommandCall, before: int) -> int:
    """The level that is asked for; ``atleast`` never lowers the one before."""
    word = call.value("level")
    level = 0 if word.lower() == "off" else int(word)
    return max(level, before) if call.has("atleast") else level


def _changed(what: str, before: int, after: int) -> str:
    was, now = (str(level) if level else "OFF" for level in (before, after))
    return f"{what} is still {was}." if before == after else f"{what} was {was} and is now {now}."


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds)) if seconds else "(never)"


_VERSION = """\
Shows the version of the program.
"""
_UPTIME = """\
Shows how long the program has been running and when it last reloaded;
with 'seconds', in seconds only.
"""
_SETTINGS = """\
Shows what asterisk.conf, the command line and the build decided.
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
_CORE_RELOAD = """\
Has every module that can read its configuration again.
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
