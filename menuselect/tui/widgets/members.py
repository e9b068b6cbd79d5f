"""The list of members: a mark, a name, what it is; drawn for the lines on the screen alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType

from menuselect.listing.query import Span, Term, marked
from menuselect.listing.rows import Row
from menuselect.listing.styled_text import shown
from menuselect.model.menu import Member
from menuselect.tui.keys import bindings
from menuselect.tui.widgets.table import Rows

MARK_END = 6
"""Columns from the left edge to the end of the mark: a click there toggles."""

_NAME_WIDTHS = (12, 32)
"""The least and the most columns that the names get."""


class Look(NamedTuple):
    """How a member stands."""

    mark: str
    """``[*]``, ``[ ]``, ``<*>``, ``< >``, ``(*)``, ``( )`` or ``XXX``."""
    change: str
    """``+`` or ``-`` for what differs from the saved file, else a blank."""


class Members(Rows):
    """The members of one category, or those that a filter found."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("members", on_screen=True)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"members--missing", "members--on", "members--changed"}

    def __init__(self, look: Callable[[Member], Look], *, id: str | None = None) -> None:  # noqa: A002
        """Make an empty list.

        Args:
            look: how a member stands now.
            id: the widget's id.
        """
        super().__init__(id=id)
        self._look = look
        self._rows: Sequence[Row] = ()
        self._terms: tuple[Term, ...] = ()
        self._longest = 0

    @property
    def rows(self) -> Sequence[Row]:
        """What the list shows."""
        return self._rows

    @property
    def member(self) -> Member | None:
        """The member under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else ""
        return row if isinstance(row, Member) else None

    def show(self, rows: Sequence[Row], terms: tuple[Term, ...] = (), member: Member | None = None) -> None:
        """Show other rows.

        Args:
            rows: headings and members.
            terms: the words of the filter, to mark what they match.
            member: where the cursor goes when it is among the rows, else to the first.
        """
        self._rows, self._terms = rows, terms
        self._longest = max((len(row.name) for row in rows if isinstance(row, Member)), default=0)
        self.reload(next((index for index, row in enumerate(rows) if row is member), 0) if member else 0)

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def holds_cursor(self, index: int) -> bool:
        """The cursor steps over headings."""
        return 0 <= index < len(self._rows) and isinstance(self._rows[index], Member)

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """``+ [*] app_dial      Dialing Application``, or ``      --- Core ---``."""
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(f"      {row}", base + self.style_of("heading"))]
        look = self._look(row)
        name = base + self._name_style(look)
        faint = base + self.style_of("faint")
        text = shown(row.name)
        gap = " " * max(self._name_width(width) - len(text) + 2, 2)
        titles = tuple(term for term in self._terms if term.kind == "word")
        title = shown(row.displayname)[:width]  # the rest could not be seen, and cutting early is cheaper
        return [
            Segment(f"{look.change} ", base + self._part("changed")),
            Segment(f"{look.mark} ", name),
            *self._highlighted(text, marked(self._terms, text), name),
            Segment(gap, base),
            *self._highlighted(title, marked(titles, title), faint),
        ]

    def _name_width(self, width: int) -> int:
        """Columns for the names: as many as the longest needs, but for most of them a part of the title is seen."""
        least, most = _NAME_WIDTHS
        return max(least, min(self._longest, most, (width - MARK_END) * 3 // 5))

    def _name_style(self, look: Look) -> Style:
        if look.mark == "XXX":
            return self._part("missing")
        return self._part("on") if "*" in look.mark else Style()

    def _part(self, name: str) -> Style:
        return self.get_component_rich_style(f"members--{name}", partial=True)

    def _highlighted(self, text: str, spans: Sequence[Span], style: Style) -> list[Segment]:
        if not spans:
            return [Segment(text, style)]
        segments = []
        end = 0
        for start, stop in spans:
            segments.append(Segment(text[end:start], style))
            segments.append(Segment(text[start:stop], style + self.style_of("match")))
            end = stop
        return [*segments, Segment(text[end:], style)]
