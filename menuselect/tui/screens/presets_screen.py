"""The screen of presets: preview one, apply one, save the current selection as one."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from asterism.errors import AsterismError
from menuselect.listing.styled_text import Line, Piece, longest
from menuselect.tui import preset_steps
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.bar import Bar
from menuselect.tui.widgets.choices import Choices
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text

_PLACEHOLDER = "type a name to save the selection as a preset"

_MOST = 8
"""The lines that the list of presets takes at most."""

_BREADTH = 100
"""The columns that a preview may take; longer lines are wrapped."""


class Presets(Dialog[str]):
    """A list over the menu; returns a sentence with the result."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps
        self._presets = preset_steps.offered(steps)

    def compose(self) -> ComposeResult:
        """Create the list, the preview, and a box to save a preset."""
        with DialogBox():
            yield Bar([Piece("Presets: Enter applies one, Esc goes back")], id="box-title")
            yield Choices([(preset.name, preset.title) for preset in self._presets], id="choices")
            yield Text(id="box-text")
            yield Input(placeholder=_PLACEHOLDER, id="name", compact=True)

    def on_mount(self) -> None:
        """Start on the first preset."""
        choices = self.query_one(Choices)
        choices.styles.height = self._height
        choices.reload(0)
        choices.focus()
        self._show_outlook()

    @property
    def _height(self) -> int:
        return min(max(len(self._presets), 1), _MOST)

    def columns(self) -> int:
        """The columns of the list and of the preview."""
        text = longest(self.query_one(Text).paragraphs) + 2 * EDGE
        return max(min(text, _BREADTH), self.query_one(Choices).columns, len(_PLACEHOLDER) + 1)

    def lines_at(self, columns: int) -> int:
        """The lines of title, list, an empty line, preview and box."""
        return 3 + self._height + self.query_one(Text).lines_at(columns)

    @on(Rows.Moved)
    def _show_outlook(self) -> None:
        if self._presets:
            preset = self._presets[self.query_one(Choices).cursor]
            self._show(preset_steps.outlook(self._steps, preset))
        else:
            self._show([(Piece("No presets found.", "faint"),)])

    def _show(self, lines: list[Line]) -> None:
        self.query_one(Text).show(lines)
        self.fit()

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self.dismiss(preset_steps.take(self._steps, self._presets[self.query_one(Choices).cursor].name))

    @on(Rows.Pressed)
    def _pressed(self, event: Rows.Pressed) -> None:
        if event.again:
            self._chosen()

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self.dismiss(preset_steps.keep(self._steps, event.value.strip()))
        except AsterismError as error:
            self._show([(Piece(str(error), "bad"),)])

    @on(Text.Left)
    def action_leave(self) -> None:
        """Go back to the menu without a change."""
        self.dismiss(None)
