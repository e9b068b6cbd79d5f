"""The manager protocol as text: parsing and writing messages.

::

    message  = header { header } end        end = line end
    header   = name ":" [ " " ] value line end
    line end = CR LF | LF

Clients may send anything: a message that is too long or has too many headers is still read to its end, so that the next
message is parsed correctly, and carries its fault (main/manager.c, ``get_input``, ``do_message``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterism.controls import escaped
from asterism.values import dataclass

GREETING = "Asterisk Call Manager/13.0.0\r\n"
"""The greeting of each client; clients read the version from it (``AMI_VERSION`` of Asterisk 23)."""
MOST_HEADERS = 128
"""The limit of headers in a message (``AST_MAX_MANHEADERS``)."""
LONGEST_LINE = 4096
"""The limit of bytes in a line, without its end.  Asterisk's 1024 truncate variables that clients set."""

TOO_LONG = "Failed to parse message: line too long"
TOO_MANY = "Too many lines in message or allocation failure"


@dataclass(frozen=True, slots=True)
class ManagerMessage:
    """A message from a client."""

    lines: tuple[str, ...]
    """The headers as received; invalid UTF-8 is decoded to lone surrogates."""
    trouble: str = ""
    """Why the message is rejected, in the words of the answer; empty when it is valid."""

    def get(self, name: str) -> str:
        """The value of the first header of that name, in any case; empty when there is none (``astman_get_header``)."""
        return next(self.values(name), "")

    def values(self, name: str) -> Iterator[str]:
        """The values of all headers of that name, in order."""
        start = f"{name.lower()}:"
        for line in self.lines:
            if line[: len(start)].lower() == start:
                yield line[len(start) :].lstrip(" \t")

    @property
    def action(self) -> str:
        """The requested action: the first ``Action`` header that is not empty."""
        return next(filter(None, self.values("Action")), "")


def _decoded(line: bytes) -> str:
    """A line as text; carriage returns and NUL bytes become blanks, since they would end a line or a C string."""
    return line.decode("utf-8", "surrogateescape").replace("\r", " ").replace("\0", " ")


class Parser:
    """Parses bytes, in pieces of any size, into complete messages."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._trouble = ""
        self._skipping = False
        """Whether the current line is too long, so that the rest of it is skipped."""

    def feed(self, data: bytes) -> list[ManagerMessage]:
        """Add bytes.  Returns the messages that they complete, possibly none."""
        found: list[ManagerMessage] = []
        pieces = (self._rest + data).split(b"\n")
        self._rest = pieces.pop()
        for piece in pieces:
            self._line(piece.removesuffix(b"\r"), found)
        if self._skipping or len(self._rest.removesuffix(b"\r")) > LONGEST_LINE:
            self._skipping, self._rest = True, b""
        return found

    def _line(self, line: bytes, found: list[ManagerMessage]) -> None:
        if self._skipping or len(line) > LONGEST_LINE:
            self._skipping = False
            self._trouble = self._trouble or TOO_LONG
        elif line:
            self._header(_decoded(line))
        else:
            found.append(ManagerMessage(tuple(self._lines), self._trouble))
            self._lines, self._trouble = [], ""

    def _header(self, line: str) -> None:
        if len(self._lines) < MOST_HEADERS:
            self._lines.append(line)
        else:
            self._trouble = self._trouble or TOO_MANY


# ---- the other way -------------------------------------------------------------------------------

Fields = Iterable[tuple[str, object]]
"""Headers to send: names and values, in order."""

_CLEAN = {ord("\r"): None, ord("\n"): " ", 0: None}


def header(name: str, value: object) -> str:
    """A header as text.  A line end in the value becomes a blank, since it would forge another header."""
    return f"{name.translate(_CLEAN)}: {str(value).translate(_CLEAN)}\r\n"


def headers(fields: Fields) -> str:
    """Several headers as they are sent."""
    return "".join([header(name, value) for name, value in fields])


def body(text: str) -> str:
    """Headers given as text, with protocol line ends and without empty lines.

    A lone carriage return is not a line end: it is a character of a value.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "".join([f"{line}\r\n" for line in lines if line])


def encode(text: str) -> bytes:
    """The bytes of a text to send; a lone surrogate, which JSON can contain, is escaped."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "\r\n".join(map(escaped, text.split("\r\n"))).encode("utf-8", "surrogateescape")
