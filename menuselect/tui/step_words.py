"""Sentences that describe a step."""

from __future__ import annotations

from collections.abc import Sequence

from menuselect.choice.selection import Change, Refusal, Selection
from menuselect.model.menu import Member
from menuselect.reasons import explain

MOST_NAMES = 6
"""The maximum number of names in a sentence; further names are counted."""


def names(members: Sequence[Member], most: int = MOST_NAMES) -> str:
    """Names as text: ``res_a, res_b and 12 more``."""
    shown = [member.name for member in members[:most]]
    rest = len(members) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def switches(change: Change, but: Member | None = None) -> str:
    """The changes, such as ``On: res_a, res_b. Off: res_c.``, without that of one member."""
    turned = (
        ("On", [member for member in change.turned_on if member is not but]),
        ("Off", [member for member in change.turned_off if member is not but]),
    )
    return " ".join(f"{word}: {names(members)}." for word, members in turned if members)


def refused(refusal: Refusal, selection: Selection) -> str:
    """A sentence with the reason of a refusal."""
    member = refusal.member
    stays = "is on, but will not be built" if selection.is_on(member) else "is not on"
    state = stays if selection.is_available(member) else "cannot be on"
    return f"{member.name} {state}: {explain.refusal_text(refusal, selection)}."


def told(what: str, change: Change, asked: Member | None, selection: Selection) -> str:
    """A sentence with the result of a step.

    Args:
        what: the step, such as ``app_dial on``.
        change: the effect of the step.
        asked: the requested member; None for a step over many members.
        selection: the current selection.
    """
    if asked is None:
        return _told_many(what, change)
    if not selection.is_available(asked):
        return refused(selection.refusal(asked), selection)
    if change.refused:
        return " ".join(filter(None, (refused(change.refused[0], selection), switches(change, but=asked))))
    if not change:
        return f"{asked.name} is unchanged."
    state = "on" if asked in change.turned_on else "off"
    return " ".join(filter(None, (f"{asked.name} is {state}.", switches(change, but=asked))))


def _told_many(what: str, change: Change) -> str:
    parts = [f"{len(change.turned_on)} turned on"] if change.turned_on else []
    parts += [f"{len(change.turned_off)} turned off"] if change.turned_off else []
    parts += [f"{len(change.refused)} cannot be on"] if change.refused else []
    return f"{what[:1].upper()}{what[1:]}: {', '.join(parts) or 'nothing to change'}."
