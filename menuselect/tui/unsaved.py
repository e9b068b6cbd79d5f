"""Unsaved changes: a menu that is ended from outside keeps them for the next menu."""

from __future__ import annotations

import contextlib

from asterism import files
from asterism.errors import AsterismError
from asterism.tree import SELECTION
from asterism.words import counted
from menuselect.session import makeopts
from menuselect.session.saved_files import selection_of
from menuselect.tui.undo import Steps

FILE = f"{SELECTION}.unsaved"
"""The file with the unsaved selection, beside ``menuselect.makeopts`` and in its format."""

NOTHING = "nothing was saved"
"""The sentence for a menu that was left without unsaved changes to keep."""


class Unsaved:
    """The unsaved changes of a menu, and those that an earlier menu has kept.

    Args:
        steps: the steps of the menu.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._path = steps.session.directory / FILE
        self._is_taken = False

    def _kept(self) -> bytes | None:
        """For each member 1 if the kept selection builds it, else 0; None without a readable file."""
        try:
            selection = selection_of(self._steps.session, str(self._path))
        except AsterismError:
            return None
        return bytes(map(selection.is_built, self._steps.menu.members))

    def count(self) -> int:
        """The number of members that differ in the kept selection; the file is removed if there are none."""
        kept = self._kept()
        number = self._steps.count_unlike(kept) if kept else 0
        if kept and not number:
            self.discard()
        return number

    def take(self) -> str:
        """Apply the kept selection, as one step that can be undone."""
        kept = self._kept()
        if kept is None:
            return f"'{FILE}' no longer exists."
        self._is_taken = True
        return self._steps.become("the unsaved changes", kept)

    def discard(self) -> str:
        """Remove the kept selection."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        return "The unsaved changes are discarded."

    def keep(self) -> str:
        """Keep the current selection, unless it equals the saved one or the user has discarded it.

        Returns:
            A sentence about the changes.
        """
        if not self._steps.is_changed or self._steps.is_given_up:
            if self._is_taken:
                self.discard()
            return NOTHING
        try:
            files.write(self._path, makeopts.dumps(self._steps.selection))
        except AsterismError as error:
            return f"NOT SAVED, and not kept for the next menu: {error}"
        number = self._steps.count_changed()
        changes = counted(number, "change is", "changes are")
        return f"not saved: {changes} kept in '{FILE}', and the next menu offers them"

    def left(self, saved: str) -> str:
        """The sentence to print when the menu is left; ``saved`` is the sentence of the save, or empty."""
        if not saved:
            return self.keep()
        if self._is_taken:
            self.discard()
        return saved
