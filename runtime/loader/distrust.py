"""Modules that brought the program down: noted on disk, left out of the next starts until somebody trusts them again.

A module whose file is another one than the one that crashed is trusted again by itself: it was mended, perhaps.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from asterism import files, state
from asterism.errors import AsterismError, Fault, Place
from asterism.names import MODULE_SUFFIXES, did_you_mean
from asterism.numbers import number
from asterism.parsing import json_value
from asterism.values import asdict, dataclass
from runtime.core.journal import Suspect
from runtime.loader.backtrace import source_of
from runtime.loader.start_order import key_of

_LATEST = 253402300799.0
"""The last second of the year 9999."""

FILE = "distrusted.json"
"""Its name in astdbdir."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a module is left out."""

    module: str
    callback: str
    how: str
    time: float
    """When that was noted, in seconds since the epoch."""
    file: str
    """The module's file, below the module directory."""
    size: int
    changed: int
    """Size in bytes and time of change in nanoseconds of the file that did it."""
    source: str = ""
    """Where in its source it was: ``res_x.c:57``; empty when nobody could tell."""


_NOTHING: Sequence[Doubt] = ()


class Trust:
    """The modules that are left out.

    Args:
        path: where they are noted; None keeps them in memory only.
        directory: the module directory.
    """

    def __init__(self, path: str | None, directory: Path) -> None:
        self.path = path
        self.directory = directory
        doubts, self.warning = state.load(path, _loaded, _NOTHING) if path else (_NOTHING, None)
        """What was wrong with the file, which then notes nothing."""
        self._doubts = {key_of(doubt.module): doubt for doubt in doubts}

    def accuse(self, suspects: Iterable[Suspect]) -> list[Doubt]:
        """Leave out modules from now on; those that are no files of the module directory are passed over.

        Returns:
            What is held against them.

        Raises:
            AsterismError: that cannot be noted.
        """
        found = [doubt for doubt in map(self._doubt, suspects) if doubt is not None]
        if found:
            self._doubts.update((key_of(doubt.module), doubt) for doubt in found)
            self._save()
        return found

    def _doubt(self, suspect: Suspect) -> Doubt | None:
        for suffix in MODULE_SUFFIXES:
            name = f"{suspect.module}{suffix}"
            identity = self._identity(name)
            # A file that was put back meanwhile is not the one that did it.
            if identity is not None and suspect.identity in (None, identity):
                source = source_of(self.directory / name, suspect.trace)
                return Doubt(suspect.module, suspect.callback, suspect.how, time.time(), name, *identity, source)
        return None

    def _identity(self, name: str) -> tuple[int, int] | None:
        try:
            status = os.stat(self.directory / name)
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    def against(self, name: str) -> Fault | None:
        """Why a module is left out, or None when it is not, or not any more since its file is another one."""
        doubt = self._doubts.get(key_of(name))
        if doubt is None:
            return None
        if self._identity(doubt.file) != (doubt.size, doubt.changed):
            self.restore(name)
            return None
        how = f" ({doubt.how})" if doubt.how else ""
        how += f" at {doubt.source}" if doubt.source else ""
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(doubt.time))
        return Fault(
            "it is left out since it brought the program down",
            Place(os.fspath(self.directory / doubt.file)),
            why=f"the last time it ended in {doubt.callback}{how}, noted {when}",
            cure=f"build it again, or say 'module trust {doubt.module}' to have it tried again as it is"
            + (f"; without a running program, delete {self.path}" if self.path else ""),
            code="distrusted",
        )

    def restore(self, name: str) -> Doubt:
        """Trust a module again; returns why it was left out.

        Raises:
            AsterismError: it is not left out, or that cannot be noted.
        """
        doubt = self._doubts.pop(key_of(name), None)
        if doubt is None:
            cure = did_you_mean(name, self.names()) or "'module show failed' tells which modules are left out"
            raise AsterismError(Fault(f"the module '{name}' is not distrusted", cure=cure, code="trusted"))
        self._save()
        return doubt

    def names(self) -> list[str]:
        """Names of the modules that are left out, sorted."""
        return sorted(doubt.module for doubt in self._doubts.values())

    def _save(self) -> None:
        if self.path is not None:
            data = [asdict(doubt) for doubt in self._doubts.values()]
            files.write(self.path, json.dumps(data, indent=2) + "\n", 0o600)


def _loaded(text: str) -> Sequence[Doubt]:
    """What the text of the file notes.  Raises one of ``state.DAMAGES``."""
    return [_parsed(entry) for entry in json_value(text)]


def _parsed(entry: Mapping[str, object]) -> Doubt:
    words = {name: str(entry[name]) for name in ("module", "callback", "how", "file")}
    size, changed = (number(str(entry[name])) for name in ("size", "changed"))
    moment = float(str(entry["time"]))
    if size is None or changed is None or not 0 <= moment <= _LATEST:
        raise ValueError("a number is out of its range")
    if "\0" in words["file"] or "/" in words["file"]:
        raise ValueError("a module is no file of the module directory")
    return Doubt(**words, size=size, changed=changed, time=moment, source=str(entry.get("source", "")))
