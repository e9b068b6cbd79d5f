"""The main screen: categories, members, the explanation of the one under the cursor, the filter above them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from asterism.errors import AsterismError
from menuselect.listing.query import Term, parse
from menuselect.listing.rows import View
from menuselect.listing.styled_text import fitted, plain, shown
from menuselect.model.menu import Category, Member
from menuselect.tui import explanation
from menuselect.tui.keys import Keymap, Where, bindings, hints
from menuselect.tui.undo import Steps
from menuselect.tui.unsaved import Unsaved
from menuselect.tui.widgets.categories import Categories
from menuselect.tui.widgets.filter_box import Filter
from menuselect.tui.widgets.members import MARK_END, Look, Members
from menuselect.tui.widgets.table import Rows
from menuselect.tui.widgets.text_panes import Text

THINK = 0.04
"""Seconds that the cursor rests on a member before the pane computes the effect of switching it."""

WIDTHS = [(0, "-narrow"), (80, "-middle"), (130, "-wide"), (180, "-huge")]
"""The widths in columns from which each class applies: one pane, two, three, and wider ones."""

HEIGHTS = [(0, "-low"), (18, "-high"), (28, "-higher")]
"""The heights in lines from which each class applies."""


def _of_size(breakpoints: list[tuple[int, str]], cells: int) -> str:
    """The class for a number of columns or lines."""
    return [name for least, name in breakpoints if least <= cells][-1]


class MenuScreen(Screen[None]):
    """The main screen; the rules are in the steps, the texts in the view and the explanation."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("menu", on_screen=True)]

    def __init__(self, steps: Steps, keymap: Keymap) -> None:
        super().__init__()
        self.steps = steps
        self.view = View(steps.menu)
        self._keymap = keymap
        self._terms: tuple[Term, ...] = ()
        self._trail: list[Member] = []
        self._kept: Member | None = None
        """The last member that was explained; the cursor returns to it when a filter without matches is cleared."""
        self._thought: Timer | None = None

    def compose(self) -> ComposeResult:
        """Create title, filter, lists, explanation, status line and keys."""
        # Textual sets the classes after the first paint, and would paint everything again.
        self.set_classes([_of_size(WIDTHS, self.app.size.width), _of_size(HEIGHTS, self.app.size.height)])
        yield Static(self._title(), id="title", markup=False)
        yield Filter(self.app.size.width - 2, id="filter")
        with Container(id="body"):
            with Container(id="lists"):
                yield Categories(self.steps.menu.categories, self._note, id="categories")
                yield Members(self._look, id="members")
            yield Text(id="about")
        yield Static(shown(self.steps.greeting()), id="status", markup=False)
        yield Static(self._hints(), id="keys", markup=False)

    def on_mount(self) -> None:
        """Start on the first category, as the original does."""
        self.categories.reload(0)
        self._show_rows()
        self.go_into(self.categories)

    # Contents of the screen.

    @property
    def categories(self) -> Categories:
        """The list of categories."""
        return self.query_one(Categories)

    @property
    def members(self) -> Members:
        """The list of members."""
        return self.query_one(Members)

    @property
    def member(self) -> Member | None:
        """The member under the cursor, which the explanation is about."""
        return self.members.member

    @property
    def category(self) -> Category | None:
        """The category on the screen; with a filter, the category of the member under the cursor."""
        if self._terms and self.member:
            return self.steps.menu.category(self.member.category)
        return self.categories.category

    def _note(self, category: Category) -> str:
        return f"{self.steps.count_on(category)}/{len(category.members)}"

    def _look(self, member: Member) -> Look:
        return Look(self.steps.mark(member), self.steps.change(member))

    def tell(self, sentence: str) -> None:
        """Show a sentence in the status line."""
        self.query_one("#status", Static).update(shown(sentence))

    def _show_rows(self, member: Member | None = None) -> None:
        """Fill the list of members: from the filter when there is one, else from the category under the cursor."""
        if self._terms:
            rows = self.view.matches(self._terms, self.steps.is_in)
        else:
            category = self.categories.category
            rows = self.view.rows(category) if category else []
        self.members.show(rows, self._terms, member)
        self._show_member()
        self._show_title()

    def refresh_states(self) -> None:
        """Redraw everything that depends on the selection, without moving the cursors."""
        self.members.refresh()
        self.categories.refresh()
        self._show_member()
        self._show_title()

    def _show_title(self) -> None:
        self.query_one("#title", Static).update(self._title())

    def _title(self) -> str:
        """The title of the lists, and the number of changes."""
        count = self.steps.count_changed()
        narrow = self.has_class("-narrow")
        state = f"{count} changed" if count else "" if narrow else "nothing changed"
        title = self.steps.menu.name
        if narrow and self.has_class("-in-members") and self.category:
            title = self.category.title
        if self._terms:
            found = sum(1 for row in self.members.rows if isinstance(row, Member))
            title = f"{found} of {len(self.steps.menu.members)} match"
        room = max(self.app.size.width - len(state) - 4, 1)
        return f"{f'*** {fitted(shown(title), room - 8)} ***':<{room}}  {state}".rstrip()

    def _show_member(self) -> None:
        """Explain the member under the cursor; the effect of switching it follows a moment later."""
        if self._thought:
            self._thought.stop()
            self._thought = None
        member = self.member
        text = self.query_one(Text)
        if member is None:
            text.show(explanation.nothing(bool(self._terms)))
            return
        self._kept = member
        if self._terms:
            self._select_category(member)
        self._thought = self.set_timer(THINK, self._explain)
        text.show(explanation.facts(self.steps, member))

    @property
    def is_thinking(self) -> bool:
        """Whether a part of the explanation is still to come."""
        return self._thought is not None

    def _explain(self) -> None:
        self._thought = None
        if self.member:
            self.query_one(Text).show(explanation.everything(self.steps, self.member), keep_place=True)

    def _show_keys(self) -> None:
        self.query_one("#keys", Static).update(self._hints())

    def _hints(self) -> str:
        focused = self.focused
        place: Where = focused.id if focused and focused.id in _PLACES else "categories"  # type: ignore[assignment]
        return hints(place, self._keymap, self.app.size.width - 2, {"choose": "go there"} if self._terms else None)

    # The focus.

    def go_into(self, widget: Widget) -> None:
        """Focus a widget now, not after the keys that are being processed."""
        self._show_place(widget.id)
        self.set_focus(widget)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the place that received the focus."""
        self._show_place(event.widget.id)
        self._show_keys()
        self._show_title()

    def _show_place(self, place: str | None) -> None:
        """In a narrow terminal, show the pane that has the focus."""
        if place == "filter":
            self.set_class(True, "-in-members")
        elif place in _PLACES:
            self.set_class(place in ("members", "about"), "-in-members")
        self.set_class(place == "about", "-in-about")

    def on_resize(self) -> None:
        """Fit the title and the line of keys to the new width."""
        self._show_title()
        self._show_keys()

    # The lists.

    @on(Rows.Moved, "#categories")
    def _category_moved(self) -> None:
        category = self.categories.category
        if category and self._terms:
            rows = self.members.rows
            found = (row for row in rows if isinstance(row, Member) and row.category == category.name)
            self.members.show(rows, self._terms, next(found, self.member))
            self._show_member()
        else:
            self._show_rows()

    @on(Rows.Moved, "#members")
    def _member_moved(self) -> None:
        self._show_member()

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

    def action_back(self) -> None:
        """Clear the filter if it is set, else go back to the categories."""
        if self._terms:
            self.action_clear()
        else:
            self.go_into(self.categories)

    # Turning.

    def _turn(self, step: Callable[[Member], str]) -> None:
        if self.member:
            self.do(lambda: step(self.member) if self.member else "")

    def do(self, step: Callable[[], str]) -> None:
        """Take a step, show the new states and the sentence."""
        sentence = step()
        self.refresh_states()
        self.tell(sentence)

    def action_choose(self) -> None:
        """Turn the member on or off, or go to it when a filter found it."""
        if self._terms:
            self.action_jump()
        else:
            self.action_turn()

    def action_turn(self) -> None:
        """Turn the member on or off, in place."""
        self._turn(self.steps.toggle)

    def action_on(self) -> None:
        """Turn the member on."""
        self._turn(self.steps.enable)

    def action_off(self) -> None:
        """Turn the member off."""
        self._turn(self.steps.disable)

    def action_reset(self) -> None:
        """Reset the member to the saved file."""
        self._turn(self.steps.reset)

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
        self._show_keys()

    def on_paste(self, event: events.Paste) -> None:
        """Search for pasted text, as the filter box does when it has the focus."""
        if lines := event.text.split("\n"):
            self.query_one(Filter).value = shown(lines[0])
            self.action_filter()

    def _select_category(self, member: Member | None) -> None:
        """Move the cursor of the categories to the category of a member."""
        for index, category in enumerate(self.steps.menu.categories):
            if member and category.name == member.category and index != self.categories.cursor:
                self.categories.reload(index)

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
        self.go_into(self.query_one(Text))

    @on(Text.Followed)
    def _followed(self, event: Text.Followed) -> None:
        if self.member:
            self._trail.append(self.member)
        self.go_to(event.member)

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

    # Other screens.

    def action_help(self) -> None:
        """Show the help."""
        from menuselect.tui.screens.help_screen import Help  # imported on demand, as all screens below: 30 ms

        self.app.push_screen(Help(self._keymap))

    def action_difference(self) -> None:
        """Show the differences."""
        from menuselect.tui.screens.difference_screen import Difference

        self.app.push_screen(Difference(self.steps), lambda member: self.go_to(member) if member else None)

    def action_presets(self) -> None:
        """Show the presets."""
        from menuselect.tui.screens.presets_screen import Presets

        self.app.push_screen(Presets(self.steps), lambda sentence: self.do(lambda: sentence) if sentence else None)

    def offer_unsaved(self, unsaved: Unsaved) -> None:
        """Ask what to do with the changes that an earlier menu has kept, if any."""
        from menuselect.tui.screens.question_screen import offering

        def answered(letter: str | None) -> None:
            if letter in ("t", "d"):
                self.do(unsaved.take if letter == "t" else unsaved.discard)

        if number := unsaved.count():
            self.app.push_screen(offering(number), answered)

    # Leaving.

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


_PLACES = ("categories", "members", "filter", "about")
"""The ids of the widgets that can have the focus; they are places of the key table."""
