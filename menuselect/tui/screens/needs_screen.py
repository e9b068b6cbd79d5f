"""The screen with the tree of what a member needs and what needs it."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from menuselect.choice.selection import Selection
from menuselect.listing.need_tree import STATES, NeedRow, NeedTree, Path, unfolded_at_first
from menuselect.listing.styled_text import fitted, shown
from menuselect.model.menu import Member
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.table import Rows

_TITLE = "Esc goes back, Enter goes to a member, Right unfolds, Left folds"


def text_of(row: NeedRow, is_unfolded: bool) -> str:
    """A row as text, such as ``  + uses res_x  on``."""
    fold = ("-" if is_unfolded else "+") if row.folds else " "
    label = f"{row.label}: " if row.label else ""
    state = f"  {STATES[row.state]}" if row.state else "" if row.folds else " nothing"
    return f" {'  ' * (len(row.path) - 1)}{fold} {label}{shown(row.name)}{state}"


class NeedList(Rows):
    """The rows of the tree."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,plus,l", "unfold", show=False),
        Binding("left,minus", "fold", show=False),
        Binding("space", "turn", show=False),
        Binding("enter", "follow", show=False),
    ]

    class Changed(Message):
        """A branch was folded or unfolded."""

    class Chosen(Message):
        """The user has chosen a member."""

        def __init__(self, member: Member) -> None:
            super().__init__()
            self.member = member

    def __init__(self, selection: Selection, member: Member) -> None:
        super().__init__()
        self._tree = NeedTree(selection, member)
        self._unfolded: set[Path] = unfolded_at_first(self._tree)
        self._rows = self._tree.rows(self._unfolded)

    def count(self) -> int:
        """The number of visible rows."""
        return len(self._rows)

    @property
    def columns(self) -> int:
        """The columns of the longest row."""
        return max(len(text_of(row, False)) for row in self._rows) + 2

    def segments(self, index: int, width: int, base: Style) -> list[Segment]:
        """Draw a row; what cannot be on or was not found is in the colour of missing things."""
        row = self._rows[index]
        look = "missing" if row.state in ("unavailable", "unmet") else "heading" if row.state is None else ""
        style = base + self.style_of(look) if look else base
        return [Segment(fitted(text_of(row, row.path in self._unfolded), width), style)]

    def _change(self, unfolded: set[Path], cursor: int) -> None:
        self._unfolded = unfolded
        self._rows = self._tree.rows(unfolded)
        self.reload(cursor)
        self.post_message(self.Changed())

    def action_unfold(self) -> None:
        """Show what is below the row."""
        row = self._rows[self.cursor]
        if row.folds:
            self._change(self._unfolded | {row.path}, self.cursor)

    def action_fold(self) -> None:
        """Hide what is below the row; if nothing is shown there, go to the row above it."""
        row = self._rows[self.cursor]
        if row.path in self._unfolded:
            self._change(self._unfolded - {row.path}, self.cursor)
        elif len(row.path) > 1:
            self.go(next(at for at, other in enumerate(self._rows) if other.path == row.path[:-1]))

    def action_turn(self) -> None:
        """Fold or unfold the row."""
        if self._rows[self.cursor].path in self._unfolded:
            self.action_fold()
        else:
            self.action_unfold()

    def action_follow(self) -> None:
        """Choose the member of the row."""
        if member := self._rows[self.cursor].member:
            self.post_message(self.Chosen(member))


class Needs(Dialog[Member]):
    """The tree over the menu; returns the member that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Go back", show=False)]

    def __init__(self, selection: Selection, member: Member) -> None:
        super().__init__()
        self._list = NeedList(selection, member)

    def compose(self) -> ComposeResult:
        """Create a title and the tree."""
        with DialogBox():
            yield Title(_TITLE)
            yield self._list

    def on_mount(self) -> None:
        """Start on the first row."""
        self._list.reload(0)
        self._list.focus()
        self.fit()

    def columns(self) -> int:
        """The columns of title and tree."""
        return max(len(_TITLE) + 2, self._list.columns)

    def lines_at(self, columns: int) -> int:  # noqa: ARG002
        """The lines of title and tree."""
        return 1 + self._list.count()

    @on(NeedList.Changed)
    def _changed(self) -> None:
        self.fit()

    @on(NeedList.Chosen)
    def _chosen(self, event: NeedList.Chosen) -> None:
        self.dismiss(event.member)

    @on(Rows.Pressed)
    def _pressed(self, event: Rows.Pressed) -> None:
        if event.again:
            self._list.action_turn()

    def action_leave(self) -> None:
        """Go back to the menu."""
        self.dismiss(None)
