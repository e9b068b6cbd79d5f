"""Explain the state of a member: reasons as data, and their texts.

:func:`reasons` returns a tree that goes down to the missing library; the command line, the menu and
JSON show this tree.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass
from menuselect.choice.selection import Failure, Refusal, Selection, Switch, Why
from menuselect.model.deps import Deps, State
from menuselect.model.known_libraries import DEVELOPERS_OPTIONS
from menuselect.model.menu import Member, Reference, is_no, is_yes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    Code = Literal[
        "built",
        "off",
        "switched-off",
        "missing",
        "present",
        "needs-unavailable",
        "needs-off",
        "conflict",
        "cycle",
        "needed-by",
        "used-by",
        "by-default",
        "all-built",
        "by-choice",
        "deprecated",
        "removed",
        "replaced-by",
        "optional-missing",
        "not-looked-for",
        "looked-for-by-build",
        "for-developers",
    ]
else:
    Code = str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, and the reasons for it."""

    code: Code
    name: str = ""
    """The member, library or version of the reason, as spelled there."""
    member: Member | None = None
    """The member of the reason, if any."""
    because: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The reason as plain data."""
        entries: dict[str, object] = {"code": self.code, "name": self.name, "text": text_of(self)}
        if self.because:
            entries["because"] = [reason.as_json() for reason in self.because]
        return entries


def reasons(selection: Selection, member: Member) -> tuple[Reason, ...]:
    """Why a member is on, off or unavailable: first obstacles, then the origin of the state, then remarks."""
    obstacles = tuple(_obstacles(selection, member, (member.index,)))
    return (*(obstacles or _origin(selection, member)), *_remarks(selection, member))


def obstacles(selection: Selection, member: Member) -> tuple[Reason, ...]:
    """The obstacles of a member, down to the missing library; empty for a member that can be built."""
    return tuple(_obstacles(selection, member, (member.index,)))


def _obstacles(selection: Selection, member: Member, trail: tuple[int, ...]) -> Iterator[Reason]:
    for reference in selection.links.external[member.index]:
        if _is_missing(selection, reference):
            yield Reason("missing", reference.name)
        elif reference.kind == "conflict" and selection.deps.is_present(reference.name):
            yield Reason("present", reference.name)
    for needed in dict.fromkeys(selection.dependencies(member)):
        yield from _obstacle(selection, needed, trail)
    if selection.conflict_failure(member) is Failure.SOFT:
        yield from (Reason("conflict", other.name, other) for other in _opposing(selection, member))


def _obstacle(selection: Selection, needed: Member, trail: tuple[int, ...]) -> Iterator[Reason]:
    if needed.index in trail:
        if not selection.is_on(needed):
            yield Reason("cycle", needed.name, needed)
        return
    # A long chain is cut: a reason a hundred levels deep is unreadable, and the stack is limited.
    below = tuple(_obstacles(selection, needed, (*trail, needed.index))) if len(trail) < _DEEPEST else ()
    if not selection.is_available(needed):
        yield Reason("needs-unavailable", needed.name, needed, below)
    elif not selection.is_on(needed) or selection.dependency_failure(needed):
        yield Reason("needs-off", needed.name, needed, below)


_DEEPEST = 40


def _opposing(selection: Selection, member: Member) -> list[Member]:
    return [
        other for other in selection.opponents(member) if selection.is_on(other) and _names(selection, member, other)
    ]


def _names(selection: Selection, member: Member, other: Member) -> bool:
    rivals = selection.links.rivals
    together = rivals[member.index] >= 0 and rivals[member.index] == rivals[other.index]
    return together or other.index in selection.links.conflicts[member.index]


def _origin(selection: Selection, member: Member) -> tuple[Reason, ...]:
    if not selection.is_on(member):
        was_on = selection.was_on(member)
        if selection.menu.default_of(member) is False and not was_on:
            return (Reason("by-default"),)
        was_ever_on = was_on or member.starts_on or is_yes(member.default)
        return (Reason("switched-off" if was_ever_on else "off"),)
    needed_by = [other for other in selection.dependents(member) if selection.is_built(other)]
    found = [Reason("needed-by", other.name, other) for other in needed_by]
    found += [Reason("used-by", other.name, other) for other in autoselectors(selection, member)]
    by_default = selection.is_defaulted(member) or (member.starts_on and selection.was_on(member))
    if by_default or not found:
        found.insert(0, Reason(_default_code(selection, member) if by_default else "by-choice"))
    return tuple(found)


def _default_code(selection: Selection, member: Member) -> Code:
    """The code of a member that is on by default: by its own, or since the tree builds all modules."""
    return "all-built" if is_no(member.default) and selection.menu.default_of(member) else "by-default"


def autoselectors(selection: Selection, member: Member) -> list[Member]:
    """The members that will be built and switch a member on by using it."""
    autoselects = selection.links.autoselects
    return [
        other
        for other in selection.menu.members
        if autoselects[other.index] and member.index in autoselects[other.index] and selection.is_built(other)
    ]


def _remarks(selection: Selection, member: Member) -> Iterator[Reason]:
    if member.deprecated_in:
        yield Reason("deprecated", member.deprecated_in)
    if member.removed_in:
        yield Reason("removed", member.removed_in)
    if member.replacement or member.deprecated_in or member.removed_in:
        from menuselect.model import removed_names  # 10 ms, needed only for deprecated members

        for name in removed_names.successors(member):
            yield Reason("replaced-by", name, selection.menu.find(name))
    if not selection.deps.known and selection.is_built(member):
        category = selection.menu.category(member.category)
        code: Code = "looked-for-by-build" if category and category.builds_all else "not-looked-for"
        for name in _libraries(selection, member):
            yield Reason("for-developers" if name.lower() in DEVELOPERS_OPTIONS else code, name)
    for reference in selection.links.external[member.index]:
        if reference.kind == "use" and not selection.deps.is_met(reference.name):
            yield Reason("optional-missing", reference.name)


def _libraries(selection: Selection, member: Member) -> list[str]:
    """The libraries that a member and its dependencies need."""
    trail, found = [member], dict[str, None]()
    seen = {member.index}
    while trail:
        current = trail.pop()
        external = selection.links.external[current.index]
        found |= {reference.name: None for reference in external if reference.kind == "depend"}
        trail += [each for each in selection.dependencies(current) if each.index not in seen]
        seen |= {each.index for each in trail}
    return list(found)


_TEXTS: dict[Code, str] = {
    "built": "it will be built",
    "off": "it was never switched on",
    "switched-off": "it was switched off",
    "missing": "it needs {name}, which was not found",
    "present": "it cannot be built where {name} is present",
    "needs-unavailable": "it needs {name}, which cannot be built",
    "needs-off": "it needs {name}, which is off",
    "conflict": "it conflicts with {name}, which is on",
    "cycle": "it needs {name}, which in turn needs it",
    "needed-by": "{name} needs it",
    "used-by": "{name} uses it",
    "by-default": "this is the default",
    "all-built": "outside of a source tree every module is built, whatever its defaultenabled says",
    "by-choice": "it was chosen",
    "deprecated": "it is deprecated since {name}",
    "removed": "it is removed in {name}",
    "replaced-by": "it is replaced by {name}",
    "optional-missing": "some of its features need {name}, which was not found",
    "not-looked-for": "it needs {name}, which has not been checked yet: run ./configure",
    "looked-for-by-build": "it needs {name}, which 'asterism build' looks for",
    "for-developers": "it needs {name}, which exists only after ./configure --enable-dev-mode",
}


def text_of(reason: Reason) -> str:
    """The text of a reason: a clause without a full stop; ``it`` is the member above."""
    return _TEXTS[reason.code].format(name=reason.name)


def tree_lines(found: tuple[Reason, ...], indent: str = "") -> Iterator[str]:
    """A tree of reasons, one per line, each indented below the reason that it explains."""
    for reason in found:
        yield f"{indent}{text_of(reason)}"
        yield from tree_lines(reason.because, f"{indent}  ")


def root_causes(selection: Selection, member: Member) -> list[str]:
    """The names of the missing libraries at the leaves of the reasons, each once, in the order found."""
    return list(dict.fromkeys(_missing_below(obstacles(selection, member))))


def missing_libraries(selection: Selection, member: Member, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """The libraries that a member lacks, itself or through what it depends on.

    Args:
        selection: the selection.
        member: the member.
        known: the results for other members, by index; the function adds to it, so that a chain is walked once.
    """
    stack = [member]
    while stack:
        current = stack[-1]
        needed = [each for each in selection.dependencies(current) if not selection.is_available(each)]
        known.setdefault(current.index, frozenset())  # a circle ends where it began
        more = [each for each in needed if each.index not in known]
        if more:
            stack += more
            continue
        own = (each.name for each in selection.links.external[current.index] if _is_missing(selection, each))
        known[current.index] = frozenset(own).union(*(known[each.index] for each in needed))
        stack.pop()
    return known[member.index]


def _is_missing(selection: Selection, reference: Reference) -> bool:
    return reference.kind == "depend" and not selection.deps.is_met(reference.name)


def _missing_below(found: tuple[Reason, ...]) -> Iterator[str]:
    for reason in found:
        if reason.code == "missing":
            yield reason.name
        yield from _missing_below(reason.because)


_STATES = {
    State.UNMET: "which was not found",
    State.DISABLED: "which was switched off with --without-{option}",
    State.UNLISTED: "which configure does not check for",
    State.UNKNOWN: "which has not been checked yet",
    State.MET: "which was found",
}


def state_text(deps: Deps, name: str) -> str:
    """The state of a library, as a relative clause: ``which was not found``."""
    return _STATES[deps.state(name)].format(option=name.lower())


_BLOCKED = {
    "conflict": "it needs {other}, which conflicts with something that is on",
    "unavailable": "it needs {other}, which cannot be built",
    "explicit": "it needs {other}, which must be enabled by name",
    "cycle": "it needs {other}, and {other} needs it: neither can be switched on before the other",
    "": "it needs {other}, which is off",
}


def refusal_text(refusal: Refusal, selection: Selection) -> str:
    """The reason of a refusal, as a clause about the member."""
    other = refusal.other.name if refusal.other else "something"
    if refusal.code == "missing" and refusal.reference:
        return f"it needs {refusal.reference.title}, {state_text(selection.deps, refusal.reference.name)}"
    if refusal.code == "present" and refusal.reference:
        return f"it cannot be built where {refusal.reference.title} is present"
    if refusal.code == "unavailable":
        roots = root_causes(selection, refusal.member)
        tail = f" (missing: {', '.join(roots)})" if roots else ""
        return f"it needs {other}, which cannot be built{tail}"
    if refusal.code == "blocked":
        return _BLOCKED[refusal.because].format(other=other)
    if refusal.code == "conflict":
        return f"it conflicts with {other}, which is on"
    return f"{other} switched it off again" if refusal.other else "another member switched it off again"


_WHY = {
    Why.REQUESTED: "as asked",
    Why.NEEDED: "{other} needs it",
    Why.AUTOSELECTED: "{other} uses it",
    Why.DEPENDENCY: "it depends on {other}",
    Why.CONFLICT: "it conflicts with {other}",
    Why.REFUSED: "it needs {other}",
}


def switch_text(switch: Switch) -> str:
    """The text of a switch: ``+ app_x (app_y needs it)``."""
    why = _WHY[switch.why].format(other=switch.other.name if switch.other else "a member that changed")
    return f"{'+' if switch.on else '-'} {switch.member.name} ({why})"
