"""The client of the control socket: ``-rx COMMAND`` and the remote console ``-r``.

``-rx`` imports as little as possible, since scripts call it often.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable

from asterism.errors import AsterismError, Fault, Place
from runtime.control import socket_frames
from runtime.control.socket_address import reachable

GONE = "the connection to asterism was lost"


def connect(path: str) -> tuple[socket.socket, socket_frames.Reader, str]:
    """Connect to the program that listens at ``path``.  Returns the socket, its reader, and the program's description.

    Raises:
        AsterismError: no program listens, or it refuses this client.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with reachable(path) as name:
            sock.connect(name)
        with contextlib.suppress(ConnectionError):  # a program that refuses clients may have closed it already
            sock.sendall(socket_frames.pack("hello", socket_frames.VERSION))
        reader = socket_frames.Reader(sock)
        frame = reader.read()
    except OSError as error:
        sock.close()
        raise AsterismError(_nobody_there(path, error)) from None
    except socket_frames.WireError as error:
        raise AsterismError(_lost(str(error))) from None
    if frame is not None and frame[0] == "bye":
        sock.close()
        raise AsterismError(Fault("asterism does not take this client", Place(path), frame[1].strip(), code="refused"))
    if frame is None or frame[0] != "hello":
        raise AsterismError(_lost("it closed the connection at once"))
    return sock, reader, frame[1]


def _nobody_there(path: str, error: OSError) -> Fault:
    cures = {
        PermissionError: "only the user who started it (and root) may connect",
        FileNotFoundError: "start it with 'asterism -c' or 'asterism -F', or name its asterisk.conf with -C",
        ConnectionRefusedError: "it ended without tidying up; start it again",
    }
    why = (error.strerror or str(error)).lower()
    return Fault("cannot reach a running asterism", Place(path), why, cures.get(type(error), ""), "not-running")


def _lost(why: str = "") -> Fault:
    return Fault(GONE, why=why, code="lost")


def execute(path: str, line: str) -> int:
    """Run one command in the program, and write its output and errors here.

    Returns:
        0, or 1 when the command failed.

    Raises:
        AsterismError: the program does not answer, the answer breaks off, or the output cannot be written.
        BrokenPipeError: the reader of the output has gone.
    """
    sock, reader, _ = connect(path)

    def read() -> tuple[str, str] | None:
        try:
            return reader.read()
        except (OSError, socket_frames.WireError) as error:
            raise AsterismError(_lost(str(error))) from None

    with sock:
        try:
            sock.sendall(socket_frames.pack("run", line))
        except OSError as error:
            raise AsterismError(_lost((error.strerror or str(error)).lower())) from None
        status = answer(read, write_out, write_err)
    if status is None:
        raise AsterismError(_lost("it stopped before the command was done"))
    return status


def answer(
    read: Callable[[], tuple[str, str] | None],
    out: Callable[[str], None],
    err: Callable[[str], None],
) -> int | None:
    """Pass on the answer to one command.  Returns its status, or None when the connection ended first."""
    while (frame := read()) is not None:
        kind, text = frame
        if kind == "out":
            out(text)
        elif kind == "err":
            err(text)
        elif kind == "end":
            return int(text == "1")
        elif kind == "bye":
            err(text)
            return None
    return None


def write_out(text: str) -> None:
    """Write on standard output, with escaped bytes restored; long lines are broken for a terminal."""
    if sys.stdout.isatty():
        from asterism.terminal import columns  # which no script needs

        text = columns.fitted(text, sys.stdout)
    _write(1, text)


def write_err(text: str) -> None:
    """Write on standard error, with escaped bytes restored."""
    _write(2, text)


def _write(handle: int, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    try:
        while data:
            data = data[os.write(handle, data) :]
    except BrokenPipeError:
        raise
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise AsterismError(Fault("cannot write the output", why=why, code="output")) from None
