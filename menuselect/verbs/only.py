"""``asterism only NAME...``: select exactly these modules and what they need."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from menuselect.cli import arguments, changing, opening
from menuselect.reasons.requests import requests_for
from menuselect.session.presets import left_out

_MORE = f"""\
Every other module is switched off. Compiler flags, sounds and other categories that list the members that are on
keep their state, unless one of their members is named.

{arguments.WORDS}"""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("only", "Select exactly these modules and what they need.", _MORE)
    made.add_argument("names", nargs="+", metavar="NAME")
    arguments.dry_run(made)
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _only)


def _only(args: Namespace) -> int:
    with opening.changing(args.directory) as session:
        requests = requests_for(session.menu, args.names, on=True)
        rest = left_out(session.menu, [request.member for request in requests])
        return changing.ask(session, requests, args, rest)
