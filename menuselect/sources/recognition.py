"""What a directory is: a source tree, a directory of modules, an installed tree, or nothing to the verbs.

This room alone decides it.
"""

from __future__ import annotations

import os
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.tree import BUILD, DESCRIPTION, MAKEOPTS, Kind, Tree
from menuselect.sources import scan, settings

OF_ASTERISK = ("menuselect/menuselect.c", "main/asterisk.c")
"""Files that only a source tree of Asterisk has."""

OF_SOURCES = (MAKEOPTS, "build_tools")
"""Files that a source tree of Asterism has, configured or not, and a directory of modules does not."""


def at(directory: str | os.PathLike[str] = "") -> Tree:
    """Recognise a directory; the current one when none is named."""
    top = Path(directory) if directory else Path.cwd()
    return Tree(top, _kind(top))


def _kind(top: Path) -> Kind:
    if any((top / name).is_file() for name in OF_ASTERISK):
        return Kind.ASTERISK
    if any((top / name).exists() for name in OF_SOURCES):
        return Kind.SOURCES
    if _has_modules(top):
        return Kind.MODULES
    if (top / DESCRIPTION).is_file():
        return Kind.PREFIX
    return Kind.PACKAGE if top.resolve() == Path(__file__).resolve().parents[2] else Kind.NOTHING


def _has_modules(top: Path) -> bool:
    try:
        return bool(module_sources(top))
    except AsterismError:
        return True  # whoever reads the modules reports what is wrong with them


def module_directories(top: Path) -> list[str]:
    """Where the modules of a directory are: in it, and in those that its asterism.toml names, relative to it.

    Where neither has any, as in a repository with a directory for its modules, they are one level below.

    Raises:
        AsterismError: its asterism.toml has faults.
    """
    named = ["", *settings.load(top).directories]
    if any(scan.own_sources(top / name) for name in named):
        return named
    with files.told(top, "read"):
        below = sorted(path.name for path in top.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [name for name in below if name != BUILD and os.access(top / name, os.R_OK) and scan.own_sources(top / name)]


def module_sources(top: Path) -> list[str]:
    """The sources of the modules of a directory, relative to it."""
    return sorted(
        os.path.join(name, module + suffix)
        for name in module_directories(top)
        for module, suffix in scan.own_sources(top / name)
    )
