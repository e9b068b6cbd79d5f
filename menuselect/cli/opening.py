"""Open the tree of a verb, to read or to change it."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place, report
from asterism.tree import DEPS, MENU, SELECTION, Kind
from asterism.values import replace
from asterism.words import agreed, both
from menuselect.choice.selection import Selection
from menuselect.cli.output import shown
from menuselect.model import deps, tree_file
from menuselect.model.menu import Menu
from menuselect.model.notices import Note
from menuselect.session.saved_files import GLOBAL, OWN
from menuselect.session.session import Session


def reading(directory: str) -> Session:
    """Open a tree and its saved selection for reading.

    Raises:
        AsterismError: the tree is missing, or a file of the tree cannot be read.
    """
    session = fresh(directory)
    _read_saved(session)
    return session


def for_menu(directory: str) -> Session:
    """Open a tree for the menu; a directory of modules needs no ``menuselect-tree``.

    Raises:
        AsterismError: as :func:`reading`.
    """
    from menuselect.sources import recognition  # as in reading_for

    is_listed = (Path(directory) / MENU).exists() and recognition.at(directory).kind is not Kind.MODULES
    return Session.open(directory) if is_listed else reading(directory)


def reading_for(directory: str, target: str) -> Session:
    """Open the sources of a real Asterisk, with the modules of a directory as if they were among its members.

    Args:
        directory: the modules of one's own; a directory without modules adds nothing.
        target: the sources of that Asterisk.

    Raises:
        AsterismError: those sources are not configured, or a tree cannot be read.
    """
    from menuselect.sources import recognition  # needed only with --target

    if not (Path(target) / DEPS).is_file():
        cure = (
            "name a source tree in which configure was run; 'asterism doctor --target' looks at an installed Asterisk"
        )
        what = "this is not a configured source tree of Asterisk"
        raise AsterismError(Fault(what, Place(target), "", cure, "no-deps"))
    menu, notes = menu_of(target)
    if recognition.at(directory).kind is Kind.MODULES:
        own, more = menu_of(directory)
        menu, notes = _joined(own, menu), (*more, *notes)
    session = Session(target, menu, deps.load(os.fspath(Path(target) / DEPS)), notes)
    _read_saved(session)
    return session


def _joined(own: Menu, theirs: Menu) -> Menu:
    """Join two menus; a member of the first is found before one of the same name in the second."""
    number = itertools.count()
    categories = (*own.categories, *theirs.categories)
    numbered = (
        replace(each, members=tuple(replace(member, index=next(number)) for member in each.members))
        for each in categories
    )
    return Menu(theirs.name, tuple(numbered))


@contextlib.contextmanager
def changing(directory: str) -> Iterator[Session]:
    """Open a tree for changes, locked against other programs until the body has ended.

    Raises:
        AsterismError: as :func:`reading`.
    """
    session = fresh(directory)
    with session.locked():
        _read_saved(session)
        _tell_stale(session)
        yield session


def menu_of(directory: str) -> tuple[Menu, tuple[Note, ...]]:
    """Read the menu from ``menuselect-tree``, or from the sources if that file does not exist.

    In a directory of modules the sources alone count: no makefile writes ``menuselect-tree`` anew there.

    Raises:
        AsterismError: both are missing.
    """
    if _is_modules(directory):
        read = _scanned(directory)
        return _as_built(read.menu), read.notes
    path = Path(directory) / MENU
    read = tree_file.load(os.fspath(path)) if path.exists() else _scanned(directory)
    return read.menu, read.notes


def _is_modules(directory: str) -> bool:
    """Whether a directory is one of modules, without a tree around them."""
    if (Path(directory) / DEPS).exists():
        return False
    from menuselect.sources import recognition  # needed only where nothing is configured

    return recognition.at(directory).kind is Kind.MODULES


def _as_built(menu: Menu) -> Menu:
    """The menu with the defaults of ``asterism build``, which builds every module of a directory of modules."""
    return Menu(menu.name, tuple(replace(each, builds_all=not each.positive) for each in menu.categories))


def _scanned(directory: str) -> tree_file.Tree:
    """The menu that ``asterism tree`` would write; without sources the status is that of a missing file."""
    from menuselect.sources import scan  # needed only without menuselect-tree

    try:
        return tree_file.loads(scan.tree_bytes(directory))
    except AsterismError as error:
        faults = {"no-modules": (_nothing_here(directory),), "bad-tree": (_MALFORMED,)}
        raise AsterismError(*faults.get(error.faults[0].code, error.faults), status=255) from None


def _nothing_here(directory: str) -> Fault:
    from menuselect.sources import recognition  # as above

    tree = recognition.at(os.path.abspath(directory))
    what = "there is neither a list of modules (menuselect-tree) nor a module"
    cure = "name a source tree or a directory of modules with -C DIR; 'asterism new NAME' writes a module"
    return Fault(what, Place(str(tree)), recognition.what_is_there(tree), cure, "no-modules")


_MALFORMED = Fault("a MODULEINFO block is malformed", cure="'asterism check' shows where", code="bad-sources")


def fresh(directory: str) -> Session:
    """Open a tree without reading its saved selection.

    Raises:
        AsterismError: the tree is missing, or a file of the tree cannot be read.
    """
    menu, notes = menu_of(directory)
    return Session(directory, menu, deps.load_if_there(os.fspath(Path(directory) / DEPS)), notes)


def _read_saved(session: Session) -> None:
    if not session.read(SELECTION):
        session.read(GLOBAL)
        session.read(os.path.expanduser(OWN))
    session.prepare()


def _tell_stale(session: Session) -> None:
    names = [note.values[0] for note in session.notes if note.code in ("stale-member", "stale-failure")]
    if names:
        shown = both(names[:5]) if len(names) <= 5 else f"{len(names)} names, such as {both(names[:3])},"
        is_are = agreed(len(names), "is", "are")
        what = f"{shown} in {session.configs[0].file} {is_are} not in this tree"
        cure = "'asterism upgrade' shows their replacements; saving drops them"
        report([Fault(what, cure=cure, code="stale-member", severity="warning")], program="asterism")


def tell_passed_over(directory: str) -> None:
    """Name on standard error what a directory of modules holds that resembles a module source and is none."""
    from menuselect.sources import recognition  # as above

    for each in recognition.passed_over(Path(directory)):
        print(f"asterism: {shown(str(each))}", file=sys.stderr)


def defaults_of(session: Session) -> Selection:
    """The selection of a tree without a saved file."""
    selection = Selection(session.menu, session.deps)
    selection.settle()
    selection.apply_defaults()
    selection.settle()
    return selection


def warn(*faults: Fault) -> None:
    """Print warnings on standard error."""
    report(faults, program="asterism", stream=sys.stderr)
