"""State: what a program wrote for itself, and reads again at its next start.

A damaged file must never keep a program from starting: it is set aside, kept, and told in one warning.
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
"""What a parser raises of a text that is not what the program writes."""


def load(path: str | os.PathLike[str], parse: Callable[[str], T], default: T) -> tuple[T, Fault | None]:
    """Read a state file.

    Args:
        path: the file.
        parse: makes a value of its text; raises one of :data:`DAMAGES` when the text is damaged.
        default: what a file that is not there, or is damaged, stands for.

    Returns:
        The value, and a warning when the file was damaged and set aside, or cannot be read.
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
