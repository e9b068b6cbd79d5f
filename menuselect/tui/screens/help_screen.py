"""Help: every key, every mark and every filter, with a box that searches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from menuselect.listing.query import FIELDS, STATES
from menuselect.listing.styled_text import Line, Piece, longest, plain, wrapped
from menuselect.tui.keys import ACTIONS, Keymap, keys_of
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.text_panes import Text

MARKS = (
    ("[*]", "on: it will be built"),
    ("[ ]", "off"),
    ("XXX", "cannot be on: a dependency is missing, or a conflicting library is present"),
    ("< >", "off: a dependency is off, and is turned on with the member"),
    ("( )", "off: a conflicting member is on"),
    ("+ -", "before a mark: turned on, or turned off, since the file was saved"),
)
"""The marks and their meanings."""

_PLACES = {
    "menu": "Anywhere",
    "app": "Anywhere, for the program",
    "rows": "In both lists",
    "categories": "In the categories",
    "members": "In a category",
    "filter": "In the filter box",
    "about": "In the explanation",
}

_WORDS = (
    ("word", "members with the word in their name or description; several words in any order"),
    ("~wrd", "members with these letters in their name, in this order"),
    ('"on"', "the word, not the state"),
    ("!word", "members that do not match"),
)


_INDENT = 17
"""The column at which the explanations begin."""


def sections(keymap: Keymap) -> Iterator[tuple[str, str, str]]:
    """Every line of the help: section, key or word, and description."""
    for mark, text in MARKS:
        yield "Marks", mark, text
    for place, title in _PLACES.items():
        for action in ACTIONS:
            if action.where == place and (keys := keys_of(action.name, keymap)):
                yield title, " ".join(keys), f"{action.summary} ({action.name})"
    for word, text in _WORDS:
        yield "What the filter understands", word, text
    for word, text in STATES.items():
        yield "What the filter understands", word, text
    for word, text in FIELDS.items():
        yield "What the filter understands", f"{word}:", text


def paragraphs(keymap: Keymap, wanted: str = "") -> list[Line]:
    """The help, or its lines that contain every word of ``wanted``."""
    words = wanted.lower().split()
    lines: list[Line] = []
    last = ""
    for title, key, text in sections(keymap):
        if not all(word in f"{key} {text}".lower() for word in words):
            continue
        if title != last:
            lines += [*([()] if last else []), (Piece(title, "label"),)]
            last = title
        lines.append((Piece(f"  {key:<{_INDENT - 3}} ", "name"), Piece(text)))
    return lines or [(Piece(f"No line of the help matches '{plain((Piece(wanted),))}'.", "faint"),)]


class Help(Dialog[None]):
    """The help over the menu; typing searches it, arrows scroll it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "leave", "Close the help", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._all = paragraphs(keymap)

    def compose(self) -> ComposeResult:
        """Create a search box and the text."""
        with DialogBox():
            yield Title("Help: type to search, Esc goes back")
            yield Input(placeholder="a key or a word", id="search", compact=True)
            yield Text(indent=_INDENT, id="box-text")

    def on_mount(self) -> None:
        """Show the whole help."""
        self.query_one(Text).can_focus = False
        self.query_one(Text).show(self._all)
        self.query_one(Input).focus()
        self.fit()

    def columns(self) -> int:
        """The columns of the longest line."""
        return longest(self._all) + 2 * EDGE

    def lines_at(self, columns: int) -> int:
        """The lines of title, box and the whole text, so that the size stays during a search."""
        return 2 + len(wrapped(self._all, columns - 2 * EDGE, _INDENT))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the lines that match the search box."""
        event.stop()
        self.query_one(Text).show(paragraphs(self._keymap, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close the help on Enter; in the original any key closes it."""
        event.stop()
        self.dismiss()

    def action_leave(self) -> None:
        """Go back to the menu."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll the text by lines."""
        self.query_one(Text).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll the text by pages."""
        text = self.query_one(Text)
        text.scroll_relative(y=pages * max(text.size.height - 1, 1), animate=False)
