"""``asterism install``: install the products of a source tree or of a directory of modules."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Kind, Tree
from buildsys.develop import run, target_install
from buildsys.installing import module_install
from buildsys.installing.installer import install, target_of
from buildsys.installing.staging import stoppable
from buildsys.settled import configuration as settled
from buildsys.settled.tree_facts import facts
from menuselect.sources import recognition


def arguments(verb: str, description: str) -> argparse.ArgumentParser:
    """The common command line of install and uninstall."""
    parser = argparse.ArgumentParser(prog=f"asterism {verb}", description=description)
    parser.add_argument("--destdir", default="", metavar="DIR", help="put DIR before every path, to stage a package")
    parser.add_argument("--root", default="", metavar="DIR", help="use DIR, and everything below it, as the prefix")
    parser.add_argument(
        "--target",
        metavar="NAME|DIR|all",
        help="in a directory of modules: the module directory of a real Asterisk; see 'asterism target list'",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but what was kept, and faults")
    parser.add_argument("-v", "--verbose", action="store_true", help=argparse.SUPPRESS)
    return parser


def _install(tree: Tree, options: argparse.Namespace) -> tuple[str, list[str]]:
    """Install a directory of modules or a source tree, whichever the directory is."""
    if options.target:
        run.check_outside(tree, "make install")
        return target_install.install(tree, options.target, os.path.abspath(options.destdir) if options.destdir else "")
    if not options.root and tree.kind is Kind.MODULES:
        return module_install.install(tree, facts(), os.path.abspath(options.destdir) if options.destdir else "")
    if not options.root and not tree.is_configured:
        raise AsterismError(
            Fault("this is not a configured source tree", Place(str(tree)), "", "run ./configure first")
        )
    where = target_of(tree, root=options.root, destdir=options.destdir)
    host = "".join(settled.load(tree).host)
    if options.root and host:
        why = f"everything here is built for {host}"
        cure = "'make install DESTDIR=DIR' stages it for that machine"
        raise AsterismError(Fault("the installed program could not run there", Place(options.root), why, cure, "cross"))
    sentence, notes = install(tree, where, samples_only=options.samples)
    if host and not options.samples:
        notes = [*notes, f"for {host}: without the program, whose libraries are compiled for this machine"]
    return sentence, notes


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism install``."""
    made = arguments("install", "Install what is built, below the prefix of ./configure.")
    made.add_argument("--samples", action="store_true", help="install the sample configuration files only")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism install``."""
    options = parser().parse_args(words)
    tree = recognition.at()
    try:
        with stoppable():
            sentence, notes = _install(tree, options)
    except KeyboardInterrupt:
        print("asterism: interrupted; the installed tree is as it was", file=sys.stderr)
        return 130
    for note in notes:
        print(note)
    if not options.quiet:
        print(sentence)
    return 0
