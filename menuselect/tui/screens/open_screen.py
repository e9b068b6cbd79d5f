"""The screen to open another saved selection, or to compare with it."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Input

from asterism.errors import AsterismError
from asterism.tree import SELECTION
from menuselect.listing.styled_text import Line, Piece
from menuselect.session.saved_files import beside
from menuselect.tui.screens.choice_dialog import ChoiceDialog
from menuselect.tui.screens.difference_screen import section
from menuselect.tui.undo import Steps

_TITLE = "Saved selections: Enter takes one, Esc goes back"
_PLACEHOLDER = "type the path of another file"


def comparison(steps: Steps, path: str) -> list[Line]:
    """What taking the selection of a file would turn on and off, a line for each member."""
    try:
        on, off = steps.difference_to(steps.other(path))
    except AsterismError as error:
        return [(Piece(text, "bad"),) for text in str(error).splitlines()]
    return section(f"{path}, compared with what is chosen now", on, off)


class OpenFile(ChoiceDialog):
    """A list of files with a comparison; returns the sentence of the step, or None."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._files = beside(steps.session.directory)
        lines = [(name, "as saved" if name == SELECTION else "") for name in self._files]
        super().__init__(lines, _TITLE, _PLACEHOLDER, len(_TITLE) + 2)

    def first(self) -> Widget:
        """The list, or the box if there is no file."""
        return super().first() if self._files else self.query_one(Input)

    def about(self, index: int | None) -> list[Line]:
        """What taking a file changes."""
        if index is None:
            return [(Piece("No saved selection is in this tree.", "faint"),)]
        return comparison(self._steps, self._files[index])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Compare with the file of the typed path, once there is such a file."""
        event.stop()
        if event.value and self._steps.has_file(event.value):
            self.show(comparison(self._steps, event.value))

    def take(self, index: int) -> None:
        """Take the selection of a file of the list."""
        self._take(self._files[index])

    def typed(self, text: str) -> None:
        """Take the selection of the typed path."""
        if text:
            self._take(text)

    def _take(self, path: str) -> None:
        try:
            self.dismiss(self._steps.open_file(path))
        except AsterismError as error:
            self.show([(Piece(text, "bad"),) for text in str(error).splitlines()])
