"""TOML that people write: parsed, with the places of its keys for what is wrong with them."""

from __future__ import annotations

import re
from typing import Any

from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import toml_table

_SURROGATE = re.compile("[\ud800-\udfff]")
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal must not get from a file: controls, lone surrogates, marks that turn the direction of writing."""


def lines_of(text: str) -> list[str]:
    """The lines as they can be shown."""
    return [UNSHOWABLE.sub("\ufffd", line) for line in text.split("\n")]


def parse(text: str, file: str, code: str) -> dict[str, Any]:
    """What the text says.

    Raises:
        AsterismError: it is not TOML; the fault has this code.
    """
    stray = _SURROGATE.search(text)
    if stray:
        raise AsterismError(_not_text(text, stray.start(), file, code))
    try:
        return toml_table(text)
    except ValueError as error:
        raise AsterismError(_malformed(error, lines_of(text), file, code)) from None


def _not_text(text: str, at: int, file: str, code: str) -> Fault:
    line = text.count("\n", 0, at)
    place = Place(file, line + 1, at - text.rfind("\n", 0, at), lines_of(text)[line])
    return Fault("this is not TOML", place, "a byte that is not UTF-8", "save the file as UTF-8", code)


def _malformed(error: Exception, rows: list[str], file: str, code: str) -> Fault:
    # tomllib of Python 3.14 has the numbers as attributes, older ones have them in the message alone.
    message = str(error)
    match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line, column = (int(match[1]), int(match[2])) if match else (len(rows), 0)
    what = message[: match.start()] if match else message.removesuffix(" (at end of document)")
    place = Place(file, line, column, rows[line - 1] if line <= len(rows) else "")
    return Fault("this is not TOML", place, what[:1].lower() + what[1:], code=code)


def key_place(lines: list[str], key: str, file: str, table: str = "") -> Place:
    """Where a key, or a table of that name, begins; below the heading of a table when one is named."""
    inside = not table
    for number, line in enumerate(lines, 1):
        bare = line.strip().strip("[]\"' ")
        if line.lstrip().startswith("["):
            heading = line.strip().strip("[]").replace('"', "").replace("'", "").replace(" ", "")
            inside = heading == table or not table
        if inside and bare.startswith(key) and key in line:
            return Place(file, number, line.index(key) + 1, line)
    return Place(file)


def word_place(lines: list[str], word: str, key: Place) -> Place:
    """The first place below its key where a word stands in quotes; the key's own when escapes hide it."""
    for number, line in enumerate(lines[max(key.line - 1, 0) :], max(key.line, 1)):
        for quote in "\"'":
            at = line.find(f"{quote}{word}{quote}")
            if at >= 0:
                return Place(key.file, number, at + 2, line)
    return key
