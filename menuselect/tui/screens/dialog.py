"""The base class of the screens over the menu: a box as large as what it holds."""

from __future__ import annotations

from typing import TypeVar

from textual.containers import Vertical
from textual.screen import ModalScreen

from menuselect.tui.layout.panes import dialog

Result = TypeVar("Result")


class DialogBox(Vertical):
    """The box of a dialog."""


class Dialog(ModalScreen[Result]):
    """A screen over the menu, which composes one :class:`DialogBox`; a subclass says what size its contents have."""

    def columns(self) -> int:
        """The columns that the contents need."""
        raise NotImplementedError

    def lines_at(self, columns: int) -> int:
        """The lines that the contents need at a width in columns."""
        raise NotImplementedError

    def fit(self) -> None:
        """Give the box the size of its contents, up to that of the screen."""
        box = self.query_one(DialogBox)
        size, edge = self.app.size, box.styles.border_top[0] != ""
        columns = min(self.columns(), size.width - 2 * edge)
        box.styles.width, box.styles.height = dialog(
            (size.width, size.height), columns + 2 * edge, self.lines_at(columns) + 2 * edge
        )

    def on_resize(self) -> None:
        """Fit the box to the new size of the screen."""
        self.fit()
