"""``asterism run --target``: the modules of a directory in a private instance of a real Asterisk."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import reader
from asterism.names import did_you_mean
from asterism.tree import Tree
from buildsys.compile import asterisk_target
from buildsys.compile.following import Reporter
from buildsys.develop import sandbox
from buildsys.planning import module_directory
from buildsys.settled.toolchain import how_it_ended
from buildsys.targets import installed_asterisk, module_needs, private_instance
from buildsys.targets.installed_asterisk import InstalledAsterisk, require_program
from buildsys.targets.private_instance import Instance


def the_one(word: str, tree: Tree) -> InstalledAsterisk:
    """The single target that a word names.

    Raises:
        AsterismError: the word names no target or several, or the Asterisk cannot be started.
    """
    found = installed_asterisk.the_one(word, tree.top)
    installed_asterisk.require_startable(found)
    return found


def built(tree: Tree, asterisk: InstalledAsterisk) -> dict[str, Path]:
    """Build the modules of a directory for a target; returns their files by name.

    Raises:
        AsterismError: with a fault for every module that could not be built.
    """
    return dict(asterisk_target.make(tree, asterisk.headers, Reporter(sys.stdout, quiet=True)).modules)


def with_needs(own: Mapping[str, Path], asterisk: InstalledAsterisk, further: Sequence[str] = ()) -> dict[str, Path]:
    """The modules and the modules of the target that they need, each after those it needs.

    Args:
        own: the modules under test, and their files.
        asterisk: the target.
        further: names of modules of the target to load as well.

    Raises:
        AsterismError: the target lacks a module that is named or required.
    """
    unknown = [name for name in further if name not in asterisk.modules]
    if unknown:
        cure = did_you_mean(unknown[0], asterisk.modules) or "'asterism target show' says where its modules are"
        what = f"that Asterisk has no module '{unknown[0]}'"
        raise AsterismError(Fault(what, Place(asterisk.target.directory), "", cure, "no-module"), status=2)
    wanted = {name: asterisk.modules[name] for name in further} | dict(own)
    read = [reader.read(path) for path in wanted.values()]
    needed = module_needs.find(read, asterisk.modules, require_program(asterisk))
    return {name: asterisk.modules[name] for name in needed} | wanted


@contextlib.contextmanager
def instance(
    tree: Tree, asterisk: InstalledAsterisk, modules: Mapping[str, Path], configurations: Sequence[Path]
) -> Iterator[Instance]:
    """A private instance below ``build/run``; its logs are kept, and all else is removed at the end."""
    place = tree.top.resolve() / sandbox.PLACE / asterisk.target.name.strip("/").replace("/", "-")
    with private_instance.laid_out(place, asterisk, modules, configurations) as made:
        try:
            yield made
        finally:
            for each in place.iterdir():
                if each.name != made.log.parent.name:
                    shutil.rmtree(each, ignore_errors=True)


def console(tree: Tree, word: str, further: Sequence[str], config: Path | None, given: Sequence[str]) -> int:
    """Build the modules and start a console of the target with them; returns its exit status.

    Raises:
        AsterismError: the modules cannot be built, or the target lacks modules that they need.
    """
    asterisk = the_one(word, tree)
    modules = with_needs(built(tree, asterisk), asterisk, further)
    configurations = [*_files(config), *module_directory.configurations(tree)]
    with instance(tree, asterisk, modules, configurations) as made:
        sys.stdout.flush()
        process = subprocess.Popen(made.command(given), env=asterisk.environment)
        with _passed_on(process):
            status = process.wait()
    if status < 0:
        cure = (
            f"'asterism crash CORE' reads its core file; 'asterism doctor --target {word}' says what is wrong with it"
        )
        what = f"the console ended: {how_it_ended(status)}"
        raise AsterismError(Fault(what, Place(str(made.command([])[0])), "", cure, "ended"), status=128 - status)
    return status


def _files(directory: Path | None) -> list[Path]:
    """The configuration files of a directory.

    Raises:
        AsterismError: the directory does not exist.
    """
    if directory is None:
        return []
    if not directory.is_dir():
        fault = Fault("this is not a directory", Place(str(directory)), "", "name one with .conf files", "no-directory")
        raise AsterismError(fault, status=2)
    return sorted(path for path in directory.iterdir() if path.suffix == ".conf" and path.name != private_instance.CONF)


@contextlib.contextmanager
def _passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave Ctrl-C to the console, and pass SIGTERM on to it."""
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    end = signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, end)
