"""The explanation of a member: description, state and reasons, references, and the effect of switching it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from asterism.words import counted
from menuselect.choice.selection import Change
from menuselect.listing.styled_text import Line, Piece, plain, shown
from menuselect.model.deps import State
from menuselect.model.menu import Category, Member, Reference
from menuselect.reasons import explain
from menuselect.reasons.explain import Reason
from menuselect.tui.undo import Steps

MOST_NAMES = 40
"""The maximum number of names in a paragraph; further names are counted."""

_FOUND = {
    State.MET: ("found", "good"),
    State.UNMET: ("missing", "bad"),
    State.DISABLED: ("disabled in configure", "bad"),
    State.UNKNOWN: ("not checked yet", "faint"),
    State.UNLISTED: ("not checked by configure", "bad"),
}
"""The text of each state of an external name, and its look in a dependency."""

_REFERENCES = (("depend", "Depends on"), ("use", "Can use"), ("conflict", "Conflicts with"))


def nothing(filtered: bool) -> list[Line]:
    """The text of the pane when no member is selected."""
    return [(Piece("No member matches. Esc clears the filter." if filtered else "No members.", "faint"),)]


def category(steps: Steps, category: Category, *, whole: bool = True) -> list[Line]:
    """What a category holds, how many of its members are on, and what is missing for those that cannot be on.

    Args:
        steps: the steps of the menu.
        category: the category.
        whole: whether to name what is missing, which takes longer.
    """
    members = category.members
    lost = [member for member in members if not steps.selection.is_available(member)]
    on = steps.count_on(category)
    off = len(members) - on - len(lost)
    counts = f"{counted(len(members), 'member')}: {on} on, {off} off, {len(lost)} cannot be on"
    head = (Piece(category.title, "label"), Piece("  at most one is on" if category.exclusive else ""))
    missing = _missing(steps, lost) if whole else ()
    return [head, (Piece(counts),), *missing, _levels(category), *_changes(steps, members)]


def _missing(steps: Steps, lost: Iterable[Member]) -> Iterator[Line]:
    """A line for each missing library, with the members that cannot be on without it; the most frequent first."""
    by_cause: dict[str, list[Member]] = {}
    known: dict[int, frozenset[str]] = {}
    for member in lost:
        for cause in explain.missing_libraries(steps.selection, member, known) or [_OTHER_CAUSE]:
            by_cause.setdefault(cause, []).append(member)
    for cause, members in sorted(by_cause.items(), key=lambda item: (-len(item[1]), item[0])):
        label = "In conflict with what is present: " if cause == _OTHER_CAUSE else f"Without {cause}: "
        yield (Piece("  "), Piece(label, "bad"), *_names(members))


_OTHER_CAUSE = ""


def _levels(category: Category) -> Line:
    counts = ", ".join(f"{len(members)} {heading.lower()}" for heading, members in category.groups())
    return (Piece("Support Levels: ", "label"), Piece(counts or "none"))


def _changes(steps: Steps, members: Iterable[Member]) -> Iterator[Line]:
    changed = [member for member in members if steps.change(member).strip()]
    if changed:
        yield (Piece("Changed: ", "label"), *_names(changed))


def facts(steps: Steps, member: Member) -> list[Line]:
    """The facts that are fast to compute: all lines of the original's pane, and the reasons for the state."""
    return [*_head(steps, member), *_rest(steps, member)]


def _head(steps: Steps, member: Member) -> list[Line]:
    name = (Piece(member.name, "label"), Piece(f"  {member.displayname}" if member.displayname else ""))
    return [name, *state(steps, member)]


def _rest(steps: Steps, member: Member) -> list[Line]:
    lines = (_references(steps, member, kind, label) for kind, label in _REFERENCES)
    return [*filter(None, lines), _level(steps, member)]


def everything(steps: Steps, member: Member) -> list[Line]:
    """The facts, how to get missing libraries, the effect of switching the member, and the members that need it."""
    lines = [*_head(steps, member), *_to_get(steps, member), *_rest(steps, member)]
    return [*lines, *_outlook(steps, member), *_needed_by(steps, member)]


def state(steps: Steps, member: Member) -> list[Line]:
    """The state of a member and its reasons, down to the missing library."""
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
    """A tree of reasons, one per line; the names of members are links."""
    for reason in found:
        before, name, after = explain.text_of(reason).partition(reason.name)
        yield (Piece(f"{indent}{before}"), _pieced(name, reason.member), Piece(after))
        yield from _reasons(reason.because, f"{indent}  ")


def _to_get(steps: Steps, member: Member) -> Iterator[Line]:
    """How to get each missing library: packages and options of configure."""
    if steps.selection.is_available(member):
        return
    from menuselect.reasons import advice  # imported here, since it reads a table that most members do not need

    for name in explain.root_causes(steps.selection, member):
        yield (Piece("  To get it: ", "label"), Piece(f"{advice.to_get(steps.session.deps, name)}."))


def _pieced(name: str, member: Member | None) -> Piece:
    return Piece(name, "name", member) if member else Piece(name)


def _name(member: Member) -> Piece:
    return _pieced(member.name, member)


def _references(steps: Steps, member: Member, kind: str, label: str) -> Line:
    """The line ``Depends on: res_x(M) on, curl(E) missing``, with the original's letters for module and external."""
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
    """The effect of switching a member; empty for an unavailable member."""
    if not steps.selection.is_available(member):
        return []
    change = steps.preview(member)
    word = "off" if steps.selection.is_on(member) else "on"
    if change.refused:
        return [
            (
                Piece(f"Cannot turn it {word}: ", "label"),
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
    """The members that keep a member on, those that use it, and those that would need it."""
    selection = steps.selection
    dependents = selection.dependents(member)
    keeping = [other for other in dependents if selection.is_built(other)]
    using = [other for other in explain.autoselectors(selection, member) if other not in keeping]
    off = [other for other in dependents if not selection.is_built(other)]
    label = "Kept on by: " if selection.is_built(member) else "Needed by: "
    lines = ((label, keeping), ("Used by: ", using), ("Would be needed by: ", off))
    return [(Piece(label, "label"), *_names(others)) for label, others in lines if others]


def reason(steps: Steps, member: Member) -> str:
    """Why a member is on, off or unavailable, on one line."""
    head, *reasons = (shown(plain(line)).strip() for line in state(steps, member))
    kept = [plain(line) for line in _needed_by(steps, member) if plain(line).startswith("Kept on by")]
    parts = [*reasons, *kept]
    if head.endswith(":"):
        return f"{member.name}: {head} {'; '.join(parts)}"
    return f"{member.name}: {'; '.join([head, *parts])}"


def _names(members: Sequence[Member]) -> Line:
    pieces: list[Piece] = []
    for member in members[:MOST_NAMES]:
        pieces += [_name(member), Piece(", ")]
    if len(members) > MOST_NAMES:
        return (*pieces, Piece(f"and {len(members) - MOST_NAMES} more"))
    return tuple(pieces[:-1])
