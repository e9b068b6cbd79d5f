"""The least that turns the defaults into what is chosen."""

from __future__ import annotations

from collections.abc import Iterable

from menuselect.choice.selection import Selection
from menuselect.model.menu import Member
from menuselect.reasons.requests import Request, perform

_ROUNDS = 10
"""How often what follows from the difference is looked at; two have always been enough."""


def compared(before: Selection, after: Selection) -> tuple[list[Member], list[Member]]:
    """The members that will be built after and not before, and the other way round."""
    pairs = [(member, before.is_built(member), after.is_built(member)) for member in after.menu.members]
    return [member for member, then, now in pairs if now > then], [member for member, then, now in pairs if now < then]


def difference(defaults: Selection, chosen: Selection) -> tuple[list[Member], list[Member]]:
    """What must be switched on and off so that the defaults become what is chosen.

    More than the members that differ: switching one on may wake another that was off for want of it.

    Args:
        defaults: what would be chosen with no saved file; it stays as it is.
        chosen: what is chosen.

    Returns:
        The members to switch on, and those to switch off, both in menu order.
    """
    on, off = compared(defaults, chosen)
    wanted = {member.index: True for member in on} | {member.index: False for member in off}
    before = defaults.snapshot()
    for _ in range(_ROUNDS):
        perform(defaults, _requests(defaults, wanted))
        more, less = compared(defaults, chosen)
        defaults.restore(before)
        if not more and not less:
            break
        wanted |= {member.index: True for member in more} | {member.index: False for member in less}
    members = defaults.menu.members
    return (
        [member for member in members if wanted.get(member.index) is True],
        [member for member in members if wanted.get(member.index) is False],
    )


def _requests(selection: Selection, wanted: dict[int, bool]) -> Iterable[Request]:
    return (Request(selection.menu.members[index], on, optional=True) for index, on in wanted.items())
