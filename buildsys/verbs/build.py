"""``asterism build``: compile the chosen modules, for Asterism's runtime or for a real Asterisk."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.tree import SETTINGS, Kind, Tree
from buildsys.compile import asterisk_target, timeline
from buildsys.compile.ninja_run import Reporter, build, gather_tree
from buildsys.planning.plan import make_plan
from buildsys.planning.plan_inputs import Inputs, gather, write_buildopts
from buildsys.settled import tree_facts
from buildsys.targets import installed_asterisk, known_targets
from menuselect.sources import recognition, settings_edit


def as_owner(tree: Tree) -> tuple[int, int] | None:
    """Whom a build under sudo has to run as: the owner of the tree, so that root leaves nothing of its own in it."""
    owner = os.stat(tree)
    return (owner.st_uid, owner.st_gid) if os.geteuid() == 0 and owner.st_uid != 0 else None


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="asterism build", description="Compile the chosen modules.")
    made.add_argument("names", nargs="*", metavar="NAME", help="a module to build; all of them when none is named")
    made.add_argument("-q", "--quiet", action="store_true", help="print nothing but warnings and faults")
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
    options = parser().parse_args(words)
    tree = recognition.at()
    owner = as_owner(tree)
    if owner:
        argv = [*tree_facts.this_program(), "build", *words]
        # A Python below root's own home cannot be run by anybody else: then root has to build after all.
        with contextlib.suppress(PermissionError):
            return subprocess.run(argv, user=owner[0], group=owner[1], extra_groups=[], check=False).returncode
    if options.selection_only:
        inputs = gather(tree)
        write_buildopts(tree, inputs.options, dev_mode=inputs.configuration.dev_mode)
        return 0
    if options.compile_commands:
        _link_compile_commands(tree)
    reporter = Reporter(sys.stdout, quiet=options.quiet, verbose=options.verbose)
    try:
        said = _mended(tree, reporter, options) if options.fix else _build(tree, reporter, options)
        said += f"\n{_timeline(tree, options)}" if options.timeline else ""
    except KeyboardInterrupt:
        reporter.clear()
        print("asterism: interrupted; the next make goes on from here", file=sys.stderr)
        return 130
    if not options.quiet:
        print(said)
    return 0


def _link_compile_commands(tree: Tree) -> None:
    """Link ``compile_commands.json`` at the top to the one that the build writes; a file of that name stays."""
    link = tree.top / tree.compile_commands.name
    if link.is_symlink():
        return
    if link.exists():
        what = "a file of this name exists already, so no link to that of build/ is made"
        raise AsterismError(Fault(what, Place(str(link)), "", "move it elsewhere", "exists"))
    with files.told(link, "write"):
        link.symlink_to(tree.compile_commands.relative_to(tree.top))


def _build(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    if options.target:
        return _build_targets(tree, reporter, options)
    return build(tree, reporter, options.launcher, options.names)


def _mended(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    """Build, and write into asterism.toml what the faults say it lacks, until that changes nothing more."""
    if tree.kind is not Kind.MODULES:
        cure = "a source tree is mended by hand; without --fix, its faults are told"
        raise AsterismError(Fault("--fix is for a directory of modules", Place(str(tree)), "", cure, "usage"), status=2)
    _add_settings(tree, _gathered(tree, options).faults)
    while True:
        try:
            return _build(tree, reporter, options)
        except AsterismError as error:
            if not _add_settings(tree, error.faults):
                raise


def _gathered(tree: Tree, options: argparse.Namespace) -> Inputs:
    """What the first target that is meant, or Asterism, is built from."""
    if not options.target:
        return gather_tree(tree)
    return asterisk_target.gather(
        tree, installed_asterisk.read(known_targets.find(options.target, tree.top)[0]).headers
    )


def _add_settings(tree: Tree, faults: Iterable[Fault]) -> bool:
    """Write the settings of faults into asterism.toml and say so; whether there were new ones."""
    added = settings_edit.add(tree.top, [setting for fault in faults for setting in fault.settings])
    for setting in added:
        print(f"wrote to {SETTINGS}: {setting}", flush=True)
    return bool(added)


def _build_targets(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    """Build for each target that is meant; one that fails keeps no other from being built."""
    faults, said = Collector(), []
    for target in known_targets.find(options.target, tree.top):
        try:
            headers = installed_asterisk.read(target).headers
            said.append(asterisk_target.make(tree, headers, reporter, options.launcher, options.names).sentence)
        except AsterismError as error:
            faults.extend(error.faults)
    faults.check()
    return "\n".join(said)


def _timeline(tree: Tree, options: argparse.Namespace) -> str:
    made = _gathered(tree, options)
    plan = make_plan(made.configuration, made.modules, made.options, made.core, made.place)
    return timeline.draw(tree, plan)
