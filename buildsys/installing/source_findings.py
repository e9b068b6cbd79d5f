"""Check a source tree before a build: configuration, compiler, environment, owners of files."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Callable, Iterator

from asterism.errors import AsterismError, Fault, Place
from asterism.tree import Kind, Tree
from buildsys.installing import bundled_packages
from buildsys.installing.tree_findings import Diagnosis
from buildsys.settled import build_record, ninja_program, toolchain
from buildsys.settled import configuration as settled

STAMP = ".venv/asterism-setup"


def examine(tree: Tree) -> list[Diagnosis]:
    """Everything that is wrong with a source tree, the most serious first.

    Raises:
        AsterismError: the directory is neither a source tree nor a directory of modules.
    """
    checks = CHECKS if (tree / "buildsys").is_dir() or tree.is_configured else ()
    found: list[Diagnosis] = []
    for check in checks:
        try:
            found += [Diagnosis(fault) for fault in check(tree)]
        except AsterismError as error:
            found += [Diagnosis(fault) for fault in error.faults]
    if not checks and tree.kind is not Kind.MODULES:
        cure = "run this in a source tree, or name an installed one: --root DIR"
        raise AsterismError(Fault("there is no tree here", Place(str(tree)), "", cure, "no-tree"))
    return found


def _setup(tree: Tree) -> Iterator[Fault]:
    if (tree / "build_tools/bootstrap").exists() and not (tree / STAMP).exists():
        what = "the virtual environment is not complete"
        yield Fault(what, Place(str(tree / ".venv")), "", "run build_tools/bootstrap", "no-setup")


def _libraries(_tree: Tree) -> Iterator[Fault]:
    """Faults of libraries that an install copies and that are incomplete."""
    for distribution in bundled_packages.distributions().values():
        try:
            for _ in bundled_packages.library_files(distribution):
                pass
        except AsterismError as error:
            yield from error.faults


def _configuration(tree: Tree) -> Iterator[Fault]:
    if not tree.is_configured:
        yield Fault("this tree is not configured", Place(str(tree)), "", "run ./configure", "not-configured", "warning")
        return
    configuration = settled.load(tree)
    for language, command, variable in (("c", configuration.cc, "CC"), ("c++", configuration.cxx, "CXX")):
        if command:
            try:
                toolchain.find_compiler(toolchain.run, language, shlex.join(command))
            except AsterismError as error:
                why, cure = error.faults[0].why, "install it again, or run ./configure to look for another"
                what = f"the compiler '{shlex.join(command)}' ({variable}) does not answer"
                yield Fault(what, Place(str(tree.makeopts)), why, cure, "no-compiler")


def _ninja(_tree: Tree) -> Iterator[Fault]:
    ninja_program.find()
    yield from ()


def _products(tree: Tree) -> Iterator[Fault]:
    if not tree.is_configured:
        return
    if not tree.built.exists():
        yield Fault("nothing is built here yet", Place(str(tree)), "", "run make", "not-built", "warning")
        return
    for product in build_record.load(tree).products:
        if not (tree / product).is_file():
            yield Fault(
                "this product of the build is missing", Place(str(tree / product)), "", "run make again", "missing"
            )


def _owners(tree: Tree) -> Iterator[Fault]:
    """The first file that a build by another user has left, which the owner of the tree cannot write."""
    owner = os.stat(tree).st_uid
    for path in (tree.makeopts, tree.selection, tree.build, *sorted(tree.build.rglob("*"))):
        if path.exists() and path.lstat().st_uid != owner:
            own, other = (_name(number) for number in (owner, path.lstat().st_uid))
            why = f"the tree belongs to '{own}', whose make cannot write it then"
            cure = f"chown -R {own} {tree}"
            yield Fault(f"it belongs to '{other}'", Place(str(path)), why, cure, "other-owner")
            return


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _writable(tree: Tree) -> Iterator[Fault]:
    if not os.access(tree, os.W_OK):
        cure = "work on a copy of your own, or as its owner"
        yield Fault("this directory cannot be written", Place(str(tree)), "", cure, "read-only", "warning")


CHECKS: tuple[Callable[[Tree], Iterator[Fault]], ...] = (
    _setup,
    _libraries,
    _configuration,
    _ninja,
    _products,
    _owners,
    _writable,
)
"""The checks, the most basic first."""
