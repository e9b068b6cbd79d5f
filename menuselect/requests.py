"""Several requests as one: all of them hold in the end, or nothing changes.

The original forgets a request that it cannot meet, and one that a later request undoes.  Here each is
looked at again when all is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from asterism.errors import Fault, Place
from menuselect.advice import cure_of
from menuselect.explain import Reason, obstacles, refusal_text
from menuselect.model import Member
from menuselect.selection import Change, Refusal, Selection, Switch


@dataclass(frozen=True, slots=True)
class Request:
    """A member that shall be on or off."""

    member: Member
    on: bool
    place: Place | None = None
    """Where it was asked for, when that is a file."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A request that does not hold, and why."""

    request: Request
    refusal: Refusal | None = None
    """Why it could not be switched on."""
    by: Switch | None = None
    """The last switch of it, when another request brought that about."""
    because: tuple[Reason, ...] = ()
    """What stands in its way, down to the missing library."""
    why: str = ""
    cure: str = ""

    def fault(self) -> Fault:
        """The same as a fault."""
        member, verb = self.request.member, "enable" if self.request.on else "disable"
        return Fault(f"cannot {verb} '{member.name}'", self.request.place, self.why, self.cure, "refused")

    def as_json(self) -> dict[str, object]:
        """The same as plain data."""
        entries: dict[str, object] = {
            "name": self.request.member.name,
            "category": self.request.member.category,
            "wanted": "on" if self.request.on else "off",
            "code": self.refusal.code if self.refusal else "overruled",
            "why": self.why,
            "cure": self.cure,
        }
        if self.because:
            entries["because"] = [reason.as_json() for reason in self.because]
        return entries


@dataclass(frozen=True, slots=True)
class Outcome:
    """What requests came to."""

    change: Change
    """The members that are on and were not, or the other way round; with ``unmet``, those that would be."""
    unmet: tuple[Unmet, ...] = ()


def perform(selection: Selection, requests: Iterable[Request], quiet: Iterable[Member] = ()) -> Outcome:
    """Meet all requests, in order, or change nothing.

    Args:
        selection: what is chosen; changed only when all requests hold in the end.
        requests: what is wanted; of two for one member the last counts.
        quiet: members to switch off before all else, which requests may switch on again.
    """
    wanted = {request.member.index: request for request in requests}
    before = selection.snapshot()
    was = [selection.is_on(member) for member in selection.menu.members]
    last: dict[int, Switch] = {}
    refused: dict[int, Refusal] = {}
    for ask, member in _steps(quiet, wanted.values()):
        change = ask(selection, member)
        last.update((switch.member.index, switch) for switch in change.switched)
        refused.update((refusal.member.index, refusal) for refusal in change.refused)
    unmet = tuple(
        _unmet(selection, request, last, refused) for request in wanted.values() if not _holds(selection, request)
    )
    switched = [switch for index, switch in sorted(last.items()) if selection.is_on(switch.member) != was[index]]
    if unmet:
        selection.restore(before)
    return Outcome(Change(tuple(switched)), unmet)


Ask = Callable[[Selection, Member], Change]


def _steps(quiet: Iterable[Member], requests: Iterable[Request]) -> Iterator[tuple[Ask, Member]]:
    ordered = list(requests)
    yield from ((Selection.disable, member) for member in quiet)
    yield from ((Selection.disable, request.member) for request in ordered if not request.on)
    yield from ((_enable, request.member) for request in ordered if request.on)


def _enable(selection: Selection, member: Member) -> Change:
    # A saved file may leave a member on that is not built; switching it off first lets its needs come on.
    if selection.is_on(member) and selection.failed(member) and selection.is_available(member):
        selection.disable(member)
    return selection.enable(member)


def _holds(selection: Selection, request: Request) -> bool:
    return selection.is_built(request.member) if request.on else not selection.is_built(request.member)


def _unmet(selection: Selection, request: Request, last: dict[int, Switch], refused: dict[int, Refusal]) -> Unmet:
    member = request.member
    by = last.get(member.index)
    refusal = refused.get(member.index) if request.on else None
    if refusal is None and request.on and not selection.is_available(member):
        refusal = selection.refusal(member)
    because = obstacles(selection, member) if request.on else ()
    why = refusal_text(refusal, selection) if refusal else _overruled_text(by)
    return Unmet(request, refusal, by, because, why, cure_of(selection, member, refusal, by))


def _overruled_text(by: Switch | None) -> str:
    if by is None or by.other is None:
        return "something else that was asked for stands in its way"
    if by.on:
        return f"{by.other.name}, which was asked for too, needs it"
    return f"{by.other.name}, which was asked for too, conflicts with it"
