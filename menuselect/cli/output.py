"""What verbs print: text with colours where a terminal shows them, and JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from asterism import files
from asterism.errors import AsterismError, Fault
from menuselect.listing.styled_text import shown

__all__ = ["Paint", "check_directory", "paint_for", "prepare", "print_json", "print_lines", "shown", "table", "write"]

_CODES = {"good": "32", "bad": "31", "warn": "33", "faint": "2", "label": "1"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Gives text a look: ``good``, ``bad``, ``warn``, ``faint`` or ``label``."""

    colours: bool = False

    def __call__(self, look: str, text: str) -> str:
        """The text with its look; without colours the text itself."""
        return f"\x1b[{_CODES[look]}m{text}\x1b[0m" if self.colours and look and text else text


def paint_for(choice: str, stream: TextIO | None = None, environment: Mapping[str, str] | None = None) -> Paint:
    """Colours as asked for; ``auto`` means on a terminal that has them, unless NO_COLOR says no."""
    env = os.environ if environment is None else environment
    out = sys.stdout if stream is None else stream
    if choice != "auto":
        return Paint(choice == "always")
    return Paint(out.isatty() and not env.get("NO_COLOR") and env.get("TERM", "") not in ("", "dumb"))


def prepare() -> None:
    """Let standard output show what its encoding has, and question marks for the rest."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def print_json(value: object) -> None:
    """Print data; only ASCII, so that every name in every file survives."""
    print(json.dumps(value, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines in one go."""
    text = "".join(f"{line}\n" for line in lines)
    if text:
        sys.stdout.write(text)


def table(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows with every column but the last padded to one width."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return [(*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]) for row in listed]


def check_directory(path: str) -> None:
    """Refuse a file in a directory that is not there: that is a mistyped path more often than a wish.

    Raises:
        AsterismError: its directory is missing.
    """
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory):
        what, cure = f"cannot write '{path}': there is no directory '{directory}'", "check the path, or make it"
        raise AsterismError(Fault(what, cure=cure, code="no-directory"))


def write(path: str, text: str) -> str:
    """Write a file that was asked for, and return the sentence that says so.

    Raises:
        AsterismError: as :func:`check_directory`, or it cannot be written.
    """
    check_directory(path)
    return f"saved to '{path}'" if files.write(path, text) else f"no change to '{path}'"
