"""The command line of a verb: the options that all verbs share, and faults for invalid ones."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import NoReturn

from asterism.errors import AsterismError, Fault
from asterism.garbage import uncollected
from asterism.names import did_you_mean
from asterism.tree import MENU
from menuselect.cli import output

HERE = "."
"""The tree of a verb that names none."""

Body = Callable[[argparse.Namespace], int]

WORDS = """\
A NAME is a member's name, a pattern such as 'res_pjsip*', or a group: 'level:deprecated', 'in:addons',
'needs:curl'."""
"""The help text of verbs that take names of members."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises faults as values."""

    def __init__(self, verb: str, summary: str, more: str = "") -> None:
        super().__init__(
            prog=f"asterism {verb}",
            description=summary,
            epilog=more or None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Refuse a command line with status 2."""
        unknown = message.removeprefix("unrecognized arguments: ")
        cure = f"'{self.prog} --help' lists the arguments"
        if unknown != message:
            word = unknown.split()[0]
            options = [option for option in self._option_string_actions if option.startswith("--")]
            cure = did_you_mean(word.partition("=")[0], options) or cure
            message = f"unexpected argument '{word}'"
        raise AsterismError(Fault(message, cure=cure, code="usage"), status=2)


def parser(verb: str, summary: str, more: str = "", *, tree: bool = True, json: bool = True) -> Parser:
    """A parser with the options that verbs share."""
    made = Parser(verb, summary, more)
    if tree:
        made.add_argument("-C", "--directory", default=HERE, metavar="DIR", help="the source tree (default: here)")
    if json:
        made.add_argument("--json", action="store_true", help="print data for scripts")
    made.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: auto)")
    return made


def dry_run(made: argparse.ArgumentParser) -> None:
    """Add ``--dry-run``."""
    made.add_argument("-n", "--dry-run", action="store_true", help="print what would change, and change nothing")


def run(made: Parser, words: Sequence[str], body: Body) -> int:
    """Parse the words and run the verb; with ``--json`` faults are printed as data on standard output."""
    output.prepare()
    try:
        with uncollected():
            return _worked(made.parse_args(list(words)), body)
    except AsterismError as error:
        if not _wants_data(words):
            raise
        output.print_json({"faults": [fault.as_json() for fault in error.faults]})
        return error.status


def _wants_data(words: Sequence[str]) -> bool:
    """Whether ``--json`` is among the options, even if the other options are invalid."""
    options = list(words[: words.index("--")]) if "--" in words else words
    return "--json" in options


def _worked(args: argparse.Namespace, body: Body) -> int:
    if getattr(args, "directory", "") == HERE and not os.path.exists(MENU):
        args.directory = _top()
    check_tree(args.directory)
    return body(args)


def _top() -> str:
    """The tree that the current directory is in; the current directory when it is in none."""
    from menuselect.sources import recognition  # needed only where there is no menuselect-tree

    top = os.fspath(recognition.here().top)
    return HERE if os.path.samefile(top, HERE) else top


def check_tree(directory: str) -> None:
    """Check that a tree is a directory.

    Raises:
        AsterismError: the tree is not a directory.
    """
    if not os.path.isdir(directory):
        raise AsterismError(Fault(f"'{directory}' is not a directory", cure="check the path", code="no-tree"))
