"""``asterism plan``: the order in which the modules would start, with reasons, without loading any module.

The loader itself makes the plan.  Its modules are declarations read from files, whose load callbacks do nothing and
succeed.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from asterism import errors
from asterism.errors import AsterismError, Fault
from asterism.home.loading import by_name
from asterism.terminal import columns
from asterism.values import dataclass
from runtime.conf import asterisk_conf, install_tree
from runtime.conf.asterisk_conf import Settings
from runtime.conf.install_tree import Layout
from runtime.core.core import Core
from runtime.loader import modules_conf, start_report
from runtime.loader.loaded_modules import Turn
from runtime.loader.loader import Loader
from runtime.model.module_record import ModuleInfo
from runtime.modules import declaration


@dataclass(slots=True)
class Declared:
    """A module of which only the declaration was read; its code never runs."""

    path: Path
    info: ModuleInfo
    use_count: int = 0
    build: str = ""

    def use(self, change: int) -> int:
        """Change the use count by ``change``.  Returns the new count."""
        self.use_count += change
        return self.use_count

    def set_running(self, running: bool) -> None:
        """Do nothing."""

    def load(self) -> int:
        """Return success, as the plan assumes."""
        return 0

    def unload(self) -> int:
        """Never called."""
        return 0

    def reload(self) -> int:
        """Never called."""
        return 0

    def close(self) -> None:
        """Do nothing: no file was opened."""


def open_declared(path: Path, *, global_symbols: bool = False) -> Declared:  # noqa: ARG001 (there are no symbols)
    """Read a module's declaration.  Raises AsterismError."""
    return Declared(path, declaration.read(path))


@dataclass(frozen=True, slots=True)
class StartForecast:
    """The expected result of a start."""

    turns: tuple[Turn, ...]
    faults: tuple[Fault, ...]
    """Why modules would not start, root causes first."""
    warnings: tuple[Fault, ...]
    """Faults of asterisk.conf and modules.conf."""
    status: int
    """The exit status: 0 when all would start, 1 when some would not, 2 when the start would be given up."""


def plan(chosen: Settings, target: Layout | None = None) -> StartForecast:
    """Forecast a start with these settings.

    Args:
        chosen: the settings.
        target: the installation of Asterisk that starts; None for the installed tree.

    Raises:
        AsterismError: modules.conf or the installed tree cannot be used.
    """
    tree = target or chosen.layout or install_tree.provide()
    directory = Path(chosen.directories.astmoddir)
    loader = Loader(Core(chosen), open_declared, directory, (tree.buildopt_sum, tree.buildopts))
    files = loader.files()
    asked = modules_conf.load(chosen, files)
    warnings = (*chosen.warnings, *asked.warnings)
    strict = chosen.options.strict and bool(warnings or modules_conf.unusable(asked.entries, files))
    status = 2 if strict else 0
    try:
        faults = loader.start(asked)
    except AsterismError as error:
        faults, status = list(error.faults), error.status
    return StartForecast(
        tuple(loader.order()), tuple(start_report.in_order(faults)), warnings, status or int(bool(faults))
    )


def parser() -> argparse.ArgumentParser:
    """The argument parser of the verb."""
    made = argparse.ArgumentParser(
        prog="asterism plan",
        description="Show in which order the modules would start, and why. Nothing is loaded.",
        epilog="Ends with 1 when a module would not start, with 2 when the start would be given up.",
    )
    made.add_argument("-C", metavar="FILE", dest="file", help="use this asterisk.conf")
    made.add_argument("--target", metavar="NAME|DIR", help="the start of a real Asterisk; see 'asterism target list'")
    made.add_argument("--json", action="store_true", help="for programs")
    return made


def _layout_of_target(word: str) -> Layout:
    """The layout of an installed Asterisk.  Raises AsterismError."""
    said = by_name("buildsys.targets.installed_asterisk:tree_data")(word)
    return install_tree.parse(said, os.path.join(said["prefix"], "target"))


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status.  Raises AsterismError."""
    args = parser().parse_args(words)
    target = _layout_of_target(args.target) if args.target else None
    made = plan(asterisk_conf.load(lambda: target or install_tree.provide(), args.file), target)
    errors.report(made.warnings, "asterism")
    write = start_report.order_json if args.json else start_report.order_text
    columns.show(write(made.turns, made.faults))
    if made.status == 2 and not args.json:
        print("The start would be given up.")
    return made.status
