"""What ``make`` will have to do for a selection: the modules that are on and not built yet."""

from __future__ import annotations

from pathlib import Path

from menuselect.choice.selection import Selection
from menuselect.model.menu import Menu

_PROGRAMS = {"MENUSELECT_UTILS": "utils", "MENUSELECT_AGIS": "agi"}
"""Categories whose members are programs, and the directory of each in a tree of Asterisk."""

_SUFFIXES = (".so", ".py")


def built_files(directory: Path) -> frozenset[str]:
    """The names of the modules and programs that a tree has been built with.

    Asterisk builds a module beside its source (``apps/app_dial.so``), Asterism in ``build/modules``.
    """
    places = [directory / "build" / "modules"]
    if not places[0].is_dir():
        places = [path for path in sorted(directory.glob("*")) if path.is_dir()]
        return frozenset(path.stem for place in places for path in place.glob("*.so")) | _programs(directory)
    return frozenset(path.stem for path in places[0].glob("*") if path.suffix in _SUFFIXES)


def _programs(directory: Path) -> frozenset[str]:
    found = (path for place in _PROGRAMS.values() for path in (directory / place).glob("*"))
    return frozenset(path.name for path in found if not path.suffix and path.is_file())


def unbuilt(menu: Menu, built: frozenset[str]) -> bytes:
    """For each member 1 if ``make`` would have to build a file for it, else 0, as for an option or a sound set."""
    files = {category.name for category in menu.categories if not category.positive}
    return bytes(member.category in files and member.name not in built for member in menu.members)


def hopeless(selection: Selection, built: bytes, is_saved: bool) -> int:
    """The number of members that were chosen and cannot be built as things are.

    Args:
        selection: the selection.
        built: for each member 1 if it will be built, else 0.
        is_saved: whether the selection comes from a saved file; without one, unavailable members are on by default.
    """
    members = (member for member in selection.menu.members if not built[member.index] and selection.is_on(member))
    return sum(is_saved or selection.is_available(member) for member in members)


def sentence(to_build: int, cannot: int) -> str:
    """The counts as text: ``3 to build, 1 cannot be``."""
    return f"{to_build or 'nothing'} to build{f', {cannot} cannot be' if cannot else ''}"
