"""The line above the panes: the title of each pane and the place in it, the pane with the focus marked."""

from __future__ import annotations

from collections.abc import Sequence

from asterism.values import dataclass
from menuselect.listing.styled_text import Piece, fitted, shown
from menuselect.model.menu import Category

LEAST = 24
"""The width of a pane from which its heading shows its note, even if that cuts the title."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a pane."""

    pane: str
    """The id of the pane."""
    width: int
    title: str
    note: str = ""
    """The text at the right, such as ``12 of 86``."""


def heading_line(headings: Sequence[Heading], focus: str) -> list[Piece]:
    """The headings of the visible panes side by side; that of the pane with the focus has the look ``focus``."""
    return [
        Piece(_text(heading), "focus" if heading.pane == focus else "head") for heading in headings if heading.width
    ]


def _text(heading: Heading) -> str:
    # A note that would cut the title is left out.
    fits = len(shown(heading.title)) + len(heading.note) + 3 <= heading.width or heading.width >= LEAST
    note = f"{heading.note} " if heading.note and fits else ""
    room = max(heading.width - len(note) - 2, 1)
    return f" {fitted(shown(heading.title), room):<{room}} {note}"[: heading.width]


def of_members(category: Category | None, place: tuple[int, int], matches: tuple[int, int] | None) -> tuple[str, str]:
    """The title and the note of the list of members.

    Args:
        category: the category on the screen.
        place: the place of the cursor among the members, from 1, and their number.
        matches: with a filter, the number of matches and of all members.
    """
    at, count = place
    note = f"{at} of {count}" if at else ""
    if matches:
        return f"{matches[0]} of {matches[1]} match", note if matches[0] else ""
    return (category.title if category else "No category"), note
