"""``asterism adopt``: let a source tree of Asterisk use this menuselect.

Asterisk's Makefile builds its own menuselect by ``make -C menuselect PROGRAM`` and runs it as
``menuselect/PROGRAM``.  GNU make reads a ``GNUmakefile`` before a ``Makefile``, so one additional file in
that directory is enough: no file of the tree is changed, ``make distclean`` keeps the new file, and
removing it restores the original.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from menuselect.cli.arguments import Parser, check_tree

PROGRAMS = ("menuselect", "cmenuselect", "gmenuselect", "nmenuselect")
"""The names under which Asterisk's Makefile runs menuselect."""

FILE = "menuselect/GNUmakefile"

STAMP_FILE = "menuselect/makeopts"

_STAMP = "# Written by the GNUmakefile of asterism adopt, for the age of this file alone"
"""The text of a ``menuselect/makeopts`` that the tree's own configure did not write."""

_TEXT = """\
# Written by 'asterism adopt'. Asterisk's 'make menuselect' and 'make' use Asterism's menuselect while this file
# is here; 'asterism adopt --undo' removes it.
PROGRAMS := {programs}

all: $(PROGRAMS)

# A launcher, not a link: make compares its age with that of the files it is made from.
$(PROGRAMS):
	@printf '%s\\n' '#!/bin/sh' {launcher} > $@
	@chmod +x $@

# make at the top compares the age of this file, too; one that the tree's own configure has written keeps its text.
makeopts:
	@test -s $@ || echo '{stamp}' > $@
	@touch $@

clean:
	@rm -f $(PROGRAMS)

dist-clean distclean:
	@rm -f $(PROGRAMS) makeopts

.PHONY: all makeopts clean dist-clean distclean $(PROGRAMS)
"""


def text(python: str, packages: str) -> str:
    """The text of the makefile.

    Args:
        python: the interpreter to run.
        packages: the directory that holds the package ``menuselect``.
    """
    command = f'PYTHONPATH={shlex.quote(packages)} exec {shlex.quote(python)} -P -m menuselect.dropin.command "$@"'
    launcher = shlex.quote(command).replace("$", "$$")
    return _TEXT.format(programs=" ".join(PROGRAMS), launcher=launcher, stamp=_STAMP)


def adopt(root: Path) -> str:
    """Let a tree use this menuselect.

    Returns:
        The sentence to print.

    Raises:
        AsterismError: the directory is not a source tree of Asterisk, or cannot be written.
    """
    _check(root)
    remove_programs(root)
    files.write(root / FILE, text(sys.executable, str(Path(__file__).resolve().parents[2])))
    return f"{root}: 'make menuselect' and 'make' now use Asterism's menuselect"


def undo(root: Path) -> str:
    """Let a tree use its own menuselect again.

    Returns:
        The sentence to print.

    Raises:
        AsterismError: the directory is not a source tree of Asterisk, or cannot be written.
    """
    _check(root)
    with files.told(root / FILE, "remove"):
        (root / FILE).unlink(missing_ok=True)
    remove_programs(root)
    _remove_stamp(root)
    return f"{root}: 'make menuselect' and 'make' now use the menuselect of this tree"


def remove_programs(root: Path) -> None:
    """Remove the programs that either menuselect has built, so that make builds them again."""
    for name in PROGRAMS:
        with files.told(root / "menuselect" / name, "remove"):
            (root / "menuselect" / name).unlink(missing_ok=True)


def _remove_stamp(root: Path) -> None:
    """Remove a ``makeopts`` that the tree's own configure did not write; make runs that configure again.

    Asterism 1.1 and older left an empty file.
    """
    path = root / STAMP_FILE
    if path.is_file() and files.read_text(path).strip() in ("", _STAMP):
        with files.told(path, "remove"):
            path.unlink()


def _check(root: Path) -> None:
    if not (root / "menuselect/menuselect.c").is_file():
        raise AsterismError(
            Fault(
                "this is not a source tree of Asterisk",
                Place(str(root)),
                why="menuselect/menuselect.c is missing",
                cure="name the directory that Asterisk was unpacked in",
                code="not-asterisk",
            )
        )


def parser() -> Parser:
    """The command line."""
    made = Parser("adopt", "Let a source tree of Asterisk use this menuselect instead of its own.")
    made.add_argument("directory", nargs="?", default=".", metavar="DIR", help="Asterisk's source tree (default: here)")
    made.add_argument("--undo", action="store_true", help="let the tree use its own menuselect again")
    return made


def main(words: Sequence[str]) -> int:
    """Run ``asterism adopt`` with the words after it.

    Raises:
        AsterismError: as :func:`adopt` and :func:`undo`.
    """
    given = parser().parse_args(list(words))
    check_tree(given.directory)
    root = Path(given.directory)
    print(undo(root) if given.undo else adopt(root))
    return 0
