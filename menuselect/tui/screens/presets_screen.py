"""The screen of presets: preview one, apply one, save the current selection as one."""

from __future__ import annotations

from asterism.errors import AsterismError
from menuselect.listing.styled_text import Line, Piece
from menuselect.tui import preset_steps
from menuselect.tui.screens.choice_dialog import ChoiceDialog
from menuselect.tui.undo import Steps

_TITLE = "Presets: Enter applies one, Esc goes back"
_PLACEHOLDER = "type a name to save the selection as a preset"


class Presets(ChoiceDialog):
    """A list of presets over the menu; returns a sentence with the result."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._presets = preset_steps.offered(steps)
        lines = [(preset.name, preset.title) for preset in self._presets]
        super().__init__(lines, _TITLE, _PLACEHOLDER, len(_PLACEHOLDER) + 1)

    def about(self, index: int | None) -> list[Line]:
        """What applying a preset changes."""
        if index is None:
            return [(Piece("No presets found.", "faint"),)]
        return preset_steps.outlook(self._steps, self._presets[index])

    def take(self, index: int) -> None:
        """Apply a preset."""
        self.dismiss(preset_steps.take(self._steps, self._presets[index].name))

    def typed(self, text: str) -> None:
        """Save the selection as a preset."""
        try:
            self.dismiss(preset_steps.keep(self._steps, text))
        except AsterismError as error:
            self.show([(Piece(str(error), "bad"),)])
