"""The screen with the differences from the saved file and from the defaults."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from menuselect.listing.styled_text import Line, Piece, longest
from menuselect.model.menu import Member
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.text_panes import Text

_TITLE = "Differences: Enter follows a name, Esc goes back"


def paragraphs(steps: Steps) -> list[Line]:
    """Both differences, a line for each member; names are links."""
    return [
        *section("Since the menu was opened", *steps.since_saved()),
        (),
        *section("From the defaults", *steps.since_defaults()),
    ]


def section(title: str, more: Sequence[Member], less: Sequence[Member]) -> list[Line]:
    """A difference as lines: the members that are on only now, and those that are off only now."""
    lines: list[Line] = [(Piece(f"{title}: {len(more)} more, {len(less)} fewer", "label"),)]
    for sign, look, members in (("+", "good", more), ("-", "bad", less)):
        for member in members:
            name = Piece(member.name, "name", member)
            lines.append((Piece(f" {sign} ", look), name, Piece(f"  {member.displayname}", "faint")))
    return lines


class Difference(Dialog[Member]):
    """A list over the menu; returns the member that was followed, or None."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._paragraphs = paragraphs(steps)

    def compose(self) -> ComposeResult:
        """Create a title and the list."""
        with DialogBox():
            yield Title(_TITLE)
            yield Text(id="box-text")

    def on_mount(self) -> None:
        """Fill the list."""
        text = self.query_one(Text)
        text.show(self._paragraphs)
        text.focus()
        self.fit()

    def columns(self) -> int:
        """The columns of the longest line."""
        return max(len(_TITLE), longest(self._paragraphs)) + 2 * EDGE

    def lines_at(self, columns: int) -> int:
        """The lines of title and list."""
        return 1 + self.query_one(Text).lines_at(columns)

    @on(Text.Followed)
    def _followed(self, event: Text.Followed) -> None:
        self.dismiss(event.member)

    @on(Text.Left)
    def _left(self) -> None:
        self.dismiss(None)
