"""``asterism build``: compile the selected modules, for Asterism's runtime or for a real Asterisk."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import directory_option
from asterism.terminal import data_output
from asterism.tree import Kind, Tree
from buildsys.compile.following import GOES_ON, Reporter
from menuselect.sources import recognition


def as_owner(tree: Tree) -> tuple[int, int] | None:
    """The user and group that a build under sudo runs as: the tree's owner; None when no change of user is needed."""
    owner = os.stat(tree)
    return (owner.st_uid, owner.st_gid) if os.geteuid() == 0 and owner.st_uid != 0 else None


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism build``."""
    made = argparse.ArgumentParser(prog="asterism build", description="Compile the chosen modules.")
    made.add_argument("names", nargs="*", metavar="NAME", help="a module to build; all of them when none is named")
    directory_option.add(made)
    made.add_argument("-q", "--quiet", action="store_true", help="print nothing but warnings and faults")
    data_output.add(made, "what was built")
    made.add_argument("-v", "--verbose", action="store_true", help="print every command")
    made.add_argument(
        "--fix",
        action="store_true",
        help="write into asterism.toml what modules lack of sources, headers and libraries, and build again",
    )
    made.add_argument("--timeline", action="store_true", help="draw how long each step took: build/timeline.html")
    made.add_argument(
        "--compile-commands",
        action="store_true",
        help="link compile_commands.json to that of build/, for an editor that looks for it at the top only",
    )
    made.add_argument("--selection-only", action="store_true", help="only bring menuselect.makeopts up to date")
    made.add_argument(
        "--target",
        metavar="NAME|DIR|all",
        help="build for a real Asterisk: a name of 'asterism target list', or its directory",
    )
    made.add_argument(
        "--launcher",
        metavar="PROGRAM",
        help="put PROGRAM before each compilation; '' for none, whatever configure says",
    )
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism build``."""
    before = os.getcwd()
    options = parser().parse_args(words)
    tree = recognition.here()
    owner = as_owner(tree)
    if owner:
        from buildsys.settled import tree_facts  # only root needs it, in a tree of another user

        argv = [*tree_facts.this_program(), "build", *words]
        # Other users cannot run a Python below root's home; then root builds.
        with contextlib.suppress(PermissionError):
            done = subprocess.run(argv, cwd=before, user=owner[0], group=owner[1], extra_groups=[], check=False)
            return done.returncode
    if options.selection_only:
        from buildsys.verbs import module_build  # a build of Asterisk's own tree does not need it

        module_build.refresh_selection(tree)
        return 0
    if options.compile_commands:
        _link_compile_commands(tree)
    reporter = Reporter(sys.stderr if options.json else sys.stdout, quiet=options.quiet, verbose=options.verbose)
    try:
        if options.json:
            return data_output.told(lambda: _as_data(tree, _build(tree, reporter, options), options))
        said = _build(tree, reporter, options)
    except KeyboardInterrupt:
        reporter.clear()
        print(f"asterism: interrupted; {GOES_ON}", file=sys.stderr)
        return 130
    if not options.quiet:
        print(said)
    return 0


def _as_data(tree: Tree, said: str, options: argparse.Namespace) -> data_output.Data:
    """The sentence of a build, and the products of the tree where the build was for Asterism's own runtime."""
    from buildsys.settled import build_record  # only --json needs it

    own = not options.target and tree.kind in (Kind.MODULES, Kind.SOURCES)
    return {"said": said, "products": list(build_record.load(tree).products) if own else []}


def _link_compile_commands(tree: Tree) -> None:
    """Link ``compile_commands.json`` at the top of the tree to the file in build/.

    Raises:
        AsterismError: a file of that name exists.
    """
    link = tree.top / tree.compile_commands.name
    if link.is_symlink():
        return
    if link.exists():
        what = "a file of this name exists already, so no link to that of build/ is made"
        raise AsterismError(Fault(what, Place(str(link)), "", "move it elsewhere", "exists"))
    with files.told(link, "write"):
        link.symlink_to(tree.compile_commands.relative_to(tree.top))


def _build(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    if tree.kind is Kind.ASTERISK and not options.target and not options.fix:
        from buildsys.adopted import tree_build  # most trees do not need it

        said = tree_build.build(tree, reporter, options.launcher, options.names)
        return f"{said}\n{tree_build.draw_timeline(tree)}" if options.timeline else said
    from buildsys.verbs import module_build  # as long as a build of Asterisk's own tree with nothing to do

    said = module_build.build(tree, reporter, options)
    return f"{said}\n{module_build.draw_timeline(tree, options)}" if options.timeline else said
