"""Choices that nobody saved or threw away: a menu that is ended from outside keeps them for the next one."""

from __future__ import annotations

import contextlib

from asterism import files
from asterism.errors import AsterismError
from menuselect.choice.selection import Selection
from menuselect.session import makeopts
from menuselect.session.makeopts import MAKEOPTS
from menuselect.tui.undo import Steps

FILE = f"{MAKEOPTS}.unsaved"
"""Beside the file that a save would have written, and of the same form."""

NOTHING = "nothing was saved"
"""What is said of a menu that was left without a save, and without a loss."""


class Unsaved:
    """The unsaved choices of a menu, and those that an earlier menu has kept.

    Args:
        steps: the menu's.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._path = steps.session.directory / FILE
        self._is_taken = False

    def _kept(self) -> bytes | None:
        """For each member 1 when the kept choice builds it; None when nothing is kept that can be read."""
        try:
            text = files.read_text(self._path)
        except AsterismError:
            return None
        selection = Selection(self._steps.menu, self._steps.session.deps)
        makeopts.apply(makeopts.loads(text, FILE), selection)
        selection.settle()
        return bytes(map(selection.is_built, self._steps.menu.members))

    def count(self) -> int:
        """How many members an earlier menu has kept otherwise than they are now; a file with no such member goes."""
        kept = self._kept()
        number = self._steps.count_unlike(kept) if kept else 0
        if kept and not number:
            self.discard()
        return number

    def take(self) -> str:
        """Choose what was kept, as one step that can be undone."""
        kept = self._kept()
        if kept is None:
            return f"There is no {FILE} any more."
        self._is_taken = True
        return self._steps.become("the unsaved changes", kept)

    def discard(self) -> str:
        """Throw away what was kept."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        return "The unsaved changes are thrown away."

    def keep(self) -> str:
        """Keep what is chosen now, unless it is what the saved file says or the person has let it go.

        Returns:
            The sentence that says what became of the changes.
        """
        if not self._steps.is_changed or self._steps.is_given_up:
            if self._is_taken:
                self.discard()
            return NOTHING
        try:
            files.write(self._path, makeopts.dumps(self._steps.selection))
        except AsterismError as error:
            return f"NOT SAVED, and not kept either: {error}"
        number = self._steps.count_changed()
        changes = "1 change is" if number == 1 else f"{number} changes are"
        return f"not saved: {changes} kept in '{FILE}', and the next menu offers them"

    def left(self, saved: str) -> str:
        """What to say when the menu is left; ``saved`` is the sentence of the save, or empty."""
        if not saved:
            return self.keep()
        if self._is_taken:
            self.discard()
        return saved
