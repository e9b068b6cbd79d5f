"""The manager protocol as text: bytes to messages, messages to bytes.

::

    message = header { header } end        end = line end
    header  = name ":" [ " " ] value line end
    line end = CR LF | LF

What a client sends may be anything: a message that is too long or has too many headers is still read to its end,
so that the next one is understood, and says what was wrong with it (main/manager.c, ``get_input``, ``do_message``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterism.controls import escaped
from asterism.values import dataclass

GREETING = "Asterisk Call Manager/13.0.0\r\n"
"""What a client is met with, word for word: clients read the version out of it (``AMI_VERSION`` of Asterisk 23)."""
MOST_HEADERS = 128
"""``AST_MAX_MANHEADERS``."""
LONGEST_LINE = 4096
"""Bytes of a line without its end.  Asterisk's buffer has 1024, which cuts what clients set as variables."""

TOO_LONG = "Failed to parse message: line too long"
TOO_MANY = "Too many lines in message or allocation failure"


@dataclass(frozen=True, slots=True)
class ManagerMessage:
    """What a client asks for."""

    lines: tuple[str, ...]
    """Its headers as they came; bytes that are no UTF-8 as lone surrogates."""
    trouble: str = ""
    """Why it cannot be heeded, in the words of the answer."""

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
        """What is asked for: the first ``Action`` that is not empty."""
        return next(filter(None, self.values("Action")), "")


def _decoded(line: bytes) -> str:
    """A line as text; what would end it, or a C string, somewhere else is a blank."""
    return line.decode("utf-8", "surrogateescape").replace("\r", " ").replace("\0", " ")


class Parser:
    """Takes bytes as they come, in pieces of any size, and gives the messages that are complete."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._trouble = ""
        self._skipping = False
        """Whether the line under way is too long, and its rest not wanted."""

    def feed(self, data: bytes) -> list[ManagerMessage]:
        """Take some bytes; the messages they complete, which may be none."""
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
    """One header as it is sent.  A line end inside it would forge another header: it becomes a blank."""
    return f"{name.translate(_CLEAN)}: {str(value).translate(_CLEAN)}\r\n"


def headers(fields: Fields) -> str:
    """Several of them."""
    return "".join([header(name, value) for name, value in fields])


def body(text: str) -> str:
    """Headers that somebody wrote as text, with the line ends they should have and none of the empty lines.

    A lone carriage return ends no line: it is a character of a value.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "".join([f"{line}\r\n" for line in lines if line])


def encode(text: str) -> bytes:
    """The bytes of what is sent; half of a character, which JSON can name, is escaped."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "\r\n".join(map(escaped, text.split("\r\n"))).encode("utf-8", "surrogateescape")
