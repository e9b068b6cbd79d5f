"""``asterism adopt``: prepare a source tree of Asterisk to be built by Asterism."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from buildsys.adopted import adoption
from menuselect.cli.arguments import Parser, check_tree


def parser() -> Parser:
    """The command line of ``asterism adopt``."""
    about = "Let a source tree of Asterisk be built by ninja, and use Asterism's menuselect instead of its own."
    made = Parser("adopt", about)
    made.add_argument("directory", nargs="?", default=".", metavar="DIR", help="Asterisk's source tree (default: here)")
    chosen = made.add_mutually_exclusive_group()
    chosen.add_argument("--only", choices=["menuselect"], help="adopt the menu alone; make stays the tree's own")
    chosen.add_argument("--undo", action="store_true", help="let the tree use its own make and menuselect again")
    chosen.add_argument("--refresh-menu", action="store_true", help=argparse.SUPPRESS)
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism adopt``.

    Raises:
        AsterismError: as :func:`buildsys.adopted.adoption.adopt` and :func:`buildsys.adopted.adoption.undo`.
    """
    given = parser().parse_args(list(words))
    check_tree(given.directory)
    root = Path(given.directory)
    if given.refresh_menu:
        adoption.refresh_menu(root)
        return 0
    print(adoption.undo(root) if given.undo else adoption.adopt(root, is_menu_only=given.only == "menuselect"))
    return 0
