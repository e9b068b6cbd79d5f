"""What a step did, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from menuselect.choice.selection import Change, Refusal, Selection
from menuselect.model.menu import Member
from menuselect.reasons import explain

MOST_NAMES = 6
"""Names that a sentence lists before it counts the rest."""


def names(members: Sequence[Member], most: int = MOST_NAMES) -> str:
    """``res_a, res_b and 12 more``."""
    shown = [member.name for member in members[:most]]
    rest = len(members) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def switches(change: Change, but: Member | None = None) -> str:
    """``On: res_a, res_b. Off: res_c.`` for all that changed but one member."""
    turned = (
        ("On", [member for member in change.turned_on if member is not but]),
        ("Off", [member for member in change.turned_off if member is not but]),
    )
    return " ".join(f"{word}: {names(members)}." for word, members in turned if members)


def refused(refusal: Refusal, selection: Selection) -> str:
    """Why a request was not met."""
    member = refusal.member
    stays = "is on, but will not be built" if selection.is_on(member) else "is not on"
    state = stays if selection.is_available(member) else "cannot be on"
    return f"{member.name} {state}: {explain.refusal_text(refusal, selection)}."


def told(what: str, change: Change, asked: Member | None, selection: Selection) -> str:
    """What became of a step.

    Args:
        what: the step, such as ``app_dial on``.
        change: what it brought about.
        asked: the one member that was asked for; None for steps over many.
        selection: what is chosen now.
    """
    if asked is None:
        return _told_many(what, change)
    if not selection.is_available(asked):
        return refused(selection.refusal(asked), selection)
    if change.refused:
        return " ".join(filter(None, (refused(change.refused[0], selection), switches(change, but=asked))))
    if not change:
        return f"{asked.name} is so already."
    state = "on" if asked in change.turned_on else "off"
    return " ".join(filter(None, (f"{asked.name} is {state}.", switches(change, but=asked))))


def _told_many(what: str, change: Change) -> str:
    parts = [f"{len(change.turned_on)} turned on"] if change.turned_on else []
    parts += [f"{len(change.turned_off)} turned off"] if change.turned_off else []
    parts += [f"{len(change.refused)} cannot be on"] if change.refused else []
    return f"{what[:1].upper()}{what[1:]}: {', '.join(parts) or 'nothing to change'}."
