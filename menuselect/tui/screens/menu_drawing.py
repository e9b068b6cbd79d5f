"""What the main screen shows: title, filter, lists, explanation, status line and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget

from menuselect.listing.query import Term
from menuselect.listing.rows import Row, View
from menuselect.listing.styled_text import Line, Piece, shown
from menuselect.model.menu import Category, Member
from menuselect.tui import explanation
from menuselect.tui.keys import Keymap, Where
from menuselect.tui.layout import panes
from menuselect.tui.layout.footer import footer, without_effect
from menuselect.tui.layout.headings import Heading, heading_line, of_members
from menuselect.tui.layout.panes import HEIGHTS, WIDTHS, Panes
from menuselect.tui.screens.leaving_screen import LeavingScreen
from menuselect.tui.undo import Steps
from menuselect.tui.widgets.bar import Bar
from menuselect.tui.widgets.categories import NO_MATCH, Categories
from menuselect.tui.widgets.filter_box import Filter
from menuselect.tui.widgets.members import Look, Members
from menuselect.tui.widgets.text_panes import Text

THINK = 0.04
"""Seconds that the cursor rests on a line before the pane computes what takes longer, and takes its new height."""

_PLACES = ("categories", "members", "filter", "about")
"""The ids of the widgets that can have the focus; they are places of the key table."""


class MenuDrawing(LeavingScreen):
    """The main screen as it is drawn; the rules are in the steps, the texts in the view and the explanation."""

    def __init__(self, steps: Steps, keymap: Keymap) -> None:
        super().__init__(steps)
        self.view = View(steps.menu)
        self._keymap = keymap
        self._terms: tuple[Term, ...] = ()
        self._found: dict[str, list[Member]] = {}
        """With a filter, the matches of each category."""
        self._notes: dict[str, str] = {}
        """With a filter, the note of each category with matches."""
        self._picked: dict[int, Member] = {}
        """The marked members by index, in the order of marking; hashing a member would take longer than drawing it."""
        self._trail: list[Member] = []
        self._kept: Member | None = None
        """The last member that was explained; the cursor returns to it when a filter without matches is cleared."""
        self._explained: Category | Member | None = None
        """What the text of the explanation is about."""
        self._thought: Timer | None = None
        self._panes: Panes | None = None

    def compose(self) -> ComposeResult:
        """Create title, filter, headings, lists, explanation, status line and keys."""
        # Textual sets the classes after the first paint, and would paint everything again.
        width, height = self.app.size
        self.set_classes([panes.of_size(WIDTHS, width), panes.of_size(HEIGHTS, height)])
        yield Bar(id="title")
        yield Filter(width - 2, id="filter")
        yield Bar(edge=0, id="headings")
        with Container(id="body"):
            with Container(id="lists"):
                yield Categories(self.steps.menu.categories, self._note, id="categories")
                yield Members(self._look, id="members")
            yield Text(headed=True, id="about")
        yield Bar([Piece(shown(self.steps.greeting()))], id="status")
        yield Bar(id="keys")

    def on_mount(self) -> None:
        """Start on the first category, as the original does."""
        self.categories.reload(0)
        self.go_into(self.categories)
        self._show_rows()

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
        """The members of a category that are on, and all; with a filter, among the matches."""
        if not self._terms:
            return f"{self.steps.count_on(category)}/{len(category.members)}"
        return self._notes.get(category.name, NO_MATCH)

    def _look(self, member: Member) -> Look:
        return Look(self.steps.mark(member), self.steps.change(member), member.index in self._picked)

    def _bar(self, name: str) -> Bar:
        return self.query_one(f"#{name}", Bar)

    def tell(self, sentence: str) -> None:
        """Show a sentence in the status line."""
        self._bar("status").show([Piece(shown(sentence))])

    def _show_rows(self, member: Member | None = None) -> None:
        """Fill the list of members: from the filter when there is one, else from the category under the cursor."""
        if self._terms:
            rows = self.view.matches(self._terms, self.steps.is_in)
        else:
            category = self.categories.category
            rows = self.view.rows(category) if category else []
        self._found = by_category(rows) if self._terms else {}
        self._count_matches()
        self.categories.refresh()
        self.members.show(rows, self._terms, member)
        self._show_subject()

    def refresh_states(self) -> None:
        """Redraw everything that depends on the selection, without moving the cursors."""
        self._count_matches()
        self.members.refresh()
        self.categories.refresh()
        self._show_subject()

    def _count_matches(self) -> None:
        count = self.steps.count_on_among
        self._notes = {name: f"{count(members)}/{len(members)}" for name, members in self._found.items()}

    # Title, headings and keys.

    @property
    def place(self) -> Where:
        """The pane or box that has the focus."""
        focused = self.focused.id if self.focused else ""
        return focused if focused in _PLACES else "categories"  # type: ignore[return-value]

    def _show_bars(self) -> None:
        count = self.steps.count_changed()
        state = f"{count} changed; {self.steps.make_line()}" if count else self.steps.make_line()
        title = f"*** {shown(self.steps.menu.name)} ***"
        self._bar("title").show([Piece(title)], [Piece(state, "" if count else "faint")])
        self._bar("headings").show(heading_line(self._headings(), self.place))
        idle = without_effect(self.steps, self.member, self._picked.values())
        words = {"choose": "go there"} if self._terms else {}
        keys = footer(self.place, self._keymap, self.app.size.width - 2, instead=words, idle=idle)
        self._bar("keys").show(keys)

    def _headings(self) -> list[Heading]:
        if not self._panes:
            return []
        members = self.steps.menu.members
        matches = (self.members.place[1], len(members)) if self._terms else None
        title, note = of_members(self.category, self.members.place, matches)
        whole = self.app.size.width if self._panes.is_narrow else 0
        on = f"{self.steps.count_all_on()} on"
        return [
            Heading("categories", self._panes.categories, "Categories", on),
            Heading("members", self._panes.members, title, note),
            Heading("about", self._panes.about if self._panes.is_beside else 0, "Explanation"),
            Heading("about", whole if self.place == "about" else 0, "Explanation", note),
        ]

    # The explanation.

    @property
    def _is_about_category(self) -> bool:
        return self.place == "categories" and not self._terms

    @property
    def _subject(self) -> Category | Member | None:
        """What the explanation is about."""
        return self.categories.category if self._is_about_category else self.member

    def _show_subject(self) -> None:
        """Explain what is under the cursor; what takes longer follows a moment later."""
        if self._thought:
            self._thought.stop()
        self._thought = self.set_timer(THINK, self._explain)
        self._explained = self._subject
        member = self.member
        if member and not self._is_about_category:
            self._kept = member
            if self._terms:
                self._select_category(member)
        self._about.show(self._explanation(explanation.facts, whole=False))
        if not self._panes:
            self._arrange()
        self._show_bars()

    @property
    def _about(self) -> Text:
        return self.query_one(Text)

    def _explanation(self, of_member: Callable[[Steps, Member], list[Line]], *, whole: bool) -> list[Line]:
        if self._is_about_category:
            category = self.categories.category
            return explanation.category(self.steps, category, whole=whole) if category else explanation.nothing(False)
        return of_member(self.steps, self.member) if self.member else explanation.nothing(bool(self._terms))

    @property
    def is_thinking(self) -> bool:
        """Whether a part of the explanation is still to come."""
        return self._thought is not None

    def _explain(self) -> None:
        self._thought = None
        self._about.show(self._explanation(explanation.everything, whole=True), keep_place=True)
        self._arrange()

    # The panes and the focus.

    def _arrange(self) -> None:
        """Give every pane its size."""
        width, height = self.app.size
        found = panes.arranged(
            (width, height),
            self.place,
            categories=self.categories.wanted + 1,
            rows=max(self.members.count(), self.categories.count() if width >= panes.NARROW else 0),
            about_lines=self._about.lines_at,
        )
        if found != self._panes:
            self._panes = found
            self._resize(found)
            self._show_bars()

    def _resize(self, found: Panes) -> None:
        self.query_one("#title").display = not found.is_narrow
        self.query_one("#body").styles.layout = "horizontal" if found.is_beside else "vertical"
        lists = self.query_one("#lists")
        lists.display = bool(found.categories or found.members)
        lists.styles.width = found.categories + found.members if found.is_beside else "100%"
        for pane, size in ((self.categories, found.categories), (self.members, found.members)):
            pane.display = bool(size)
            pane.styles.width = size
        self.members.titles = found.titles
        self._about.styles.width = found.about if found.is_beside else "100%"
        self._about.styles.height = found.about_height or "100%"

    def go_into(self, widget: Widget) -> None:
        """Focus a widget now, not after the keys that are being processed."""
        widget.display = True
        self.set_focus(widget)
        self._arrange()

    def on_descendant_focus(self) -> None:
        """Show the place that received the focus."""
        self._arrange()
        if self._subject is self._explained:
            self._show_bars()
        else:
            self._show_subject()

    def on_resize(self) -> None:
        """Fit the panes to the new size."""
        self._arrange()
        self._show_bars()

    def _select_category(self, member: Member | None) -> None:
        """Move the cursor of the categories to the category of a member."""
        for index, category in enumerate(self.steps.menu.categories):
            if member and category.name == member.category and index != self.categories.cursor:
                self.categories.reload(index)


def by_category(rows: Sequence[Row]) -> dict[str, list[Member]]:
    """The members of a list, by the names of their categories."""
    found: dict[str, list[Member]] = {}
    for row in rows:
        if isinstance(row, Member):
            found.setdefault(row.category, []).append(row)
    return found
