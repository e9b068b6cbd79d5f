"""Parse TOML files that users write, and find the places of keys for faults."""

from __future__ import annotations

import re
from typing import Any

from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import toml_table

_SURROGATE = re.compile("[\ud800-\udfff]")
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that a terminal must not receive: controls, lone surrogates, marks that change the text direction."""


def lines_of(text: str) -> list[str]:
    """The lines of a text without characters that a terminal must not receive."""
    return [UNSHOWABLE.sub("\ufffd", line) for line in text.split("\n")]


def parse(text: str, file: str, code: str) -> dict[str, Any]:
    """Parse a text as TOML.

    Raises:
        AsterismError: the text is not valid TOML; the fault has the given code.
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
    return Fault("this is not valid TOML", place, "a byte that is not UTF-8", "save the file as UTF-8", code)


def _malformed(error: Exception, rows: list[str], file: str, code: str) -> Fault:
    # tomllib of Python 3.14 has the numbers as attributes, older versions only in the message.
    message = str(error)
    match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line, column = (int(match[1]), int(match[2])) if match else (len(rows), 0)
    what = message[: match.start()] if match else message.removesuffix(" (at end of document)")
    place = Place(file, line, column, rows[line - 1] if line <= len(rows) else "")
    return Fault("this is not valid TOML", place, what[:1].lower() + what[1:], code=code)


def key_place(lines: list[str], key: str, file: str, table: str = "") -> Place:
    """The place of a key or of a table with that name; searched below the heading of ``table``, if given."""
    inside = not table
    for number, line in enumerate(lines, 1):
        bare = line.strip().strip("[]\"' ")
        if line.lstrip().startswith("["):
            heading = line.strip().strip("[]").replace('"', "").replace("'", "").replace(" ", "")
            inside = heading == table or not table
        if inside and _begins_with(bare, key) and key in line:
            return Place(file, number, line.index(key) + 1, line)
    return Place(file)


def _begins_with(line: str, key: str) -> bool:
    """Whether a line begins with a key, and not with a longer name that begins with it."""
    return line.startswith(key) and not re.match(r"[\w-]", line[len(key) :])


def word_place(lines: list[str], word: str, key: Place) -> Place:
    """The first place below a key with a word in quotes; the place of the key when the word is not found."""
    for number, line in enumerate(lines[max(key.line - 1, 0) :], max(key.line, 1)):
        for quote in "\"'":
            at = line.find(f"{quote}{word}{quote}")
            if at >= 0:
                return Place(key.file, number, at + 2, line)
    return key
