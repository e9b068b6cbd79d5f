"""``asterism disable NAME...``: switch members off, with the members that need them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from menuselect.cli import arguments, changing, opening
from menuselect.reasons.requests import requests_for


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("disable", "Switch members off, and with them those that need them.", arguments.WORDS)
    made.add_argument("names", nargs="+", metavar="NAME")
    arguments.dry_run(made)
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _disable)


def _disable(args: Namespace) -> int:
    with opening.changing(args.directory) as session:
        return changing.ask(session, requests_for(session.menu, args.names, on=False), args)
