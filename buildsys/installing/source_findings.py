"""What is wrong with a source tree before anything is built in it: configuration, compiler, environment, owners."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from buildsys.installing import bundled_packages
from buildsys.installing.tree_findings import Diagnosis
from buildsys.planning import module_directory
from buildsys.settled import build_record, ninja_program, toolchain
from buildsys.settled import configuration as settled

STAMP = ".venv/asterism-setup"


def examine(top: Path) -> list[Diagnosis]:
    """Everything that is wrong with a source tree, the worst first; nothing in a directory that is none."""
    checks = CHECKS if (top / "buildsys").is_dir() or (top / settled.FILE).exists() else ()
    found: list[Diagnosis] = []
    for check in checks:
        try:
            found += [Diagnosis(fault) for fault in check(top)]
        except AsterismError as error:
            found += [Diagnosis(fault) for fault in error.faults]
    if not checks and not module_directory.is_outside(top):
        cure = "run this in a source tree, or name an installed one: --root DIR"
        raise AsterismError(Fault("there is no tree here", Place(str(top)), "", cure, "no-tree"))
    return found


def _setup(top: Path) -> Iterator[Fault]:
    if (top / "build_tools/bootstrap").exists() and not (top / STAMP).exists():
        what = "the virtual environment is not complete"
        yield Fault(what, Place(str(top / ".venv")), "", "run build_tools/bootstrap", "no-setup")


def _libraries(_top: Path) -> Iterator[Fault]:
    """Every library that an install copies must be whole."""
    for distribution in bundled_packages.distributions().values():
        try:
            for _ in bundled_packages.library_files(distribution):
                pass
        except AsterismError as error:
            yield from error.faults


def _configuration(top: Path) -> Iterator[Fault]:
    if not (top / settled.FILE).exists():
        yield Fault("this tree is not configured", Place(str(top)), "", "run ./configure", "not-configured", "warning")
        return
    configuration = settled.load(top)
    for language, command, variable in (("c", configuration.cc, "CC"), ("c++", configuration.cxx, "CXX")):
        if command:
            try:
                toolchain.find_compiler(toolchain.run, language, shlex.join(command))
            except AsterismError as error:
                why, cure = error.faults[0].why, "install it again, or run ./configure to look for another"
                what = f"the compiler '{shlex.join(command)}' ({variable}) does not answer"
                yield Fault(what, Place(str(top / settled.FILE)), why, cure, "no-compiler")


def _ninja(_top: Path) -> Iterator[Fault]:
    ninja_program.find()
    yield from ()


def _products(top: Path) -> Iterator[Fault]:
    if not (top / settled.FILE).exists():
        return
    if not (top / build_record.FILE).exists():
        yield Fault("nothing is built here yet", Place(str(top)), "", "run make", "not-built", "warning")
        return
    for product in build_record.load(top).products:
        if not (top / product).is_file():
            yield Fault("it was built and is missing", Place(str(top / product)), "", "run make again", "missing")


def _owners(top: Path) -> Iterator[Fault]:
    """What a build as another user has left, which the owner of the tree cannot write."""
    owner = top.stat().st_uid
    for path in (top / settled.FILE, top / "menuselect.makeopts", top / "build", *sorted((top / "build").rglob("*"))):
        if path.exists() and path.lstat().st_uid != owner:
            own, other = (_name(number) for number in (owner, path.lstat().st_uid))
            why = f"the tree belongs to '{own}', whose make cannot write it then"
            cure = f"chown -R {own} {top}"
            yield Fault(f"it belongs to '{other}'", Place(str(path)), why, cure, "other-owner")
            return


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _writable(top: Path) -> Iterator[Fault]:
    if not os.access(top, os.W_OK):
        cure = "work on a copy of your own, or as its owner"
        yield Fault("this directory cannot be written", Place(str(top)), "", cure, "read-only", "warning")


CHECKS: tuple[Callable[[Path], Iterator[Fault]], ...] = (
    _setup,
    _libraries,
    _configuration,
    _ninja,
    _products,
    _owners,
    _writable,
)
"""Every check, the most basic first."""
