"""The life of the program from its start to its exit status: user, log on the console, signals and the end."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import threading
from collections.abc import Callable

from asterism.errors import AsterismError, report
from runtime.cli.core.core_commands import version
from runtime.cli.core.license_commands import BANNER
from runtime.conf.asterisk_conf import Options, Settings
from runtime.control.log_stream import LogStream
from runtime.control.terminal import Screen, wants_color
from runtime.core.core import Niceness
from runtime.host import process
from runtime.logs.log_sinks import ConsoleSink
from runtime.program.assembly import assemble
from runtime.program.program import Program

FAREWELL_SECONDS = 2.0
"""How long a stop waits for the last log lines to be read from standard output, in seconds."""


def run(settings: Settings, *, console: bool, background: bool) -> int:
    """Run the program to its end.  Returns the exit status.

    Raises:
        AsterismError: the program could not start, or a module left the process unusable.
    """
    options = settings.options
    if options.dumpcore and (why := process.allow_core_dumps()):
        print(f"asterism: {why}", file=sys.stderr)
    if options.maxfiles and (why := process.limit_files(options.maxfiles)):
        print(f"asterism: {why}", file=sys.stderr)
    if not background and _announces(console, options):
        print(f"{version()}\n{BANNER}", flush=True)
    place = process.working_directory()
    parent = process.go_to_background() if background else process.Background(-1)
    try:
        status = _run(settings, console, parent)
        return process.start_again(place) if status == process.AGAIN else status
    except AsterismError as error:
        if not background:
            raise
        told = io.StringIO()
        report(error.faults, "asterism", told)
        parent.failed(error.status, told.getvalue())
        return error.status


def _announces(console: bool, options: Options) -> bool:
    """Whether the start prints the notice that the licence asks of an interactive program."""
    return not options.quiet and (sys.stdin.isatty() if console else options.verbose > 0)


def _run(settings: Settings, console: bool, parent: process.Background) -> int:
    is_talking = console and not process.input_has_ended()
    with contextlib.ExitStack() as stack:
        process.become(settings.options.runuser, settings.options.rungroup, settings.directories.astrundir)
        mode = 0o711 if settings.options.astctlpermissions & 0o077 else 0o700  # others must reach the socket in it
        stack.enter_context(process.run_directory(settings.directories.astrundir, mode))
        program = assemble(settings)
        stack.callback(program.server.close)
        signals = process.Signals(_actions(program))
        program.state.begin()
        shown = None if parent.is_there else _shown_log(program, console)
        if shown is not None and settings.options.quiet:
            shown.muted = True
        try:
            faults = program.start()
        except AsterismError as error:
            program.note(error)
            program.core.journal.close()
            raise
        if settings.options.quiet:
            report(faults, program="asterism")  # the only output of a quiet start
        parent.ready()
        program.state.refresh()  # the waiting process reads until the last duplicate of its pipe is closed
        status = _live(program, shown, signals, is_talking=is_talking)
        if program.state.ruin is not None:
            raise AsterismError(program.state.ruin)
        return status


def _live(program: Program, shown: Screen | LogStream | None, signals: process.Signals, *, is_talking: bool) -> int:
    """Run from the end of the start to the end of the stop.  Returns the exit status.

    Unless a user types at the console, only a signal or a remote command stops the program, as in Asterisk.
    """
    options = program.settings.options
    if shown is not None:
        shown.muted = options.mute
    if isinstance(shown, Screen) and is_talking:
        _converse(program, shown, signals)
    while not program.is_time_to_stop():
        if isinstance(shown, Screen) and sys.stdin.isatty():
            _converse(program, shown, signals)
    if shown is not None and options.quiet:
        shown.muted = True
    status = program.stop()
    if isinstance(shown, LogStream):
        shown.close(FAREWELL_SECONDS)
    return status


def _converse(program: Program, screen: Screen, signals: process.Signals) -> None:
    from runtime.control.console import local_console  # 8 ms: only -c needs it

    with program.core.doing("", "the console"):
        local_console(program.core, screen, signals, color=_color(program.settings))


def _shown_log(program: Program, console: bool) -> Screen | LogStream:
    """Show the console channel of logger.conf on the console, or on standard output without one."""
    options = program.settings.options
    shown = (Screen if console else LogStream)(options.verbose, muted=options.mute)
    color = _color(program.settings)
    sink = ConsoleSink(shown, lambda: program.logs.settings, color=color, stamps=options.timestamp)
    program.sinks[id(shown)] = sink
    program.core.logger.attach(sink)
    return shown


def _color(settings: Settings) -> bool:
    return not settings.options.nocolor and wants_color()


def _actions(program: Program) -> dict[int, Callable[[], None]]:
    halt = program.core.halt

    def stop() -> None:
        if halt.requested or program.reading:
            # the second request: do not wait any longer
            program.server.close("asterism was stopped by a signal\n")
            if not any(entry.told for entry in program.core.journal.running()):
                program.core.journal.close()  # otherwise a module hangs, and the next start leaves it out
            process.leave(1)
        halt.request(Niceness.GRACEFULLY)

    def reload() -> None:
        # A separate thread, since a module may hang in the reload and the next signal must still be handled.
        threading.Thread(target=program.reload, name="reload", daemon=True).start()

    return {
        signal.SIGTERM: stop,
        signal.SIGINT: stop,
        signal.SIGHUP: reload,
        signal.SIGUSR1: program.logs.reopen,
    }
