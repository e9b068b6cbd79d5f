"""A pane of text with names as links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from menuselect.listing.styled_text import Line, wrapped
from menuselect.model.menu import Member
from menuselect.tui.keys import bindings
from menuselect.tui.layout.panes import EDGE


class Text(ScrollView, can_focus=True):
    """Paragraphs wrapped to the width of the pane; a cursor steps from name to name."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("about")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "text--name",
        "text--cursor",
        "text--label",
        "text--good",
        "text--bad",
        "text--faint",
        "text--head",
        "text--focus",
    }
    DEFAULT_CSS = "Text { overflow-x: hidden; }"

    class Followed(Message):
        """The user has followed a name."""

        def __init__(self, member: Member) -> None:
            super().__init__()
            self.member = member

    class Left(Message):
        """The user has left the pane."""

    def __init__(self, indent: int = 2, *, headed: bool = False, id: str | None = None) -> None:  # noqa: A002
        """Create an empty pane.

        Args:
            indent: the indentation of the second and later lines of a paragraph, in columns.
            headed: whether the first paragraph is the title of the pane, which shows that it has the focus.
            id: the widget's id.
        """
        super().__init__(id=id)
        self._indent = indent
        self._headed = headed
        self._paragraphs: Sequence[Line] = ()
        self._lines: list[Line] = []
        self._head = 0
        """The number of lines of the title."""
        self._names: list[tuple[int, int]] = []
        self._cursor = 0
        self._width = 0
        """The width to which the lines are wrapped, in columns."""

    def show(self, paragraphs: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show other paragraphs, from the beginning or, with ``keep_place``, at the current position."""
        if paragraphs == self._paragraphs:
            return
        self._paragraphs, self._width = paragraphs, 0
        self._break_lines()
        if not keep_place:
            self._cursor = 0
            self.scroll_home(animate=False, immediate=True)
        self._cursor = min(self._cursor, max(len(self._names) - 1, 0))

    def on_resize(self) -> None:
        """Wrap the lines to the new width."""
        self._break_lines()

    @property
    def paragraphs(self) -> Sequence[Line]:
        """The paragraphs of the text."""
        return self._paragraphs

    def lines_at(self, width: int) -> int:
        """The number of lines that the text has in a pane of that width."""
        return len(wrapped(self._paragraphs, max(width - 2 * EDGE, 1), self._indent))

    @property
    def _room(self) -> int:
        return max(self.size.width - 2 * EDGE, 1)

    def _wrap(self) -> None:
        self._width = self._room
        self._lines = wrapped(self._paragraphs, self._width, self._indent)
        self._head = len(wrapped(self._paragraphs[:1], self._width, self._indent)) if self._headed else 0
        self._names = [(y, x) for y, line in enumerate(self._lines) for x, piece in enumerate(line) if piece.target]

    def _break_lines(self) -> None:
        if not self.size.width:
            return
        self._wrap()
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a visible line of the text."""
        if self._width != self._room:  # the first paint comes before the resize event
            self._wrap()
        index = y + self.scroll_offset.y
        base = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(self.size.width, base)
        if index < self._head:
            base += self._style("focus" if self.has_focus else "head", False)
        current = self._names[self._cursor] if self.has_focus and self._names else None
        segments = [
            Segment(piece.text, base + self._style(piece.look, (index, x) == current))
            for x, piece in enumerate(self._lines[index])
        ]
        return Strip([Segment(" " * EDGE, base), *segments]).simplify().adjust_cell_length(self.size.width, base)

    def _style(self, look: str, under_cursor: bool) -> Style:
        if under_cursor:
            return self.get_component_rich_style("text--cursor", partial=True)
        return self.get_component_rich_style(f"text--{look}", partial=True) if look else Style()

    def _step(self, towards: int) -> None:
        """Go to the next name, or scroll by a line after the last name."""
        at = self._cursor + towards
        if not self._names or not 0 <= at < len(self._names):
            self.scroll_relative(y=towards, animate=False)
            return
        self._cursor = at
        self.scroll_to_region(Region(0, self._names[at][0], 1, 1), animate=False, force=True)
        self.refresh()

    def action_next_name(self) -> None:
        """Go to the next name."""
        self._step(1)

    def action_previous_name(self) -> None:
        """Go to the previous name."""
        self._step(-1)

    def action_leave(self) -> None:
        """Leave the pane."""
        self.post_message(self.Left())

    def action_follow(self) -> None:
        """Follow the name under the cursor."""
        if self._names:
            y, x = self._names[self._cursor]
            self._follow(y, x)

    def _follow(self, y: int, x: int) -> None:
        if target := self._lines[y][x].target:
            self.post_message(self.Followed(target))

    def on_click(self, event: events.Click) -> None:
        """Follow the name that was clicked."""
        offset = event.get_content_offset_capture(self)
        y, column = int(offset.y) + self.scroll_offset.y, int(offset.x) - EDGE
        for x, piece in enumerate(self._lines[y] if y < len(self._lines) else ()):
            column -= len(piece.text)
            if column < 0:
                self._follow(y, x)
                return

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()
