"""Print the output of verbs: text, coloured on a terminal, and JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.terminal.columns import fitted
from asterism.values import dataclass
from menuselect.listing.styled_text import shown

__all__ = ["Paint", "check_directory", "paint_for", "prepare", "print_json", "print_lines", "shown", "table", "write"]

_CODES = {"good": "32", "bad": "31", "warn": "33", "faint": "2", "label": "1"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Applies a look to text: ``good``, ``bad``, ``warn``, ``faint`` or ``label``."""

    colours: bool = False

    def __call__(self, look: str, text: str) -> str:
        """The text with a look; unchanged without colours."""
        return f"\x1b[{_CODES[look]}m{text}\x1b[0m" if self.colours and look and text else text


def paint_for(choice: str, stream: TextIO | None = None, environment: Mapping[str, str] | None = None) -> Paint:
    """The paint for ``--color``; ``auto`` means colours on a terminal that has them, unless NO_COLOR is set."""
    env = os.environ if environment is None else environment
    out = sys.stdout if stream is None else stream
    if choice != "auto":
        return Paint(choice == "always")
    return Paint(out.isatty() and not env.get("NO_COLOR") and env.get("TERM", "") not in ("", "dumb"))


def prepare() -> None:
    """Make standard output replace characters outside its encoding by question marks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def print_json(value: object) -> None:
    """Print data as JSON in ASCII, which preserves every name."""
    print(json.dumps(value, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines with a single write."""
    text = "".join(f"{line}\n" for line in lines)
    if text:
        sys.stdout.write(fitted(text, sys.stdout))


def table(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Pad every column but the last to a common width."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return [(*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]) for row in listed]


def check_directory(path: str) -> None:
    """Check that the directory of an output file exists, since a missing one is usually a mistyped path.

    Raises:
        AsterismError: the directory does not exist.
    """
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory):
        what, cure = f"cannot write '{path}': directory '{directory}' does not exist", "check or create the path"
        raise AsterismError(Fault(what, cure=cure, code="no-directory"))


def write(path: str, text: str) -> str:
    """Write an output file, and return the sentence to print.

    Raises:
        AsterismError: as :func:`check_directory`, or the file cannot be written.
    """
    check_directory(path)
    return f"saved to '{path}'" if files.write(path, text) else f"no change to '{path}'"
