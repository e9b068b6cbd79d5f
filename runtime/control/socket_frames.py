r"""The protocol of the control socket: frames of a kind, a length and a text.

::

    frame = kind " " length "\n" payload          length in bytes, payload UTF-8

    a client sends   hello VERSION     first of all
                     attach N          to be shown the log, verbose messages up to N
                     run LINE          a command
                     complete LINE     to have its last word completed
    it is answered   hello TEXT        who is there
                     out TEXT          output of the command, or of the log
                     err TEXT          why the command failed
                     end STATUS        the command is done: 0, or 1 when it failed
                     words TEXT        completions, one for each line
                     bye TEXT          the program stops

Kept free of imports: ``-rx`` has no time for them.
"""

from __future__ import annotations

VERSION = "1"
LARGEST = 1 << 20
"""The longest payload in bytes; longer output is sent in several frames."""
_LONGEST_HEADER = 32
_DIGITS = 7
"""The number of digits of ``LARGEST``."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket


class WireError(Exception):
    """The data is not a valid frame, or ends within one."""


def pack(kind: str, text: str = "") -> bytes:
    """Pack a message as one frame or, when it is long, as several frames of the same kind."""
    payload = text.encode("utf-8", "surrogateescape")
    pieces = [payload[at : at + LARGEST] for at in range(0, len(payload), LARGEST)] or [b""]
    return b"".join(b"%s %d\n%s" % (kind.encode(), len(piece), piece) for piece in pieces)


class Reader:
    """Reads frames from a connected socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()

    def read(self) -> tuple[str, str] | None:
        """Read the next frame as kind and text, or None at the end.

        Raises:
            WireError: the data is not a frame, or ends within one.
            OSError: the connection broke.
        """
        header = self._header()
        if header is None:
            return None
        kind, _, length = header.partition(b" ")
        if not kind.isalpha() or not length.isdigit() or len(length) > _DIGITS or int(length) > LARGEST:
            raise WireError(f"unexpected {header[:_LONGEST_HEADER]!r}")
        return kind.decode(), self._take(int(length)).decode("utf-8", "surrogateescape")

    def _header(self) -> bytes | None:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_HEADER:
                raise WireError(f"unexpected {bytes(self._buffer[:_LONGEST_HEADER])!r}")
            if not self._more():
                if self._buffer:
                    raise WireError("the connection ended in the middle of a frame")
                return None
        header = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return header

    def _take(self, length: int) -> bytes:
        while len(self._buffer) < length:
            if not self._more():
                raise WireError("the connection ended in the middle of a frame")
        payload = bytes(self._buffer[:length])
        del self._buffer[:length]
        return payload

    def _more(self) -> bool:
        piece = self._sock.recv(65536)
        self._buffer += piece
        return bool(piece)
