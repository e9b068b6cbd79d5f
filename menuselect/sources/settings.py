"""``asterism.toml``: where modules of one's own are, and what is added to their compilation.

It lies at the top of a source tree, or in a directory of modules::

    directories = ["local", "/home/me/modules"]   # further directories with modules
    cflags = "-Wextra"                            # a text is split as a shell would, a list is taken as it is
    libs = ["-lm"]
    launcher = "ccache"

    [modules.res_x]
    sources = ["../common/pool.c"]                # besides its own
    cflags = "-DPOOL=1"
    libs = "-lsqlite3"

What a user wants in all of them (``cflags``, ``libs``, ``launcher``) stands in ``~/.config/asterism/asterism.toml``.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Collector, Fault, Place
from asterism.names import did_you_mean, either
from menuselect.model import toml_places
from menuselect.model.menu import LOCAL, SETTINGS

FILE = SETTINGS


@dataclass(frozen=True, slots=True)
class Extras:
    """What is added to a module."""

    sources: tuple[str, ...] = ()
    """Relative to the tree, or absolute."""
    cflags: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()
    place: Place | None = None
    """Where it is said."""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where each of the sources is named."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the files say."""

    directories: tuple[str, ...] = ()
    """Relative to the tree, or absolute."""
    cflags: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()
    launcher: str | None = None
    """None when nobody says; empty for none."""
    modules: Mapping[str, Extras] = field(default_factory=dict)

    @property
    def categories(self) -> dict[str, str]:
        """The directories by their categories, which no directory of a tree has: ``LOCAL_HOME_ME_MODULES``."""
        return {LOCAL + re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper(): name for name in self.directories}

    def extras(self, module: str) -> Extras:
        """All that is added to a module."""
        own = self.modules.get(module, Extras())
        flags = (*self.cflags, *own.cflags), (*self.libs, *own.libs)
        return Extras(own.sources, *flags, own.place, own.places)


_SHARED = ("cflags", "libs", "launcher")
_KEYS = ("directories", *_SHARED, "modules")
_MODULE = ("sources", "cflags", "libs")


class _SettingsReader:
    """Reads one file, and gathers what is wrong with it."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = toml_places.lines_of(text)
        self.row = toml_places.parse(text, file, "bad-settings")
        self.faults = Collector()

    def place(self, key: str, table: str = "") -> Place:
        return toml_places.key_place(self.lines, key, self.file, table)

    def known(self, row: Mapping[str, Any], keys: Iterable[str], table: str = "") -> None:
        """Refuse keys that mean nothing."""
        for key in row:
            if key not in keys:
                where = f"[{table}]" if table else FILE
                cure = did_you_mean(key, keys) or f"{where} has {either(keys)}"
                self.faults.add(Fault(f"unknown key '{key}'", self.place(key, table), "", cure, "unknown-key"))

    def words(self, row: Mapping[str, Any], key: str, table: str = "", *, split: bool = True) -> tuple[str, ...]:
        """A list of texts, or one text that is split."""
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
        kind = "a text or a list of texts" if split else "a list of texts"
        cure = f'write {key} = ["...", ...]'
        self.faults.add(Fault(f"'{key}' is not {kind}", self.place(key, table), "", cure, "bad-settings"))
        return ()

    def launcher(self) -> str | None:
        value = self.row.get("launcher")
        if value is None or isinstance(value, str):
            return value
        self.faults.add(Fault("'launcher' is not a text", self.place("launcher"), "", 'write launcher = "ccache"'))
        return None

    def paths(self, top: Path, row: Mapping[str, Any], key: str, table: str = "") -> dict[str, Place]:
        """Files or directories, which must be there, with the places where they are named."""
        found: dict[str, Place] = {}
        for word in self.words(row, key, table, split=False):
            path = os.path.normpath(word if "\0" in word else os.path.expanduser(word))
            place = toml_places.word_place(self.lines, word, self.place(key, table))
            is_there = os.path.isdir if key == "directories" else os.path.isfile  # which refuse no name
            if is_there(top / path):
                found.setdefault(path, place)
            else:
                what = "directory" if key == "directories" else "file"
                cure = f"paths are relative to {top}"
                self.faults.add(Fault(f"there is no {what} '{word}'", place, "", cure, "no-such-file"))
        return found

    def module(self, top: Path, name: str, row: object) -> Extras:
        table = f"modules.{name}"
        place = self.place(table)
        if not isinstance(row, dict):
            cure = f"write [{table}] and below it sources, cflags or libs"
            self.faults.add(Fault(f"'{table}' is not a table", place, "", cure, "bad-settings"))
            return Extras()
        self.known(row, _MODULE, table)
        sources = self.paths(top, row, "sources", table)
        flags = self.words(row, "cflags", table), self.words(row, "libs", table)
        return Extras(tuple(sources), *flags, place, sources)

    def modules(self, top: Path) -> dict[str, Extras]:
        tables = self.row.get("modules", {})
        if not isinstance(tables, dict):
            cure = "write [modules.NAME] and below it sources, cflags or libs"
            self.faults.add(Fault("'modules' is not a table", self.place("modules"), "", cure, "bad-settings"))
            return {}
        return {name: self.module(top, name, row) for name, row in tables.items()}


def read(text: str, file: str, top: Path) -> Settings:
    """What a file at the top of a tree says.

    Raises:
        AsterismError: it is not TOML, or has keys or values that mean nothing, or paths that lead nowhere; all at once.
    """
    reader = _SettingsReader(text, file)
    reader.known(reader.row, _KEYS)
    found = Settings(
        tuple(reader.paths(top, reader.row, "directories")),
        reader.words(reader.row, "cflags"),
        reader.words(reader.row, "libs"),
        reader.launcher(),
        reader.modules(top),
    )
    reader.faults.check()
    return found


def read_shared(text: str, file: str) -> Settings:
    """What a user's own file says, for all trees.

    Raises:
        AsterismError: as :func:`read`.
    """
    reader = _SettingsReader(text, file)
    reader.known(reader.row, _SHARED)
    flags = (reader.words(reader.row, "cflags"), reader.words(reader.row, "libs"))
    found = Settings((), *flags, reader.launcher())
    reader.faults.check()
    return found


def shared_file() -> Path:
    """The user's own file."""
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Path(config) / "asterism" / FILE


def load(top: Path) -> Settings:
    """What the user's own file says, and on top of it that of a tree; a file that is not there says nothing.

    Raises:
        AsterismError: one of them has faults.
    """
    faults = Collector()
    found = []
    for path, reads in ((shared_file(), read_shared), (top / FILE, lambda text, file: read(text, file, top))):
        try:
            # Not path.exists: that raises where a directory above is closed, as another user's home is under sudo.
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
    )


def check_modules(settings: Settings, known: Iterable[str]) -> list[Fault]:
    """A fault for each table of a module that is not there."""
    names = list(known)
    return [
        Fault(f"there is no module '{name}'", extras.place, "", did_you_mean(name, names), "no-module")
        for name, extras in settings.modules.items()
        if name not in names
    ]
