"""Long lines broken at the width of a terminal, under the column in which they began; elsewhere left alone."""

from __future__ import annotations

import os

from asterism.light.patterns import pattern
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

NARROWEST = 30
"""Columns below which nothing is broken: there is no room for an indent."""
_COLUMN = pattern(r"(?<=\S)(?:  +| -- )(?=\S)")
"""What stands between two columns of a line."""


def width_of(stream: TextIO) -> int:
    """The columns of the terminal that a stream writes to; 0 for a file, a pipe, and a terminal that does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):  # a stream without a descriptor, or a closed one
        return 0


def fitted(text: str, stream: TextIO) -> str:
    """A text for a stream: as it is, or with its long lines broken where the stream is a terminal."""
    width = width_of(stream)
    return broken(text, width) if width >= NARROWEST else text


def broken(text: str, width: int) -> str:
    """A text whose lines take no more than some columns, as far as its words allow.

    A line that holds the sequences of a terminal, and one without blanks, stays as it is.
    """
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width or "\x1b" in line or "\r" in line:
        return [line]
    import textwrap  # which only a line that is too long needs

    indent = " " * _hang(line, width)
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
        drop_whitespace=True,
    ) or [line]


def _hang(line: str, width: int) -> int:
    """Where the continuation of a line begins: under its last column that leaves room, else a little further in."""
    starts = [match.end() for match in _COLUMN.finditer(line) if match.end() <= width * 3 // 5]
    return starts[-1] if starts else len(line) - len(line.lstrip()) + 4
