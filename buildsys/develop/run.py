"""``asterism run``: build the modules of a directory and try them in a console; nothing is installed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError, report
from asterism.home import directory_option
from asterism.tree import Kind, Tree
from buildsys.compile.following import Reporter
from buildsys.compile.ninja_run import attempt
from buildsys.develop import run_hosted, run_target, sandbox
from buildsys.settled import tree_facts
from menuselect.sources import recognition

USUAL = ("-cvvg",)


def check_outside(tree: Tree, instead: str) -> None:
    """Refuse a source tree of Asterism and a directory without modules.  Raises AsterismError."""
    if tree.kind is not Kind.MODULES:
        cure = f"in the source tree of Asterism that is '{instead}'; 'asterism new NAME' writes a module"
        raise AsterismError(recognition.no_modules(tree, cure))


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism run``."""
    made = argparse.ArgumentParser(
        prog="asterism run",
        description="Build the modules of this directory, and start a console with them and all that is installed. A "
        "module that is not built keeps no other from running.",
        epilog="Nothing is installed; what the program writes goes to build/run. Without WORDS: -cvvg",
    )
    made.usage = (
        "asterism run [--only NAME] [--target NAME|DIR [--with MODULES] [--config DIR]] [WORDS]\n"
        "       asterism run --modules DIR [--config DIR] [WORDS]"
    )
    directory_option.add(made)
    made.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="build and load these of the modules, no others"
    )
    made.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="start a private instance of a real Asterisk instead, with these modules and what they need",
    )
    made.add_argument(
        "--with", dest="further", metavar="MODULES", default="", help="load these modules of it, too; commas between"
    )
    made.add_argument(
        "--modules",
        metavar="DIR",
        type=Path,
        help="run the module binaries of a real Asterisk, with a stand-in for each function that is not here",
    )
    made.add_argument("--config", metavar="DIR", type=Path, help="take the .conf files of DIR")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism run``; replaces this process with the program."""
    # All other words are for the program: 'asterism run -c'.
    options, given = parser().parse_known_args(words)
    if options.modules:
        return _start(run_hosted.prepare(options.modules, tree_facts.facts(), options.config), given)
    tree = recognition.here()
    check_outside(tree, "make run")
    if options.target:
        further = [name for name in options.further.split(",") if name]
        return run_target.console(tree, options.target, further, options.config, given or USUAL)
    return _start(prepared(tree, [name for word in options.only for name in word.split(",") if name]), given)


def prepared(tree: Tree, names: Sequence[str] = ()) -> Path:
    """Build the modules of a directory, or the named ones, and write the sandbox to try them in.

    Returns:
        The path of the asterisk.conf for the installed program.

    Raises:
        AsterismError: nothing is built, or no program is installed.
    """
    made = attempt(tree, Reporter(sys.stdout, quiet=True), names=names)
    if not made.built:
        raise AsterismError(*made.faults)
    report(made.faults)
    return sandbox.prepare(tree, tree_facts.facts(), only=made.built)


def _start(conf: Path, words: Sequence[str]) -> int:
    """Replace this process with the installed program."""
    program = tree_facts.facts().program
    sys.stdout.flush()
    return os.execv(program, [program, "-C", str(conf), *(words or USUAL)])
