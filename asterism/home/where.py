"""Where this program belongs, and which installed tree it uses.

A program is part of an installed tree (``make install``), of the package that pip installs, or of a source tree.
docs/where.md has the whole rule; ``asterism where`` prints what it comes to.
"""

from __future__ import annotations

import os
import sys

from asterism.home import user_directories
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The directory of the package ``asterism``."""

VARIABLE = "ASTERISM_TREE"
"""Names the installed tree to use: a prefix, its lib/asterism, or the tree.json in that."""

DESCRIPTION = "lib/asterism/tree.json"
"""What an installed tree says of itself, below its prefix; where libraries are in lib, that is."""

_ELSEWHERE = ("lib64/asterism/tree.json", "lib/*/asterism/tree.json")
"""Where it is in trees whose libraries are in lib64, or in the directory of a machine."""


def own_tree() -> str:
    """The tree.json of the installed tree that this program is part of; empty when it is part of none."""
    # PREFIX/lib/asterism/python/asterism
    path = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "tree.json")
    return path if os.path.isfile(path) else ""


def package_sources() -> str:
    """The sources of the core that the package of pip carries; empty when this program is not of that package."""
    path = os.path.join(PACKAGE, "sources")
    return path if os.path.isdir(path) else ""


def package_core() -> str:
    """The compiled core that the package of pip carries; empty when it carries none."""
    path = os.path.join(PACKAGE, "core")
    return path if os.path.isdir(path) else ""


def tree_below(prefix: str) -> str:
    """The tree.json of the tree that is installed below a prefix, wherever its libraries are; empty when there is none.

    Of several it is the first by name.
    """
    usual = os.path.join(prefix, DESCRIPTION)
    if os.path.isfile(usual):
        return usual
    from glob import escape, glob  # only when it is not where it usually is

    return next((path for each in _ELSEWHERE for path in sorted(glob(os.path.join(escape(prefix), each)))), "")


def tree_named(place: str) -> str:
    """The tree.json that is meant by a prefix, its lib/asterism, or a file; it need not exist."""
    found = tree_below(place)
    beside = os.path.join(place, "tree.json")
    if found or os.path.isfile(beside):
        return found or beside
    return os.path.join(place, DESCRIPTION) if os.path.isdir(place) else place


def tree_file() -> str:
    """The tree.json of the installed tree that this program uses; it need not exist.

    That is the one that ASTERISM_TREE names, else the one that the program is part of, else the user's tree of an
    installation by pip. For the program of a source tree it is the place where its own would be.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return tree_named(named)
    if package_sources() and not own_tree():
        return os.path.join(user_directories.prefix(), DESCRIPTION)
    return os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "tree.json")


def is_of_sources() -> bool:
    """Whether this program is that of a source tree, and nobody has named an installed one."""
    return not (os.environ.get(VARIABLE) or own_tree() or package_sources())


def script() -> str:
    """The ``asterism`` of the environment that this program was installed into by pip; empty when none is found."""
    called = os.path.abspath(sys.argv[0]) if sys.argv and os.path.basename(sys.argv[0]) == "asterism" else ""
    beside = [os.path.join(os.path.dirname(sys.executable), "asterism")]
    for path in (called, *beside, *_recorded_scripts()):
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""


def _recorded_scripts() -> Iterator[str]:
    """Where the record of the installation says that the script is; ``pip install --target`` puts it elsewhere."""
    from importlib import metadata  # only when the script is not where it usually is

    try:
        recorded = metadata.distribution("asterism").files or ()
    except metadata.PackageNotFoundError:
        recorded = ()
    yield from (os.path.normpath(str(each.locate())) for each in recorded if each.parts[-2:] == ("bin", "asterism"))
    yield os.path.join(os.path.dirname(PACKAGE), "bin", "asterism")
