"""The next step for each reason why a member cannot be built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from menuselect.choice.selection import Refusal, Selection, Switch
from menuselect.model.deps import Deps, State
from menuselect.model.known_libraries import DEVELOPERS_OPTIONS, Library, find
from menuselect.model.menu import Member
from menuselect.reasons.explain import Reason, obstacles


def is_for_developers(deps: Deps, name: str) -> bool:
    """Whether a missing dependency is an option of dev mode, not a library."""
    return name.lower() in DEVELOPERS_OPTIONS and deps.state(name) in (State.UNLISTED, State.UNKNOWN)


def libraries(names: Iterable[str]) -> list[Library]:
    """The entries of several libraries; unknown libraries are left out."""
    return [library for library in map(find, dict.fromkeys(names)) if library]


def to_get(deps: Deps, name: str) -> str:
    """How to get a missing library, as a clause: the package, configure's option, or both."""
    state = deps.state(name)
    if state is State.DISABLED:
        return f"run ./configure again without --without-{name.lower()}"
    if is_for_developers(deps, name):
        return f"run ./configure --enable-dev-mode, then switch {name} on"
    library = find(name)
    hint = library.hint() if library else ""
    again = "run ./configure again" if deps.known else "run ./configure"
    if hint:
        return f"install {name} (a hint: {hint}), then {again}"
    if library and library.note:
        return f"{library.note}; then {again}"
    if state is State.UNLISTED:
        return f"'{name}' is neither a member of this tree nor a library that its configure checks for"
    return f"install {name}, then {again}"


def remedies(selection: Selection, member: Member) -> list[str]:
    """The steps that remove the obstacles outside the selection, as clauses, each once."""
    return list(dict.fromkeys(_remedies(selection.deps, obstacles(selection, member))))


def _remedies(deps: Deps, found: Iterable[Reason]) -> Iterator[str]:
    for reason in found:
        if reason.code == "missing":
            yield to_get(deps, reason.name)
        elif reason.code == "present":
            yield f"run ./configure again with --without-{reason.name.lower()}"
        yield from _remedies(deps, reason.because)


def cure_of(selection: Selection, member: Member, refusal: Refusal | None, by: Switch | None = None) -> str:
    """The next step after a refusal; an empty string when none is known."""
    if refusal is None:
        return f"request '{member.name}' or '{by.other.name}', not both" if by and by.other else ""
    if refusal.code in ("missing", "present", "unavailable"):
        return "\n    ".join(remedies(selection, member))
    if refusal.other is None:
        return ""
    if refusal.code == "blocked":
        return _unblocking(selection, refusal.other, refusal.because)
    return f"switch {refusal.other.name} off first: asterism disable {refusal.other.name}"


def _unblocking(selection: Selection, other: Member, because: str) -> str:
    opponent = selection.opponent(other)
    if because == "conflict" and opponent:
        return f"{opponent.name} conflicts with it, switch that off first: asterism disable {opponent.name}"
    if because == "explicit":
        return f"enable {other.name} first: asterism enable {other.name}"
    if because == "unavailable":
        return "\n    ".join(remedies(selection, other))
    return f"'asterism why {other.name}' shows the reasons"
