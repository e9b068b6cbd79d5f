"""Carry out several requests as one transaction: all of them hold in the end, or nothing changes.

The original drops a request that it cannot meet, and one that a later request undoes.  This module
checks every request again at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from asterism.errors import Collector, Fault, Place
from asterism.values import dataclass
from menuselect.choice.selection import Change, Refusal, Selection, Switch, Why
from menuselect.model.member_names import is_name, pick, unknown
from menuselect.model.menu import Member, Menu
from menuselect.reasons.advice import cure_of
from menuselect.reasons.explain import Reason, obstacles, refusal_text


@dataclass(frozen=True, slots=True)
class Request:
    """A request to switch a member on or off."""

    member: Member
    on: bool
    place: Place | None = None
    """The place of the request, when it comes from a file."""
    optional: bool = False
    """Whether the request may be left unmet, as for a pattern or a group."""


def requests_for(menu: Menu, words: Iterable[str], on: bool) -> list[Request]:
    """The requests of several words.

    Raises:
        AsterismError: words match no member; all such words are reported.
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
    """A request that was not met, and the reason."""

    request: Request
    refusal: Refusal | None = None
    """The reason why the member could not be switched on."""
    by: Switch | None = None
    """The last switch of the member, when another request caused it."""
    because: tuple[Reason, ...] = ()
    """The obstacles, down to the missing library."""
    why: str = ""
    cure: str = ""

    def fault(self) -> Fault:
        """The unmet request as a fault."""
        member, verb = self.request.member, "enable" if self.request.on else "disable"
        return Fault(f"cannot {verb} '{member.name}'", self.request.place, self.why, self.cure, "refused")

    def as_json(self) -> dict[str, object]:
        """The unmet request as plain data."""
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
    """The result of a list of requests."""

    change: Change
    """The members whose state the requests changed."""
    unmet: tuple[Unmet, ...] = ()
    """Requests that cannot be met; if any, nothing was changed."""
    skipped: tuple[Unmet, ...] = ()
    """Optional requests that were not met."""


def perform(selection: Selection, requests: Iterable[Request], quiet: Iterable[Member] = ()) -> Outcome:
    """Meet all requests, in order, or change nothing.

    Args:
        selection: changed only when all requests hold in the end.
        requests: the requests; the last one for a member counts.
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
    """A direct or indirect dependency of a member that will not be built.

    The original builds a module although a dependency has a conflict; a request counts as unmet then.
    """
    return next((each for each in _needs(selection, member) if not selection.is_built(each)), None)


def _switches(selection: Selection, was: list[bool], last: Mapping[int, Switch]) -> Iterator[Switch]:
    for member in selection.menu.members:
        on = selection.is_built(member)
        if on != was[member.index]:
            # A member without a switch was on before, and its obstacle is gone.
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
    # Undo the switches for a member that is left out in the end.
    before = selection.snapshot()
    change = _enable(selection, request.member)
    if selection.is_built(request.member):
        return change
    selection.restore(before)
    return Change(refused=change.refused)


def _enable(selection: Selection, member: Member) -> Change:
    # A saved file or a default may leave a member on that is not built. The engine does not switch on a member
    # that is on already, so switch it off first.
    for each in _needs(selection, member):
        if selection.is_on(each) and selection.failed(each) and selection.is_available(each):
            selection.disable(each)
    change = selection.enable(member)
    if selection.is_built(member) or not selection.is_available(member):
        return change
    # A member whose dependencies were just switched on may fall back to its default, as in the original; the
    # second request finds them on.
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
    """The reason why a member that was not refused will not be built; None when it was switched off."""
    if not selection.is_available(member):
        return selection.refusal(member)
    needed = _unbuilt_need(selection, member) if selection.is_built(member) else None
    if needed is None:
        return None
    available = selection.is_available(needed)
    return Refusal(member, "blocked", needed, because="conflict" if available else "unavailable")


def _overruled_text(by: Switch | None) -> str:
    if by is None or by.other is None:
        return "another request conflicts with it"
    if by.on:
        return f"{by.other.name}, which was also requested, needs it"
    return f"{by.other.name}, which was also requested, conflicts with it"
