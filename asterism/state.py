"""State files, which a program writes for itself and reads at its next start.

A damaged file never keeps a program from starting: it is renamed, kept, and reported in a warning.
"""

from __future__ import annotations

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

DAMAGES = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""The exceptions that a parser raises for text that the program has not written."""


def load(path: str | os.PathLike[str], parse: Callable[[str], T], default: T) -> tuple[T, Fault | None]:
    """Read a state file.

    Args:
        path: the file.
        parse: makes a value from the text; raises one of :data:`DAMAGES` when the text is damaged.
        default: the value for a missing or damaged file.

    Returns:
        The value, and a warning when the file was damaged and renamed, or cannot be read.
    """
    try:
        return parse(files.read_text(path)), None
    except AsterismError as error:
        if files.is_missing(error):
            return default, None
        if files.is_other_kind(error) or files.is_refused(error):
            return default, files.set_aside(path)
        (fault,) = error.faults
        return default, Fault(fault.what, fault.place, fault.why, fault.cure, fault.code, "warning")
    except DAMAGES:
        return default, files.set_aside(path)
