"""Several requests as one: all of them hold in the end, or nothing changes.

The original forgets a request that it cannot meet, and one that a later request undoes.  Here each is
looked at again when all is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asterism.errors import Collector, Fault, Place
from menuselect.choice.selection import Change, Refusal, Selection, Switch, Why
from menuselect.model.member_names import is_name, pick, unknown
from menuselect.model.menu import Member, Menu
from menuselect.reasons.advice import cure_of
from menuselect.reasons.explain import Reason, obstacles, refusal_text


@dataclass(frozen=True, slots=True)
class Request:
    """A member that shall be on or off."""

    member: Member
    on: bool
    place: Place | None = None
    """Where it was asked for, when that is a file."""
    optional: bool = False
    """Whether it may be left unmet: a pattern or a group stands for what can be had of it."""


def requests_for(menu: Menu, words: Iterable[str], on: bool) -> list[Request]:
    """What some words ask for.

    Raises:
        AsterismError: words that stand for no member; all of them.
    """
    faults = Collector()
    found: dict[int, Request] = {}
    for word in words:
        members = pick(menu, word)
        if not members:
            faults.add(unknown(menu, word))
        for member in members:
            if is_name(word) or member.index not in found:
                found[member.index] = Request(member, on, optional=not is_name(word))
    faults.check()
    return list(found.values())


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
    """The members that will be built and would not have been, or the other way round."""
    unmet: tuple[Unmet, ...] = ()
    """Requests that cannot be met; nothing is changed then."""
    skipped: tuple[Unmet, ...] = ()
    """Optional requests that were not met."""


def perform(selection: Selection, requests: Iterable[Request], quiet: Iterable[Member] = ()) -> Outcome:
    """Meet all requests, in order, or change nothing.

    Args:
        selection: what is chosen; changed only when all requests hold in the end.
        requests: what is wanted; of two for one member the last counts.
        quiet: members to switch off before all else, which requests may switch on again.
    """
    wanted = {request.member.index: request for request in requests}
    before = selection.snapshot()
    was = list(map(selection.is_built, selection.menu.members))
    last: dict[int, Switch] = {}
    refused: dict[int, Refusal] = {}
    for member in quiet:
        last.update(_switched(selection.disable(member)))
    for request in sorted(wanted.values(), key=lambda request: request.on):
        change = _ask(selection, request)
        last.update(_switched(change))
        refused.update((refusal.member.index, refusal) for refusal in change.refused)
    failed = [request for request in wanted.values() if not _holds(selection, request)]
    unmet = [_unmet(selection, request, last, refused) for request in failed]
    strict = tuple(each for each in unmet if not each.request.optional)
    skipped = tuple(each for each in unmet if each.request.optional)
    if strict:
        selection.restore(before)
        return Outcome(Change(), strict, skipped)
    return Outcome(Change(tuple(_switches(selection, was, last))), skipped=skipped)


def _holds(selection: Selection, request: Request) -> bool:
    if selection.is_built(request.member) != request.on:
        return False
    return not request.on or request.optional or _unbuilt_need(selection, request.member) is None


def _unbuilt_need(selection: Selection, member: Member) -> Member | None:
    """A member that it needs, or that one of those needs, and that will not be built.

    The original builds a module although what it needs has a conflict; nobody who asks for it wants that.
    """
    return next((each for each in _needs(selection, member) if not selection.is_built(each)), None)


def _switches(selection: Selection, was: list[bool], last: Mapping[int, Switch]) -> Iterator[Switch]:
    for member in selection.menu.members:
        on = selection.is_built(member)
        if on != was[member.index]:
            # Without a switch of its own: it was on all the time, and what stood in its way has gone.
            yield last.get(member.index, Switch(member, on, Why.DEPENDENCY))


def _switched(change: Change) -> dict[int, Switch]:
    return {switch.member.index: switch for switch in change.switched}


def _ask(selection: Selection, request: Request) -> Change:
    if not request.on:
        return selection.disable(request.member)
    if not request.optional:
        return _enable(selection, request.member)
    if not selection.is_available(request.member):
        return Change(refused=(selection.refusal(request.member),))
    # What was switched on for something that is left out after all goes back.
    before = selection.snapshot()
    change = _enable(selection, request.member)
    if selection.is_built(request.member):
        return change
    selection.restore(before)
    return Change(refused=change.refused)


def _enable(selection: Selection, member: Member) -> Change:
    # A saved file or a default may leave a member on that is not built. Nothing that is on is switched on again,
    # with its needs; so it goes off first.
    for each in _needs(selection, member):
        if selection.is_on(each) and selection.failed(each) and selection.is_available(each):
            selection.disable(each)
    change = selection.enable(member)
    if selection.is_built(member) or not selection.is_available(member):
        return change
    # One whose needs come on at this moment may fall back to its default, as in the original; the second
    # request finds them on.
    again = selection.enable(member)
    return Change((*change.switched, *again.switched), again.refused)


def _needs(selection: Selection, member: Member) -> Iterator[Member]:
    """The member, what it needs, what that needs, and so on."""
    seen = {member.index}
    trail = [member]
    while trail:
        current = trail.pop()
        yield current
        fresh = [each for each in selection.dependencies(current) if each.index not in seen]
        seen.update(each.index for each in fresh)
        trail += fresh


def _unmet(selection: Selection, request: Request, last: Mapping[int, Switch], refused: Mapping[int, Refusal]) -> Unmet:
    member = request.member
    by = last.get(member.index)
    refusal = refused.get(member.index) if request.on else None
    if refusal is None and request.on:
        refusal = _late_refusal(selection, member)
    because = obstacles(selection, member) if request.on else ()
    why = refusal_text(refusal, selection) if refusal else _overruled_text(by)
    return Unmet(request, refusal, by, because, why, cure_of(selection, member, refusal, by))


def _late_refusal(selection: Selection, member: Member) -> Refusal | None:
    """Why it will not be built, or not with all it needs, though nothing was refused; None when it was switched off."""
    if not selection.is_available(member):
        return selection.refusal(member)
    needed = _unbuilt_need(selection, member) if selection.is_built(member) else None
    if needed is None:
        return None
    available = selection.is_available(needed)
    return Refusal(member, "blocked", needed, because="conflict" if available else "unavailable")


def _overruled_text(by: Switch | None) -> str:
    if by is None or by.other is None:
        return "something else that was asked for stands in its way"
    if by.on:
        return f"{by.other.name}, which was asked for too, needs it"
    return f"{by.other.name}, which was asked for too, conflicts with it"
