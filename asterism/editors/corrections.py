"""Corrections that an editor offers for a fault: a similar name, or the missing MODULEINFO block."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.editors.edited_files import span_of
from asterism.errors import Fault
from asterism.values import dataclass
from menuselect.reasons import missing_blocks
from menuselect.sources.module_files import PYTHON


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of a text that removes a fault; positions are line and column, from 0, in characters."""

    title: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    """The text that takes the place of what stands between start and end."""
    is_only_one: bool = True
    """Whether the fault has no other correction."""


def corrections(fault: Fault, text: str) -> list[Correction]:
    """The corrections of a fault.

    Args:
        fault: a fault of the text.
        text: the text as it stands in the editor.
    """
    if fault.code == "no-block":
        return list(_block(fault, text))
    return list(_similar_names(fault, text))


def _block(fault: Fault, text: str) -> Iterator[Correction]:
    # A block whose first line is misspelled is an error: there, another block would not help.
    if fault.severity != "warning" or (fault.place and fault.place.file.endswith(PYTHON)):
        return
    at, block = missing_blocks.insertion(text)
    place = (text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1))
    yield Correction("Write the MODULEINFO block", place, place, block)


def _similar_names(fault: Fault, text: str) -> Iterator[Correction]:
    lines = text.split("\n")
    line, start, end = span_of(fault.place, lines)
    word = lines[line][start:end] if line < len(lines) else ""
    if f"'{word}'" not in fault.what:
        return  # the place is not that of the name alone
    for name in fault.similar:
        yield Correction(f"Change to '{name}'", (line, start), (line, end), name, len(fault.similar) == 1)
