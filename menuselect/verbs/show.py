"""``asterism show NAME...``: show everything known about members."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from asterism.terminal import columns
from menuselect.choice.selection import Selection
from menuselect.cli import arguments, opening, output, states
from menuselect.cli.output import Paint, shown
from menuselect.model.member_names import pick_all
from menuselect.model.menu import Member, is_no
from menuselect.model.removed_names import successors

_REFERENCES = (("depend", "depends on"), ("use", "can use"), ("conflict", "conflicts with"))


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("show", "Show everything known about members.", arguments.WORDS)
    made.add_argument("names", nargs="+", metavar="NAME")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _show)


def _show(args: Namespace) -> int:
    selection = opening.reading(args.directory).selection
    members = pick_all(selection.menu, args.names)
    if args.json:
        output.print_json([states.record(selection, member) for member in members])
        return 0
    paint = output.paint_for(args.color)
    blocks = ("\n".join(facts(selection, member, paint)) for member in members)
    columns.show("\n\n".join(blocks))
    return 0


def heading(selection: Selection, member: Member, paint: Paint) -> str:
    """The heading of a member: ``[*] app_dial  Dialing Application``."""
    state = states.state_of(selection, member)
    mark = paint(states.LOOKS[state], selection.mark(member))
    return f"{mark} {paint('label', shown(member.name))}  {shown(member.displayname)}".rstrip()


def facts(selection: Selection, member: Member, paint: Paint) -> Iterator[str]:
    """The heading and a line for each fact."""
    yield heading(selection, member, paint)
    for label, text in _facts(selection, member):
        yield f"    {label:<16}{shown(text)}"


def _facts(selection: Selection, member: Member) -> Iterator[tuple[str, str]]:
    category = selection.menu.category(member.category)
    state = states.state_of(selection, member)
    yield "category", f"{category.title} ({member.category})" if category else member.category
    yield "support level", member.level
    yield "state", f"{state}: {states.STATES[state]}"
    if member.default:
        yield "by default", _default(selection, member)
    for kind, label in _REFERENCES:
        texts = [
            _reference(selection, member, index) for index, each in enumerate(member.references) if each.kind == kind
        ]
        if texts:
            yield label, ", ".join(texts)
    needed_by = [other.name for other in selection.dependents(member)]
    if needed_by:
        yield "needed by", ", ".join(needed_by)
    yield from _fate(member)


def _default(selection: Selection, member: Member) -> str:
    on = selection.menu.default_of(member)
    remark = ", since every module is built outside of a source tree" if on and is_no(member.default) else ""
    return ("on" if on else "off") + remark


def _reference(selection: Selection, member: Member, index: int) -> str:
    reference = member.references[index]
    target = selection.menu.resolve(member, reference)
    if target is None:
        return f"{reference.title} (library, {states.found_text(selection, reference.name)})"
    return f"{target.name} ({states.state_of(selection, target)})"


def _fate(member: Member) -> Iterator[tuple[str, str]]:
    if member.explicit_only:
        yield "switched on", "only when enabled by name"
    for label, text in (
        ("deprecated in", member.deprecated_in),
        ("removed in", member.removed_in),
        ("replaced by", ", ".join(successors(member))),
    ):
        if text:
            yield label, text
