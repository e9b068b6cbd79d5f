"""The keys of the main screen that turn members and categories on and off."""

from __future__ import annotations

from collections.abc import Callable

from asterism.words import counted
from menuselect.model.menu import Category, Member
from menuselect.tui.screens.menu_drawing import MenuDrawing


class MenuTurning(MenuDrawing):
    """The main screen, with marks, switches, undo and redo."""

    def _turn(self, step: Callable[[Member], str], on: bool | None = None) -> None:
        """Take a step with the member under the cursor, or switch all marked members."""
        if self._picked:
            members = list(self._picked.values())
            self._picked.clear()
            self.do(lambda: self.steps.switch(members, on))
        elif self.member:
            self.do(lambda: step(self.member) if self.member else "")

    def do(self, step: Callable[[], str]) -> None:
        """Take a step, show the new states and the sentence."""
        sentence = step()
        self.refresh_states()
        self.tell(sentence)

    def action_turn(self) -> None:
        """Turn the member on or off, in place."""
        self._turn(self.steps.toggle)

    def action_on(self) -> None:
        """Turn the member on."""
        self._turn(self.steps.enable, True)

    def action_off(self) -> None:
        """Turn the member off."""
        self._turn(self.steps.disable, False)

    def action_reset(self) -> None:
        """Reset the member to the saved file."""
        if self.member:
            self.do(lambda: self.steps.reset(self.member) if self.member else "")

    def action_mark(self) -> None:
        """Mark the member or remove its mark, and go down."""
        if self.member is None:
            return
        if self._picked.pop(self.member.index, None) is None:
            self._picked[self.member.index] = self.member
        self.members.refresh()
        self.members.action_down()
        self._tell_picked()

    def action_unmark(self) -> None:
        """Remove all marks."""
        self._picked.clear()
        self.members.refresh()
        self._tell_picked()

    def _tell_picked(self) -> None:
        marked = f"{counted(len(self._picked), 'member')} marked: y turns on, n turns off, V removes the marks."
        self.tell(marked if self._picked else "No member is marked.")
        self._show_bars()

    def _turn_category(self, step: Callable[[Category], str]) -> None:
        if category := self.category:
            self.do(lambda: step(category))

    def action_all(self) -> None:
        """Turn the category on."""
        self._turn_category(self.steps.enable_category)

    def action_none(self) -> None:
        """Turn the category off."""
        self._turn_category(self.steps.disable_category)

    def action_reset_category(self) -> None:
        """Reset the category to the saved file."""
        self._turn_category(self.steps.reset_category)

    def action_reset_all(self) -> None:
        """Reset everything to the saved file."""
        self.do(self.steps.reset_all)

    def action_defaults(self) -> None:
        """Reset everything to the defaults."""
        self.do(self.steps.to_defaults)

    def action_undo(self) -> None:
        """Undo the last step."""
        self.do(self.steps.undo)

    def action_redo(self) -> None:
        """Redo the step that was undone."""
        self.do(self.steps.redo)
