"""The installed tree that this program uses; the user's tree of an installation by pip is created first."""

from __future__ import annotations

import os

from asterism.errors import Fault, Place
from asterism.home import where
from asterism.home.loading import by_name

_MAKER = "buildsys.on_demand.wanted_tree:provide"
"""The function that brings the user's tree up to date; given by name, since the floor imports no other package."""


def tree_file() -> str:
    """The path of :func:`asterism.home.where.tree_file`, after the user's tree of an installation by pip is up to date.

    Raises:
        AsterismError: the user's tree cannot be created.
    """
    if not os.environ.get(where.VARIABLE) and where.package_sources() and not where.own_tree():
        by_name(_MAKER)()
    return where.tree_file()


def no_tree(path: str, why: str = "") -> Fault:
    """The fault of an installed tree that does not exist in the place where it is expected."""
    if os.environ.get(where.VARIABLE):
        return Fault(
            "this is not an installed tree",
            Place(path),
            why,
            f"{where.VARIABLE} and --tree take a prefix (make install), its lib/asterism, or its tree.json",
            "no-tree",
        )
    if where.package_sources():
        cure = "'asterism -c' starts one; 'asterism where' shows which directories belong to it"
        return Fault("no asterism of this user has been started or built yet", Place(path), why, cure, "no-tree")
    cure = f"run 'make install', then the program in its sbin directory; {where.VARIABLE}=PREFIX names another tree"
    return Fault("this is not an installed tree", Place(path), why, cure, "no-tree")
