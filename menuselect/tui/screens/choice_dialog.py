"""The base class of dialogs with a list, a text about the line under the cursor, and a box to type in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from menuselect.listing.styled_text import Line, longest
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.choices import Choices
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text

_MOST = 8
"""The lines that the list takes at most."""

_BREADTH = 100
"""The columns that the text may take; longer lines are wrapped."""


class ChoiceDialog(Dialog[str]):
    """A list over the menu; returns the sentence of a step, or None.

    Args:
        lines: name and title of each choice.
        title: the title of the dialog.
        placeholder: what the empty box says.
        least: the columns that the dialog takes at least.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, lines: Sequence[tuple[str, str]], title: str, placeholder: str, least: int) -> None:
        super().__init__()
        self._offered = list(lines)
        self._heading = title
        self._hint = placeholder
        self._least = least

    def about(self, index: int | None) -> list[Line]:
        """The text about a choice; None when the list is empty."""
        raise NotImplementedError

    def take(self, index: int) -> None:
        """Take a choice."""
        raise NotImplementedError

    def typed(self, text: str) -> None:
        """Take what was typed into the box."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Create the list, the text, and the box."""
        with DialogBox():
            yield Title(self._heading)
            yield Choices(self._offered, id="choices")
            yield Text(id="box-text")
            yield Input(placeholder=self._hint, id="name", compact=True)

    def on_mount(self) -> None:
        """Start on the first choice."""
        choices = self.query_one(Choices)
        choices.styles.height = self._height
        choices.reload(0)
        self.first().focus()
        self._show_choice()

    def first(self) -> Widget:
        """The widget that has the focus at first."""
        return self.query_one(Choices)

    @property
    def _height(self) -> int:
        return min(max(len(self._offered), 1), _MOST)

    def columns(self) -> int:
        """The columns of the list and of the text."""
        text = longest(self.query_one(Text).paragraphs) + 2 * EDGE
        return max(min(text, _BREADTH), self.query_one(Choices).columns, self._least)

    def lines_at(self, columns: int) -> int:
        """The lines of title, list, an empty line, text and box."""
        return 3 + self._height + self.query_one(Text).lines_at(columns)

    @on(Rows.Moved)
    def _show_choice(self) -> None:
        self.show(self.about(self.query_one(Choices).cursor if self._offered else None))

    def show(self, lines: list[Line]) -> None:
        """Show a text in the place of the one about the choice."""
        self.query_one(Text).show(lines)
        self.fit()

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self.take(self.query_one(Choices).cursor)

    @on(Rows.Pressed)
    def _pressed(self, event: Rows.Pressed) -> None:
        if event.again:
            self._chosen()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.typed(event.value.strip())

    @on(Text.Left)
    def action_leave(self) -> None:
        """Go back to the menu without a change."""
        self.dismiss(None)
