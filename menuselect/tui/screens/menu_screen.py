"""The main screen: its keys, the filter, and the ways to a member, to the explanation and to other screens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widgets import Input

from menuselect.listing.query import parse
from menuselect.listing.styled_text import plain, shown
from menuselect.model.menu import Member
from menuselect.tui import explanation
from menuselect.tui.keys import bindings
from menuselect.tui.screens.menu_turning import MenuTurning
from menuselect.tui.widgets.filter_box import Filter
from menuselect.tui.widgets.members import MARK_END
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text


class MenuScreen(MenuTurning):
    """The main screen of the menu."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("menu", on_screen=True)]

    # The lists.

    @on(Rows.Moved, "#categories")
    def _category_moved(self) -> None:
        category = self.categories.category
        if category and self._terms:
            rows = self.members.rows
            found = (row for row in rows if isinstance(row, Member) and row.category == category.name)
            self.members.show(rows, self._terms, next(found, self.member))
            self._show_subject()
        else:
            self._show_rows()

    @on(Rows.Moved, "#members")
    def _member_moved(self) -> None:
        self._show_subject()

    @on(Rows.Pressed, "#categories")
    def _category_pressed(self, event: Rows.Pressed) -> None:
        if event.again:
            self.action_open()

    @on(Rows.Pressed, "#members")
    def _member_pressed(self, event: Rows.Pressed) -> None:
        if event.again or event.column < MARK_END:
            self._turn(self.steps.toggle)

    def action_open(self) -> None:
        """Go from the categories to the members."""
        self.go_into(self.members)

    def action_choose(self) -> None:
        """Turn the member on or off, or go to it when a filter found it."""
        if self._terms:
            self.action_jump()
        else:
            self.action_turn()

    def action_back(self) -> None:
        """Remove the marks, or clear the filter, or go back to the categories, whichever comes first."""
        if self._picked:
            self.action_unmark()
        elif self._terms:
            self.action_clear()
        else:
            self.go_into(self.categories)

    # The filter.

    def action_filter(self) -> None:
        """Go to the filter box."""
        self.go_into(self.query_one(Filter))

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        member = self.member or self._kept
        self._terms = parse(event.value)
        if not self._terms:
            self._select_category(member)
        self._show_rows(member)

    def on_paste(self, event: events.Paste) -> None:
        """Search for pasted text, as the filter box does when it has the focus."""
        if lines := event.text.split("\n"):
            self.query_one(Filter).value = shown(lines[0])
            self.action_filter()

    def action_clear(self) -> None:
        """Clear the filter; the cursor stays on the member, in its category."""
        self.query_one(Filter).value = ""
        self.go_into(self.members)

    def action_matches(self) -> None:
        """Go from the filter box to the matches."""
        self.go_into(self.members)

    def action_jump(self) -> None:
        """Go to the match under the cursor, in its category."""
        self.action_clear()

    # The explanation.

    def action_about(self) -> None:
        """Focus the explanation."""
        self.go_into(self._about)

    @on(Text.Followed)
    def _followed(self, event: Text.Followed) -> None:
        self._follow(event.member)

    def _follow(self, member: Member) -> None:
        if self.member:
            self._trail.append(self.member)
        self.go_to(member)

    @on(Text.Left)
    def _left(self) -> None:
        self.go_into(self.members)

    def go_to(self, member: Member) -> None:
        """Show a member in its category."""
        self._terms = ()
        with self.prevent(Input.Changed):
            self.query_one(Filter).value = ""
        self._select_category(member)
        self._show_rows(member)
        self.go_into(self.members)

    def action_return(self) -> None:
        """Go back from the last name that was followed."""
        if self._trail:
            self.go_to(self._trail.pop())

    def action_copy(self) -> None:
        """Put the explanation on the clipboard, over ssh too where the terminal allows it (OSC 52)."""
        if self.member:
            self.app.copy_to_clipboard("\n".join(map(plain, explanation.everything(self.steps, self.member))))
            self.tell(f"Copied the explanation of {self.member.name} to the clipboard.")

    def action_copy_reason(self) -> None:
        """Put why the member is on, off or unavailable on the clipboard, on one line."""
        if self.member:
            text = explanation.reason(self.steps, self.member)
            self.app.copy_to_clipboard(text)
            self.tell(f"Copied: {text}")

    # The next member of a kind.

    def action_next_missing(self) -> None:
        """Go to the next member that cannot be on."""
        self._go_next("missing", "Every member can be on.")

    def action_next_changed(self) -> None:
        """Go to the next member that was changed."""
        self._go_next("changed", "Nothing was changed.")

    def _go_next(self, state: str, nothing: str) -> None:
        """Go to the next member in a state of the filter: among the matches, else in the whole menu, round its end."""
        rows = self.members.rows if self._terms else self.steps.menu.members
        members = [row for row in rows if isinstance(row, Member)]
        found = next_of(members, self.member, lambda member: self.steps.is_in(member, state))
        if found is None:
            self.tell(nothing)
        elif self._terms:
            self.members.show(self.members.rows, self._terms, found)
            self._show_subject()
        else:
            self.go_to(found)

    # Other screens.

    def action_help(self) -> None:
        """Show the help."""
        from menuselect.tui.screens.help_screen import Help  # imported on demand, as all screens below: 30 ms

        self.app.push_screen(Help(self._keymap))

    def action_difference(self) -> None:
        """Show the differences."""
        from menuselect.tui.screens.difference_screen import Difference

        self.app.push_screen(Difference(self.steps), lambda member: self.go_to(member) if member else None)

    def action_needs(self) -> None:
        """Show what the member needs and what needs it."""
        from menuselect.tui.screens.needs_screen import Needs

        if self.member:
            screen = Needs(self.steps.selection, self.member)
            self.app.push_screen(screen, lambda member: self._follow(member) if member else None)

    def action_open_file(self) -> None:
        """Open another saved selection, or compare with it."""
        from menuselect.tui.screens.open_screen import OpenFile

        self.app.push_screen(OpenFile(self.steps), lambda sentence: self.do(lambda: sentence) if sentence else None)

    def action_presets(self) -> None:
        """Show the presets."""
        from menuselect.tui.screens.presets_screen import Presets

        self.app.push_screen(Presets(self.steps), lambda sentence: self.do(lambda: sentence) if sentence else None)


def next_of(members: Sequence[Member], current: Member | None, holds: Callable[[Member], bool]) -> Member | None:
    """The first member behind the current one for which a condition holds, round the end of the list."""
    at = next((at for at, member in enumerate(members) if member is current), -1) + 1
    return next((member for member in (*members[at:], *members[:at]) if holds(member)), None)
