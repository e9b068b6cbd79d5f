"""What to do next when something cannot be had: the step for each reason."""

from __future__ import annotations

from collections.abc import Iterable

from menuselect.dependencies import Library, find
from menuselect.deps import Deps, State
from menuselect.explain import root_causes
from menuselect.model import Member
from menuselect.selection import Refusal, Selection, Switch


def libraries(names: Iterable[str]) -> list[Library]:
    """What is known of some libraries; those nobody has described are left out."""
    return [library for library in map(find, dict.fromkeys(names)) if library]


def to_get(deps: Deps, name: str) -> str:
    """How to come by a missing library: the package, configure's option, or both; a clause."""
    state = deps.state(name)
    if state is State.DISABLED:
        return f"run ./configure again without --without-{name.lower()}"
    library = find(name)
    hint = library.hint() if library else ""
    again = "run ./configure again" if deps.known else "run ./configure"
    if hint:
        return f"install {name} (a hint: {hint}), then {again}"
    if library and library.note:
        return f"{library.note}; then {again}"
    if state is State.UNLISTED:
        return f"no member of this tree is called '{name}', and its configure does not look for such a library"
    return f"install {name}, then {again}"


def cure_of(selection: Selection, member: Member, refusal: Refusal | None, by: Switch | None = None) -> str:
    """The next step after a refusal; an empty string when nobody knows one."""
    if refusal is None:
        return f"ask for '{member.name}' or for '{by.other.name}', not for both" if by and by.other else ""
    if refusal.code == "present" and refusal.reference:
        return f"run ./configure again with --without-{refusal.reference.name.lower()}"
    if refusal.code in ("missing", "unavailable"):
        return "\n    ".join(to_get(selection.deps, name) for name in root_causes(selection, member))
    other = refusal.other
    if other is None:
        return ""
    if refusal.code == "overruled":
        return f"switch that off first: asterism disable {other.name}"
    return _unblocking(selection, other, refusal.because)


def _unblocking(selection: Selection, other: Member, because: str) -> str:
    opponent = selection.opponent(other)
    if because == "conflict" and opponent:
        return f"switch {opponent.name} off first, which conflicts with it: asterism disable {opponent.name}"
    if because == "explicit":
        return f"ask for it first: asterism enable {other.name}"
    if because == "unavailable":
        return "\n    ".join(to_get(selection.deps, name) for name in root_causes(selection, other))
    return f"'asterism why {other.name}' tells more"
