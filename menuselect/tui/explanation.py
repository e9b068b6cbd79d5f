"""The explanation of a member: what it is, why it stands so, what it refers to, what turning it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from menuselect.choice.selection import Change
from menuselect.listing.styled_text import Line, Piece
from menuselect.model.deps import State
from menuselect.model.menu import Member, Reference
from menuselect.reasons import explain
from menuselect.reasons.explain import Reason
from menuselect.tui.undo import Steps

MOST_NAMES = 40
"""Names that one paragraph lists before it counts the rest."""

_FOUND = {
    State.MET: ("found", "good"),
    State.UNMET: ("missing", "bad"),
    State.DISABLED: ("disabled with configure", "bad"),
    State.UNKNOWN: ("unknown before configure", "faint"),
    State.UNLISTED: ("not looked for by configure", "bad"),
}
"""What is known of an external name, and how it looks where it is wanted."""

_REFERENCES = (("depend", "Depends on"), ("use", "Can use"), ("conflict", "Conflicts with"))


def nothing(filtered: bool) -> list[Line]:
    """Where there is no member to explain."""
    return [(Piece("Nothing matches. Esc clears the filter." if filtered else "There is nothing here.", "faint"),)]


def facts(steps: Steps, member: Member) -> list[Line]:
    """What is known at once: all lines of the original's pane, and why the member stands as it does."""
    return [*_head(steps, member), *_rest(steps, member)]


def _head(steps: Steps, member: Member) -> list[Line]:
    name = (Piece(member.name, "label"), Piece(f"  {member.displayname}" if member.displayname else ""))
    return [name, *state(steps, member)]


def _rest(steps: Steps, member: Member) -> list[Line]:
    lines = (_references(steps, member, kind, label) for kind, label in _REFERENCES)
    return [*filter(None, lines), _level(steps, member)]


def everything(steps: Steps, member: Member) -> list[Line]:
    """The facts, how to get what is missing, what turning the member would change, and who needs it."""
    lines = [*_head(steps, member), *_to_get(steps, member), *_rest(steps, member)]
    return [*lines, *_outlook(steps, member), *_needed_by(steps, member)]


def state(steps: Steps, member: Member) -> list[Line]:
    """On, off or unavailable, and down to the last library why."""
    selection = steps.selection
    found = explain.obstacles(selection, member)
    if not selection.is_available(member):
        return [(Piece("Cannot be on:", "bad"),), *_reasons(found, "  ")]
    text = "Off" if not selection.is_on(member) else "On" if not found else "On, but it will not be built"
    origin = ", as it is by default" if selection.is_defaulted(member) else ""
    changed = {"+": " (was off)", "-": " (was on)"}.get(steps.change(member), origin)
    head = Piece(f"{text}{changed}{':' if found else ''}", "good" if selection.is_built(member) else "")
    return [(head,), *_reasons(found, "  ")]


def _reasons(found: Iterable[Reason], indent: str) -> Iterator[Line]:
    """A tree of reasons, one a line; the names of members can be followed."""
    for reason in found:
        before, name, after = explain.text_of(reason).partition(reason.name)
        yield (Piece(f"{indent}{before}"), _pieced(name, reason.member), Piece(after))
        yield from _reasons(reason.because, f"{indent}  ")


def _to_get(steps: Steps, member: Member) -> Iterator[Line]:
    """What to install or to ask of configure, for each library at the bottom of it."""
    if steps.selection.is_available(member):
        return
    from menuselect.reasons import advice  # it reads a table of all libraries; most members need none of it

    for name in explain.root_causes(steps.selection, member):
        yield (Piece("  To get it: ", "label"), Piece(f"{advice.to_get(steps.session.deps, name)}."))


def _pieced(name: str, member: Member | None) -> Piece:
    return Piece(name, "name", member) if member else Piece(name)


def _name(member: Member) -> Piece:
    return _pieced(member.name, member)


def _references(steps: Steps, member: Member, kind: str, label: str) -> Line:
    """``Depends on: res_x(M) on, curl(E) missing``, with the original's letters for module and external."""
    pieces: list[Piece] = []
    for reference in member.references:
        if reference.kind == kind:
            pieces += [*_reference(steps, member, reference), Piece(", ")]
    return (Piece(f"{label}: ", "label"), *pieces[:-1]) if pieces else ()


def _reference(steps: Steps, member: Member, reference: Reference) -> Line:
    other = steps.menu.resolve(member, reference)
    if other is not None:
        return (_pieced(reference.title, other), Piece(f"(M) {_standing(steps, other)}"))
    text, look = _FOUND[steps.session.deps.state(reference.name)]
    if reference.kind == "use":
        look = "good" if look == "good" else "faint"
    elif reference.kind == "conflict":
        look = "bad" if look == "good" else "faint"
    return (Piece(f"{reference.title}(E) "), Piece(text, look))


def _standing(steps: Steps, member: Member) -> str:
    if not steps.selection.is_available(member):
        return "cannot be on"
    return "on" if steps.selection.is_built(member) else "off"


def _level(steps: Steps, member: Member) -> Line:
    """The original's last line: support level, replacement, deprecation."""
    pieces = [Piece("Support Level: ", "label"), Piece(member.support_level or "unspecified")]
    if member.replacement:
        other = steps.menu.find(member.replacement)
        pieces += [Piece(", Replaced by: "), _pieced(member.replacement, other)]
    if member.deprecated_in:
        pieces.append(Piece(f", Deprecated in: {member.deprecated_in}"))
    if member.removed_in:
        pieces.append(Piece(f", Removed in: {member.removed_in}"))
    return tuple(pieces)


def _outlook(steps: Steps, member: Member) -> list[Line]:
    """What turning it would change; nothing for a member that cannot be turned."""
    if not steps.selection.is_available(member):
        return []
    change = steps.preview(member)
    word = "off" if steps.selection.is_on(member) else "on"
    if change.refused:
        return [
            (
                Piece(f"Turning it {word} would not do: ", "label"),
                Piece(f"{explain.refusal_text(change.refused[0], steps.selection)}."),
            )
        ]
    return [
        (Piece(f"Turning it {word} {text} ", "label"), *_names(others)) for text, others in _effects(change, member)
    ] or [(Piece(f"Turning it {word} changes nothing else.", "faint"),)]


def _effects(change: Change, member: Member) -> list[tuple[str, list[Member]]]:
    turned = (
        ("also turns on:", [other for other in change.turned_on if other is not member]),
        ("also turns off:", [other for other in change.turned_off if other is not member]),
    )
    return [(text, others) for text, others in turned if others]


def _needed_by(steps: Steps, member: Member) -> list[Line]:
    dependents = steps.selection.dependents(member)
    if not dependents:
        return []
    on = [other for other in dependents if steps.selection.is_built(other)]
    off = [other for other in dependents if not steps.selection.is_built(other)]
    lines = (("Needed by: ", on), ("Would be needed by: ", off))
    return [(Piece(label, "label"), *_names(others)) for label, others in lines if others]


def _names(members: Sequence[Member]) -> Line:
    pieces: list[Piece] = []
    for member in members[:MOST_NAMES]:
        pieces += [_name(member), Piece(", ")]
    if len(members) > MOST_NAMES:
        return (*pieces, Piece(f"and {len(members) - MOST_NAMES} more"))
    return tuple(pieces[:-1])
