"""The list of members: mark, name and title; only the lines on the screen are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType

from menuselect.listing.query import Span, Term, marked
from menuselect.listing.rows import Row
from menuselect.listing.styled_text import shortened, shown
from menuselect.model.menu import Member
from menuselect.tui.keys import bindings
from menuselect.tui.layout.panes import GAP, Lengths, names_width
from menuselect.tui.widgets.table import Rows

MARK_END = 6
"""The column at which the mark ends; a click before it toggles the member."""


PICKED = ">"
"""The mark of a marked member."""


class Look(NamedTuple):
    """The marks of a member."""

    mark: str
    """The mark of the state: ``[*]``, ``[ ]``, ``<*>``, ``< >``, ``(*)``, ``( )`` or ``XXX``."""
    change: str
    """The mark of a change since the saved file: ``+``, ``-`` or a space."""
    picked: bool = False
    """Whether the member is marked, to be switched together with others."""


class Members(Rows):
    """The members of a category, or the matches of a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("members", on_screen=True)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"members--missing", "members--on", "members--changed", "members--picked"}

    def __init__(self, look: Callable[[Member], Look], *, id: str | None = None) -> None:  # noqa: A002
        """Create an empty list.

        Args:
            look: returns the current marks of a member.
            id: the widget's id.
        """
        super().__init__(id=id)
        self._look = look
        self._rows: Sequence[Row] = ()
        self._terms: tuple[Term, ...] = ()
        self._lengths: tuple[Lengths, Lengths] = ({}, {})
        """How many names, and how many descriptions, have each length."""
        self._names: dict[tuple[int, int], int] = {}
        """The widths of the names that were found for this list, by the columns of the pane and of descriptions."""
        self._places: list[int] = []
        """The number of members up to each row."""
        self.titles = 30
        """The columns that descriptions keep."""

    @property
    def place(self) -> tuple[int, int]:
        """The place of the cursor among the members, from 1, and their number."""
        at = self._places[self.cursor] if self.member else 0
        return at, self._places[-1] if self._places else 0

    @property
    def rows(self) -> Sequence[Row]:
        """The rows of the list."""
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
        self._places = list(accumulate(isinstance(row, Member) for row in rows))
        members = [row for row in rows if isinstance(row, Member)]
        self._lengths = Counter(len(each.name) for each in members), Counter(len(each.displayname) for each in members)
        self._names = {}
        self.reload(next((index for index, row in enumerate(rows) if row is member), 0) if member else 0)

    def count(self) -> int:
        """The number of rows."""
        return len(self._rows)

    def holds_cursor(self, index: int) -> bool:
        """Whether a row is a member; the cursor steps over headings."""
        return 0 <= index < len(self._rows) and isinstance(self._rows[index], Member)

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a line such as ``+ [*] app_dial      Dialing Application`` or ``      --- Core ---``."""
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(f"      {row}", base + self.style_of("heading"))]
        look = self._look(row)
        name = base + self._name_style(look)
        faint = base + self.style_of("faint")
        room = self._names_width(width - MARK_END)
        text = shortened(shown(row.name), room)
        titles = tuple(term for term in self._terms if term.kind == "word")
        title = shown(row.displayname)[:width]  # the rest is invisible, and cutting early is faster
        return [
            Segment(look.change, base + self._part("changed") if look.change.strip() else base),
            Segment(PICKED if look.picked else " ", base + self._part("picked") if look.picked else base),
            Segment(f"{look.mark} ", name),
            *self._highlighted(text, marked(self._terms, text), name),
            Segment(" " * (room - len(text) + GAP), base),
            *self._highlighted(title, marked(titles, title), faint),
        ]

    def _names_width(self, width: int) -> int:
        if (width, self.titles) not in self._names:
            self._names[width, self.titles] = names_width(*self._lengths, width, self.titles)
        return self._names[width, self.titles]

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
