"""The base class of the lists, which draws only the lines on the screen."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from menuselect.listing.styled_text import CUT
from menuselect.tui.keys import bindings


class Rows(ScrollView, can_focus=True):
    """A list of lines with a cursor; a subclass gives their number, draws them, and says which can hold the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("rows")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--cursor",
        "rows--away",
        "rows--heading",
        "rows--match",
        "rows--faint",
        "rows--missing",
    }
    DEFAULT_CSS = "Rows { overflow-x: hidden; }"

    cursor = 0
    """The line under the cursor."""

    _base: Style | None = None
    """The cached style of a line; computing it takes half the time of drawing a line."""

    class Moved(Message):
        """The cursor moved to another line, or the line under it changed."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> Rows:
            """The list that sent the message."""
            return self.rows

    class Pressed(Message):
        """A line was clicked."""

        def __init__(self, rows: Rows, column: int, again: bool) -> None:
            super().__init__()
            self.rows = rows
            self.column = column
            """The column within the line, counted from 0."""
            self.again = again
            """Whether the cursor was on that line before."""

        @property
        def control(self) -> Rows:
            """The list that sent the message."""
            return self.rows

    def count(self) -> int:
        """The number of lines."""
        raise NotImplementedError

    def holds_cursor(self, index: int) -> bool:
        """Whether the cursor can stand on a line; it steps over the others."""
        return 0 <= index < self.count()

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a line.

        Args:
            index: the index of the line.
            width: the available cells; a longer line is cut and marked.
            base: the style of the line, to combine with.
        """
        raise NotImplementedError

    def style_of(self, name: str) -> Style:
        """The rich style of a component, such as ``heading`` for the class ``rows--heading``."""
        return self.get_component_rich_style(f"rows--{name}", partial=True)

    def notify_style_update(self) -> None:
        """Clear the cached style after a change of styles."""
        self._base = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw a visible line of the list."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        base = self._base = self._base or self.rich_style
        if index >= self.count():
            return Strip.blank(width, base)
        if index == self.cursor and self.holds_cursor(index):
            base = self._cursor_style(base)
        strip = Strip(self.segments(index, width, base))
        if strip.cell_length > width:
            return Strip([*strip.crop(0, width - 1), Segment(CUT, base)], width)
        return strip.adjust_cell_length(width, base)

    def _cursor_style(self, base: Style) -> Style:
        return base + self.style_of("cursor" if self.has_focus else "away")

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.reload(self.cursor)

    def reload(self, cursor: int) -> None:
        """Reload all lines, with the cursor on or near a line."""
        self.virtual_size = Size(0, self.count())
        self.cursor = self._nearest(cursor, 1)
        self._show_cursor()
        self.refresh()

    def go(self, index: int, towards: int = 1) -> None:
        """Move the cursor to a line, or to the next one in a direction that can hold it."""
        target = self._nearest(index, towards)
        if target != self.cursor:
            old, self.cursor = self.cursor, target
            self.refresh_lines(old)
            self.refresh_lines(target)
            self._show_cursor()
            self.post_message(self.Moved(self))

    def _nearest(self, index: int, towards: int) -> int:
        last = self.count() - 1
        index = max(0, min(index, last))
        for step in (towards, -towards):
            at = index
            while 0 <= at <= last:
                if self.holds_cursor(at):
                    return at
                at += step
        return 0

    def _show_cursor(self) -> None:
        # Show a heading above the line, too, since the cursor cannot move to a heading.
        top = self.cursor - 1 if self.cursor and not self.holds_cursor(self.cursor - 1) else self.cursor
        for line in (top, self.cursor):
            self.scroll_to_region(Region(0, line, 1, 1), animate=False, force=True)

    def action_up(self) -> None:
        """Go up by a line."""
        self.go(self.cursor - 1, -1)

    def action_down(self) -> None:
        """Go down by a line."""
        self.go(self.cursor + 1)

    def action_page_up(self) -> None:
        """Go up by a screenful."""
        self.go(self.cursor - max(self.size.height - 1, 1), -1)

    def action_page_down(self) -> None:
        """Go down by a screenful."""
        self.go(self.cursor + max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self.go(0)

    def action_last(self) -> None:
        """Go to the last line."""
        self.go(self.count() - 1, -1)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line that was clicked, and notify the screen."""
        index = int(event.get_content_offset_capture(self).y) + self.scroll_offset.y
        if not self.holds_cursor(index):
            return
        again = index == self.cursor
        self.go(index)
        self.post_message(self.Pressed(self, event.get_content_offset_capture(self).x, again))

    def on_focus(self) -> None:
        """Draw the cursor as active."""
        self.refresh_lines(self.cursor)

    def on_blur(self) -> None:
        """Draw the cursor as inactive."""
        self.refresh_lines(self.cursor)
