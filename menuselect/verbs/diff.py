"""``asterism diff [A [B]]``: show the differences between two selections."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from menuselect.choice.selection import Selection
from menuselect.cli import arguments, opening, output
from menuselect.cli.output import Paint, shown
from menuselect.model.member_names import short
from menuselect.model.menu import Member
from menuselect.reasons.minimal import compared
from menuselect.reasons.requests import perform
from menuselect.session import presets
from menuselect.session.saved_files import selection_of
from menuselect.session.session import Session
from menuselect.verbs.preset import requests

_MORE = """\
A and B are each a makeopts file, a preset's .toml file, 'defaults', or 'saved' (the saved selection of this tree).
A defaults to 'defaults', B to 'saved'."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("diff", "Show the differences between two selections.", _MORE)
    made.add_argument("a", nargs="?", default="defaults", metavar="A")
    made.add_argument("b", nargs="?", default="saved", metavar="B")
    made.add_argument("--exit-code", action="store_true", help="exit with status 1 when they differ")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _diff)


def _diff(args: Namespace) -> int:
    session = opening.reading(args.directory)
    before, after = (_side(session, side) for side in (args.a, args.b))
    on, off = compared(before, after)
    if args.json:
        names = {key: [member.name for member in members] for key, members in (("on", on), ("off", off))}
        output.print_json({"from": args.a, "to": args.b, **names})
    else:
        output.print_lines(_lines(on, off, output.paint_for(args.color)))
    return 1 if args.exit_code and (on or off) else 0


def _side(session: Session, side: str) -> Selection:
    if side == "saved":
        return session.selection
    selection = opening.defaults_of(session)
    if side == "defaults":
        return selection
    if side.endswith(presets.SUFFIX):
        wanted = presets.merge(session.menu, presets.gather([side], session.directory))
        opening.warn(*(unmet.fault() for unmet in perform(selection, requests(wanted), wanted.rest).unmet))
        return selection
    return selection_of(session, side)


def _lines(on: Sequence[Member], off: Sequence[Member], paint: Paint) -> list[str]:
    ons = {member.index for member in on}
    members = sorted((*on, *off), key=lambda member: member.index)
    rows = output.table(
        (shown(member.name), short(shown(member.category)), shown(member.displayname)) for member in members
    )
    signs = [paint("good", "+") if member.index in ons else paint("bad", "-") for member in members]
    return [f"{sign} {'  '.join(row)}".rstrip() for sign, row in zip(signs, rows, strict=True)]
