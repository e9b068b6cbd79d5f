"""``asterism save``: write menuselect.makeopts again, or only the differences from the defaults."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from asterism.errors import report
from asterism.tree import SELECTION
from menuselect.cli import arguments, opening, output
from menuselect.reasons.minimal import difference
from menuselect.session import presets

_MORE = """\
Without --minimal, menuselect.makeopts and menuselect.makedeps are written for this tree. Names that the tree does not
have are dropped. With --minimal, a preset is written that turns the defaults into the current selection: apply it with
'asterism preset --fresh FILE'."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("save", "Save the selection.", _MORE)
    made.add_argument("--minimal", action="store_true", help="write only what differs from the defaults, as a preset")
    made.add_argument("-o", "--output", metavar="FILE", help="where --minimal writes (default: standard output)")
    made.add_argument("--title", default="", help="the title of the preset")
    arguments.dry_run(made)
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _save)


def _save(args: Namespace) -> int:
    if args.minimal:
        return _save_minimal(args)
    with opening.changing(args.directory) as session:
        if args.dry_run:
            sentence = f"'{SELECTION}' would {'' if session.is_changed else 'not '}change"
        else:
            sentence = session.save()
    if args.json:
        output.print_json({"saved": not args.dry_run, "text": sentence})
    else:
        print(sentence)
    report(session.faults, program="asterism")
    return 0


def _save_minimal(args: Namespace) -> int:
    session = opening.reading(args.directory)
    on, off = difference(opening.defaults_of(session), session.selection)
    text = presets.dumps(session.menu, on, off, args.title)
    if args.json:
        output.print_json({"enable": [member.name for member in on], "disable": [member.name for member in off]})
    elif not args.output:
        sys.stdout.write(text)
    if not args.output:
        return 0
    return _write(args, text)


def _write(args: Namespace, text: str) -> int:
    sentence = f"'{args.output}' would be written" if args.dry_run else output.write(args.output, text)
    if not args.json:
        print(sentence)
    return 0
