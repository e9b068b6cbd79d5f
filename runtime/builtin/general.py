"""``core ...``: the program itself; help, levels, stopping."""

from __future__ import annotations

import os
import resource
import time

from asterism import __version__
from asterism.errors import Fault
from asterism.names import bare, did_you_mean
from asterism.numbers import INT, number
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Handler, Outcome, failure, fixed_words, usage_of
from runtime.core import Core, Niceness


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _General(core).commands()


_UNITS = (("year", 31536000), ("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def duration(seconds: float) -> str:
    """``1 hour, 2 minutes, 3 seconds``; units of which there are none are left out."""
    left = int(seconds)
    parts = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'s' * (count != 1)}")
    return ", ".join(parts) or "0 seconds"


class _General:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("core show version", self.version, "Display version info", _VERSION),
            Command("core show uptime [seconds]", self.uptime, "Show uptime information", _UPTIME),
            Command("core show settings", self.settings, "Show some core settings", _SETTINGS),
            Command(
                "core show help", self.help, "Display help list, or specific help on a command", _HELP, self.topics
            ),
            Command("core waitfullybooted", self.wait, "Wait for the program to be fully booted", _WAIT),
            Command("core set verbose", self.set_verbose, "Set level of verbosity", _SET_VERBOSE, _levels),
            Command("core set debug", self.set_debug, "Set level of debug messages", _SET_DEBUG, self.debuggable),
            Command("core reload", self.reload, "Global reload", _CORE_RELOAD),
            Command("core restart now", self._stop(Niceness.NOW, restart=True), "Restart at once", _RESTART_NOW),
            Command(
                "core restart gracefully",
                self._stop(Niceness.GRACEFULLY, restart=True),
                "Gracefully restart",
                _RESTART,
            ),
            Command(
                "core restart when convenient",
                self._stop(Niceness.WHEN_CONVENIENT, restart=True),
                "Restart when nothing is in use",
                _RESTART_CONVENIENT,
            ),
            Command("core stop now", self._stop(Niceness.NOW), "Shut down at once", _STOP_NOW),
            Command("core stop gracefully", self._stop(Niceness.GRACEFULLY), "Gracefully shut down", _STOP),
            Command(
                "core stop when convenient",
                self._stop(Niceness.WHEN_CONVENIENT),
                "Shut down when nothing is in use",
                _STOP_CONVENIENT,
            ),
        )

    # -- show

    def version(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        call.line_out(version())
        return None

    def uptime(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        plain = len(call.words) == 4
        times = self.core.times
        for label, since in (("System uptime", times.started), ("Last reload", times.reloaded)):
            if since:
                passed = max(0.0, time.time() - since)
                call.line_out(f"{label}: {int(passed) if plain else duration(passed)}")
        return None

    def settings(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        for heading, entries in self._settings(call):
            call.line_out(f"\n{heading}\n{'-' * len(heading)}")
            for name, value in entries:
                call.line_out(f"  {name + ':':<28} {value}")
        call.line_out()
        return None

    def _settings(self, call: Call) -> list[tuple[str, list[tuple[str, object]]]]:
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

    def help(self, call: Call) -> Outcome | None:
        topic = " ".join(call.args).lower()
        command = self.core.commands.exact(call.args) if call.args else None
        if command is None:  # one that takes a choice is asked for without it
            command = next((entry for entry in self.core.commands if fixed_words(entry).lower() == topic), None)
        if command is not None:
            call.write(usage_of(command))
            return None
        found = [entry for entry in self.core.commands if not entry.is_hidden and entry.words.lower().startswith(topic)]
        for entry in found:
            call.line_out(f"{entry.words:<30} -- {entry.summary or '<no description available>'}")
        return None if found else self._no_help(call)

    def _no_help(self, call: Call) -> Outcome:
        topic = " ".join(call.args)
        call.line_out(f"No such command '{topic}'.")
        hint = did_you_mean(topic, [command.words for command in self.core.commands if not command.is_hidden])
        return failure(Fault(f"no such command '{topic}'", cure=hint, code="unknown-command"))

    def topics(self, asked: Completing) -> list[str]:
        before = asked.words[3 : asked.position]
        return self.core.commands.complete(" ".join([*before, asked.word]))

    # -- levels

    def set_verbose(self, call: Call) -> Outcome | None:
        words = [word.lower() for word in call.args]
        at_least = words[:1] == ["atleast"]
        silent = words[-1:] == ["silent"]
        level = _level(words[at_least : len(words) - silent])
        if level is None:
            return SHOWUSAGE
        before = call.client.verbose
        after = max(level, before) if at_least else level
        call.client.verbose = after
        self.core.logger.changed()
        if not silent:
            call.line_out(_changed("Console verbose", before, after))
        return None

    def set_debug(self, call: Call) -> Outcome | None:
        words = [word.lower() for word in call.args]
        at_least = words[:1] == ["atleast"]
        level = _level(words[at_least : at_least + 1])
        named = call.args[at_least + 1 :]
        if level is None or len(named) > 1:
            return SHOWUSAGE
        logger = self.core.logger
        module = bare(named[0]) if named else ""
        before = logger.debug_of(module) if module else logger.debugging
        after = max(level, before) if at_least else level
        if module:
            logger.set_module_debug(module, after)
        else:
            logger.set_levels(debug=after)
        call.line_out(_changed(f"Core debug of '{module}'" if module else "Core debug", before, after))
        return None

    def debuggable(self, asked: Completing) -> list[str]:
        return [bare(name) for name in self.core.loader.names()] if asked.position == 4 else _levels(asked)

    # -- life

    def wait(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        while not self.core.booted.wait(0.1):
            if self.core.halt.requested:
                return failure(Fault("the start was given up", code="stopping"))
        call.line_out("Asterisk has fully booted.")
        return None

    def reload(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        self.core.loader.reload()
        return None

    def _stop(self, niceness: Niceness, *, restart: bool = False) -> Handler:
        def stop(call: Call) -> Outcome | None:
            if call.args:
                return SHOWUSAGE
            self.core.halt.request(niceness, restart=restart)
            return None

        return stop


def version() -> str:
    """The line of ``core show version`` and ``-V``."""
    return f"Asterism {__version__}"


def _levels(asked: Completing) -> list[str]:
    return ["off", *map(str, range(10))] if asked.position == 3 else []


def _level(words: list[str]) -> int | None:
    """The level that is asked for, or None when the words are not one."""
    if words == ["off"]:
        return 0
    return number(words[0], 0, INT) if len(words) == 1 else None


def _changed(what: str, before: int, after: int) -> str:
    was, now = (str(level) if level else "OFF" for level in (before, after))
    return f"{what} is still {was}." if before == after else f"{what} was {was} and is now {now}."


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds)) if seconds else "(never)"


_VERSION = """\
Usage: core show version
       Shows the version of the program.
"""
_UPTIME = """\
Usage: core show uptime [seconds]
       Shows how long the program has been running and when it last reloaded;
       with 'seconds', in seconds only.
"""
_SETTINGS = """\
Usage: core show settings
       Shows what asterisk.conf, the command line and the build decided.
"""
_HELP = """\
Usage: core show help [TOPIC]
       Lists the commands, or those that begin with TOPIC; for a whole command, shows
       how it is used.
"""
_WAIT = """\
Usage: core waitfullybooted
       Waits until every module of the start had its turn.
"""
_SET_VERBOSE = """\
Usage: core set verbose [atleast] LEVEL [silent]
       core set verbose off
       Sets how many verbose messages this console shows; 0 is none, like 'off'.
       'atleast' never lowers it; 'silent' does not report it.
"""
_SET_DEBUG = """\
Usage: core set debug [atleast] LEVEL [MODULE]
       core set debug off [MODULE]
       Sets the level up to which debug messages are made, by all modules or by one; 0
       is none, like 'off'. A module's own level counts beside the common one: the
       higher of the two. 'atleast' never lowers it.
"""
_CORE_RELOAD = """\
Usage: core reload
       Has every module that can read its configuration again.
"""
_RESTART_NOW = """\
Usage: core restart now
       Starts the program anew at once, in the same process and with the same command
       line; modules are not asked.
"""
_RESTART = """\
Usage: core restart gracefully
       Unloads the modules, from the last started to the first, and starts the program
       anew with the same command line.
"""
_RESTART_CONVENIENT = """\
Usage: core restart when convenient
       Waits until no module is in use by anything but other modules, then restarts
       gracefully.
"""
_STOP_NOW = """\
Usage: core stop now
       Stops the program at once; modules are not asked.
"""
_STOP = """\
Usage: core stop gracefully
       Unloads the modules, from the last started to the first, and stops.
"""
_STOP_CONVENIENT = """\
Usage: core stop when convenient
       Waits until no module is in use by anything but other modules, then stops
       gracefully.
"""
