"""What the menu does, step by step: each can be undone, each says in a sentence what it did.

The screen and the plain mode both stand on this; every rule of dependency is the selection's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from asterism import files
from asterism.errors import AsterismError
from menuselect.choice.selection import Change, Refusal, Selection, Snapshot
from menuselect.model.menu import Category, Member, Menu
from menuselect.session.makeopts import MAKEOPTS
from menuselect.session.session import Session
from menuselect.tui import step_words

MOST_REMEMBERED = 3_000_000
"""Members times steps that can be undone, about 100 MB; the oldest steps are forgotten."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken."""

    what: str
    """What was asked for: ``app_dial on``."""
    state: Snapshot
    """Where it led."""


class Steps:
    """The selection of a session, with a way back."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._opened = self.selection.snapshot()
        self._steps = [Step("", self._opened)]
        self._at = 0
        """The step that led to what is chosen now; those after it were undone."""
        self.is_given_up = False
        """Whether the person has said that what is not saved may be lost."""
        self._found = self._on_disk()
        self._saved = self._built_now()
        self._built = self._saved

    @property
    def menu(self) -> Menu:
        """What can be chosen."""
        return self.session.menu

    @property
    def selection(self) -> Selection:
        """What is chosen."""
        return self.session.selection

    def _built_now(self) -> bytes:
        """For each member 1 when it will be built: all that a saved file tells."""
        return bytes(map(self.selection.is_built, self.menu.members))

    # What is so.

    def mark(self, member: Member) -> str:
        """The original's mark."""
        return self.selection.mark(member)

    def change(self, member: Member) -> str:
        """``+`` when it is built now and was not, ``-`` when it was, else a blank."""
        now, then = self._built[member.index], self._saved[member.index]
        return " " if now == then else "+" if now else "-"

    def is_in(self, member: Member, state: str) -> bool:
        """Whether a member is in one of the states that the filter knows."""
        if state == "changed":
            return self._built[member.index] != self._saved[member.index]
        if state == "missing":
            return not self.selection.is_available(member)
        return bool(self._built[member.index]) == (state == "on")

    def count_on(self, category: Category) -> int:
        """How many members of a category will be built."""
        if not category.members:
            return 0
        first = category.members[0].index
        return sum(self._built[first : first + len(category.members)])

    def count_changed(self) -> int:
        """How many members differ from the saved file."""
        return self.count_unlike(self._saved)

    def count_unlike(self, wanted: bytes) -> int:
        """How many members differ from a choice that has 1 for each member that will be built."""
        return sum(map(int.__ne__, self._built, wanted))

    @property
    def is_changed(self) -> bool:
        """Whether leaving now would lose something."""
        return self._built != self._saved

    @property
    def is_overtaken(self) -> bool:
        """Whether something else has written the file since the menu was opened, so that saving would undo that."""
        return self._on_disk() != self._found

    def _on_disk(self) -> bytes | None:
        try:
            return files.read_bytes(self.session.directory / MAKEOPTS)
        except AsterismError:
            return None  # there is none, or saving will say what is wrong with it

    def greeting(self) -> str:
        """What to say at the start."""
        on = sum(self._built)
        return f"{on} of {len(self.menu.members)} are on."

    @property
    def taken(self) -> list[str]:
        """The steps that led to what is chosen now, those that were undone left out: ``app_dial on``."""
        return [step.what for step in self._steps[1 : self._at + 1]]

    # Differences.

    @cached_property
    def defaults(self) -> Selection:
        """What would be chosen with no saved file at all."""
        selection = Selection(self.menu, self.session.deps)
        selection.settle()
        selection.apply_defaults()
        selection.settle()
        return selection

    def since_saved(self) -> tuple[list[Member], list[Member]]:
        """Members that are built now and were not, and the other way round."""
        return self._compared(self._saved)

    def since_defaults(self) -> tuple[list[Member], list[Member]]:
        """Members that are built now and would not be by default, and the other way round."""
        return self._compared(bytes(map(self.defaults.is_built, self.menu.members)))

    def _compared(self, then: bytes) -> tuple[list[Member], list[Member]]:
        members = self.menu.members
        more = [member for member in members if self._built[member.index] > then[member.index]]
        return more, [member for member in members if self._built[member.index] < then[member.index]]

    # Steps.

    def toggle(self, member: Member) -> str:
        """Turn a member the other way."""
        word = "off" if self.selection.is_on(member) else "on"
        return self.take(f"{member.name} {word}", lambda: self.selection.toggle(member), member)

    def enable(self, member: Member) -> str:
        """Turn a member on, with what it needs."""
        return self.take(f"{member.name} on", lambda: self.selection.enable(member), member)

    def disable(self, member: Member) -> str:
        """Turn a member off, with what depends on it."""
        return self.take(f"{member.name} off", lambda: self.selection.disable(member), member)

    def enable_category(self, category: Category) -> str:
        """Turn on all of a category that can be."""
        return self.take(f"all of {category.title} on", lambda: self.selection.enable_category(category))

    def disable_category(self, category: Category) -> str:
        """Turn off all of a category."""
        return self.take(f"all of {category.title} off", lambda: self.selection.disable_category(category))

    def enable_all(self) -> str:
        """Turn on all there is."""
        return self.take("everything on", self.selection.enable_all)

    def disable_all(self) -> str:
        """Turn off all there is."""
        return self.take("everything off", self.selection.disable_all)

    def reset(self, member: Member) -> str:
        """Set a member back to what the saved file says."""
        return self.take(f"{member.name} back", lambda: self._towards(self._saved, [member]), member)

    def reset_category(self, category: Category) -> str:
        """Set a category back to what the saved file says."""
        return self.take(f"{category.title} back", lambda: self._towards(self._saved, category.members))

    def reset_all(self) -> str:
        """Set everything back to what it was when the menu was opened."""
        return self.take("everything back", lambda: self.selection.restore(self._opened))

    def to_defaults(self) -> str:
        """Set everything to the defaults."""
        wanted = bytes(map(self.defaults.is_built, self.menu.members))
        return self.become("the defaults", wanted)

    def become(self, what: str, wanted: bytes) -> str:
        """Turn members until the choice is the wanted one, as one step; that has 1 for each member to be built."""
        return self.take(what, lambda: self._towards(wanted, self.menu.members))

    def _towards(self, wanted: bytes, members: Iterable[Member]) -> Change:
        """Turn members so that they are built or not as wanted: off first, since what goes off may be in the way."""
        before = self.selection.snapshot()
        ours = list(members)
        for member in ours:
            if not wanted[member.index] and self.selection.is_built(member):
                self.selection.disable(member)
        refused = [
            self.selection.enable(member).refused
            for member in ours
            if wanted[member.index] and not self.selection.is_built(member)
        ]
        return self._since(before, refused)

    def _since(self, before: Snapshot, refused: Iterable[tuple[Refusal, ...]]) -> Change:
        """One change for several requests: where they led from a state."""
        after = self.selection.snapshot()
        self.selection.restore(before)
        change = self.selection.restore(after)
        return Change(change.switched, tuple(refusal for some in refused for refusal in some))

    def take(self, what: str, request: Callable[[], Change], asked: Member | None = None) -> str:
        """Carry out a request as a step that can be undone.

        Args:
            what: the step's name, such as ``app_dial on``.
            request: changes the selection.
            asked: the one member it is about, if it is about one.

        Returns:
            The sentence that says what became of it.
        """
        before = self.selection.snapshot()
        change = request()
        after = self.selection.snapshot()
        if after != before:
            self._steps[self._at + 1 :] = [Step(what, after)]
            del self._steps[: -max(MOST_REMEMBERED // max(len(self.menu.members), 1), 2)]
            self._at = len(self._steps) - 1
            self._built = self._built_now()
        return step_words.told(what, change, asked, self.selection)

    def undo(self) -> str:
        """Go back over the last step."""
        if not self._at:
            return "There is nothing to undo."
        what = self._steps[self._at].what
        return f"Undone: {what}. {self._come_to(self._at - 1)}".rstrip()

    def redo(self) -> str:
        """Take the last step again that was undone."""
        if self._at + 1 == len(self._steps):
            return "There is nothing to do again."
        what = self._steps[self._at + 1].what
        return f"Done again: {what}. {self._come_to(self._at + 1)}".rstrip()

    def _come_to(self, at: int) -> str:
        self._at = at
        change = self.selection.restore(self._steps[at].state)
        self._built = self._built_now()
        return step_words.switches(change)

    # What would be.

    def preview(self, member: Member) -> Change:
        """What turning a member the other way would bring about."""
        if self.selection.is_on(member):
            return self.selection.preview(lambda selection: selection.disable(member))
        return self.selection.preview(lambda selection: selection.enable(member))
