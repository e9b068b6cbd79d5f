"""The running program: its core, loader, logs and control socket, started and stopped."""

from __future__ import annotations

import os
import threading

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, field
from asterism.words import counted
from runtime.conf.asterisk_conf import Settings
from runtime.conf.install_tree import Layout
from runtime.control.control_socket import Connection, ControlServer
from runtime.core.core import Core, Halt, Niceness
from runtime.core.event_classes import SYSTEM
from runtime.core.events import booted
from runtime.dialplan import dialplan_file, pbx_run
from runtime.host import process
from runtime.host.process_state import ProcessState
from runtime.loader import modules_conf, start_report
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import Wanted
from runtime.logs.log_files import Logs
from runtime.logs.log_sinks import ConsoleSink
from runtime.modules.module_opening import Native
from runtime.program import startup_commands
from runtime.program.startup_commands import Phase

READY = "Asterisk Ready."
"""The line that reports a complete start, word for word as in Asterisk, since scripts wait for it."""

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
