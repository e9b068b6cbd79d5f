"""A member's state: its mark, its name for people and scripts, and all that is known of it as data."""

from __future__ import annotations

from menuselect.choice.selection import Selection
from menuselect.model.deps import State
from menuselect.model.menu import Member, Reference
from menuselect.reasons.advice import is_for_developers

STATES = {
    "on": "will be built",
    "off": "will not be built, and could be",
    "unavailable": "cannot be built here",
}
"""The states and what they mean."""

LOOKS = {"on": "good", "off": "", "unavailable": "faint"}
"""How each looks."""

_KINDS = {"depend": "depends", "use": "uses", "conflict": "conflicts"}


def state_of(selection: Selection, member: Member) -> str:
    """One of :data:`STATES`."""
    if not selection.is_available(member):
        return "unavailable"
    return "on" if selection.is_built(member) else "off"


def reference_state(selection: Selection, member: Member, reference: Reference) -> str:
    """How what it refers to stands: a state of :data:`STATES`, or ``met``, ``unmet`` and the like of a library."""
    target = selection.menu.resolve(member, reference)
    return state_of(selection, target) if target else selection.deps.state(reference.name).value


def record(selection: Selection, member: Member) -> dict[str, object]:
    """All that is known of a member, as data; empty parts are left out."""
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
    """How MODULEINFO blocks spell a library of that name; None when no member refers to such a library."""
    for member in selection.menu.members:
        for reference in member.references:
            if reference.name.lower() == name.lower() and selection.menu.resolve(member, reference) is None:
                return reference.name
    return None


FOUND = {
    State.MET: "found",
    State.UNMET: "not found",
    State.DISABLED: "switched off with --without-{name}",
    State.UNKNOWN: "not known before ./configure",
    State.UNLISTED: "not known to configure",
}
"""What is known of a library, in words."""


def found_text(selection: Selection, name: str) -> str:
    """What is known of a library, in words."""
    if is_for_developers(selection.deps, name):
        return "an option that is there in dev mode alone"
    return FOUND[selection.deps.state(name)].format(name=name.lower())
