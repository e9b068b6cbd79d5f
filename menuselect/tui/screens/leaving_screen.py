"""Leaving the menu: saving, quitting, and the questions on the way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from asterism.errors import AsterismError
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved


class LeavingScreen(Screen[None]):
    """A screen of the menu that can be left, with its changes or without."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.steps = steps

    def do(self, step: Callable[[], str]) -> None:
        """Take a step and show its sentence."""
        raise NotImplementedError

    def offer_unsaved(self, unsaved: Unsaved) -> None:
        """Ask what to do with the changes that an earlier menu has kept, if any."""
        from menuselect.tui.screens.question_screen import offering

        def answered(letter: str | None) -> None:
            if letter in ("t", "d"):
                self.do(unsaved.take if letter == "t" else unsaved.discard)

        if number := unsaved.count():
            self.app.push_screen(offering(number), answered)

    def action_quit(self) -> None:
        """Leave without saving; ask first if changes would be lost."""
        from menuselect.tui.screens.question_screen import leaving

        if self.steps.is_changed:
            self.app.push_screen(leaving(self.steps.count_changed()), partial(self._left_by, save=self.action_save))
        else:
            self.app.exit(None)

    action_interrupt = action_quit_here = action_quit

    def action_save(self) -> None:
        """Save and leave; ask first if another program has written the file meanwhile."""
        from menuselect.tui.screens.question_screen import overtaken

        if self.steps.is_overtaken:
            self.app.push_screen(overtaken(), partial(self._left_by, save=self._save))
        else:
            self._save()

    def _save(self) -> None:
        """Save and leave; if saving fails, show the fault and stay in the menu."""
        from menuselect.tui.screens.question_screen import unsaved

        try:
            self.app.exit(self.steps.session.save())
        except AsterismError as error:
            self.app.push_screen(unsaved(str(error)), partial(self._left_by, save=self._save))

    action_save_here = action_save

    def _left_by(self, letter: str | None, save: Callable[[], None]) -> None:
        if letter == "s":
            save()
        elif letter == "y":
            self.steps.is_given_up = True
            self.app.exit(None)
