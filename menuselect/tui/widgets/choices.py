"""A short list to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from menuselect.listing.styled_text import shortened, shown
from menuselect.tui.widgets.table import Rows

Offer = tuple[str, str] | str
"""A name and its description, or a heading."""

ARROW = "> "


class Choices(Rows):
    """A line for each choice, a name and a description, and for each heading."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "choose", "Take it", show=False)]

    class Chosen(Message):
        """The user has taken the choice under the cursor."""

    def __init__(self, choices: Sequence[Offer], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.choices = choices

    def show(self, choices: Sequence[Offer]) -> None:
        """Show other choices, the cursor on the first."""
        self.choices = choices
        self.reload(0)

    def count(self) -> int:
        """The number of choices and headings."""
        return len(self.choices)

    def holds_cursor(self, index: int) -> bool:
        """Whether a line is a choice; the cursor steps over headings."""
        return 0 <= index < len(self.choices) and not isinstance(self.choices[index], str)

    @property
    def columns(self) -> int:
        """The columns of the longest line."""
        lines = (len(text) + self._names + 2 for _, text in self._pairs())
        return len(ARROW) + max(lines, default=0) + 1

    @property
    def _names(self) -> int:
        return max((len(name) for name, _ in self._pairs()), default=0)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return (choice for choice in self.choices if not isinstance(choice, str))

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a line such as ``> small      A small system``, or a heading."""
        choice = self.choices[index]
        if isinstance(choice, str):
            return [Segment(f" {choice}", base + self.style_of("heading"))]
        arrow = ARROW if index == self.cursor else " " * len(ARROW)
        names = min(self._names, width // 2)
        return [
            Segment(f"{arrow}{shortened(shown(choice[0]), names):<{names}}  ", base),
            Segment(shown(choice[1])[:width], base + self.style_of("faint")),
        ]

    def action_choose(self) -> None:
        """Take the choice under the cursor."""
        if self.holds_cursor(self.cursor):
            self.post_message(self.Chosen())
