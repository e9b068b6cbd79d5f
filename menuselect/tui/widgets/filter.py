"""The box that is always there: what is typed into it narrows the list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from menuselect.tui.keys import bindings


class Filter(Input):
    """A line of text whose keys beside the letters belong to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter", on_screen=True)]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id, compact=True, select_on_focus=False, placeholder=PLACEHOLDER)


PLACEHOLDER = "/ filter: words, on, off, changed, missing, level:core, needs:curl, ~fuzzy"
