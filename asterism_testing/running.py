"""A running asterism for tests, which takes commands through its control socket.

:mod:`asterism_testing.program.started_program` starts and stops it. This module does not depend on pytest.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from asterism.errors import AsterismError
from asterism.values import dataclass
from asterism_testing.calls.typed_call import TypedCall
from asterism_testing.program.program_errors import (
    CommandError,
    CrashedError,
    HangingError,
    NotStartedError,
    RunningError,
    UnsupportedError,
)
from asterism_testing.program.started_program import SECONDS, StartedProgram
from asterism_testing.records import Event, Record
from runtime.control import remote_client, socket_frames

__all__ = [
    "SECONDS",
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


class Running(StartedProgram):
    """An asterism for one test; arguments are those of :class:`StartedProgram`."""

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
