"""A running asterism for tests, with its own directories: started, sent commands through its control socket, stopped.

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
from typing import Any

from asterism.errors import AsterismError
from asterism.values import dataclass
from asterism_testing.calls.typed_call import TypedCall
from asterism_testing.records import SUFFIXES, Event, Log, Record
from runtime.control import remote_client, socket_frames
from runtime.loader import backtrace

__all__ = [
    "Answer",
    "CommandError",
    "CrashedError",
    "Event",
    "Executed",
    "HangingError",
    "NotStartedError",
    "Record",
    "Running",
    "RunningError",
    "UnsupportedError",
    "quoted",
]

SECONDS = 30.0
"""The timeout in seconds of every action: the start, a command, the stop."""

_DIRECTORIES = ("varlib", "db", "key", "data", "agi", "spool", "run", "log", "cache")
_SAID = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|: runtime error: ")
"""The beginnings of sanitizer reports."""


class RunningError(Exception):
    """The base of the faults of a running asterism."""


class NotStartedError(RunningError):
    """The program ended before it was ready, or took too long to start."""


class CommandError(RunningError):
    """A command failed."""


class CrashedError(RunningError):
    """The program ended while the test needed it, or ended with a fault."""


class HangingError(RunningError):
    """The program did not answer in time, and was killed."""


class UnsupportedError(RunningError):
    """The program lacks the feature that was used; the test is skipped."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a command."""

    out: str
    err: str
    """The error output."""
    status: int
    """The exit status: 0, or 1 when the command failed."""
    log: tuple[Record, ...] = ()
    """The messages logged during the command."""


@dataclass(frozen=True, slots=True)
class Executed:
    """The result of a dialplan application."""

    result: int
    """The return value: 0 to continue, -1 to hang up."""
    variables: Mapping[str, str]
    """The variables of the channel it ran on."""
    log: tuple[Record, ...] = ()


def quoted(text: str) -> str:
    """A text quoted as one word of a command line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Running:
    """An asterism for one test; its directories are written at once, and it starts at its first use.

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
        """The commands and their output, as on a console."""
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
            return self._process.wait(self.seconds)
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
        if found := _report(said):
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
        said = _report(self.output[self._seen :]) or self._crash() or self.output
        return f"{what}\n{said.rstrip()}" if said.strip() else what

    def _crash(self) -> str:
        """The crash handler's report with the source line added and without calls inside Python."""
        text = self.crash
        found = _CRASHED.search(text)
        source = backtrace.source_of(self.modules / f"{found[1]}.so", text) if found else ""
        first, _, rest = text.partition("\n")
        return "\n".join([first, *([f"    at {source}"] if source else []), *_without_noise(rest)])

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

    # -- commands

    def ask(self, line: str) -> Answer:
        """Run a command, and return its result even when it failed.

        Raises:
            CrashedError: the program ended during the command.
            HangingError: the program did not answer in time.
        """
        __tracebackhide__ = True
        self.start()
        before = self._log.end
        out: list[str] = []
        err: list[str] = []
        self.transcript.append(f"*CLI> {line}\n")
        status = self._exchange(line, lambda read: remote_client.answer(read, out.append, err.append))
        self.transcript += [*out, *err]
        if status is None:
            raise self._gone(line)
        return Answer("".join(out), "".join(err), status, tuple(self._log.records(before)))

    def _exchange(self, line: str, receive: Callable[[Callable[[], Any]], int | None], kind: str = "run") -> int | None:
        """Send a line and receive the answer; None when the program ended before the answer was complete."""
        __tracebackhide__ = True
        try:
            sock, reader, _ = remote_client.connect(str(self.home / "run" / "asterisk.ctl"))
        except AsterismError:
            return None
        with sock:
            sock.settimeout(self.seconds)
            try:
                sock.sendall(socket_frames.pack(kind, line))
                return receive(reader.read)
            except TimeoutError:
                self._kill()
                raise HangingError(self._told(f"'{line}' was not answered in {self.seconds:g} seconds")) from None
            except (OSError, socket_frames.WireError):
                return None

    def _gone(self, line: str) -> CrashedError:
        __tracebackhide__ = True
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.seconds)
        return CrashedError(self._told(f"the program {self._how_it_ended()} at '{line}'"))

    def complete(self, line: str) -> list[str]:
        """The completions of the last word of a line."""
        __tracebackhide__ = True
        self.start()
        words: list[str] = []

        def receive(read: Callable[[], Any]) -> int | None:
            frame = read()
            if frame is None:
                return None
            words.extend(frame[1].split("\n") if frame[1] else [])
            return 0

        if self._exchange(line, receive, "complete") is None:
            raise self._gone(line)
        return words

    def cli(self, line: str) -> str:
        """Run a command, and return its output.  Raises CommandError when it failed."""
        __tracebackhide__ = True
        answer = self.ask(line)
        if answer.status:
            raise CommandError(f"'{line}' failed\n{(answer.err + answer.out).rstrip()}")
        return answer.out

    def load(self, *names: str) -> None:
        """Load modules in the given order.  Raises CommandError when one of them fails to run."""
        __tracebackhide__ = True
        for name in names:
            self.cli(f"module load {name}")

    def unload(self, *names: str) -> None:
        """Unload modules in the given order.  Raises CommandError when one of them refuses."""
        __tracebackhide__ = True
        for name in names:
            self.cli(f"module unload {name}")

    def reload(self, name: str) -> None:
        """Reload the configuration of a module.  Raises CommandError when that fails."""
        __tracebackhide__ = True
        self.cli(f"module reload {name}")

    def evaluate(self, function: str) -> str:
        """The value of a dialplan function such as ``MD5(hello)``.  Raises CommandError when it has none."""
        __tracebackhide__ = True
        return self.cli(f"dialplan eval function {function}").removesuffix("\n").partition("\nResult: ")[2]

    def execute(self, application: str) -> Executed:
        """Run a dialplan application such as ``Verbose(1,hi)`` on a new channel.

        Raises CommandError when the application is unknown.
        """
        __tracebackhide__ = True
        answer = self.ask(f"dialplan exec application {application}")
        first, *lines = answer.out.splitlines() or [""]
        found = re.fullmatch(r"Return Value: \w+ \((-?\d+)\)", first)
        if found is None:
            raise CommandError(f"'{application}' cannot be run\n{(answer.err + answer.out).rstrip()}")
        pairs = [line.partition("=") for line in lines if "=" in line]
        return Executed(int(found[1]), {name: value for name, _, value in pairs}, answer.log)

    def call(self, place: str, caller: str = "") -> TypedCall:
        """Begin a call to ``EXTENSION@CONTEXT``, whose digits are typed and whose sounds are text.

        Args:
            place: where the call goes.
            caller: the number of the caller; empty when it is not known.

        Raises:
            CommandError: there is no such extension.
        """
        __tracebackhide__ = True
        who = f" from {quoted(caller)}" if caller else ""
        return TypedCall(self.cli, self.cli(f"call dial {quoted(place)}{who} paused").strip())

    def set(self, name: str, value: str) -> None:
        """Set a global variable of the dialplan."""
        __tracebackhide__ = True
        self.cli(f"dialplan set global {quoted(name)} {quoted(value)}")

    def get(self, name: str) -> str | None:
        """The value of a global variable of the dialplan; None when it is not set."""
        __tracebackhide__ = True
        lines = [line.strip().partition("=") for line in self.cli("dialplan show globals").splitlines()]
        return next((value for known, equals, value in lines if equals and known == name), None)


_CRASHED = re.compile(r"^asterism: module (\S+) (?:crashed|ended)", re.MULTILINE)
_NOISE = re.compile(
    r"_cffi_backend|libpython|/bin/python|libc\.so|libasan|libubsan|the next start leaves it out"
    r"|\s(?:Objects|Python|Modules|Include|Parser)/\S+:\d+"
)
"""Lines of a backtrace about Python's way to the call of a module."""


def _without_noise(text: str) -> list[str]:
    return [line for line in text.splitlines() if not _NOISE.search(line)]


def _report(said: str) -> str:
    """The report of a sanitizer in a text; empty when the text has no report."""
    found = _SAID.search(said)
    if found is None:
        return ""
    whole = said[said.rfind("\n", 0, found.start()) + 1 :]
    return "\n".join(_without_noise(whole.partition("\nShadow bytes around")[0]))


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
