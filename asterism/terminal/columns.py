"""Long lines broken at the width of a terminal, under the column in which they began; elsewhere left alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from asterism.light.patterns import pattern
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

NARROWEST = 30
"""Columns below which nothing is broken: there is no room for an indent."""
_COLUMN = pattern(r"(?<=\S)(?:  +| -- )(?=\S)")
"""What stands between two columns of a line."""
_PLAIN = pattern(r"\x1b\[[0-9;]*m")
"""A sequence that changes the colour."""


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


def show(text: str) -> None:
    """Print a text on standard output, fitted to its terminal."""
    print(fitted(text, sys.stdout))


def broken(text: str, width: int) -> str:
    """A text whose lines take no more than some columns, as far as its words allow.

    Tables get narrower columns.  A line that holds the sequences of a terminal other than colours, and one without
    blanks, stays as it is.
    """
    lines = text.split("\n")
    return text if max(map(len, lines)) <= width else "\n".join(_all_broken(lines, width))


def _all_broken(lines: Sequence[str], width: int) -> Iterator[str]:
    from asterism.terminal import tables  # only a text with a line that is too long needs it

    at = 0
    while at < len(lines):
        table = tables.begun_at(lines, at)
        block = lines[at : at + (len(table.rows) if table else 1)]
        if table and table.width <= width:
            yield from block
        else:
            shown = tables.laid_out(table, width) if table else []
            yield from shown or (part for line in block for part in _broken(line, width))
        at += len(block)


def _broken(line: str, width: int) -> list[str]:
    from asterism.terminal import tables  # as above

    characters = tables.characters(line)
    if characters is None or len(characters) <= width or "\r" in line:
        return [line]
    if set(line) <= {"-", "="}:
        return [line[:width]]
    return _wrapped(characters, width, _hang(_PLAIN.sub("", line), width))


def _wrapped(characters: Sequence[str], width: int, indent: int) -> list[str]:
    """A line broken at blanks; the blanks at a break are left out."""
    lines: list[list[str]] = [[]]
    word: list[str] = []
    blanks: list[str] = []
    for char in [*characters, " "]:
        if char != " ":
            word.append(char)
            continue
        if word:
            if len(lines[-1]) + len(blanks) + len(word) > width and any(each != " " for each in lines[-1]):
                lines.append([" "] * indent)
                blanks = []
            lines[-1] += [*blanks, *word]
            word, blanks = [], []
        blanks.append(" ")
    return ["".join(line) for line in lines]


def _hang(line: str, width: int) -> int:
    """Where the continuation of a line begins: under its last column that leaves room, else a little further in."""
    starts = [match.end() for match in _COLUMN.finditer(line) if match.end() <= width * 3 // 5]
    return starts[-1] if starts else len(line) - len(line.lstrip()) + 4
