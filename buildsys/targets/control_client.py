"""Commands of a real Asterisk through its control socket, as ``asterisk -rx`` sends them.

Asterisk's own client takes 40 ms for each, most of them to start. Mirrors main/asterisk.c (netconsole and
ast_remotecontrol), whose protocol has been the same since Asterisk 11.
"""

from __future__ import annotations

import socket
from pathlib import Path

SOCKET = "asterisk.ctl"
LONGEST = 480
"""Bytes of a command line that every Asterisk takes."""
_PREFIX = b"cli quit after "
_VERBOSE = 0xF6
"""A line that begins with a byte from here on is a verbose message (VERBOSE_MAGIC in asterisk/logger.h)."""


def ask(directory: Path, line: str, seconds: float) -> str:
    """Run a command and return what it prints.

    Args:
        directory: the run directory of the Asterisk, with its socket.
        line: the command.
        seconds: how long each part of the answer may take.

    Raises:
        OSError: nobody listens, or the Asterisk ended before it greeted; TimeoutError when it is silent.
    """
    with _greeted(directory, seconds) as sock:
        sock.sendall(_PREFIX + line.encode("utf-8", "surrogateescape") + b"\0")
        said = b"".join(iter(lambda: sock.recv(65536), b""))
    kept = [each for each in said.splitlines(keepends=True) if each[0] < _VERBOSE]
    return b"".join(kept).decode("utf-8", "replace")


def is_there(directory: Path, seconds: float) -> bool:
    """Whether an Asterisk listens and greets."""
    try:
        _greeted(directory, seconds).close()
    except OSError:
        return False
    return True


def _greeted(directory: Path, seconds: float) -> socket.socket:
    """A connection behind the line of greeting."""
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
