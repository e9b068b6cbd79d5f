"""``asterism tree``: write menuselect-tree from the sources."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from asterism import files
from asterism.tree import MENU
from asterism.words import counted
from menuselect.cli.arguments import Parser, check_tree
from menuselect.cli.output import check_directory
from menuselect.sources import scan


def parser() -> Parser:
    """The command line."""
    made = Parser(
        "tree", "Write menuselect-tree from the sources, as Asterisk's Makefiles do. Works before configure, too."
    )
    made.add_argument("directory", nargs="?", default=".", metavar="DIR", help="the source tree (default: here)")
    made.add_argument(
        "--dev-mode",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="include the options for developers (default: as configured)",
    )
    made.add_argument(
        "--clean-names",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="correct descriptions that the Makefiles get wrong (default: not in trees of Asterisk)",
    )
    made.add_argument("--output", "-o", metavar="FILE", help="'-' is standard output (default: DIR/menuselect-tree)")
    return made


def main(words: Sequence[str]) -> int:
    """Run ``asterism tree`` with the words after it.

    Raises:
        AsterismError: the tree has no modules, or a file cannot be read or written.
    """
    given = parser().parse_args(list(words))
    check_tree(given.directory)
    text = scan.tree_bytes(given.directory, dev_mode=given.dev_mode, clean_names=given.clean_names)
    if given.output == "-":
        sys.stdout.buffer.write(text)
        return 0
    if given.output:
        check_directory(given.output)
    path = given.output or os.path.join(given.directory, MENU)
    members = counted(text.count(b"<member "), "member")
    if files.write(path, text):
        print(f"{path}: {members}")
    else:
        print(f"{path}: {members}, no change")
    return 0
