"""The parts of the program put together: core, logs, permissions, loader, commands and control socket."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report, trace_of
from asterism.files import file_fault
from runtime.cli import all_commands
from runtime.cli.core.core_commands import version
from runtime.conf import cli_permissions, install_tree
from runtime.conf.asterisk_conf import Settings
from runtime.conf.install_tree import Layout
from runtime.control.control_socket import Access, ControlServer
from runtime.core import journal
from runtime.core.commands.command import Command
from runtime.core.core import Core
from runtime.host import process
from runtime.host.process_state import ProcessState
from runtime.loader.distrust import FILE, Doubt, Trust
from runtime.loader.loader import Loader
from runtime.loader.watchdog import Watchdog
from runtime.logs import logger_conf
from runtime.logs.log_files import Logs
from runtime.manager.service import Service
from runtime.modules.module_opening import open_module, open_native
from runtime.program.program import Program


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
