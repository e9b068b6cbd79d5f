"""The screen of presets: preview one, apply one, save the current selection as one."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from asterism.errors import AsterismError
from menuselect.listing.styled_text import Piece
from menuselect.tui import preset_steps
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.choices import Choices
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text


class Presets(ModalScreen[str]):
    """A list over the menu; returns a sentence with the result."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps
        self._presets = preset_steps.offered(steps)

    def compose(self) -> ComposeResult:
        """Create the list, the preview, and a box to save a preset."""
        with Vertical(id="box", classes="large"):
            yield Static("Presets: Enter applies one, Esc goes back", id="box-title", markup=False)
            yield Choices([(preset.name, preset.title) for preset in self._presets], id="choices")
            yield Text(id="box-text")
            yield Input(placeholder="type a name to save the selection as a preset", id="name", compact=True)

    def on_mount(self) -> None:
        """Start on the first preset."""
        choices = self.query_one(Choices)
        choices.styles.height = min(max(len(self._presets), 1), 8)
        choices.reload(0)
        choices.focus()
        self._show_outlook()

    @on(Rows.Moved)
    def _show_outlook(self) -> None:
        if self._presets:
            preset = self._presets[self.query_one(Choices).cursor]
            self.query_one(Text).show(preset_steps.outlook(self._steps, preset))
        else:
            self.query_one(Text).show([(Piece("No presets found.", "faint"),)])

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
            self.query_one(Text).show([(Piece(str(error), "bad"),)])

    @on(Text.Left)
    def action_leave(self) -> None:
        """Go back to the menu without a change."""
        self.dismiss(None)
