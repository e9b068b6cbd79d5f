"""The sizes of the panes: the pane in the focus grows, and the explanation takes the lines that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asterism.values import dataclass

NARROW = 80
"""Below this width, in columns, there is one pane."""

ROOMY = 100
"""From this width on, the categories keep their whole width while the members have the focus."""

BROAD = 132
"""From this width on, descriptions keep 50 columns instead of 30."""

WIDE = 180
"""From this width on, the explanation is at the side."""

AROUND = 4
"""The lines of a narrow screen that are not panes: filter, heading, status and keys; others have a title, too."""

WIDTHS = [(0, "-narrow"), (NARROW, "-middle")]
"""The widths in columns from which each class of the styles applies."""

HEIGHTS = [(0, "-low"), (18, "-high")]
"""The heights in lines from which each class of the styles applies."""

_SHRUNK = 17
"""The width of the categories while another pane of a screen below :data:`ROOMY` has the focus."""

_LEAST_LIST = 3
"""The lines that every list keeps."""

_ASIDE = (44, 72)
"""The least and the largest width of an explanation at the side."""

_MEMBERS = 97
"""The width of the members at which a name of 38 characters and a description of 50 fit."""

EDGE = 1
"""The blanks at both ends of a line of text; the scrollbar takes the place of those at the right."""

NAMES = 12
"""The least width of the names."""

GAP = 2
"""The blanks between names and descriptions."""

NAME_WEIGHT = 10
"""How many cut characters of descriptions one of a name outweighs: a name is searched for, a description is read."""

Lengths = Mapping[int, int]
"""Lengths of texts, and how many texts have each."""


@dataclass(frozen=True, slots=True)
class Panes:
    """The sizes of the panes, in columns and lines; a pane of width 0 is hidden."""

    categories: int
    members: int
    about: int
    about_height: int
    """The lines of the explanation; 0 when it is at the side and as high as the lists."""
    titles: int
    """The columns that the descriptions of members keep."""
    is_narrow: bool = False
    """Whether there is one pane; the heading then takes the place of the title."""

    @property
    def is_beside(self) -> bool:
        """Whether the explanation is at the side of the lists."""
        return not self.about_height


def of_size(breakpoints: list[tuple[int, str]], cells: int) -> str:
    """The class for a number of columns or lines."""
    return [name for least, name in breakpoints if least <= cells][-1]


def arranged(
    size: tuple[int, int], focus: str, *, categories: int, rows: int, about_lines: Callable[[int], int]
) -> Panes:
    """The sizes of the panes.

    Args:
        size: the columns and lines of the screen.
        focus: the pane with the focus: ``categories``, ``members``, ``filter`` or ``about``.
        categories: the columns of the longest line of the categories.
        rows: the lines of the longest list on the screen.
        about_lines: the lines that the explanation needs at a width in columns.
    """
    width, height = size
    if width >= WIDE:
        return _beside(width, categories)
    first, second = _lists(width, focus, categories)
    narrow = width < NARROW
    around = AROUND + (not narrow)
    lines = height - around
    if first or second:
        lines = _about_height(
            height - around, height // 2 if focus == "about" else height // 3, rows, about_lines(width)
        )
    return Panes(first, second, width, lines, titles_room(width), narrow)


def _beside(width: int, categories: int) -> Panes:
    first = min(categories, width // 3)
    least, most = _ASIDE
    about = max(least, min(most, width - first - _MEMBERS))
    return Panes(first, width - first - about, about, 0, titles_room(width))


def _lists(width: int, focus: str, categories: int) -> tuple[int, int]:
    """The widths of both lists above the explanation."""
    if width < NARROW:
        return {"categories": (width, 0), "about": (0, 0)}.get(focus, (0, width))
    whole = min(categories, width // 3)
    first = whole if focus == "categories" or width >= ROOMY else min(whole, _SHRUNK)
    return first, width - first


def _about_height(body: int, limit: int, rows: int, needed: int) -> int:
    """The lines of an explanation below the lists: those it needs up to a limit, or more if the lists leave some.

    Args:
        body: the lines of lists and explanation.
        limit: the most lines while the lists need lines.
        rows: the lines of the longest list.
        needed: the lines of the text.
    """
    free = body - rows
    wanted = max(limit, min(needed, free)) if free >= limit else min(needed, limit)
    return max(1, min(wanted, body - _LEAST_LIST))


def titles_room(width: int) -> int:
    """The columns that descriptions keep on a screen of that width."""
    if width < NARROW:
        return width // 4
    return 30 if width < BROAD else 50


def names_width(names: Lengths, titles: Lengths, width: int, least_titles: int) -> int:
    """The width of the column of names: the one that cuts the fewest characters of a whole list.

    Args:
        names: how many names have each length.
        titles: how many descriptions have each length.
        width: the columns right of the marks.
        least_titles: the columns that descriptions keep if they need them.
    """
    longest = max(names, default=0)
    most = min(longest, width - GAP - min(least_titles, max(titles, default=0)))
    least = min(NAMES, width)
    return min(range(least, max(most, least) + 1), key=lambda names_room: _cost(names, titles, names_room, width))


def _cost(names: Lengths, titles: Lengths, names_room: int, width: int) -> int:
    """The characters that a width of the names cuts; a name without its middle is the greater loss."""
    return NAME_WEIGHT * _cut(names, names_room) + _cut(titles, width - GAP - names_room)


def _cut(lengths: Lengths, room: int) -> int:
    return sum((length - room) * count for length, count in lengths.items() if length > room)


def dialog(size: tuple[int, int], width: int, lines: int) -> tuple[int, int]:
    """The size of a dialog: that of its contents, but not larger than the screen.

    Args:
        size: the columns and lines of the screen.
        width: the columns of the contents, without borders.
        lines: the lines of the contents, without borders.
    """
    return min(width, size[0]), min(lines, size[1])
