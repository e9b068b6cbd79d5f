"""``asterism install``: install the products of a source tree or of a directory of modules."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.home import clone, directory_option
from asterism.terminal import data_output
from asterism.tree import Kind, Tree
from buildsys.develop import run, target_install
from buildsys.installing import module_install
from buildsys.installing.installer import install, target_of
from buildsys.installing.staging import stoppable
from buildsys.planning import left_out
from buildsys.settled import configuration as settled
from buildsys.settled import toolchain
from buildsys.settled.tree_facts import facts
from buildsys.targets import installed_asterisk, known_targets
from menuselect.sources import recognition


def arguments(verb: str, description: str) -> argparse.ArgumentParser:
    """The common command line of install and uninstall."""
    parser = argparse.ArgumentParser(prog=f"asterism {verb}", description=description)
    directory_option.add(parser)
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
    if not options.root:
        settled.load(tree)  # a directory that is no configured tree is refused before anything is looked up
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
    data_output.add(made, "what was done")
    made.add_argument("--samples", action="store_true", help="install the sample configuration files only")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism install``."""
    options = parser().parse_args(words)
    tree = recognition.here()
    try:
        with stoppable():
            if options.json:
                return data_output.told(lambda: _as_data(tree, options))
            sentence, notes = _install(tree, options)
    except KeyboardInterrupt:
        print("asterism: interrupted; the installed tree is as it was", file=sys.stderr)
        return 130
    for note in notes:
        print(note)
    if not options.quiet:
        print(clone.spelled("\n".join([sentence, *(f"next: {line}" for line in _next(tree, options))])))
    return 0


def _as_data(tree: Tree, options: argparse.Namespace) -> data_output.Data:
    sentence, notes = _install(tree, options)
    return {"said": sentence, "notes": notes, "next": list(map(clone.spelled, _next(tree, options)))}


def _next(tree: Tree, options: argparse.Namespace) -> Iterator[str]:
    """What to type after an install; nothing when it was staged, or has installed samples only."""
    if options.destdir or options.samples:
        return
    if options.target:
        for target in known_targets.find(options.target, tree.top):
            if program := installed_asterisk.read(target).program:
                yield f'{_call(program, "asterisk")} -rx "module load {_first(tree)}"\''
        return
    if options.root or tree.kind is not Kind.MODULES:
        where = target_of(tree, root=options.root, destdir="")
        program = where.place(where.layout.directories["astsbindir"]) / "asterism"
        yield f"{_call(program, 'asterism')} -cvvg' starts it with a console"
        return
    load = f'{_call(Path(facts().program), "asterism")} -rx "module load {_first(tree)}"\''
    yield f"{load} loads it into the running program"


def _call(program: Path, name: str) -> str:
    """The beginning of a command line, after a quote: the name of a program where PATH has it, else its path."""
    found = toolchain.which(name)
    return f"'{name if found and os.path.samefile(found, program) else program}"


def _first(tree: Tree) -> str:
    """The name of the first module of a directory that is on."""
    sources = recognition.module_sources(tree.top)
    return Path(left_out.kept(tree, sources, ())[0][0]).stem
