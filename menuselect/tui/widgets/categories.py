"""The list of categories, with the number of members that are on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType

from menuselect.listing.styled_text import fitted, shown
from menuselect.model.menu import Category
from menuselect.tui.keys import bindings
from menuselect.tui.widgets.table import Rows

ARROW = "---> "
"""The mark before the category under the cursor, as in the original."""

NO_MATCH = "-"
"""The note of a category without a match of the filter."""


class Categories(Rows):
    """The original's main menu: one line for each category, an arrow before the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("categories", on_screen=True)]

    def __init__(
        self,
        categories: Sequence[Category],
        note: Callable[[Category], str],
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Create the list.

        Args:
            categories: in the order of the menu.
            note: returns the text at the end of a category's line, such as ``12/30``.
            id: the widget's id.
        """
        super().__init__(id=id)
        self.categories = categories
        self._note = note

    @property
    def category(self) -> Category | None:
        """The category under the cursor."""
        return self.categories[self.cursor] if self.categories else None

    def count(self) -> int:
        """The number of categories."""
        return len(self.categories)

    @property
    def wanted(self) -> int:
        """The columns that the longest line needs."""
        widths = (len(shown(each.title)) + 2 * len(str(len(each.members))) for each in self.categories)
        return len(ARROW) + max(widths, default=0) + len(" / ")

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a line such as ``---> Applications      31/40``; a pane that is not wide enough has a short arrow."""
        category = self.categories[index]
        note = self._note(category)
        arrow = ARROW if width >= self.wanted else ARROW[-2:]
        room = max(width - len(arrow) - len(note) - 2, 1)
        title = fitted(shown(category.title), room)
        shown_arrow = arrow if index == self.cursor else " " * len(arrow)
        style = base if note.strip() != NO_MATCH else base + self.style_of("faint")
        return [Segment(f"{shown_arrow}{title:<{room}} ", style), Segment(f"{note} ", base + self.style_of("faint"))]
