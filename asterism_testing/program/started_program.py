"""A program under test with its own directories: laid out, started, watched and stopped.

This module does not depend on pytest. Every failure is an exception; a crash has the C backtrace in its text.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism_testing.program import process_end
from asterism_testing.program.fault_reports import crash_report, sanitizer_report
from asterism_testing.program.program_errors import CrashedError, HangingError, NotStartedError
from asterism_testing.records import SUFFIXES, Event, Log, Record
from runtime.loader import backtrace

SECONDS = 30.0
"""The timeout in seconds of every action: the start, a command, the stop."""

_DIRECTORIES = ("varlib", "db", "key", "data", "agi", "spool", "run", "log", "cache")


class StartedProgram:
    """A program with directories of its own, which are written at once; the program starts at its first use.

    Args:
        program: the installed ``asterism``.
        home: an empty directory for configuration, modules, log and socket.
        modules: directories of modules; of two modules with one name the later one is used.
        environment: further environment variables of the program.
        seconds: the timeout of every action.
    """

    def __init__(
        self,
        program: str | os.PathLike[str],
        home: Path,
        modules: Iterable[Path] = (),
        *,
        environment: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.program = os.fspath(program)
        self.home = Path(home)
        self.environment = {**os.environ, **(environment or {})}
        self.seconds = seconds
        self.transcript: list[str] = []
        """The commands that were sent, and their output, as on a console."""
        self._process: subprocess.Popen[bytes] | None = None
        self._log = Log(self.home / "log" / "log", self.modules)
        self._seen = 0  # characters of the output that check() has examined
        self._lay_out(tuple(modules))

    # -- files

    def _link_documentation(self, modules: Sequence[Path]) -> None:
        """Link the documentation files that lie beside built modules."""
        own = self.home / "data" / "documentation" / "thirdparty"
        own.mkdir(parents=True)
        found = (path for directory in modules for path in sorted((directory.parent / "documentation").glob("*.xml")))
        for name, path in {path.stem: path for path in found}.items():
            (own / f"{name}-en_US.xml").symlink_to(path.resolve())

    def _lay_out(self, modules: Sequence[Path]) -> None:
        self.modules.mkdir(parents=True)
        found = {path.name: path for directory in modules for path in _modules_in(directory)}
        for name, path in found.items():
            (self.modules / name).symlink_to(path)
        places = {"etc": self.home / "etc", "mod": self.modules}
        places |= {name: self.home / name for name in _DIRECTORIES}
        for path in places.values():
            path.mkdir(exist_ok=True)
        self._link_documentation(modules)
        lines = [f"ast{name}dir => {path}" for name, path in places.items()]
        self.config("asterisk.conf", "\n".join(["[directories]", *lines, "[options]", "verbose = 4", ""]))
        self.config("modules.conf", "[modules]\nautoload = no\n")
        self.config("logger.conf", "[general]\n[logfiles]\nlog => [json]notice,warning,error,verbose(9),debug\n")

    @property
    def modules(self) -> Path:
        """The module directory: links to the modules that can be loaded."""
        return self.home / "modules"

    def config(self, name: str, text: str) -> Path:
        """Write a configuration file; a running module reads it when it is reloaded."""
        path = self.home / "etc" / name
        path.write_text(text)
        return path

    # -- start and stop

    def start(self) -> None:
        """Start the program and wait until it is ready; does nothing when it is running.

        Raises:
            NotStartedError: the program ended before it was ready, or took too long.
        """
        __tracebackhide__ = True
        if self._process is not None:
            return
        with ready_socket() as (listener, address), self._output.open("wb") as output:
            # The console's input closes when this process ends, and the program ends with it.
            self._process = subprocess.Popen(
                [self.program, "-cn", "-C", str(self.home / "etc" / "asterisk.conf")],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env={**self.environment, "NOTIFY_SOCKET": address},
            )
            deadline = time.monotonic() + self.seconds
            while not select.select([listener], [], [], 0.05)[0]:
                if self._process.poll() is not None:
                    raise NotStartedError(self._told(f"the program {self._how_it_ended()} before it was ready"))
                if time.monotonic() > deadline:
                    self._kill()
                    raise NotStartedError(self._told(f"the program was not ready in {self.seconds:g} seconds"))

    @property
    def pid(self) -> int:
        """The process id of the program, which is started if necessary."""
        self.start()
        return self._process.pid if self._process is not None else 0

    @property
    def is_running(self) -> bool:
        """Whether the program was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """Stop the program gracefully, unloading modules; returns its exit status.  Raises HangingError."""
        __tracebackhide__ = True
        if self._process is None:
            return 0
        self._close_input()
        try:
            return process_end.wait(self._process, self.seconds)
        except subprocess.TimeoutExpired:
            self._kill()
            raise HangingError(self._told(f"it did not stop in {self.seconds:g} seconds")) from None

    def finish(self) -> None:
        """Stop the program, and check that it ended without a fault.

        Raises:
            CrashedError: it had ended before, its exit status is not 0, or a sanitizer reported an error.
            HangingError: it did not stop in time.
        """
        __tracebackhide__ = True
        if self._process is None:
            return
        had_ended = self._process.poll() is not None
        status = self.stop()
        if had_ended or status:
            raise CrashedError(self._told(f"the program {self._how_it_ended()}"))
        self.check()

    def check(self) -> None:
        """Check that no sanitizer has reported an error since the last check.  Raises CrashedError."""
        __tracebackhide__ = True
        said = self.output[self._seen :]
        self._seen += len(said)
        if found := sanitizer_report(said):
            raise CrashedError(f"a sanitizer found something\n{found}")

    def abandon(self) -> None:
        """Kill the program if it is running."""
        if self.is_running:
            self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_input()

    def _close_input(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _how_it_ended(self) -> str:
        status = self._process.returncode if self._process is not None else None
        if status is None:
            return "closed the connection"
        return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"

    # -- output and log

    @property
    def _output(self) -> Path:
        return self.home / "output"

    @property
    def output(self) -> str:
        """The output of the program on its own terminal."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    @property
    def crash(self) -> str:
        """The report of the crash handler: module, callback and C backtrace; empty without a crash."""
        path = self.home / "log" / "crash.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _told(self, what: str) -> str:
        """A message followed by the sanitizer's or crash handler's report, or else the output."""
        said = sanitizer_report(self.output[self._seen :]) or self._crash() or self.output
        return f"{what}\n{said.rstrip()}" if said.strip() else what

    def _crash(self) -> str:
        """The crash handler's report with the source line added and without calls inside Python."""
        text = self.crash
        return crash_report(text, lambda name: backtrace.source_of(self.modules / f"{name}.so", text))

    @property
    def log_file(self) -> Path:
        """The path of the log, with a line of JSON for each message."""
        return self._log.path

    @property
    def log(self) -> list[Record]:
        """All messages logged so far."""
        return self._log.records()

    @property
    def events(self) -> list[Event]:
        """The test events that the code under test has sent with ``ast_test_suite_event_notify``."""
        return self._log.events()

    def wait_for(self, condition: Callable[[], object], what: str = "it") -> None:
        """Wait until a condition is true.  Raises HangingError after the timeout."""
        __tracebackhide__ = True
        deadline = time.monotonic() + self.seconds
        while not condition():
            if time.monotonic() > deadline:
                raise HangingError(self._told(f"{what} did not happen in {self.seconds:g} seconds"))
            time.sleep(0.01)

    def wait_for_log(self, pattern: str) -> Record:
        """Wait for a message that matches a regular expression, searched in ``[FILE:LINE] LEVEL text``.

        Raises:
            HangingError: the message does not come in time.
        """
        __tracebackhide__ = True
        found: list[Record] = []

        def look() -> bool:
            found[:] = [record for record in self.log if re.search(pattern, str(record))]
            return bool(found)

        self.wait_for(look, f"a message like '{pattern}'")
        return found[0]


def _modules_in(directory: Path) -> Sequence[Path]:
    """The modules in a directory, as absolute paths; empty when the directory is missing."""
    if not directory.is_dir():
        return ()
    return sorted(path.resolve() for path in directory.iterdir() if path.suffix in SUFFIXES)


@contextlib.contextmanager
def ready_socket() -> Iterator[tuple[socket.socket, str]]:
    """A datagram socket that the program notifies when it is ready (as systemd's), and its address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("")  # the kernel chooses a free name
        yield listener, f"@{listener.getsockname()[1:].decode()}"
