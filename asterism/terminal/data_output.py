"""The output of verbs for programs: one JSON value on standard output, faults included."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Mapping

from asterism.errors import AsterismError
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

Data = Mapping[str, object]


def add(parser: ArgumentParser, what: str) -> None:
    """Give the parser of a verb ``--json``.

    Args:
        parser: the parser.
        what: the content of the output, for the help.
    """
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON, and faults as data")


def told(work: Callable[[], Data]) -> int:
    """Do the work of a verb and print its result as JSON, or ``{"faults": [...]}``; returns the exit status.

    What the work itself prints, such as warnings of a compiler, goes to standard error.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            data, status = work(), 0
    except AsterismError as error:
        data, status = {"faults": [fault.as_json() for fault in error.faults]}, error.status
    print(json.dumps(data, indent=1))
    return status
