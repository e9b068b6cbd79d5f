"""The complete running program: settings, core, modules, sockets, signals, start and stop."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report, trace_of
from asterism.files import file_fault
from asterism.values import dataclass, field
from asterism.words import counted
from runtime.cli import all_commands
from runtime.cli.core.core_commands import version
from runtime.cli.core.license_commands import BANNER
from runtime.conf import cli_permissions, install_tree
from runtime.conf.asterisk_conf import Options, Settings
from runtime.conf.install_tree import Layout
from runtime.control.control_socket import Access, Connection, ControlServer
from runtime.control.log_stream import LogStream
from runtime.control.terminal import Screen, wants_color
from runtime.core import journal
from runtime.core.commands.command import Command
from runtime.core.core import Core, Halt, Niceness
from runtime.core.event_classes import SYSTEM
from runtime.core.events import booted
from runtime.dialplan import dialplan_file, pbx_run
from runtime.host import process
from runtime.host.process_state import ProcessState
from runtime.loader import modules_conf, start_report
from runtime.loader.distrust import FILE, Doubt, Trust
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import Wanted
from runtime.loader.watchdog import Watchdog
from runtime.logs import logger_conf
from runtime.logs.log_files import Logs
from runtime.logs.log_sinks import ConsoleSink
from runtime.manager.service import Service
from runtime.modules.module_opening import Native, open_module, open_native
from runtime.program import startup_commands
from runtime.program.startup_commands import Phase

READY = "Asterisk Ready."
"""The line that reports a complete start, word for word as in Asterisk, since scripts wait for it."""

FAREWELL_SECONDS = 2.0
"""How long a stop waits for the last log lines to be read from standard output, in seconds."""
HANGUP_SECONDS = 2.0
"""How long a stop waits for the calls to end, in seconds."""


@dataclass(slots=True)
class Program:
    """The core with everything around it."""

    settings: Settings
    tree: Layout
    core: Core
    loader: Loader
    logs: Logs
    server: ControlServer
    native: Native
    state: ProcessState
    sinks: dict[int, ConsoleSink] = field(default_factory=dict)
    """The log sink of each console, by the console's ``id``."""
    reading: bool = False
    """Whether modules.conf is being read: no module is loaded yet, and a stop need not wait for ``#exec``."""

    def start(self) -> list[Fault]:
        """Open and start the modules.

        Returns:
            The faults of modules that did not start, root causes first; they are logged as well.

        Raises:
            AsterismError: modules.conf is invalid, or another configuration file with ``strict = yes`` in asterisk.conf
                (status 1); or a module stopped the start (status 2).
        """
        with self.core.doing("", "the start"):
            return self._start()

    def _start(self) -> list[Fault]:
        startup = startup_commands.load(self.core)
        startup.run(Phase.PRE_INIT)
        self.reading = True
        asked = self.wanted()
        self.reading = False
        if asked.probe or self.settings.options.probe:
            from runtime.loader import trial_load  # 8 ms of each start: only --probe needs it

            path = os.path.join(self.settings.directories.astdbdir, trial_load.FILE)
            self.loader.probe = trial_load.Prober(self.settings.file, path).against
        self.core.manager.start()  # an early client is told when the start is complete
        self.core.insist()
        startup.run(Phase.PRE_MODULE)
        with self.state.starting():
            faults = start_report.in_order(self.loader.start(asked))
        for fault in faults:
            self.core.logger.error(str(fault))
        if faults:
            count = counted(len(faults), "module")
            self.core.logger.warning(f"{count} did not start; 'module show failed' tells why")
        self.core.doubt(self.logs.unknown_levels())
        self.loader.listed = asked.built_in
        if "pbx_config" not in asked.barred:
            self.core.parts["pbx_config"] = lambda: dialplan_file.reload(self.core)
            dialplan_file.start(self.core)
        self.core.insist()
        self.native.set_booted()
        self.core.logger.verbose(0, READY)
        self.core.booted.set()  # last: a waiting thread may look for that line next
        self.core.events.publish("FullyBooted", SYSTEM, booted(self.core.times))
        self.loader.run_queued_reloads()
        startup.run(Phase.FULLY_BOOTED)
        process.notify("READY=1")
        return faults

    def note(self, error: AsterismError) -> None:
        """Log why the start was given up; the caller tells the user."""
        for connection in list(self.sinks):
            self.core.logger.detach(self.sinks.pop(connection))
        for fault in error.faults:
            self.core.logger.error(str(fault))
        self.core.logger.verbose(0, f"Asterisk uncleanly ending ({error.status}).")

    def wanted(self) -> Wanted:
        """The selection of modules.conf.  Raises AsterismError."""
        files = self.loader.files()
        asked = modules_conf.load(self.settings, files)
        self.core.doubt(asked.warnings)
        if self.settings.options.strict:
            self.core.doubt(modules_conf.unusable(asked.entries, files))
        return asked

    def show_log(self, connection: Connection) -> None:
        """Begin to show the log on a remote console."""
        sink = ConsoleSink(connection, lambda: self.logs.settings, stamps=self.settings.options.timestamp)
        self.sinks[id(connection)] = sink
        self.core.logger.attach(sink)
        if not self.settings.options.hideconnect:
            self.core.logger.verbose(2, "Remote UNIX connection")

    def hide_log(self, connection: Connection) -> None:
        """Stop showing the log on a remote console."""
        sink = self.sinks.pop(id(connection), None)
        if sink is not None:
            self.core.logger.detach(sink)
            if not self.settings.options.hideconnect:
                self.core.logger.verbose(2, "Remote UNIX connection disconnected")

    def reload(self) -> None:
        """Reread all configuration, as on SIGHUP."""
        process.notify(process.reloading())
        with self.core.doing("", "the reload on SIGHUP"):
            self.logs.reopen()
            self.loader.reload()
        process.notify("READY=1")

    def stop(self) -> int:
        """Unload the modules, unless the stop is immediate, and release all resources.  Returns the exit status."""
        halt = self.core.halt
        process.notify(process.reloading() if halt.restart else "STOPPING=1")
        with self.core.doing("", "the stop"):
            self._let_go()
        self.native.close()
        self.core.database.close()
        if self.state.ruin is None:
            self.core.journal.close()
        return process.AGAIN if halt.restart else halt.status

    def _let_go(self) -> None:
        halt = self.core.halt
        self.core.events.publish("Shutdown", SYSTEM, (("Shutdown", _how(halt)), ("Restart", str(halt.restart))))
        self.core.manager.stop()  # before the modules that own its actions are unloaded
        if halt.niceness is not Niceness.NOW:
            pbx_run.hang_up_all(self.core, HANGUP_SECONDS)
            left = self.loader.shutdown()
            if left:
                self.core.logger.warning(f"still in use at the end, and not unloaded: {', '.join(left)}")
        how = "uncleanly" if list(self.core.channels) else "cleanly"
        self.core.logger.verbose(0, f"Asterisk {how} ending ({halt.status}).")
        if halt.restart:
            self.core.logger.verbose(0, "Asterisk is now restarting...")
        self.state.end()
        self.server.close("asterism starts again\n" if halt.restart else "asterism has stopped\n")

    def is_time_to_stop(self) -> bool:
        """Wait for the request to stop, and with ``when convenient`` until no module is in use.

        Returns:
            False when the request was cancelled.
        """
        halt = self.core.halt
        halt.wait()
        if halt.niceness is Niceness.WHEN_CONVENIENT and not self.loader.is_idle():
            doing = "restart" if halt.restart else "halt"
            self.core.logger.verbose(0, f"Waiting for inactivity to perform {doing}...")
        while halt.requested and halt.niceness is Niceness.WHEN_CONVENIENT and not self.loader.is_idle():
            threading.Event().wait(0.2)
        return halt.begin()


def _how(halt: Halt) -> str:
    return "Uncleanly" if halt.niceness is Niceness.NOW else "Cleanly"


def assemble(settings: Settings) -> Program:
    """Build the program up to the first module; the caller owns the run directory.

    Raises:
        AsterismError: the installed tree or the control socket cannot be used.
    """
    tree = settings.layout or install_tree.provide()
    settings = settings._replace(layout=tree)  # for the display of build options, whichever asterisk.conf was read
    core = Core(settings)
    logs = Logs(core.logger, settings.directories.astlogdir, head=_head())
    core.rotate_logs = logs.rotate
    _open_logs(core, logs)
    _read_permissions(core)
    trust = _trust(settings, core)
    native = open_native(Path(tree.native), core)
    native.install_crash_handler(process.crash_log(settings.directories.astlogdir))
    loader = Loader(core, open_module, trust.directory, (tree.buildopt_sum, tree.buildopts), trust)
    loader.stock = _stock(tree)
    core.loader = loader
    core.commands.report = _report_mistake(core)
    all_commands.register(core, loader, logs, Service(core))
    server = _listen(settings, core)
    state = ProcessState(
        core,
        native.ffi,
        native.lib,
        lambda: {**logs.descriptors(), **server.descriptors()},
        lambda: _steady(logs, server),
    )
    loader.around = state.around
    program = Program(settings, tree, core, loader, logs, server, native, state)
    server.on_attach, server.on_leave = program.show_log, program.hide_log
    return program


@contextlib.contextmanager
def _steady(logs: Logs, server: ControlServer) -> Iterator[None]:
    """Keep the descriptors of log files and connections unchanged while the body runs."""
    with logs.steady, server.steady:
        yield


def _head() -> str:
    """The description of the program at the head of log files."""
    system = os.uname()
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{version()} on Python {python}, {system.machine} running {system.sysname}, process {os.getpid()}"


def _read_permissions(core: Core) -> None:
    """Read cli_permissions.conf; when it is invalid, only root and the program's user may run commands."""
    options, directories = core.settings.options, core.settings.directories
    try:
        core.permissions = cli_permissions.load(directories.astetcdir, exec_=options.execincludes)
    except AsterismError as error:
        core.doubt(error.faults)
        core.permissions = cli_permissions.only(0, os.geteuid())
    core.doubt(core.permissions.warnings)


STOCK = ("res_clialiases",)
"""Modules that belong to the program, as in Asterisk; they exist independently of astmoddir in asterisk.conf."""


def _stock(tree: Layout) -> dict[str, Path]:
    """The files of the modules of :data:`STOCK` in the installed tree."""
    files = {name: Path(tree.directories["astmoddir"], f"{name}.so") for name in STOCK}
    return {name: file for name, file in files.items() if file.is_file()}


def _trust(settings: Settings, core: Core) -> Trust:
    """Open the journal, and distrust the modules that were in a callback when the previous program crashed."""
    directories = settings.directories
    trust = Trust(os.path.join(directories.astdbdir, FILE), Path(directories.astmoddir))
    if trust.warning:
        core.logger.warning(str(trust.warning))
    crash_log = os.path.join(directories.astlogdir, process.CRASH_LOG)
    # in the run directory, which belongs to this program alone; several programs may share the database directory
    path = os.path.join(directories.astrundir, journal.FILE)
    try:
        _note_sources(crash_log, trust.accuse(core.journal.open(path, crash_log)))
    except OSError as error:
        core.logger.warning(f"{file_fault(path, error, 'use')}; a crash will not be remembered")
    except AsterismError as error:
        core.logger.warning(str(error))
    for fault in core.journal.warnings:
        core.logger.warning(str(fault))
    if settings.options.watchdog:
        Watchdog(core.journal, core.logger, settings.options.watchdog).start()
    return trust


def _note_sources(crash_log: str, doubts: Sequence[Doubt]) -> None:
    """Add the source lines of crashes to the crash log; the crash handler cannot determine them."""
    lines = [f"asterism: that was {doubt.module} at {doubt.source}\n" for doubt in doubts if doubt.source]
    if lines:
        with contextlib.suppress(OSError):
            handle = files.opened(crash_log, os.O_WRONLY | os.O_APPEND)
            with open(handle, "a", encoding="utf-8") as log:
                log.writelines(lines)


def _report_mistake(core: Core) -> Callable[[Command, BaseException], None]:
    """A function that logs an exception of a command's handler, with its traceback."""

    def report_mistake(command: Command, error: BaseException) -> None:
        core.logger.error(f"the command '{command.words}' raised {type(error).__name__}: {error}\n{trace_of(error)}")

    return report_mistake


def _open_logs(core: Core, logs: Logs) -> None:
    options = core.settings.options
    path = os.path.join(core.settings.directories.astetcdir, logger_conf.FILE)
    try:
        read = logger_conf.load(path, exec_=options.execincludes)
    except AsterismError as error:
        read = logger_conf.LogSettings(warnings=error.faults)
    faults = [*core.settings.warnings, *read.warnings, *logs.configure(read)]
    core.doubt(faults)
    # Print them too: the console is not attached yet.
    if not options.quiet:
        report(faults, program="asterism")


def _listen(settings: Settings, core: Core) -> ControlServer:
    try:
        hello = f"{version()}, process {os.getpid()}\n"
        server = ControlServer(settings.socket, core.commands, hello, _access(core))
    except OSError as error:
        raise AsterismError(file_fault(settings.socket, error, "open")) from None
    server.start()
    return server


def _access(core: Core) -> Access:
    """Who may open the control socket; an unknown user or group is reported and ignored."""
    options = core.settings.options
    found = {}
    for kind, name, look_up in (
        ("owner", options.astctlowner, process.user_number),
        ("group", options.astctlgroup, process.group_number),
    ):
        found[kind] = look_up(name) if name else -1
        if found[kind] is None:
            what = f"the control socket has no {kind} '{name}': the system knows no such name"
            core.doubt([Fault(what, Place(core.settings.file), code="astctl", severity="warning")])
    owner, group = ((-1 if number is None else number) for number in (found["owner"], found["group"]))
    return Access(options.astctlpermissions, owner, group)


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
