"""The line of keys at the bottom: those that have an effect where one is, the most useful first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from menuselect.listing.styled_text import Piece
from menuselect.model.menu import Member
from menuselect.tui.keys import ACTIONS, TOGETHER, Keymap, Where, keys_of
from menuselect.tui.undo import Steps

_ORDER = (
    *("choose", "open", "jump", "follow", "matches", "clear", "leave"),
    *("save", "quit", "help", "back", "filter", "undo", "on", "off", "about", "next-missing"),
    *("next-changed", "mark", "needs", "difference", "presets", "open-file", "none", "all"),
)
"""The actions of the line, the most useful first; the line is cut behind the last one that fits."""


def without_effect(steps: Steps, member: Member | None, marked: Iterable[Member] = ()) -> set[str]:
    """The names of the actions that would change nothing now.

    Args:
        steps: the steps of the menu.
        member: the member under the cursor.
        marked: the members that are marked.
    """
    found = set()
    if not steps.taken:
        found.add("undo")
    if not steps.is_changed:
        found |= {"next-changed"}
    if not list(marked):
        found |= _without_effect_on(steps, member)
    return found


def _without_effect_on(steps: Steps, member: Member | None) -> set[str]:
    if member is None or not steps.selection.is_available(member):
        return {"choose", "on", "off"}
    return {"on"} if steps.selection.is_on(member) else {"off"}


def footer(
    place: Where,
    keymap: Keymap,
    width: int,
    *,
    instead: Mapping[str, str] | None = None,
    idle: Collection[str] = (),
) -> list[Piece]:
    """The keys of a place as pieces, cut at whole entries; the keys have the look ``key``.

    Args:
        place: the place that has the focus.
        keymap: the keys.
        width: the available columns.
        instead: words that replace those of the table, by the action's name.
        idle: the names of actions without an effect.
    """
    return [piece for hint in _fitting(_hints(place, keymap, instead or {}, idle), width) for piece in hint]


def _hints(
    place: Where, keymap: Keymap, instead: Mapping[str, str], idle: Collection[str]
) -> Iterator[tuple[Piece, Piece]]:
    by_name = {action.name: action for action in ACTIONS if action.hint and action.where in TOGETHER[place]}
    for name in _ORDER:
        action = by_name.get(name)
        keys = keys_of(name, keymap) if action and name not in idle else []
        if action and keys and name != place:
            yield Piece(keys[0], "key"), Piece(f" {instead.get(name, action.hint)}")


def _fitting(hints: Iterable[tuple[Piece, Piece]], width: int) -> Iterator[tuple[Piece, ...]]:
    used = 0
    for key, word in hints:
        gap = 2 if used else 0
        used += gap + len(key.text) + len(word.text)
        if used > width:
            return
        yield (Piece(" " * gap), key, word) if gap else (key, word)
