"""The question before changes are thrown away, and others that a letter answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from menuselect.session.makeopts import MAKEOPTS


class Answer(NamedTuple):
    """One way out of a question."""

    letter: str
    """The key, in lower case, and what the question gives back."""
    text: str


class Question(ModalScreen[str]):
    """A text and a few letters; the letter that was pressed comes back. Esc is the one that changes nothing."""

    def __init__(self, title: str, text: str, answers: Sequence[Answer], escape: str) -> None:
        """Make the question.

        Args:
            title: its first line.
            text: what it is about.
            answers: the letters.
            escape: the letter that Esc stands for.
        """
        super().__init__()
        self._title_text = title
        self._text = text
        self._answers = answers
        self._escape = escape

    def compose(self) -> ComposeResult:
        """A box in the middle, one line for each answer."""
        with Vertical(id="box"):
            yield Static(self._title_text, id="box-title", markup=False)
            yield Static(self._text, markup=False)
            for answer in self._answers:
                yield Choice(answer)

    def on_key(self, event: events.Key) -> None:
        """Take a letter in either case; everything else waits."""
        event.stop()
        letter = self._escape if event.key == "escape" else (event.character or "").lower()
        if letter in {answer.letter for answer in self._answers}:
            self.dismiss(letter)


class Choice(Static):
    """An answer that the mouse can press too."""

    DEFAULT_CLASSES: ClassVar[str] = "choice"

    def __init__(self, answer: Answer) -> None:
        super().__init__(f" {answer.letter.upper()}  {answer.text}", markup=False)
        self._answer = answer

    def on_click(self, event: events.Click) -> None:
        """The same as its letter."""
        event.stop()
        screen = self.screen
        if isinstance(screen, Question):
            screen.dismiss(self._answer.letter)


def leaving(count: int) -> Question:
    """The original's question on quitting with changes: Y throws them away, N goes on, S saves them."""
    changes = "1 change is" if count == 1 else f"{count} changes are"
    return Question(
        "ARE YOU SURE?",
        f"{changes} not saved.\n",
        (
            Answer("y", "quit without saving"),
            Answer("n", "go on in the menu"),
            Answer("s", "save and exit"),
        ),
        escape="n",
    )


def overtaken() -> Question:
    """The question before a save over what something else has written since the menu was opened."""
    return Question(
        "OVERWRITE?",
        f"Something else has changed {MAKEOPTS} since the menu was opened.\n",
        (
            Answer("s", "overwrite it with this choice"),
            Answer("n", "go on in the menu"),
            Answer("y", "quit without saving"),
        ),
        escape="n",
    )


def offering(count: int) -> Question:
    """The question at the start, when a menu that was ended from outside has kept its choices."""
    changes = "1 unsaved change" if count == 1 else f"{count} unsaved changes"
    return Question(
        "UNSAVED CHANGES",
        f"A menu that was ended has kept {changes}.\n",
        (
            Answer("t", "take them"),
            Answer("d", "throw them away"),
            Answer("l", "keep them for later"),
        ),
        escape="l",
    )


def unsaved(fault: str) -> Question:
    """The question after a save that failed."""
    return Question(
        "NOT SAVED",
        f"{fault}\n",
        (
            Answer("s", "try again"),
            Answer("n", "go on in the menu"),
            Answer("y", "quit without saving"),
        ),
        escape="n",
    )
