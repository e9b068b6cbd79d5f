"""The facts of a source tree or installed tree: version, prefix, directories, flags and compiler."""

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
    """The facts of a tree; paths are absolute."""

    version: str
    prefix: str
    includedir: str
    directories: Mapping[str, str]
    options: tuple[str, ...]
    """The build options that change the ABI."""
    sum: str
    cc: tuple[str, ...]
    cppflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    cxx: tuple[str, ...] = ()
    """The C++ compiler; empty when the tree has none."""
    user_cflags: tuple[str, ...] = ()
    """The CFLAGS that the user gave to configure."""
    launcher: tuple[str, ...] = ()
    """The launcher put before each compilation."""
    layout: TreeLayout = field(default_factory=TreeLayout)
    """The places of the parts of the tree."""
    system: SystemPython = field(default_factory=SystemPython)
    """The distribution's Python libraries that the program uses, and their directories."""
    is_users: bool = False
    """Whether this is the user's tree of an installation by pip, which lacks a program of its own."""

    @property
    def program(self) -> str:
        """The path of the ``asterism`` for this tree: the installed one, or the pip environment's."""
        own = os.path.join(self.directories["astsbindir"], "asterism")
        return where.script() or own if self.is_users else own

    @property
    def cflags(self) -> str:
        """The compiler flags for modules, as one shell-quoted text."""
        return shlex.join([f"-I{self.includedir}", *tree_places.ABI_FLAGS, *self._sanitize, *self.cppflags])

    @property
    def libs(self) -> str:
        """The linker flags for modules; a module takes the core's symbols from the program that loads it."""
        return shlex.join(["-shared", *self._sanitize, *self.ldflags])

    @property
    def _sanitize(self) -> tuple[str, ...]:
        return sanitizers.flag(sanitizers.names(self.options))


def installed() -> Path | None:
    """The tree.json of the installed tree that this program uses; None for the program of a source tree.

    The user's tree of an installation by pip is brought up to date.

    Raises:
        AsterismError: the tree cannot be created, or ASTERISM_TREE does not name an installed tree.
    """
    if where.is_of_sources():
        return None
    tree = provided.tree_file()
    if not os.path.isfile(tree):
        raise AsterismError(provided.no_tree(tree))
    return Path(tree)


def layout_below(root: Path) -> TreeLayout:
    """The layout of the tree installed below a directory, wherever its libraries are; the default layout otherwise."""
    found = where.tree_below(str(root))
    if not found:
        return TreeLayout()
    try:
        return of_tree(Path(found)).layout
    except AsterismError:  # reported by the check of the tree; the place of the libraries is known anyway
        return TreeLayout(lib=os.path.relpath(Path(found).parents[1], root))


def this_program() -> list[str]:
    """The command that runs this ``asterism`` again."""
    tree = installed()
    return [of_tree(tree).program] if tree else [sys.executable, "-m", "asterism"]


def of_tree(tree: Path) -> Facts:
    """The facts of an installed tree.

    Raises:
        AsterismError: the description of the tree is damaged.
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
        AsterismError: the tree is not configured.
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
    """The facts of the installed tree of this program, else of a configured source tree.

    The source tree is the working directory when that is configured, else the tree that this program belongs to.

    Raises:
        AsterismError: the tree is damaged or not configured.
    """
    tree = installed()
    if tree:
        return of_tree(tree)
    here = Tree(Path.cwd(), Kind.SOURCES)
    return of_sources(here if here.is_configured else Tree(Path(__file__).resolve().parents[2], Kind.SOURCES))
