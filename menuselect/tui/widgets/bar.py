"""A line of the screen with texts at its left and right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from menuselect.listing.styled_text import CUT, Line, Piece, phrases


class Bar(Widget):
    """A line that is filled from edge to edge, whatever the terminal's colours; the left text is cut and marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--key", "bar--faint", "bar--focus", "bar--head", "bar--warn"}
    DEFAULT_CSS = "Bar { height: 1; }"

    def __init__(self, left: Iterable[Piece] = (), *, edge: int = 1, id: str | None = None) -> None:  # noqa: A002
        """Create a line.

        Args:
            left: the text at the left.
            edge: the blanks at both ends of the line.
            id: the widget's id.
        """
        super().__init__(id=id)
        self._left: Line = tuple(left)
        self._right: Line = ()
        self._edge = edge

    @property
    def text(self) -> str:
        """The text at the left."""
        return "".join(piece.text for piece in self._left)

    def show(self, left: Iterable[Piece], right: Iterable[Piece] = ()) -> None:
        """Show other texts."""
        shown: tuple[Line, Line] = (tuple(left), tuple(right))
        if shown != (self._left, self._right):
            self._left, self._right = shown
            self.refresh()

    def fitting(self, room: int) -> Line:  # noqa: ARG002
        """The text at the left as it is shown in some columns; a longer one is cut at their end."""
        return self._left

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the line."""
        base = self.rich_style
        width, edge = self.size.width, Segment(" " * self._edge, base)
        right = [Segment("  ", base), *(self._segment(piece, base) for piece in self._right)] if self._right else []
        end = Strip([*right, edge])
        room = max(width - self._edge - end.cell_length, 0)
        left = Strip([self._segment(piece, base) for piece in self.fitting(room)])
        if left.cell_length > room:
            left = Strip([*left.crop(0, max(room - 1, 0)), Segment(CUT, base)])
        return Strip([edge, *left.adjust_cell_length(room, base), *end]).adjust_cell_length(width, base)

    def _segment(self, piece: Piece, base: Style) -> Segment:
        style = self.get_component_rich_style(f"bar--{piece.look}", partial=True) if piece.look else Style()
        return Segment(piece.text, base + style)


class Title(Bar):
    """The first line of a dialog: its name and what its keys do, without the phrases that do not fit."""

    def __init__(self, text: str) -> None:
        super().__init__([Piece(text)], id="box-title")

    def fitting(self, room: int) -> Line:
        """The title up to the last of its phrases that fits."""
        return (Piece(phrases(self.text, room)),)
