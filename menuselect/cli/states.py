"""The states of members and libraries: names, texts, and all facts about a member as data."""

from __future__ import annotations

from menuselect.choice.selection import Selection
from menuselect.model.deps import State
from menuselect.model.menu import Member, Reference
from menuselect.reasons.advice import is_for_developers

STATES = {
    "on": "will be built",
    "off": "will not be built, but can be",
    "unavailable": "cannot be built here",
}
"""The states and their descriptions."""

LOOKS = {"on": "good", "off": "", "unavailable": "faint"}
"""The look of each state."""

_KINDS = {"depend": "depends", "use": "uses", "conflict": "conflicts"}


def state_of(selection: Selection, member: Member) -> str:
    """The state of a member, a key of :data:`STATES`."""
    if not selection.is_available(member):
        return "unavailable"
    return "on" if selection.is_built(member) else "off"


def reference_state(selection: Selection, member: Member, reference: Reference) -> str:
    """The state of a reference: a key of :data:`STATES`, or that of a library: ``met``, ``unmet`` and others."""
    target = selection.menu.resolve(member, reference)
    return state_of(selection, target) if target else selection.deps.state(reference.name).value


def record(selection: Selection, member: Member) -> dict[str, object]:
    """All facts about a member, as data; empty parts are left out."""
    entries: dict[str, object] = {
        "name": member.name,
        "title": member.displayname,
        "category": member.category,
        "support_level": member.level,
        "state": state_of(selection, member),
        "default": member.default,
        "deprecated_in": member.deprecated_in,
        "removed_in": member.removed_in,
        "replacement": member.replacement,
        "explicitly_enabled_only": member.explicit_only,
    }
    for kind, key in _KINDS.items():
        entries[key] = [_reference(selection, member, each) for each in member.references if each.kind == kind]
    entries["needed_by"] = [other.name for other in selection.dependents(member)]
    return {key: value for key, value in entries.items() if value}


def _reference(selection: Selection, member: Member, reference: Reference) -> dict[str, object]:
    target = selection.menu.resolve(member, reference)
    entries: dict[str, object] = {
        "name": target.name if target else reference.name,
        "kind": "member" if target else "library",
        "state": reference_state(selection, member, reference),
    }
    return entries | ({"autoselect": True} if reference.autoselect else {})


def users_of(selection: Selection, name: str) -> dict[str, list[Member]]:
    """The members that refer to a library, by ``depends``, ``uses`` and ``conflicts``."""
    found: dict[str, list[Member]] = {key: [] for key in _KINDS.values()}
    folded = name.lower()
    for member in selection.menu.members:
        for reference in member.references:
            external = reference.name.lower() == folded and selection.menu.resolve(member, reference) is None
            if external and member not in found[_KINDS[reference.kind]]:
                found[_KINDS[reference.kind]].append(member)
    return found


def spelled(selection: Selection, name: str) -> str | None:
    """The spelling of a library in MODULEINFO blocks; None when no member refers to the library."""
    for member in selection.menu.members:
        for reference in member.references:
            if reference.name.lower() == name.lower() and selection.menu.resolve(member, reference) is None:
                return reference.name
    return None


FOUND = {
    State.MET: "found",
    State.UNMET: "not found",
    State.DISABLED: "switched off with --without-{name}",
    State.UNKNOWN: "not checked yet, run ./configure",
    State.UNLISTED: "not checked by configure",
}
"""The texts of the states of a library."""


def found_text(selection: Selection, name: str) -> str:
    """The state of a library as text."""
    if is_for_developers(selection.deps, name):
        return "an option that exists only in dev mode"
    return FOUND[selection.deps.state(name)].format(name=name.lower())
