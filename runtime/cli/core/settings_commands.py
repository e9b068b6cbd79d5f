"""``core show settings``: settings of asterisk.conf, the command line and the build (main/asterisk.c)."""

from __future__ import annotations

import grp
import os
import pwd
import resource
import time
from collections.abc import Iterable

from asterism import __version__, files
from asterism.errors import AsterismError
from runtime.core.commands.command import Command, CommandCall, Outcome, declare
from runtime.core.core import Core

Entries = Iterable[tuple[str, object]]
"""Labels and values, in the order of display."""


def commands(core: Core) -> tuple[Command, ...]:
    """The command for one core."""
    return (declare("core show settings", _Settings(core).show, "Show some core settings", _SETTINGS),)


class _Settings:
    def __init__(self, core: Core) -> None:
        self.core = core

    def show(self, call: CommandCall) -> Outcome | None:
        call.line_out("\nPBX Core settings\n-----------------")
        _write(call, (*self._build(), *self._levels(call), *self._limits(), *self._times(), *self._process()))
        call.line_out("\n* Subsystems\n  -------------")
        _write(call, self._subsystems())
        call.line_out("\n* Directories\n  -------------")
        _write(call, self._places())
        call.line_out("\n")
        return None

    def _build(self) -> Entries:
        layout = self.core.settings.layout
        options = ", ".join(layout.buildopts) if layout else ""
        yield "Version", __version__
        yield "ABI related Build Options", options or "(none)"
        yield "All Build Options", options or "(none)"

    def _levels(self, call: CommandCall) -> Entries:
        logger = self.core.logger
        yield "Maximum calls", "Not set"
        yield "Maximum open file handles", resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        yield "Root console verbosity", logger.verbosity
        yield "Current console verbosity", call.client.verbose
        yield "Debug level", logger.debugging
        yield "Trace level", logger.tracing
        for name, level in sorted(logger.debugged.items()):
            yield f"Debug level of {name}", level
        for name, level in sorted(logger.traced.items()):
            yield f"Trace level of {name}", level

    def _limits(self) -> Entries:
        yield "Dump core on crash", _yes(self.core.settings.options.dumpcore)
        yield "Core dump file", _core_pattern()
        yield "Maximum load average", "0.000000"  # calls are not refused under load
        yield "Minimum free memory", "0 MB"

    def _times(self) -> Entries:
        yield "Startup time", _clock(self.core.times.started)
        yield "Last reload time", _clock(self.core.times.reloaded)

    def _process(self) -> Entries:
        options = self.core.settings.options
        system = os.uname()
        yield "System", f"{system.sysname}/{system.release} on {system.machine}"
        yield "System name", options.systemname
        yield "Default language", "en"
        yield "User name and group", _user_and_group()
        yield "Running directory", _working_directory()
        yield "Executable includes", _enabled(options.execincludes)
        yield "Shell on remote consoles", _enabled(not options.disable_remote_console_shell)
        yield "Process ID", os.getpid()

    def _subsystems(self) -> Entries:
        yield "Manager (AMI)", _enabled(self.core.manager.is_running)
        yield "Web Manager (AMI/HTTP)", "Disabled"
        yield "Call data records", "Disabled"
        yield "Realtime Architecture (ARA)", "Disabled"

    def _places(self) -> Entries:
        settings = self.core.settings
        directories = settings.directories
        yield "Configuration file", settings.file
        yield "Configuration directory", directories.astetcdir
        yield "Module directory", directories.astmoddir
        yield "Spool directory", directories.astspooldir
        yield "Log directory", directories.astlogdir
        yield "Run/Sockets directory", directories.astrundir
        yield "PID file", os.path.join(directories.astrundir, "asterisk.pid")
        yield "VarLib directory", directories.astvarlibdir
        yield "Data directory", directories.astdatadir
        yield "ASTDB", os.path.join(directories.astdbdir, "astdb")
        yield "IAX2 Keys directory", os.path.join(directories.astkeydir, "keys")
        yield "AGI Scripts directory", directories.astagidir
        yield "Cache directory", directories.astcachedir
        yield "Control socket", settings.socket


def _write(call: CommandCall, entries: Entries) -> None:
    for label, value in entries:
        call.line_out(f"  {label + ':':<28} {value}")


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _enabled(value: bool) -> str:
    return "Enabled" if value else "Disabled"


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def _core_pattern() -> str:
    """The system's pattern for core files; empty when unknown."""
    try:
        return files.read_text("/proc/sys/kernel/core_pattern").strip()
    except AsterismError:
        return ""


def _user_and_group() -> str:
    """The user and group of the process, by name where the system knows one."""
    user, group = os.geteuid(), os.getegid()
    try:
        return f"{pwd.getpwuid(user).pw_name}/{grp.getgrgid(group).gr_name}"
    except KeyError:
        return f"{user}/{group}"


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:
        return "Unable to access"


_SETTINGS = """\
Shows what asterisk.conf, the command line and the build decided.
"""
