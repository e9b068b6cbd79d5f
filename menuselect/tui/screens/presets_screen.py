"""Presets: pick one, see before what it changes, keep the present choice as another."""

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
    """A list over the menu; it gives back the sentence that says what was done."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps
        self._presets = preset_steps.offered(steps)

    def compose(self) -> ComposeResult:
        """The list, what the one under the cursor changes, and a box to keep one."""
        with Vertical(id="box", classes="large"):
            yield Static("Presets: Enter takes one, Esc back", id="box-title", markup=False)
            yield Choices([(preset.name, preset.title) for preset in self._presets], id="choices")
            yield Text(id="box-text")
            yield Input(placeholder="a name keeps your choice as a preset", id="name", compact=True)

    def on_mount(self) -> None:
        """Begin at the first preset."""
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
            self.query_one(Text).show([(Piece("There are no presets.", "faint"),)])

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
        """Back to the menu with nothing done."""
        self.dismiss(None)
