"""Send commands to a real Asterisk through its control socket, as ``asterisk -rx`` does.

Asterisk's own client takes 40 ms for each command, most of it to start. Mirrors main/asterisk.c (netconsole and
ast_remotecontrol), whose protocol has not changed since Asterisk 11.
"""

from __future__ import annotations

import socket
from pathlib import Path

SOCKET = "asterisk.ctl"
LONGEST = 480
"""The longest command line in bytes that every version of Asterisk accepts."""
_PREFIX = b"cli quit after "
_VERBOSE = 0xF6
"""Lines whose first byte is this or greater are verbose messages (VERBOSE_MAGIC in asterisk/logger.h)."""


def ask(directory: Path, line: str, seconds: float) -> str:
    """Run a command and return its output.

    Args:
        directory: the run directory of the Asterisk, which has the socket.
        line: the command.
        seconds: the timeout for each part of the answer.

    Raises:
        OSError: no Asterisk listens, or it ended before its greeting; TimeoutError when it does not answer.
    """
    with _greeted(directory, seconds) as sock:
        sock.sendall(_PREFIX + line.encode("utf-8", "surrogateescape") + b"\0")
        said = b"".join(iter(lambda: sock.recv(65536), b""))
    kept = [each for each in said.splitlines(keepends=True) if each[0] < _VERBOSE]
    return b"".join(kept).decode("utf-8", "replace")


def is_there(directory: Path, seconds: float) -> bool:
    """Whether an Asterisk listens on the socket and sends its greeting."""
    try:
        _greeted(directory, seconds).close()
    except OSError:
        return False
    return True


def _greeted(directory: Path, seconds: float) -> socket.socket:
    """A connection to the control socket whose greeting has been read."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect(str(directory / SOCKET))
        greeting = b""
        while not greeting.endswith(b"\n"):
            byte = sock.recv(1)
            if not byte:
                raise ConnectionResetError("the connection was closed before the greeting")
            greeting += byte
    except BaseException:
        sock.close()
        raise
    return sock
