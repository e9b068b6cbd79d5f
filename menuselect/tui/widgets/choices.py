"""A short list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from menuselect.listing.styled_text import shown
from menuselect.tui.widgets.table import Rows


class Choices(Rows):
    """A line for each choice: a name and a description."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "choose", "Take it", show=False)]

    class Chosen(Message):
        """The user has taken the choice under the cursor."""

    def __init__(self, choices: Sequence[tuple[str, str]], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.choices = choices

    def count(self) -> int:
        """The number of choices."""
        return len(self.choices)

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a line such as ``> small      A small system``."""
        name, text = self.choices[index]
        arrow = "> " if index == self.cursor else "  "
        names = min(max(len(name) for name, _ in self.choices), width // 2)
        return [
            Segment(f"{arrow}{shown(name)[:names]:<{names}}  ", base),
            Segment(shown(text)[:width], base + self.style_of("faint")),
        ]

    def action_choose(self) -> None:
        """Take the choice under the cursor."""
        if self.choices:
            self.post_message(self.Chosen())
