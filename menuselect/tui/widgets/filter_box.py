"""The filter box, whose text filters the list."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input

from menuselect.tui.keys import bindings

_EXAMPLES = ("on", "off", "changed", "missing", "level:core", "needs:curl", "~fuzzy")


def placeholder(width: int) -> str:
    """The text of the empty box: as many examples as fit into the width."""
    text = "/ filter: words"
    for example in _EXAMPLES:
        if len(text) + len(example) + 2 < width:
            text += f", {example}"
    return text


class Filter(Input):
    """An input line; the screen handles all keys that are not text."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter", on_screen=True)]

    def __init__(self, width: int, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        """Create the box.

        Args:
            width: the available columns.
            id: the widget's id.
        """
        super().__init__(id=id, compact=True, select_on_focus=False, placeholder=placeholder(width))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the examples to the new width."""
        self.placeholder = placeholder(event.size.width)
