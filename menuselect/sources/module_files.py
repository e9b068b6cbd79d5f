"""The sources of modules in a repository, recognized by their content, not by the name of their directory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.tree import BUILD, DESCRIPTION
from asterism.values import dataclass

C_SUFFIXES = (".c",)
CXX_SUFFIXES = (".cc", ".cpp", ".cxx")
PYTHON = ".py"
SUFFIXES = (*C_SUFFIXES, *CXX_SUFFIXES, PYTHON)

LAYOUT = ("addons", "apps", "bridges", "cdr", "cel", "channels", "codecs", "formats", "funcs", "pbx", "res", "tests")
"""The directories of modules in Asterisk's sources."""

PREFIXES = ("app", "bridge", "cdr", "cel", "chan", "codec", "format", "func", "pbx", "res", "test")
"""The first words of module names."""

DEEPEST = 4
"""The greatest depth of searched directories below the top."""
MOST = 5_000
"""The greatest number of examined files, so that a home directory with a module in it is not searched for hours."""
OF_ASTERISK = ("menuselect/menuselect.c", "main/asterisk.c")
"""Files that only a source tree of Asterisk has."""
_NO_SOURCES = frozenset({BUILD, "node_modules", "__pycache__"})
"""Directories that hold generated files."""
_FOREIGN = ("pyvenv.cfg", DESCRIPTION, *OF_ASTERISK)
"""Files that mark a foreign directory: a Python environment, an installed tree, Asterisk's sources."""

_IN_C = re.compile(
    rb"^[ \t]*AST_MODULE_INFO\w*[ \t\r\n]*\(|\bast_module_register\s*\(|/\*+[ \t]*MODULE_?INFO\b", re.MULTILINE
)
_IN_PYTHON = re.compile(
    rb"""^MODULE\b[^=\n]*=|\A(?:\s|\#[^\n]*\n)*[rRuU]?(?:\"{3}|'{3})[\s\S]{0,4000}?/\*\*\* +MODULEINFO""", re.MULTILINE
)
"""A module record, or a docstring at the start of the file that contains a block."""
_COMMENT_LINE = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)
_OF_ASTERISK = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]asterisk(?:\.h|/)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or directory that resembles a module source, and the reason why it is not one."""

    path: str
    """The path, relative to the top."""
    why: str

    def __str__(self) -> str:
        return f"{self.path} is passed over: {self.why}"


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a walk through a repository; paths are relative to its top."""

    modules: tuple[str, ...] = ()
    """The main sources of modules."""
    others: tuple[str, ...] = ()
    """All other C and C++ sources."""
    passed_over: tuple[PassedOver, ...] = ()


def is_module(data: bytes, suffix: str) -> bool:
    """Whether a file is a module source: it registers a module or has a MODULEINFO block.

    Args:
        data: the file's content.
        suffix: the file's suffix, an element of :data:`SUFFIXES`.
    """
    if suffix == PYTHON:
        return _IN_PYTHON.search(data) is not None
    return _IN_C.search(_COMMENT_LINE.sub(b"", data)) is not None


def own_sources(directory: Path) -> list[tuple[str, str]]:
    """Names and suffixes of the module sources in a directory, sorted by name.

    Raises:
        AsterismError: the directory cannot be read.
    """
    with files.told(directory, "read"):
        found = sorted(path for path in directory.iterdir() if path.suffix in SUFFIXES and path.is_file())
    return [(path.stem, path.suffix) for path in found if is_module(files.read_bytes(path), path.suffix)]


def has_modules(top: Path, named: Iterable[str] = ()) -> bool:
    """Whether :func:`walk` would find a module; faster, since the first one ends the search."""
    return any(_kind(top / path)[0] for path in _sources(top, _chosen(top, named) or directories(top)))


def walk(top: Path, named: Iterable[str] = ()) -> Found:
    """Search a repository for modules.

    Args:
        top: its directory.
        named: the directories that its asterism.toml names; if there are any, only they, the top and the directories of
            Asterisk's layout are searched.

    Raises:
        AsterismError: the top cannot be read.
    """
    with files.told(top, "read"):
        os.listdir(top)
    chosen = _chosen(top, named)
    places = chosen or list(directories(top))
    modules, others, passed = list[str](), list[str](), list[PassedOver]()
    for path in _sources(top, places):
        kind, why = _kind(top / path)
        if kind:
            modules.append(path)
        elif why:
            passed.append(PassedOver(path, why))
        if not kind and not path.endswith(PYTHON):
            others.append(path)
    # In directories named by the user every module counts: two with the same name are a fault there.
    kept = modules if chosen else _nearest(modules, passed)
    passed += [PassedOver(path, "it is a source tree of Asterisk") for path in _trees(top)] if not chosen else []
    return Found(tuple(sorted(kept)), tuple(others), tuple(sorted(passed, key=lambda each: each.path)))


def declared(found: Found, tables: Mapping[str, Sequence[str]]) -> Found:
    """The result of a walk, with the modules that only asterism.toml declares.

    A source of a module is not passed over: asterism.toml lists it, or its directory has the module's name.

    Args:
        found: the result of the walk.
        tables: the further sources of each table ``[modules.NAME]``.
    """
    names = {_name(path) for path in found.modules}
    made = [_first_source(name, found.others, sources) for name, sources in tables.items() if name not in names]
    modules = sorted({*found.modules, *filter(None, made)})
    listed = {*modules, *(source for sources in tables.values() for source in sources)}
    homes = {os.path.splitext(path)[0] for path in modules}
    passed = (each for each in found.passed_over if each.path not in listed and os.path.dirname(each.path) not in homes)
    return Found(tuple(modules), tuple(path for path in found.others if path not in modules), tuple(passed))


def _first_source(name: str, others: Sequence[str], sources: Sequence[str]) -> str:
    """The main source of a declared module: the source with its name; empty without one."""
    return next((path for path in (*others, *sources) if _name(path) == name), "")


def _name(path: str) -> str:
    """The name of the module in a source."""
    return os.path.splitext(os.path.basename(path))[0]


def _chosen(top: Path, named: Iterable[str]) -> list[str]:
    """The directories to search when some are named; empty when none is."""
    chosen = list(named)
    layout = [name for name in LAYOUT if (top / name).is_dir()] if chosen else []
    return list(dict.fromkeys(["", *layout, *chosen])) if chosen else []


def directories(top: Path) -> Iterator[str]:
    """The directories to search, the top first, then by depth and name."""
    waiting = [""]
    while waiting:
        yield from waiting
        waiting = [each for place in waiting for each in _below(top, place)]


def _below(top: Path, place: str) -> Iterator[str]:
    if place.count(os.sep) >= DEEPEST - 1:
        return
    for name in _entries(top / place):
        path = os.path.join(place, name)
        if not name.startswith(".") and name not in _NO_SOURCES and _is_own_directory(top / path):
            yield path


def _is_own_directory(path: Path) -> bool:
    """Whether a path is a directory of this repository: not a link, and not unpacked or installed here."""
    return path.is_dir() and not path.is_symlink() and not any((path / name).is_file() for name in _FOREIGN)


def _entries(directory: Path) -> list[str]:
    """The names in a directory, sorted; empty when it cannot be read."""
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _is_tree(path: Path) -> bool:
    return any((path / name).is_file() for name in OF_ASTERISK)


def _trees(top: Path) -> Iterator[str]:
    return (name for name in _entries(top) if not name.startswith(".") and _is_tree(top / name))


def _sources(top: Path, places: Iterable[str]) -> Iterator[str]:
    count = 0
    for place in places:
        for name in _entries(top / place):
            count += 1
            if count > MOST:
                return
            path = os.path.join(place, name)
            if os.path.splitext(name)[1] in SUFFIXES and (top / path).is_file():
                yield path


def _kind(path: Path) -> tuple[bool, str]:
    """Whether a file is a module source; if not, the reason why it resembles one, or an empty string."""
    try:
        data = files.read_bytes(path)
    except AsterismError as error:
        return False, error.faults[0].why or error.faults[0].what
    if is_module(data, path.suffix):
        return True, ""
    prefix, line, _ = path.stem.partition("_")
    if not line or prefix not in PREFIXES:
        return False, ""
    if path.suffix == PYTHON:
        return False, "" if prefix == "test" else "it has no MODULE = ModuleInfo(...)"
    return False, "it has neither AST_MODULE_INFO nor a MODULEINFO block" if _OF_ASTERISK.search(data) else ""


def _nearest(modules: Iterable[str], passed: list[PassedOver]) -> list[str]:
    """The modules, without those whose name a module nearer to the top has; these are added to ``passed``."""
    first: dict[str, str] = {}
    kept: list[str] = []
    for path in sorted(modules, key=lambda path: (path.count(os.sep), path)):
        other = first.setdefault(_name(path), path)
        if other != path and other.count(os.sep) < path.count(os.sep):
            passed.append(PassedOver(path, f"{other} has its name"))
        else:
            kept.append(path)
    return sorted(kept)
