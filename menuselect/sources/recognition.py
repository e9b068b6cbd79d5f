"""The kind of a directory: a source tree, a directory of modules, an installed tree, or another directory.

Only this module decides on it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault, Place
from asterism.home import where
from asterism.tree import MAKEOPTS, SETTINGS, Kind, Tree
from menuselect.sources import module_files
from menuselect.sources.module_files import Found, PassedOver

OF_ASTERISK = module_files.OF_ASTERISK
OF_REPOSITORIES = (SETTINGS, ".git")
"""What the top of a repository has."""
OF_SOURCES = (MAKEOPTS, "build_tools/cflags.xml", "runtime/bridge/generate.py")
"""Files that a source tree of Asterism has, configured or not, and a directory of modules lacks."""


def at(directory: str | os.PathLike[str] = "") -> Tree:
    """Recognize a directory; an empty path means the current directory."""
    top = Path(directory) if directory else Path.cwd()
    return Tree(top, _kind(top))


def here() -> Tree:
    """Recognise the current directory or, when it is below the top of a repository, that top.

    The top is the nearest directory above that holds asterism.toml or .git, and is a source tree or has modules. It is
    named on standard error then, since messages give paths relative to it.
    """
    tree = at()
    above = _repository_above(tree.top) if tree.kind is Kind.NOTHING else None
    if above is None:
        return tree
    print(f"asterism: working in {above.top}", file=sys.stderr)
    return above


def _repository_above(directory: Path) -> Tree | None:
    top = next((each for each in directory.parents if any((each / mark).exists() for mark in OF_REPOSITORIES)), None)
    found = at(top) if top and os.access(top, os.R_OK) else None
    return found if found and found.kind in (Kind.MODULES, Kind.SOURCES, Kind.ASTERISK) else None


def _kind(top: Path) -> Kind:
    if any((top / name).is_file() for name in OF_ASTERISK):
        return Kind.ASTERISK
    if any((top / name).exists() for name in OF_SOURCES):
        return Kind.SOURCES
    if where.tree_below(str(top)):
        return Kind.PREFIX
    if _has_modules(top):
        return Kind.MODULES
    return Kind.PACKAGE if top.resolve() == Path(__file__).resolve().parents[2] else Kind.NOTHING


def _has_modules(top: Path) -> bool:
    from menuselect.sources import settings  # which a tree with a Makefile of its own need not read

    try:
        known = settings.load(top)
    except AsterismError:
        return True  # the reader of the modules reports the faults
    return module_files.has_modules(top, known.directories) or bool(known.modules and module_sources(top))


def walk(top: Path) -> Found:
    """The modules, other sources and rejected files of a directory of modules.

    Its asterism.toml takes precedence: only its ``directories`` are searched, and a table ``[modules.NAME]`` declares a
    module whose sources have no block and no registration.

    Raises:
        AsterismError: its asterism.toml has faults, or the directory cannot be read.
    """
    from menuselect.sources import settings  # which a tree with a Makefile of its own need not read

    known = settings.load(top)
    found = module_files.walk(top, known.directories)
    return module_files.declared(found, {name: extras.sources for name, extras in known.modules.items()})


def module_directories(top: Path) -> list[str]:
    """The directories with the modules of a directory, relative to it.

    Raises:
        AsterismError: as :func:`walk`.
    """
    return list(dict.fromkeys(os.path.dirname(path) for path in module_sources(top)))


def module_sources(top: Path) -> list[str]:
    """The sources of the modules of a directory, relative to it.

    Raises:
        AsterismError: as :func:`walk`.
    """
    return list(walk(top).modules)


def passed_over(top: Path) -> Sequence[PassedOver]:
    """Files in a directory of modules that resemble module sources and are not; empty for other directories.

    Raises:
        AsterismError: as :func:`walk`.
    """
    return walk(top).passed_over if at(top).kind is Kind.MODULES else ()


def no_modules(tree: Tree, cure: str) -> Fault:
    """The fault of a directory without modules, with its actual content as the reason.

    Args:
        tree: the directory.
        cure: the cure.
    """
    what = "no modules of your own here"
    return Fault(what, Place(str(tree)), what_is_there(tree), cure, "no-modules")


def what_is_there(tree: Tree) -> str:
    """The content of a directory without modules, in words; empty for unrelated content."""
    if tree.kind is not Kind.NOTHING:
        return f"it is {tree.kind.value}"
    found = module_files.walk(tree.top)
    if found.passed_over:
        first = found.passed_over[0]
        more = f", and {len(found.passed_over) - 1} more" if len(found.passed_over) > 1 else ""
        return f"{first.path}: {first.why}{more}"
    if found.others:
        more = f" and {len(found.others) - 1} more" if len(found.others) > 1 else ""
        return f"{found.others[0]}{more}: without AST_MODULE_INFO or a MODULEINFO block, it is not a module"
    return ""
