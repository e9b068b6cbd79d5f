"""The screen with the differences from the saved file and from the defaults."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from menuselect.listing.styled_text import Line, Piece
from menuselect.model.menu import Member
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.text_panes import Text


def paragraphs(steps: Steps) -> list[Line]:
    """Both differences, a line for each member; names are links."""
    return [
        *_section("Since the menu was opened", *steps.since_saved()),
        (),
        *_section("From the defaults", *steps.since_defaults()),
    ]


def _section(title: str, more: Sequence[Member], less: Sequence[Member]) -> list[Line]:
    lines: list[Line] = [(Piece(f"{title}: {len(more)} more, {len(less)} fewer", "label"),)]
    for sign, look, members in (("+", "good", more), ("-", "bad", less)):
        for member in members:
            name = Piece(member.name, "name", member)
            lines.append((Piece(f" {sign} ", look), name, Piece(f"  {member.displayname}", "faint")))
    return lines


class Difference(ModalScreen[Member]):
    """A list over the menu; returns the member that was followed, or None."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def compose(self) -> ComposeResult:
        """Create a title and the list."""
        with Vertical(id="box", classes="large"):
            yield Static("Differences: Enter follows a name, Esc goes back", id="box-title", markup=False)
            yield Text(id="box-text")

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(Text).show(paragraphs(self._steps))
        self.query_one(Text).focus()

    @on(Text.Followed)
    def _followed(self, event: Text.Followed) -> None:
        self.dismiss(event.member)

    @on(Text.Left)
    def _left(self) -> None:
        self.dismiss(None)
