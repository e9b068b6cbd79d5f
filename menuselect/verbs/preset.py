"""``asterism preset [NAME...]``: list presets, or apply them in order."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence

from asterism.errors import Fault
from asterism.values import replace
from menuselect.cli import arguments, changing, opening, output
from menuselect.cli.output import shown
from menuselect.model.menu import Member
from menuselect.reasons.requests import Request
from menuselect.session import presets
from menuselect.session.presets import Wanted
from menuselect.session.session import Session

_MORE = """\
A NAME is the name of a file in presets/ of the tree or in ~/.config/asterism/presets, of a preset that comes with
the program, or the path of a .toml file:

    title = "A conference bridge"
    inherit = ["portable"]
    only = ["app_confbridge", "res_pjsip*"]
    enable = ["codec_opus"]
    disable = ["level:deprecated"]

Where presets disagree, the later one counts and a warning says so. 'asterism save --minimal' writes a preset."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("preset", "Apply presets, or list the available ones.", _MORE)
    made.add_argument("names", nargs="*", metavar="NAME")
    made.add_argument("--fresh", action="store_true", help="start from the defaults, not from the current selection")
    made.add_argument("--lenient", action="store_true", help="warn about names that this tree does not have")
    made.add_argument("--show", action="store_true", help="print the merged presets, and change nothing")
    arguments.dry_run(made)
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _preset)


def _preset(args: Namespace) -> int:
    if not args.names:
        return _list(args)
    gathered = presets.gather(args.names, args.directory)
    if args.show:
        return _show(args, _merged(opening.reading(args.directory), gathered, args.lenient))
    with opening.changing(args.directory) as session:
        wanted = _merged(session, gathered, args.lenient)
        opening.warn(*(_override(each) for each in wanted.overrides))
        base = _defaults(session, wanted) if args.fresh else ()
        return changing.ask(session, [*base, *requests(wanted)], args, wanted.rest)


def _merged(session: Session, gathered: Sequence[presets.Preset], lenient: bool) -> Wanted:
    wanted = presets.merge(session.menu, gathered, lenient)
    opening.warn(*(replace(fault, severity="warning") for fault in wanted.unknown))
    return wanted


def _override(override: presets.Override) -> Fault:
    return Fault(str(override), code="override", severity="warning")


def requests(wanted: Wanted) -> Iterable[Request]:
    """The requests of merged presets; a member that only a group requests is optional."""
    for members, on in ((wanted.off, False), (wanted.on, True)):
        for member in members:
            optional = member.index in wanted.optional
            yield Request(member, on, wanted.places.get(member.index), optional)


def _defaults(session: Session, wanted: Wanted) -> Iterable[Request]:
    """The defaults as requests, without the members that the presets leave out."""
    defaults = opening.defaults_of(session)
    rest = {member.index for member in wanted.rest}
    for member in session.menu.members:
        if member.index not in rest and session.selection.is_available(member):
            yield Request(member, defaults.is_built(member), optional=True)


def _list(args: Namespace) -> int:
    found = presets.available(args.directory)
    if args.json:
        output.print_json([{"name": each.name, "title": each.title, "file": each.file} for each in found])
        return 0
    rows = output.table((each.name, shown(each.title), each.file) for each in found)
    output.print_lines("  ".join(row) for row in rows)
    return 0


def _show(args: Namespace, wanted: Wanted) -> int:
    if args.json:
        output.print_json(
            {
                "on": _names(wanted.on),
                "off": _names(wanted.off),
                "left_out": _names(wanted.rest),
                "overrides": [str(override) for override in wanted.overrides],
            }
        )
        return 0
    for override in wanted.overrides:
        print(f"note: {shown(str(override))}")
    output.print_lines(f"+ {shown(member.name)}  ({wanted.places[member.index]})" for member in wanted.on)
    output.print_lines(f"- {shown(member.name)}  ({wanted.places[member.index]})" for member in wanted.off)
    if wanted.rest:
        print(f"- {len(wanted.rest)} others, unless a member above needs them")
    return 0


def _names(members: Iterable[Member]) -> list[str]:
    return [member.name for member in members]
