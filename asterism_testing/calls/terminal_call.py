"""A call at a terminal: what is heard is a line, keys are digits, Ctrl-C hangs up."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, field
from runtime.control import remote_client, socket_frames

KEYS = "0123456789ABCD*#"
SECONDS = 20.0
"""Seconds that a key waits for the beginning of the call."""


@dataclass(slots=True, eq=False)
class Terminal:
    """The caller of one call, at the control socket of a running program."""

    path: str
    """The control socket."""
    show: Callable[[str], None]
    """Shows a line."""
    channel: str = ""
    """The name of the channel, once the call has begun."""
    _began: threading.Event = field(default_factory=threading.Event)

    def call(self, place: str, caller: str, keys: Iterator[str]) -> int:
        """Make a call, and show what is heard until its end.

        Args:
            place: where it goes: ``EXTENSION@CONTEXT``.
            caller: the number of the caller; empty when it is not known.
            keys: the keys that are pressed, read in a thread of their own.

        Returns:
            0, or 1 when there is no such extension.

        Raises:
            AsterismError: no program answers at the socket, or the program ends during the call.
        """
        sock, reader, _ = remote_client.connect(self.path)
        who = f' from "{caller}"' if caller else ""
        with sock:
            self._send(sock, f'call dial "{place}"{who} live')
            threading.Thread(target=self._press, args=(keys,), name="keys", daemon=True).start()
            while True:
                try:
                    return self._listen(reader)
                except KeyboardInterrupt:
                    if not self.channel:
                        raise
                    self._command(f"call hangup on {self.channel}")

    def _send(self, sock: socket.socket, line: str) -> None:
        try:
            sock.sendall(socket_frames.pack("run", line))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise AsterismError(Fault(remote_client.GONE, why=why, code="lost")) from None

    def _listen(self, reader: socket_frames.Reader) -> int:
        try:
            status = remote_client.answer(reader.read, self._hear, remote_client.write_err)
        except (OSError, socket_frames.WireError) as error:
            raise AsterismError(Fault(remote_client.GONE, why=str(error), code="lost")) from None
        if status is None:
            raise AsterismError(Fault("asterism ended before the call did", code="lost"))
        return status

    def _hear(self, text: str) -> None:
        for line in text.splitlines():
            if self.channel:
                self.show(line)
            else:
                self.channel = line
                self._began.set()

    def _press(self, keys: Iterator[str]) -> None:
        """Press each key that is on a telephone, once the call has begun."""
        for key in keys:
            if key.upper() in KEYS and self._began.wait(SECONDS):
                self.show(f"pressed {key.upper()}")
                with contextlib.suppress(AsterismError):  # the call has just ended
                    self._command(f"call press {key.upper()} paused on {self.channel}")

    def _command(self, line: str) -> None:
        """Run a command on a new connection, since the first one waits for the end of the call."""
        sock, reader, _ = remote_client.connect(self.path)
        with sock, contextlib.suppress(OSError, socket_frames.WireError):
            self._send(sock, line)
            remote_client.answer(reader.read, _nothing, _nothing)


def _nothing(_text: str) -> None:
    """Ignore output that the other connection shows already."""


@contextlib.contextmanager
def keyboard() -> Iterator[Iterator[str]]:
    """Yield the keys of standard input one by one, without echo; the terminal's settings are restored at the end."""
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle) if os.isatty(handle) else None
    if before is not None:
        tty.setcbreak(handle)
    try:
        yield _characters(handle)
    finally:
        if before is not None:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _characters(handle: int) -> Iterator[str]:
    while data := os.read(handle, 1):
        yield data.decode("latin-1")
