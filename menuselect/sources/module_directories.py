"""The directories of a source tree that hold modules, and the sources in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import SETTINGS, Kind
from asterism.values import dataclass, field
from menuselect.model.menu import LOCAL
from menuselect.sources import module_files, recognition
from menuselect.sources.source_text import CXX, PYTHON, C, escaped

if TYPE_CHECKING:
    from menuselect.sources.makefiles import Directory, Part, Top

DIRECTORIES = {
    "addons": ("Add-ons (See README-addons.txt)", ""),
    "apps": ("Applications", "app"),
    "bridges": ("Bridging Modules", "bridge"),
    "cdr": ("Call Detail Recording", "cdr"),
    "cel": ("Channel Event Logging", "cel"),
    "channels": ("Channel Drivers", "chan"),
    "codecs": ("Codec Translators", "codec"),
    "formats": ("Format Interpreters", "format"),
    "funcs": ("Dialplan Functions", "func"),
    "pbx": ("PBX Modules", "pbx"),
    "res": ("Resource Modules", "res"),
    "tests": ("Test Modules", "test"),
}
"""The module directories of a tree without Asterisk's Makefiles: title and prefix of the sources."""


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """The source file of a module."""

    name: str
    directory: str
    """The directory, relative to the tree."""
    suffix: str
    """``.c``, ``.cc`` or ``.py``."""
    category: str

    @property
    def path(self) -> str:
        """The path of the source, relative to the tree."""
        return os.path.join(self.directory, f"{self.name}{self.suffix}")


@dataclass(slots=True)
class ModuleDirectory:
    """A module directory with its sources, before they are read."""

    name: str
    category: str
    title: str
    sources: list[ModuleSource]
    made: Directory | None = None
    makeopts: list[bytes] = field(default_factory=list)


def makefile_of(base: Path) -> tuple[Top | None, Sequence[Part]]:
    """What the Makefile of a tree says (None without one), and the parts of menuselect-tree in their order."""
    from menuselect.sources import makefiles

    top = makefiles.read_top(base)
    if top:
        return top, top.parts
    return None, (
        makefiles.Part("modules"),
        makefiles.Part("build_tools/cflags.xml"),
        makefiles.Part("makeopts"),
        makefiles.Part("build_tools/cflags-devmode.xml", dev_mode=True),
    )


def sources(root: str | os.PathLike[str]) -> list[ModuleSource]:
    """Every module of a tree, by directory and name."""
    base = Path(root)
    top, _ = makefile_of(base)
    return [
        source for directory in directories_of(base, top.directories if top else None) for source in directory.sources
    ]


def directories_of(base: Path, names: Sequence[str] | None) -> list[ModuleDirectory]:
    """The module directories of a tree with their sources.

    Args:
        base: the tree.
        names: the directories that the Makefile names; None without a Makefile.

    Raises:
        AsterismError: asterism.toml is invalid.
    """
    if names is None and recognition.at(base).kind is Kind.MODULES:
        return list(_of_repository(base))
    found = []
    for name in DIRECTORIES if names is None else names:
        directory = _directory(base, name, made=names is not None)
        if directory and (directory.sources or names is not None):
            found.append(directory)
    return found if names is not None else [*found, *_local(base)]


def _of_repository(base: Path) -> Iterator[ModuleDirectory]:
    """The directories of a repository that hold modules; those of Asterisk's layout have Asterisk's titles."""
    listed: dict[str, list[ModuleSource]] = {}
    for path in recognition.module_sources(base):
        name, file = os.path.split(path)
        stem, suffix = os.path.splitext(file)
        listed.setdefault(name, []).append(ModuleSource(stem, name, suffix, _category_of(name)))
    for name, found in sorted(listed.items(), key=lambda each: _rank(base, each[0])):
        title = DIRECTORIES[name][0] if name in DIRECTORIES else f"Modules in {name}" if name else "Modules"
        shown = escaped(os.fsencode(title)).decode("utf-8", "surrogateescape")
        yield ModuleDirectory(name, _category_of(name), shown, found)


def _rank(base: Path, name: str) -> tuple[int, int, str]:
    """The order of directories: Asterisk's, those that asterism.toml names, all others by name."""
    from menuselect.sources import settings

    orders = (list(DIRECTORIES), list(settings.load(base).directories))
    at, order = next(((at, order) for at, order in enumerate(orders) if name in order), (len(orders), [name]))
    return at, order.index(name), name


def _category_of(name: str) -> str:
    """The category of a directory of a repository."""
    if name in DIRECTORIES:
        return name.upper()
    return LOCAL + (re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper() or "TOP")


def _local(base: Path) -> Iterator[ModuleDirectory]:
    """The further directories that asterism.toml names, with the module sources in them."""
    if not os.path.lexists(base / SETTINGS):
        return
    from menuselect.sources import settings

    for category, name in settings.load(base).categories.items():
        title = escaped(os.fsencode(f"Modules in {name}")).decode("utf-8", "surrogateescape")
        listed = module_files.own_sources(base / name)
        if listed:
            yield ModuleDirectory(
                name, category, title, [ModuleSource(*each, category) for each in _placed(name, listed)]
            )


def check_names(directories: list[ModuleDirectory]) -> None:
    """Refuse a module of a further directory that has the name of another module.

    Raises:
        AsterismError: two modules have one name; the faults give both places.
    """
    places: dict[str, str] = {}
    faults: list[Fault] = []
    for directory in directories:
        for source in directory.sources:
            other = places.setdefault(source.name, source.path)
            if other != source.path and directory.category.startswith(LOCAL):
                cure = f"rename one of them, or remove {source.directory} from {SETTINGS}"
                what = f"two modules are named {source.name}"
                faults.append(Fault(what, Place(source.path), f"{other} has the same name", cure, "same-name"))
    if faults:
        raise AsterismError(*faults)


def _directory(base: Path, name: str, made: bool) -> ModuleDirectory | None:
    path = base / name
    title, prefix = DIRECTORIES.get(name, (name, ""))
    if not made:
        prefixes = [prefix] if prefix else []
        listed = _by_prefix(path, prefixes, (C, CXX, PYTHON))
        return ModuleDirectory(
            name, name.upper(), title, [ModuleSource(*each, name.upper()) for each in _placed(name, listed)]
        )
    from menuselect.sources import makefiles

    said = makefiles.read_directory(path)
    category = said.variables.get("MENUSELECT_CATEGORY", "").strip()
    if not category:
        return None
    prefixes = said.variables.get("MODULE_PREFIX", "").split()
    listed = _by_prefix(path, prefixes, (C, CXX))
    if not prefixes:
        listed = [(module, C) for module in said.variables.get("ALL_C_MODS", "").split()]
        listed += [(module, CXX) for module in said.variables.get("ALL_CC_MODS", "").split()]
    title = said.variables.get("MENUSELECT_DESCRIPTION", title)
    return ModuleDirectory(
        name, category, title, [ModuleSource(*each, category) for each in _placed(name, listed)], said
    )


def _placed(directory: str, listed: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    return ((module, directory, suffix) for module, suffix in listed)


def _by_prefix(path: Path, prefixes: Sequence[str], suffixes: Sequence[str]) -> list[tuple[str, str]]:
    """Names and suffixes of the sources that begin with a prefix: C before C++, each in byte order."""
    starts = tuple(f"{prefix}_" for prefix in prefixes)
    if not starts or not path.is_dir():
        return []
    found: list[tuple[str, str]] = []
    with os.scandir(path) as entries:
        names = sorted((entry.name for entry in entries), key=os.fsencode)
    for suffix in suffixes:
        found += [(name[: -len(suffix)], suffix) for name in names if name.startswith(starts) and name.endswith(suffix)]
    return [each for each in found if each[1] != PYTHON or _is_python_module(path / f"{each[0]}{PYTHON}")]


def _is_python_module(path: Path) -> bool:
    """Whether a Python file is a module source, not a test; True for an unreadable file, which is reported later."""
    try:
        return module_files.is_module(files.read_bytes(path), PYTHON)
    except AsterismError:
        return True
