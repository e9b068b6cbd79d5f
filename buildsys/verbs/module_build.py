"""``asterism build`` for modules: those of Asterism's source tree, and those of a directory of modules."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.tree import SETTINGS, Kind, Tree
from buildsys.compile import asterisk_target, ninja_run, timeline
from buildsys.compile.following import Reporter
from buildsys.compile.ninja_run import gather_tree
from buildsys.planning.plan import make_plan
from buildsys.planning.plan_inputs import Inputs, gather, write_buildopts
from buildsys.targets import installed_asterisk, known_targets
from menuselect.sources import settings_edit


def refresh_selection(tree: Tree) -> None:
    """Bring menuselect.makeopts and asterisk/buildopts.h up to date.

    Raises:
        AsterismError: the tree is not configured, or one of its files is invalid.
    """
    inputs = gather(tree)
    write_buildopts(tree, inputs.options, dev_mode=inputs.configuration.dev_mode)


def build(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    """Build as the options of ``asterism build`` say; returns the sentence that says what was done.

    Raises:
        AsterismError: with a fault for everything that could not be built.
    """
    return _mended(tree, reporter, options) if options.fix else _build(tree, reporter, options)


def _build(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    if options.target:
        return _build_targets(tree, reporter, options)
    return ninja_run.build(tree, reporter, options.launcher, options.names)


def _mended(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    """Build, and write the settings that faults propose into asterism.toml, until there are no new ones."""
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
    """The build inputs for the first of the named targets, or for Asterism."""
    if not options.target:
        return gather_tree(tree, options.names)
    return asterisk_target.gather(
        tree, installed_asterisk.read(known_targets.find(options.target, tree.top)[0]).headers, options.names
    )


def _add_settings(tree: Tree, faults: Iterable[Fault]) -> bool:
    """Write the settings that faults propose into asterism.toml; returns whether any was new."""
    added = settings_edit.add(tree.top, [setting for fault in faults for setting in fault.settings])
    for setting in added:
        print(f"wrote to {SETTINGS}: {setting}", flush=True)
    return bool(added)


def _build_targets(tree: Tree, reporter: Reporter, options: argparse.Namespace) -> str:
    """Build for each named target; a target that fails does not stop the others."""
    faults, said = Collector(), []
    for target in known_targets.find(options.target, tree.top):
        try:
            headers = installed_asterisk.read(target).headers
            said.append(asterisk_target.make(tree, headers, reporter, options.launcher, options.names).sentence)
        except AsterismError as error:
            faults.extend(error.faults)
    faults.check()
    return "\n".join(said)


def draw_timeline(tree: Tree, options: argparse.Namespace) -> str:
    """Draw the chart of the last build; returns the sentence that says where it is.

    Raises:
        AsterismError: nothing has been built yet.
    """
    made = _gathered(tree, options)
    plan = make_plan(made.configuration, made.modules, made.options, made.core, made.place)
    return timeline.draw(tree, plan)
