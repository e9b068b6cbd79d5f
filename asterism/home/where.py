"""The origin of this program, and the installed tree that it uses.

A program belongs to an installed tree (``make install``), to the pip package, or to a source tree. docs/where.md has
the whole rule; ``asterism where`` prints the result.
"""

from __future__ import annotations

import os
import sys

from asterism.home import user_directories
from asterism.tree import DESCRIPTION
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The directory of the package ``asterism``."""

VARIABLE = "ASTERISM_TREE"
"""The environment variable that names the installed tree: a prefix, its lib/asterism, or the tree.json in that."""

_ELSEWHERE = ("lib64/asterism/tree.json", "lib/*/asterism/tree.json")
"""Glob patterns of tree.json in trees whose libraries are in lib64 or in an architecture's directory."""


def own_tree() -> str:
    """The tree.json of the installed tree that this program belongs to; empty when it belongs to none."""
    # PREFIX/lib/asterism/python/asterism
    path = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "tree.json")
    return path if os.path.isfile(path) else ""


def package_sources() -> str:
    """The directory of the core's sources in the pip package; empty when this program is not from that package."""
    path = os.path.join(PACKAGE, "sources")
    return path if os.path.isdir(path) else ""


def package_core() -> str:
    """The directory of the compiled core in the pip package; empty when the package has none."""
    path = os.path.join(PACKAGE, "core")
    return path if os.path.isdir(path) else ""


def tree_below(prefix: str) -> str:
    """The tree.json of the tree installed below a prefix, wherever its libraries are; empty when no tree is installed.

    When there are several, the first by name is returned.
    """
    usual = os.path.join(prefix, DESCRIPTION)
    if os.path.isfile(usual):
        return usual
    from glob import escape, glob  # only when the file is not at its usual place

    return next((path for each in _ELSEWHERE for path in sorted(glob(os.path.join(escape(prefix), each)))), "")


def tree_named(place: str) -> str:
    """The tree.json that a prefix, its lib/asterism, or a file stands for; it need not exist."""
    found = tree_below(place)
    beside = os.path.join(place, "tree.json")
    if found or os.path.isfile(beside):
        return found or beside
    return os.path.join(place, DESCRIPTION) if os.path.isdir(place) else place


def tree_file() -> str:
    """The path of the tree.json of the installed tree that this program uses; it need not exist.

    ASTERISM_TREE names the tree. Without it, it is the tree that the program belongs to, or the user's tree of an
    installation by pip. For the program of a source tree it is the place where its tree.json would be.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return tree_named(named)
    if package_sources() and not own_tree():
        return os.path.join(user_directories.prefix(), DESCRIPTION)
    return os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), "tree.json")


def is_of_sources() -> bool:
    """Whether this program belongs to a source tree, and ASTERISM_TREE is not set."""
    return not (os.environ.get(VARIABLE) or own_tree() or package_sources())


def script() -> str:
    """The ``asterism`` script of the environment into which pip installed this program; empty when none is found."""
    called = os.path.abspath(sys.argv[0]) if sys.argv and os.path.basename(sys.argv[0]) == "asterism" else ""
    beside = [os.path.join(os.path.dirname(sys.executable), "asterism")]
    for path in (called, *beside, *_recorded_scripts()):
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""


def _recorded_scripts() -> Iterator[str]:
    """The places of the script in the record of the installation; ``pip install --target`` puts it elsewhere."""
    from importlib import metadata  # only when the script is not at its usual place

    try:
        recorded = metadata.distribution("asterism").files or ()
    except metadata.PackageNotFoundError:
        recorded = ()
    yield from (os.path.normpath(str(each.locate())) for each in recorded if each.parts[-2:] == ("bin", "asterism"))
    yield os.path.join(os.path.dirname(PACKAGE), "bin", "asterism")
