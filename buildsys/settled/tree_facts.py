"""What a tree says of itself: version, prefix, directories, flags and compiler of a source tree or an installed one."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from asterism import __version__, files
from asterism.errors import AsterismError, Fault, Place
from asterism.home import provided, where
from asterism.parsing import json_value
from asterism.tree import Kind, Tree
from asterism.values import dataclass, field
from buildsys.settled import build_options, build_record, sanitizers, tree_places
from buildsys.settled import configuration as settled
from buildsys.settled.system_libraries import SystemPython
from buildsys.settled.tree_places import TreeLayout


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to know of a tree; paths are absolute."""

    version: str
    prefix: str
    includedir: str
    directories: Mapping[str, str]
    options: tuple[str, ...]
    """The build options that count for the ABI."""
    sum: str
    cc: tuple[str, ...]
    cppflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    cxx: tuple[str, ...] = ()
    """The C++ compiler; empty when there is none."""
    user_cflags: tuple[str, ...] = ()
    """Those that configure was given."""
    launcher: tuple[str, ...] = ()
    """What goes before each compilation."""
    layout: TreeLayout = field(default_factory=TreeLayout)
    """Where its parts are."""
    system: SystemPython = field(default_factory=SystemPython)
    """Where the Python libraries are that the program takes from the distribution, and which they are."""
    is_users: bool = False
    """Whether this is the user's tree of an installation by pip, which has no program of its own."""

    @property
    def program(self) -> str:
        """The ``asterism`` that starts with this tree: the installed one, or that of the environment of pip."""
        own = os.path.join(self.directories["astsbindir"], "asterism")
        return where.script() or own if self.is_users else own

    @property
    def cflags(self) -> str:
        """For the compilation of a module."""
        return shlex.join([f"-I{self.includedir}", *tree_places.ABI_FLAGS, *self._sanitize, *self.cppflags])

    @property
    def libs(self) -> str:
        """For its link; a module takes the symbols of the core from the program that loads it."""
        return shlex.join(["-shared", *self._sanitize, *self.ldflags])

    @property
    def _sanitize(self) -> tuple[str, ...]:
        return sanitizers.flag(sanitizers.names(self.options))


def installed() -> Path | None:
    """The tree.json of the installed tree that this program uses; None for the program of a source tree.

    The user's tree of an installation by pip is brought up to date.

    Raises:
        AsterismError: that tree cannot be made, or ASTERISM_TREE names no installed tree.
    """
    if where.is_of_sources():
        return None
    tree = provided.tree_file()
    if not os.path.isfile(tree):
        raise AsterismError(provided.no_tree(tree))
    return Path(tree)


def layout_below(root: Path) -> TreeLayout:
    """The layout of the tree that is installed below a directory, wherever its libraries are; else the usual one."""
    found = where.tree_below(str(root))
    if not found:
        return TreeLayout()
    try:
        return of_tree(Path(found)).layout
    except AsterismError:  # whoever looks at the tree reports that; the place of its libraries is known all the same
        return TreeLayout(lib=os.path.relpath(Path(found).parents[1], root))


def this_program() -> list[str]:
    """How to run this very ``asterism`` again."""
    tree = installed()
    return [of_tree(tree).program] if tree else [sys.executable, "-m", "asterism"]


def of_tree(tree: Path) -> Facts:
    """The facts of an installed tree.

    Raises:
        AsterismError: its description is damaged.
    """
    try:
        data = json_value(files.read_text(tree))
        prefix = os.path.normpath(tree.parent / data["prefix"])
        compiler = data["compiler"]
        return Facts(
            data["version"],
            prefix,
            os.path.join(prefix, data["include"]),
            {name: os.path.join(prefix, path) for name, path in data["directories"].items()},
            tuple(data["buildopts"]["options"]),
            data["buildopts"]["sum"],
            tuple(compiler["cc"]),
            tuple(compiler["cppflags"]),
            tuple(compiler["ldflags"]),
            tuple(compiler["cxx"]),
            tuple(compiler["cflags"]),
            tuple(compiler.get("launcher", ())),
            TreeLayout(**data.get("layout", {})),
            SystemPython(*(tuple(map(str, data["libraries"][each])) for each in ("directories", "needed")))
            if "libraries" in data
            else SystemPython(),
            is_users="core" in data,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fault = Fault("it is damaged", Place(str(tree)), str(error), "run 'make install' again", "bad-tree")
        raise AsterismError(fault) from None


def of_sources(tree: Tree) -> Facts:
    """The facts of a configured source tree.

    Raises:
        AsterismError: it is not configured.
    """
    configuration = settled.load(tree)
    prefix = configuration.directories.prefix
    layout = tree_places.layout_of(configuration.directories)
    options = build_record.load(tree).options if tree.built.exists() else ()
    return Facts(
        __version__,
        prefix,
        str(tree.include),
        {name: os.path.join(prefix, path) for name, path in layout.directories.items()},
        build_options.abi_options(options),
        build_options.option_sum(options),
        configuration.cc,
        configuration.cppflags,
        configuration.ldflags,
        configuration.cxx,
        configuration.cflags,
        configuration.launcher,
        layout,
    )


def facts() -> Facts:
    """Of the installed tree this program belongs to, else of the source tree it stands in or was called in."""
    tree = installed()
    if tree:
        return of_tree(tree)
    here = Tree(Path.cwd(), Kind.SOURCES)
    return of_sources(here if here.is_configured else Tree(Path(__file__).resolve().parents[2], Kind.SOURCES))
