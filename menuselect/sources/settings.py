"""``asterism.toml``: further directories of modules, and additions to their compilation.

The file is at the top of a source tree, or in a directory of modules::

    directories = ["local", "/home/me/modules"]   # further directories with modules
    cflags = "-Wextra"                            # a string is split like a shell command, a list is not
    libs = ["-lm"]
    launcher = "ccache"

    [modules.res_x]
    sources = ["../common/pool.c"]                # in addition to res_x.c
    cflags = "-DPOOL=1"
    libs = "-lsqlite3"
    packages = ["libmongoc-1.0"]                  # asked of pkg-config at each build

Settings for all trees of a user (``cflags``, ``libs``, ``launcher``) are in ``~/.config/asterism/asterism.toml``.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import did_you_mean
from asterism.tree import SETTINGS
from asterism.values import dataclass, field
from asterism.words import either
from menuselect.model import toml_places
from menuselect.model.menu import LOCAL


@dataclass(frozen=True, slots=True)
class Extras:
    """The additions to a module."""

    sources: tuple[str, ...] = ()
    """Further sources, relative to the tree or absolute."""
    cflags: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()
    place: Place | None = None
    """The place of the table."""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """The place of each source in the file."""
    packages: tuple[str, ...] = ()
    """Packages of pkg-config whose flags are added at each build."""


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A table ``[targets.NAME]``: an Asterisk that modules are built for."""

    directory: str
    """A configured source tree, a prefix, or a directory of headers; absolute, or relative to the tree."""
    prefix: str = ""
    """Where that Asterisk is installed, when the directory does not say."""
    place: Place | None = None
    """The place of the table."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The contents of the files."""

    directories: tuple[str, ...] = ()
    """Further directories, relative to the tree or absolute."""
    cflags: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()
    launcher: str | None = None
    """The launcher; None when not set, empty to use none."""
    modules: Mapping[str, Extras] = field(default_factory=dict)
    targets: Mapping[str, TargetTable] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    """Packages of pkg-config for all modules."""

    @property
    def categories(self) -> dict[str, str]:
        """The directories by category; the names differ from all categories of a tree: ``LOCAL_HOME_ME_MODULES``."""
        return {LOCAL + re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper(): name for name in self.directories}

    def extras(self, module: str) -> Extras:
        """All additions to a module, including those for all modules."""
        own = self.modules.get(module, Extras())
        flags = (*self.cflags, *own.cflags), (*self.libs, *own.libs)
        return Extras(own.sources, *flags, own.place, own.places, (*self.packages, *own.packages))


SHARED_KEYS = ("cflags", "libs", "launcher", "targets")
KEYS = ("directories", "packages", *SHARED_KEYS, "modules")
MODULE_KEYS = ("sources", "cflags", "libs", "packages")
TARGET_KEYS = ("directory", "prefix")


class _SettingsReader:
    """Reads a file, and collects its faults."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = toml_places.lines_of(text)
        self.row = toml_places.parse(text, file, "bad-settings")
        self.faults = Collector()

    def place(self, key: str, table: str = "") -> Place:
        return toml_places.key_place(self.lines, key, self.file, table)

    def known(self, row: Mapping[str, Any], keys: Iterable[str], table: str = "") -> None:
        """Add a fault for each unknown key."""
        for key in row:
            if key not in keys:
                where = f"[{table}]" if table else SETTINGS
                cure = did_you_mean(key, keys) or f"{where} has {either(keys)}"
                self.faults.add(Fault(f"unknown key '{key}'", self.place(key, table), "", cure, "unknown-key"))

    def words(self, row: Mapping[str, Any], key: str, table: str = "", *, split: bool = True) -> tuple[str, ...]:
        """A list of strings, or a string that is split."""
        value = row.get(key, [])
        if isinstance(value, str) and split:
            try:
                return tuple(shlex.split(value))
            except ValueError as error:
                what = f"'{key}' cannot be split into words"
                self.faults.add(
                    Fault(what, self.place(key, table), str(error).lower(), "close the quote", "bad-settings")
                )
                return ()
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        kind = "a string or a list of strings" if split else "a list of strings"
        cure = f'write {key} = ["...", ...]'
        self.faults.add(Fault(f"'{key}' is not {kind}", self.place(key, table), "", cure, "bad-settings"))
        return ()

    def launcher(self) -> str | None:
        value = self.row.get("launcher")
        if value is None or isinstance(value, str):
            return value
        self.faults.add(Fault("'launcher' is not a string", self.place("launcher"), "", 'write launcher = "ccache"'))
        return None

    def paths(self, base: Path, row: Mapping[str, Any], key: str, table: str = "") -> dict[str, Place]:
        """Existing files or directories, with their places in the file."""
        found: dict[str, Place] = {}
        for word in self.words(row, key, table, split=False):
            path = os.path.normpath(word if "\0" in word else os.path.expanduser(word))
            place = toml_places.word_place(self.lines, word, self.place(key, table))
            is_there = os.path.isdir if key == "directories" else os.path.isfile  # both accept any name
            if is_there(base / path):
                found.setdefault(path, place)
            else:
                what = "directory" if key == "directories" else "file"
                cure = f"paths are relative to {base}"
                self.faults.add(Fault(f"{what} '{word}' does not exist", place, "", cure, "no-such-file"))
        return found

    def module(self, base: Path, name: str, row: object) -> Extras:
        table = f"modules.{name}"
        place = self.place(table)
        if not isinstance(row, dict):
            cure = f"write [{table}] and below it sources, cflags, libs or packages"
            self.faults.add(Fault(f"'{table}' is not a table", place, "", cure, "bad-settings"))
            return Extras()
        self.known(row, MODULE_KEYS, table)
        sources = self.paths(base, row, "sources", table)
        flags = self.words(row, "cflags", table), self.words(row, "libs", table)
        return Extras(tuple(sources), *flags, place, sources, self.words(row, "packages", table))

    def target(self, name: str, row: object) -> TargetTable | None:
        table = f"targets.{name}"
        place = self.place(table)
        directory = row.get("directory") if isinstance(row, dict) else None
        prefix = row.get("prefix", "") if isinstance(row, dict) else ""
        if not isinstance(row, dict) or not isinstance(directory, str) or not directory or not isinstance(prefix, str):
            cure = f'write [{table}] and below it directory = "/path/of/asterisk"'
            self.faults.add(Fault(f"'{table}' does not name a directory", place, "", cure, "bad-settings"))
            return None
        self.known(row, TARGET_KEYS, table)
        return TargetTable(os.path.expanduser(directory), os.path.expanduser(prefix), place)

    def targets(self) -> dict[str, TargetTable]:
        tables = self.row.get("targets", {})
        if not isinstance(tables, dict):
            cure = "write [targets.NAME] and below it directory"
            self.faults.add(Fault("'targets' is not a table", self.place("targets"), "", cure, "bad-settings"))
            return {}
        found = {name: self.target(name, row) for name, row in tables.items()}
        return {name: table for name, table in found.items() if table is not None}

    def modules(self, base: Path) -> dict[str, Extras]:
        tables = self.row.get("modules", {})
        if not isinstance(tables, dict):
            cure = "write [modules.NAME] and below it sources, cflags, libs or packages"
            self.faults.add(Fault("'modules' is not a table", self.place("modules"), "", cure, "bad-settings"))
            return {}
        return {name: self.module(base, name, row) for name, row in tables.items()}


def read(text: str, file: str, base: Path) -> Settings:
    """Parse the settings file of a tree.

    Raises:
        AsterismError: the text is not valid TOML, or has invalid keys, values or paths; with all faults.
    """
    reader = _SettingsReader(text, file)
    reader.known(reader.row, KEYS)
    found = Settings(
        tuple(reader.paths(base, reader.row, "directories")),
        reader.words(reader.row, "cflags"),
        reader.words(reader.row, "libs"),
        reader.launcher(),
        reader.modules(base),
        reader.targets(),
        reader.words(reader.row, "packages"),
    )
    reader.faults.check()
    return found


def read_shared(text: str, file: str) -> Settings:
    """Parse the settings file of a user, for all trees.

    Raises:
        AsterismError: as :func:`read`.
    """
    reader = _SettingsReader(text, file)
    reader.known(reader.row, SHARED_KEYS)
    flags = (reader.words(reader.row, "cflags"), reader.words(reader.row, "libs"))
    found = Settings((), *flags, reader.launcher(), {}, reader.targets())
    reader.faults.check()
    return found


def shared_file() -> Path:
    """The path of the user's settings file."""
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Path(config) / "asterism" / SETTINGS


def load(base: Path) -> Settings:
    """Read the settings of the user and of a tree, the tree's taking precedence; a missing file is ignored.

    Raises:
        AsterismError: one of the files has faults.
    """
    faults = Collector()
    found = []
    for path, reads in ((shared_file(), read_shared), (base / SETTINGS, lambda text, file: read(text, file, base))):
        try:
            # path.exists raises if a parent directory is not accessible, such as another user's home under sudo.
            found.append(reads(files.read_text(path), str(path)) if os.path.lexists(path) else Settings())
        except AsterismError as error:
            faults.extend(error.faults)
    faults.check()
    shared, own = found
    return Settings(
        own.directories,
        (*shared.cflags, *own.cflags),
        (*shared.libs, *own.libs),
        shared.launcher if own.launcher is None else own.launcher,
        own.modules,
        {**shared.targets, **own.targets},
        own.packages,
    )


def check_modules(settings: Settings, known: Iterable[str]) -> list[Fault]:
    """A fault for each table of an unknown module."""
    names = list(known)
    return [
        Fault(f"module '{name}' does not exist", extras.place, "", did_you_mean(name, names), "no-module")
        for name, extras in settings.modules.items()
        if name not in names
    ]
