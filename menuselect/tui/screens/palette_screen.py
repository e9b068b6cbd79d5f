"""The palette: every action in groups, narrowed by typing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from menuselect.tui.keys import ACTIONS, Keymap, MenuAction, keys_of
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.choices import Choices, Offer
from menuselect.tui.widgets.table import Rows

GROUPS: dict[str, tuple[str, ...]] = {
    "Switch": ("turn", "on", "off", "none", "all", "mark", "unmark", "presets"),
    "Take back": ("undo", "redo", "reset", "reset-category", "reset-all", "defaults"),
    "Find": ("filter", "next-missing", "next-changed", "return", "back"),
    "Explain": ("about", "needs", "copy", "copy-reason"),
    "Compare": ("difference", "open-file"),
    "Screen": ("theme", "mouse", "help", "suspend"),
    "Leave": ("save", "quit"),
}
"""The actions of the palette, by the headings above them."""


def offered(keymap: Keymap, wanted: str = "") -> Iterator[tuple[str, list[MenuAction]]]:
    """The groups, each with its actions that contain every word of ``wanted`` in name, keys or summary."""
    by_name = {action.name: action for action in ACTIONS}
    words = wanted.lower().split()
    for title, names in GROUPS.items():
        actions = [by_name[name] for name in names if all(word in _text(by_name[name], keymap) for word in words)]
        if actions:
            yield title, actions


def _text(action: MenuAction, keymap: Keymap) -> str:
    return f"{action.name} {' '.join(keys_of(action.name, keymap))} {action.summary}".lower()


class Palette(Dialog[str]):
    """A list over the menu; returns the name of an action, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "leave", "Go back", show=False),
        Binding("down", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._actions: list[MenuAction | None] = []
        self._lines = 0

    def compose(self) -> ComposeResult:
        """Create a title, a box to type in and the list."""
        with DialogBox():
            yield Title("Actions: type to narrow the list, Enter does one, Esc goes back")
            yield Input(placeholder="a word or a key", id="search", compact=True)
            yield Choices([], id="actions")

    def on_mount(self) -> None:
        """Show every action."""
        self._list.can_focus = False
        self._show("")
        self._lines = self._list.count()
        self.query_one(Input).focus()
        self.fit()

    @property
    def _list(self) -> Choices:
        return self.query_one(Choices)

    def _show(self, wanted: str) -> None:
        choices: list[Offer] = []
        self._actions = []
        for title, actions in offered(self._keymap, wanted):
            choices += [title, *(("  ".join(keys_of(each.name, self._keymap)), each.summary) for each in actions)]
            self._actions += [None, *actions]
        self._list.show(choices)

    def columns(self) -> int:
        """The columns of the title or of the list."""
        return max(self._list.columns, 64)

    def lines_at(self, columns: int) -> int:  # noqa: ARG002
        """The lines of title, box and the whole list, so that the size stays while it is narrowed."""
        return 2 + self._lines

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    @on(Choices.Chosen)
    def _taken(self) -> None:
        action = self._actions[self._list.cursor] if self._actions else None
        if action:
            self.dismiss(action.name)

    @on(Rows.Pressed)
    def _pressed(self) -> None:
        self._taken()

    def action_move(self, way: str) -> None:
        """Move the cursor of the list."""
        getattr(self._list, f"action_{way}")()

    def action_leave(self) -> None:
        """Go back to the menu."""
        self.dismiss(None)
