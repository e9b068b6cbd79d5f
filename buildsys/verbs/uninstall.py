"""``asterism uninstall``: remove the installed files of a source tree or of a directory of modules."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from asterism.tree import Kind
from buildsys.develop import run, target_install
from buildsys.installing import module_install
from buildsys.installing.installer import target_of
from buildsys.installing.remover import uninstall
from buildsys.installing.staging import stoppable
from buildsys.settled.tree_facts import facts
from buildsys.verbs.install import arguments
from menuselect.sources import recognition


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism uninstall``."""
    return arguments("uninstall", "Remove exactly what was installed.")


def main(words: Sequence[str]) -> int:
    """Serve ``asterism uninstall``."""
    options = parser().parse_args(words)
    tree = recognition.here()
    with stoppable():
        if options.target:
            run.check_outside(tree, "make uninstall")
            destdir = os.path.abspath(options.destdir) if options.destdir else ""
            sentence, notes = target_install.uninstall(tree, options.target, destdir)
        elif not options.root and tree.kind is Kind.MODULES:
            destdir = os.path.abspath(options.destdir) if options.destdir else ""
            sentence, notes = module_install.uninstall(tree, facts(), destdir)
        else:
            sentence, notes = uninstall(target_of(tree, root=options.root, destdir=options.destdir))
    for note in notes:
        print(note)
    if not options.quiet:
        print(sentence)
    return 0
