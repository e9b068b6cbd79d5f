"""The steps of the menu: each step can be undone, and returns a sentence with its result.

The screen and the plain mode use these steps; all dependency rules are in the selection.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from asterism import files
from asterism.errors import AsterismError
from asterism.tree import SELECTION
from asterism.values import dataclass
from asterism.words import counted
from menuselect.choice.selection import Change, Refusal, Selection, Snapshot
from menuselect.model.menu import Category, Member, Menu
from menuselect.session import build_state, saved_files
from menuselect.session.session import Session
from menuselect.tui import step_words

MOST_REMEMBERED = 3_000_000
"""Members times steps that can be undone, about 100 MB; the oldest steps are forgotten."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken."""

    what: str
    """The name of the step: ``app_dial on``."""
    state: Snapshot
    """The state after the step."""


class Steps:
    """The selection of a session, with undo and redo."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._opened = self.selection.snapshot()
        self._steps = [Step("", self._opened)]
        self._at = 0
        """The index of the current step; the steps after it were undone."""
        self.is_given_up = False
        """Whether the user has discarded the unsaved changes."""
        self.is_saved = False
        """Whether the selection was saved since the menu was opened."""
        self._found = self._on_disk()
        self._saved = self._built_now()
        self._built = self._saved
        self._hopeless = self._count_hopeless()
        self._make: int | None = None
        """The number of members to build; counted when it is first shown."""

    @property
    def menu(self) -> Menu:
        """The menu of the session."""
        return self.session.menu

    @property
    def selection(self) -> Selection:
        """The selection of the session."""
        return self.session.selection

    def _built_now(self) -> bytes:
        """For each member 1 if it will be built, else 0, as in a saved file."""
        return bytes(map(self.selection.is_built, self.menu.members))

    def _look(self) -> None:
        """Note the states after a step."""
        self._built, self._make = self._built_now(), None
        self._hopeless = self._count_hopeless()

    def _count_hopeless(self) -> int:
        return build_state.hopeless(self.selection, self._built, self.session.existing)

    # Queries.

    def mark(self, member: Member) -> str:
        """The mark of a member, as in the original."""
        return self.selection.mark(member)

    def change(self, member: Member) -> str:
        """``+`` for a member that is built now and was not, ``-`` for the reverse, else a space."""
        now, then = self._built[member.index], self._saved[member.index]
        return " " if now == then else "+" if now else "-"

    def is_in(self, member: Member, state: str) -> bool:
        """Whether a member is in a state of the filter."""
        if state == "changed":
            return self._built[member.index] != self._saved[member.index]
        if state == "missing":
            return not self.selection.is_available(member)
        return bool(self._built[member.index]) == (state == "on")

    def count_on(self, category: Category) -> int:
        """The number of members of a category that will be built."""
        if not category.members:
            return 0
        first = category.members[0].index
        return sum(self._built[first : first + len(category.members)])

    def count_all_on(self) -> int:
        """The number of members that will be built."""
        return sum(self._built)

    def count_on_among(self, members: Iterable[Member]) -> int:
        """The number of some members that will be built."""
        return sum(self._built[member.index] for member in members)

    def count_changed(self) -> int:
        """The number of members that differ from the saved file."""
        return 0 if self._built == self._saved else self.count_unlike(self._saved)

    def count_unlike(self, wanted: bytes) -> int:
        """The number of members that differ from a selection that has 1 for each member to be built."""
        return sum(map(int.__ne__, self._built, wanted))

    @property
    def is_changed(self) -> bool:
        """Whether the selection has unsaved changes."""
        return self._built != self._saved

    @property
    def is_overtaken(self) -> bool:
        """Whether another program has written the file since the menu was opened."""
        return self._on_disk() != self._found

    def _on_disk(self) -> bytes | None:
        try:
            return files.read_bytes(self.session.directory / SELECTION)
        except AsterismError:
            return None  # missing, or unreadable: saving will report the fault

    def save(self) -> str:
        """Save the selection; what follows is compared with it.

        Returns:
            The sentence of the save.

        Raises:
            AsterismError: the file cannot be written.
        """
        sentence = self.session.save()
        self._saved, self._found = self._built, self._on_disk()
        self.is_saved = True
        return sentence

    def greeting(self) -> str:
        """The sentence at the start."""
        return f"{self.count_all_on()} of {len(self.menu.members)} are on."

    def make_line(self) -> str:
        """What ``make`` will have to do: ``3 to build, 1 cannot be``."""
        if self._make is None:
            self._make = sum(map(int.__and__, self._built, self._unbuilt))
        return build_state.sentence(self._make, self._hopeless)

    @cached_property
    def _unbuilt(self) -> bytes:
        return build_state.unbuilt(self.menu, build_state.built_files(self.session.directory))

    @property
    def taken(self) -> list[str]:
        """The names of the steps that were taken and not undone: ``app_dial on``."""
        return [step.what for step in self._steps[1 : self._at + 1]]

    # Differences.

    @cached_property
    def defaults(self) -> Selection:
        """The selection without a saved file."""
        selection = Selection(self.menu, self.session.deps)
        selection.settle()
        selection.apply_defaults()
        selection.settle()
        return selection

    def since_saved(self) -> tuple[list[Member], list[Member]]:
        """The members that only the current selection builds, and those that only the saved one builds."""
        return self._compared(self._saved)

    def since_defaults(self) -> tuple[list[Member], list[Member]]:
        """The members that only the current selection builds, and those that only the defaults build."""
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
        """Turn on all available members of a category."""
        return self.take(f"all of {category.title} on", lambda: self.selection.enable_category(category))

    def disable_category(self, category: Category) -> str:
        """Turn off all members of a category."""
        return self.take(f"all of {category.title} off", lambda: self.selection.disable_category(category))

    def switch(self, members: Sequence[Member], on: bool | None = None) -> str:
        """Switch several members as one step; without ``on``, on unless all of them are on."""
        state = not all(map(self.selection.is_on, members)) if on is None else on
        word = "on" if state else "off"
        return self.take(f"{counted(len(members), 'marked member')} {word}", lambda: self._each(members, state))

    def _each(self, members: Iterable[Member], on: bool) -> Change:
        before = self.selection.snapshot()
        turn = self.selection.enable if on else self.selection.disable
        refused = [turn(member).refused for member in members]
        return self._since(before, refused)

    def enable_all(self) -> str:
        """Turn on all available members."""
        return self.take("everything on", self.selection.enable_all)

    def disable_all(self) -> str:
        """Turn off all members."""
        return self.take("everything off", self.selection.disable_all)

    def reset(self, member: Member) -> str:
        """Reset a member to the saved file."""
        return self.take(f"{member.name} back", lambda: self._towards(self._saved, [member]), member)

    def reset_category(self, category: Category) -> str:
        """Reset a category to the saved file."""
        return self.take(f"{category.title} back", lambda: self._towards(self._saved, category.members))

    def reset_all(self) -> str:
        """Restore the state when the menu was opened."""
        return self.take("everything back", lambda: self.selection.restore(self._opened))

    def to_defaults(self) -> str:
        """Reset everything to the defaults."""
        wanted = bytes(map(self.defaults.is_built, self.menu.members))
        return self.become("the defaults", wanted)

    def difference_to(self, other: Selection) -> tuple[list[Member], list[Member]]:
        """The members that only another selection builds, and those that only the current one builds."""
        less, more = self._compared(self._bits(other))
        return more, less

    def open_file(self, path: str) -> str:
        """Take the selection that a saved file makes, as one step.

        Raises:
            AsterismError: the file cannot be read.
        """
        return self.become(f"the selection of {path}", self._bits(self.other(path)))

    def other(self, path: str) -> Selection:
        """The selection that a saved file makes; its path is relative to the tree.

        Raises:
            AsterismError: the file cannot be read.
        """
        return saved_files.selection_of(self.session, self._place_of(path))

    def has_file(self, path: str) -> bool:
        """Whether a path, relative to the tree, is that of a file."""
        return os.path.isfile(self._place_of(path))

    def _place_of(self, path: str) -> str:
        return os.path.join(self.session.directory, os.path.expanduser(path))

    def _bits(self, selection: Selection) -> bytes:
        return bytes(map(selection.is_built, self.menu.members))

    def become(self, what: str, wanted: bytes) -> str:
        """Switch members to a wanted selection, as one step; ``wanted`` has 1 for each member to be built."""
        return self.take(what, lambda: self._towards(wanted, self.menu.members))

    def _towards(self, wanted: bytes, members: Iterable[Member]) -> Change:
        """Switch members to the wanted states: off first, since those may be in conflict with the others."""
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
        """The combined change of several requests since a state."""
        after = self.selection.snapshot()
        self.selection.restore(before)
        change = self.selection.restore(after)
        return Change(change.switched, tuple(refusal for some in refused for refusal in some))

    def take(self, what: str, request: Callable[[], Change], asked: Member | None = None) -> str:
        """Carry out a request as a step that can be undone.

        Args:
            what: the step's name, such as ``app_dial on``.
            request: changes the selection.
            asked: the requested member, if the step is about a single member.

        Returns:
            A sentence with the result.
        """
        before = self.selection.snapshot()
        change = request()
        after = self.selection.snapshot()
        if after != before:
            self._steps[self._at + 1 :] = [Step(what, after)]
            del self._steps[: -max(MOST_REMEMBERED // max(len(self.menu.members), 1), 2)]
            self._at = len(self._steps) - 1
            self._look()
        return step_words.told(what, change, asked, self.selection)

    def undo(self) -> str:
        """Undo the last step."""
        if not self._at:
            return "Nothing to undo."
        what = self._steps[self._at].what
        return f"Undone: {what}. {self._come_to(self._at - 1)}".rstrip()

    def redo(self) -> str:
        """Redo the last step that was undone."""
        if self._at + 1 == len(self._steps):
            return "Nothing to redo."
        what = self._steps[self._at + 1].what
        return f"Redone: {what}. {self._come_to(self._at + 1)}".rstrip()

    def _come_to(self, at: int) -> str:
        self._at = at
        change = self.selection.restore(self._steps[at].state)
        self._look()
        return step_words.switches(change)

    # Preview.

    def preview(self, member: Member) -> Change:
        """The change that toggling a member would cause."""
        if self.selection.is_on(member):
            return self.selection.preview(lambda selection: selection.disable(member))
        return self.selection.preview(lambda selection: selection.enable(member))
