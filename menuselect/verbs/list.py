"""``asterism list [WORD...]``: list the members that match a filter."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence

from asterism.errors import AsterismError
from menuselect.choice.selection import Selection
from menuselect.cli import arguments, opening, output, states
from menuselect.cli.output import Paint, shown
from menuselect.listing.query import Term, parse
from menuselect.listing.rows import View
from menuselect.model.member_names import category_named, short, unknown
from menuselect.model.menu import LEVELS, Member
from menuselect.session.session import Session

_MORE = """\
A WORD filters the list as in the filter box of the menu: a part of a name or title, 'on', 'off', 'changed', 'missing',
'level:core', 'needs:curl', 'in:codec', 'conflicts:x'; '!' before it means not. All words must hold.

[*] on   [ ] off   XXX cannot be built here   < > needs something that is off   ( ) conflicts with something on"""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("list", "List members and their states.", _MORE)
    made.add_argument("words", nargs="*", metavar="WORD")
    made.add_argument("--category", metavar="C", action="append", help="list only this category, such as apps")
    made.add_argument("--level", choices=LEVELS, action="append", help="list only this support level")
    made.add_argument("--state", choices=tuple(states.STATES), action="append", help="list only members in this state")
    made.add_argument("--names", action="store_true", help="print only the names, one per line")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _list)


def _list(args: Namespace) -> int:
    session = opening.reading(args.directory)
    opening.tell_passed_over(args.directory)
    selection = session.selection
    members = _filtered(session, args)
    if args.json:
        output.print_json([states.record(selection, member) for member in members])
    elif args.names:
        output.print_lines(shown(member.name) for member in members)
    else:
        output.print_lines(_lines(selection, members, output.paint_for(args.color)))
    return 0


def _filtered(session: Session, args: Namespace) -> list[Member]:
    selection = session.selection
    categories = _categories(session, args.category)
    members = _matching(session, parse(" ".join(args.words)))
    return [
        member
        for member in members
        if (not categories or member.category in categories)
        and (not args.level or member.level in args.level)
        and (not args.state or states.state_of(selection, member) in args.state)
    ]


def _categories(session: Session, names: Iterable[str] | None) -> set[str]:
    faults, found = [], set[str]()
    for name in names or ():
        category = category_named(session.menu, name)
        if category:
            found.add(category.name)
        else:
            faults.append(unknown(session.menu, f"in:{name}"))
    if faults:
        raise AsterismError(*faults)
    return found


def _matching(session: Session, terms: Sequence[Term]) -> list[Member]:
    if not terms:
        return list(session.menu.members)
    saved = {member.index for member in session.menu.members if session.selection.is_built(member)}
    changed = _changed(session, saved)

    def is_in(member: Member, state: str) -> bool:
        return {
            "on": member.index in saved,
            "off": member.index not in saved,
            "changed": member.index in changed,
            "missing": not session.selection.is_available(member),
        }[state]

    rows = View(session.menu).matches(terms, is_in)
    return [row for row in rows if isinstance(row, Member)]


def _changed(session: Session, saved: set[int]) -> set[int]:
    """The members that differ from the defaults."""
    defaults = opening.defaults_of(session)
    return saved ^ {member.index for member in session.menu.members if defaults.is_built(member)}


def _lines(selection: Selection, members: Sequence[Member], paint: Paint) -> list[str]:
    rows = output.table(
        (
            selection.mark(member),
            shown(member.name),
            short(shown(member.category)),
            member.level,
            shown(member.displayname),
        )
        for member in members
    )
    return [
        f"{paint(states.LOOKS[states.state_of(selection, member)], mark)} {'  '.join(cells)}".rstrip()
        for member, (mark, *cells) in zip(members, rows, strict=True)
    ]
