"""The rows of the lists: the members of a category under their headings, or the matches of a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

from menuselect.listing.query import Subject, Term, holds
from menuselect.listing.styled_text import shown
from menuselect.model.menu import Category, Member, Menu

Row = str | Member
"""A line of the list: a heading or a member."""


class View:
    """A menu prepared for display and search, independent of the selection."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        self._rows: dict[str, list[Row]] = {}

    @cached_property
    def subjects(self) -> list[Subject]:
        """The search data of each member, in menu order."""
        return [self._subject(category, member) for category in self.menu.categories for member in category.members]

    @staticmethod
    def _subject(category: Category, member: Member) -> Subject:
        needs = "\n".join(reference.name for reference in member.references if reference.kind != "conflict")
        conflicts = "\n".join(reference.name for reference in member.references if reference.kind == "conflict")
        return Subject(
            name=shown(member.name).lower(),
            title=shown(member.displayname).lower(),
            level=member.level,
            needs=needs.lower(),
            category=f"{category.name}\n{category.title}".lower(),
            conflicts=conflicts.lower(),
        )

    def rows(self, category: Category) -> list[Row]:
        """The members of a category under the headings of their support levels, as the original shows them."""
        if category.name not in self._rows:
            rows: list[Row] = []
            for title, members in category.groups():
                rows += [f"--- {title} ---", *members]
            self._rows[category.name] = rows
        return self._rows[category.name]

    def matches(self, terms: Sequence[Term], is_in: Callable[[Member, str], bool]) -> list[Row]:
        """The members of all categories that match a filter, under the titles of their categories.

        Args:
            terms: the result of :func:`menuselect.listing.query.parse`.
            is_in: returns whether a member is in one of :data:`menuselect.listing.query.STATES`.
        """
        rows: list[Row] = []
        subjects = self.subjects
        for category in self.menu.categories:
            found = [
                member for member in category.members if holds(terms, subjects[member.index], partial(is_in, member))
            ]
            if found:
                rows += [f"--- {shown(category.title)} ---", *found]
        return rows
