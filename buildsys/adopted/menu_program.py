"""The makefile through which a source tree of Asterisk uses Asterism's menuselect.

Asterisk's Makefile builds its own menuselect by ``make -C menuselect PROGRAM`` and runs it as
``menuselect/PROGRAM``.  GNU make reads a ``GNUmakefile`` before a ``Makefile``, so one additional file in
that directory is enough: no file of the tree is changed, ``make distclean`` keeps the new file, and
removing it restores the original.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from asterism import files
from menuselect.model import menu_cache

PROGRAMS = ("menuselect", "cmenuselect", "gmenuselect", "nmenuselect")
"""The names under which Asterisk's Makefile runs menuselect."""

FILE = menu_cache.ADOPTED

STAMP_FILE = "menuselect/makeopts"

_STAMP = "# Written by the GNUmakefile of asterism adopt, for the age of this file alone"
"""The text of a ``menuselect/makeopts`` that the tree's own configure did not write."""

GONE = (
    "Asterism is no longer where it was when it adopted this tree: run 'asterism adopt' in it again, "
    "or 'rm -f GNUmakefile menuselect/GNUmakefile' to do without"
)
"""The message of an adopted tree when Asterism was moved or removed."""

_START = "from menuselect.dropin.command import launched; raise SystemExit(launched())"

_TEXT = """\
# Written by 'asterism adopt'. Asterisk's 'make menuselect' and 'make' use Asterism's menuselect while this file
# is here; 'asterism adopt --undo' removes it.
PROGRAMS := {programs}

all: $(PROGRAMS)

# A launcher, not a link: make compares its age with that of the files it is made from.
$(PROGRAMS):
	@printf '%s\\n' '#!/bin/sh' {gone} {launcher} > $@
	@chmod +x $@

# make at the top compares the age of this file, too; one that the tree's own configure has written keeps its text.
makeopts:
	@test -s $@ || echo '{stamp}' > $@
	@touch $@

clean:
	@rm -f $(PROGRAMS) {cache}

dist-clean distclean:
	@rm -f $(PROGRAMS) {cache} makeopts

.PHONY: all makeopts clean dist-clean distclean $(PROGRAMS)
"""


def text(python: str, packages: str) -> str:
    """The text of the makefile.

    Args:
        python: the interpreter to run.
        packages: the directory that holds the package ``menuselect``.
    """
    # Scripts start it often, so it goes without site packages and runpy: these take a third of its time.
    started = f"PYTHONPATH={shlex.quote(packages)} exec {shlex.quote(python)} -S -P -c {shlex.quote(_START)}"
    command = f'{started} "$0" "$@"'
    here = f"{packages}/menuselect/dropin/command.py"
    gone = f"[ -f {shlex.quote(here)} ] || {{ echo {shlex.quote(GONE)} >&2; exit 1; }}"
    return _TEXT.format(
        programs=" ".join(PROGRAMS),
        launcher=_in_recipe(command),
        gone=_in_recipe(gone),
        stamp=_STAMP,
        cache=os.path.basename(menu_cache.FILE),
    )


def _in_recipe(line: str) -> str:
    """A line of a shell script as a word in a recipe."""
    return shlex.quote(line).replace("$", "$$")


def install(root: Path, python: str, packages: str) -> None:
    """Let a tree use this menuselect.

    Raises:
        AsterismError: a file cannot be written or removed.
    """
    remove_programs(root)
    files.write(root / FILE, text(python, packages))


def remove(root: Path) -> None:
    """Let a tree use its own menuselect again.

    Raises:
        AsterismError: a file cannot be removed.
    """
    with files.told(root / FILE, "remove"):
        (root / FILE).unlink(missing_ok=True)
    remove_programs(root)
    _remove_stamp(root)


def remove_programs(root: Path) -> None:
    """Remove the programs that either menuselect has built, so that make builds them again, and the menu it kept."""
    for name in (*PROGRAMS, os.path.basename(menu_cache.FILE)):
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
