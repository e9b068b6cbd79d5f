"""The tree a verb works on, opened to be read or to be changed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from asterism.errors import AsterismError, Fault, report
from asterism.names import both
from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file
from menuselect.model.menu import Menu
from menuselect.model.notices import Note
from menuselect.session import makeopts
from menuselect.session.makeopts import MAKEOPTS
from menuselect.session.session import Session

GLOBAL = "/etc/asterisk.makeopts"
OWN = "~/.asterisk.makeopts"
"""Choices that hold while a tree has no menuselect.makeopts of its own, as in Asterisk's Makefile."""


def reading(directory: str) -> Session:
    """A tree and what is saved in it, to be looked at.

    Raises:
        AsterismError: there is no tree, or a file of it cannot be read.
    """
    session = fresh(directory)
    _read_saved(session)
    return session


@contextlib.contextmanager
def changing(directory: str) -> Iterator[Session]:
    """A tree to be changed; another program that changes it waits until the body has ended.

    Raises:
        AsterismError: as :func:`reading`.
    """
    session = fresh(directory)
    with session.locked():
        _read_saved(session)
        _tell_stale(session)
        yield session


def menu_of(directory: str) -> tuple[Menu, tuple[Note, ...]]:
    """What can be built: from ``menuselect-tree``, or from the sources when nobody has written that yet.

    Raises:
        AsterismError: there is neither.
    """
    path = Path(directory) / tree_file.FILE
    try:
        read = tree_file.load(os.fspath(path))
    except AsterismError as error:
        if path.exists():
            raise
        read = _scanned(directory, error)
    return read.menu, read.notes


def _scanned(directory: str, error: AsterismError) -> tree_file.Tree:
    """The menu that ``asterism tree`` would write; the first error when there are no sources either."""
    from menuselect.sources import scan  # only a tree that was never built needs it

    try:
        return tree_file.loads(scan.tree_bytes(directory))
    except AsterismError as second:
        faults = {"no-modules": error.faults, "bad-tree": (_MALFORMED,)}
        raise AsterismError(*faults.get(second.faults[0].code, second.faults), status=error.status) from None


_MALFORMED = Fault(
    "the MODULEINFO block of some source is malformed", cure="'asterism check' shows where", code="bad-sources"
)


def fresh(directory: str) -> Session:
    """A tree of which no saved file has been read yet.

    Raises:
        AsterismError: there is no tree, or a file of it cannot be read.
    """
    menu, notes = menu_of(directory)
    return Session(directory, menu, deps.load_if_there(os.fspath(Path(directory) / deps.FILE)), notes)


def _read_saved(session: Session) -> None:
    if not session.read(MAKEOPTS):
        session.read(GLOBAL)
        session.read(os.path.expanduser(OWN))
    session.prepare()


def _tell_stale(session: Session) -> None:
    names = [note.values[0] for note in session.notes if note.code in ("stale-member", "stale-failure")]
    if names:
        shown = both(names[:5]) if len(names) <= 5 else f"{len(names)} names, such as {both(names[:3])},"
        is_are = "is" if len(names) == 1 else "are"
        what = f"{shown} in {session.configs[0].file} {is_are} not in this tree"
        cure = "'asterism upgrade' tells what became of them; saving drops them"
        report([Fault(what, cure=cure, code="stale-member", severity="warning")], program="asterism")


def defaults_of(session: Session) -> Selection:
    """What would be chosen with no saved file at all."""
    selection = Selection(session.menu, session.deps)
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


def selection_of(session: Session, path: str) -> Selection:
    """What a makeopts file chooses in the tree of a session.

    Raises:
        AsterismError: it cannot be read.
    """
    from asterism import files

    selection = Selection(session.menu, session.deps)
    makeopts.apply(makeopts.loads(files.read_text(path), path), selection)
    selection.settle()
    return selection


def warn(*faults: Fault) -> None:
    """Print warnings on standard error."""
    report(faults, program="asterism", stream=sys.stderr)
