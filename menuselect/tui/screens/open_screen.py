"""The screen to open another saved selection, or to compare with it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from asterism.errors import AsterismError
from menuselect.listing.styled_text import Line, Piece, longest
from menuselect.session.makeopts import MAKEOPTS
from menuselect.session.saved_files import beside
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.screens.difference_screen import section
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.bar import Bar
from menuselect.tui.widgets.choices import Choices
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text

_TITLE = "Saved selections: Enter takes one, Esc goes back"
_PLACEHOLDER = "type the path of another file"

_MOST = 8
"""The lines that the list of files takes at most."""

_BREADTH = 100
"""The columns that the comparison may take."""


def comparison(steps: Steps, path: str) -> list[Line]:
    """What taking the selection of a file would turn on and off, a line for each member."""
    try:
        on, off = steps.difference_to(steps.other(path))
    except AsterismError as error:
        return [(Piece(text, "bad"),) for text in str(error).splitlines()]
    return section(f"{path}, compared with what is chosen now", on, off)


class OpenFile(Dialog[str]):
    """A list of files with a comparison; returns the sentence of the step, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps
        self._files = beside(steps.session.directory)

    def compose(self) -> ComposeResult:
        """Create the list, the comparison, and a box for another path."""
        with DialogBox():
            yield Bar([Piece(_TITLE)], id="box-title")
            yield Choices([(name, "as saved" if name == MAKEOPTS else "") for name in self._files], id="choices")
            yield Text(id="box-text")
            yield Input(placeholder=_PLACEHOLDER, id="name", compact=True)

    def on_mount(self) -> None:
        """Start on the first file, or in the box if there is none."""
        choices = self.query_one(Choices)
        choices.styles.height = self._height
        choices.reload(0)
        (choices if self._files else self.query_one(Input)).focus()
        self._show_file()

    @property
    def _height(self) -> int:
        return min(max(len(self._files), 1), _MOST)

    def columns(self) -> int:
        """The columns of the list and of the comparison."""
        text = longest(self.query_one(Text).paragraphs) + 2 * EDGE
        return max(min(text, _BREADTH), self.query_one(Choices).columns, len(_TITLE) + 2)

    def lines_at(self, columns: int) -> int:
        """The lines of title, list, an empty line, comparison and box."""
        return 3 + self._height + self.query_one(Text).lines_at(columns)

    @on(Rows.Moved)
    def _show_file(self) -> None:
        if self._files:
            self._show(comparison(self._steps, self._files[self.query_one(Choices).cursor]))
        else:
            self._show([(Piece("No saved selection is in this tree.", "faint"),)])

    def _show(self, lines: list[Line]) -> None:
        self.query_one(Text).show(lines)
        self.fit()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Compare with the file of the typed path, once there is such a file."""
        event.stop()
        if event.value and self._steps.has_file(event.value):
            self._show(comparison(self._steps, event.value))

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self._take(self._files[self.query_one(Choices).cursor])

    @on(Rows.Pressed)
    def _pressed(self, event: Rows.Pressed) -> None:
        if event.again:
            self._chosen()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._take(event.value.strip())

    def _take(self, path: str) -> None:
        try:
            self.dismiss(self._steps.open_file(path))
        except AsterismError as error:
            self._show([(Piece(text, "bad"),) for text in str(error).splitlines()])

    @on(Text.Left)
    def action_leave(self) -> None:
        """Go back to the menu without a change."""
        self.dismiss(None)
