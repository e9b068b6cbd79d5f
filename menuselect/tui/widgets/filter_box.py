"""The box that is always there: what is typed into it narrows the list."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input

from menuselect.tui.keys import bindings

_EXAMPLES = ("on", "off", "changed", "missing", "level:core", "needs:curl", "~fuzzy")


def placeholder(width: int) -> str:
    """What stands in the empty box: what one may type, as much of it as there is room for."""
    text = "/ filter: words"
    for example in _EXAMPLES:
        if len(text) + len(example) + 2 < width:
            text += f", {example}"
    return text


class Filter(Input):
    """A line of text whose keys beside the letters belong to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter", on_screen=True)]

    def __init__(self, width: int, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        """Make the box.

        Args:
            width: columns there are for it.
            id: the widget's id.
        """
        super().__init__(id=id, compact=True, select_on_focus=False, placeholder=placeholder(width))

    def on_resize(self, event: events.Resize) -> None:
        """Offer as many of the words as there is room for."""
        self.placeholder = placeholder(event.size.width)
