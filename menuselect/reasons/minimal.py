"""The smallest set of switches that turns the defaults into a selection."""

from __future__ import annotations

from collections.abc import Iterable

from menuselect.choice.selection import Selection
from menuselect.model.menu import Member
from menuselect.reasons.requests import Request, perform

_ROUNDS = 10
"""The maximum number of passes; two have always been enough."""


def compared(before: Selection, after: Selection) -> tuple[list[Member], list[Member]]:
    """The members that only the second selection builds, and those that only the first builds."""
    pairs = [(member, before.is_built(member), after.is_built(member)) for member in after.menu.members]
    return [member for member, then, now in pairs if now > then], [member for member, then, now in pairs if now < then]


def difference(defaults: Selection, chosen: Selection) -> tuple[list[Member], list[Member]]:
    """The members to switch on and off to turn the defaults into a selection.

    The result can exceed the difference: switching a member on can also enable a member that depends on it.

    Args:
        defaults: the selection without a saved file; unchanged afterwards.
        chosen: the wanted selection.

    Returns:
        The members to switch on and the members to switch off, both in menu order.
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
