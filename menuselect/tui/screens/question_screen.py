"""Questions that a letter answers, such as the one before changes are discarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from asterism.tree import SELECTION
from asterism.words import counted
from menuselect.listing.styled_text import Line, Piece, longest, wrapped
from menuselect.tui.layout.panes import EDGE
from menuselect.tui.screens.dialog import Dialog, DialogBox
from menuselect.tui.widgets.bar import Title
from menuselect.tui.widgets.text_panes import Text


class Answer(NamedTuple):
    """An answer to a question."""

    letter: str
    """The key, in lower case, which is the result of the question."""
    text: str


_BREADTH = 76
"""The columns of a text; longer lines are wrapped."""


class Question(Dialog[str]):
    """A text and several letters; returns the letter that was pressed. Esc stands for one of the letters."""

    def __init__(self, title: str, text: str, answers: Sequence[Answer], escape: str) -> None:
        """Create the question.

        Args:
            title: the first line.
            text: the text below it.
            answers: the letters and their texts.
            escape: the letter that Esc stands for.
        """
        super().__init__()
        self._title_text = title
        self._text = text
        self._answers = answers
        self._escape = escape

    def compose(self) -> ComposeResult:
        """Create a box with one line for each answer."""
        with DialogBox():
            yield Title(self._title_text)
            yield Text(id="box-text")
            for answer in self._answers:
                yield Choice(answer)

    def on_mount(self) -> None:
        """Show the text."""
        text = self.query_one(Text)
        text.can_focus = False
        text.show(self._lines)
        self.fit()

    @property
    def _lines(self) -> list[Line]:
        return [(Piece(line),) for line in self._text.splitlines()]

    def columns(self) -> int:
        """The columns of the longest line, as far as it can be read well."""
        answers = (len(answer.text) + 6 for answer in self._answers)
        return max(min(longest(self._lines) + 2 * EDGE, _BREADTH), len(self._title_text) + 2, *answers)

    def lines_at(self, columns: int) -> int:
        """The lines of title, text, an empty line and the answers."""
        return 2 + len(wrapped(self._lines, columns - 2 * EDGE)) + len(self._answers)

    def on_key(self, event: events.Key) -> None:
        """Accept a letter in either case; ignore other keys."""
        event.stop()
        letter = self._escape if event.key == "escape" else (event.character or "").lower()
        if letter in {answer.letter for answer in self._answers}:
            self.dismiss(letter)


class Choice(Static):
    """An answer that can be clicked, too."""

    DEFAULT_CLASSES: ClassVar[str] = "choice"

    def __init__(self, answer: Answer) -> None:
        super().__init__(f" {answer.letter.upper()}  {answer.text}", markup=False)
        self._answer = answer

    def on_click(self, event: events.Click) -> None:
        """Choose the answer on a click."""
        event.stop()
        screen = self.screen
        if isinstance(screen, Question):
            screen.dismiss(self._answer.letter)


def leaving(count: int) -> Question:
    """The original's question on quitting with changes: Y discards them, N continues, S saves them."""
    changes = counted(count, "change is", "changes are")
    return Question(
        "ARE YOU SURE?",
        f"{changes} not saved.",
        (
            Answer("y", "quit without saving"),
            Answer("n", "continue in the menu"),
            Answer("s", "save and exit"),
        ),
        escape="n",
    )


def overtaken() -> Question:
    """The question before a save that would overwrite the changes of another program."""
    return Question(
        "OVERWRITE?",
        f"Another program changed {SELECTION} since the menu was opened.",
        (
            Answer("s", "overwrite the file with this selection"),
            Answer("n", "continue in the menu"),
            Answer("y", "quit without saving"),
        ),
        escape="n",
    )


def offering(count: int) -> Question:
    """The question at the start, if an earlier menu has kept unsaved changes."""
    changes, them = counted(count, "unsaved change"), "it" if count == 1 else "them"
    return Question(
        "UNSAVED CHANGES",
        f"An earlier menu left {changes}.",
        (
            Answer("t", f"apply {them}"),
            Answer("d", f"discard {them}"),
            Answer("l", f"keep {them} for later"),
        ),
        escape="l",
    )


def unsaved(fault: str) -> Question:
    """The question after a save that failed."""
    return Question(
        "NOT SAVED",
        fault,
        (
            Answer("s", "try again"),
            Answer("n", "continue in the menu"),
            Answer("y", "quit without saving"),
        ),
        escape="n",
    )
