"""Distrusted modules: modules that crashed the program are recorded on disk and left out of later starts.

A module is trusted again when ``module trust`` names it, or when its file differs from the one that crashed.
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
"""The last second of the year 9999, as seconds since the epoch."""

FILE = "distrusted.json"
"""The file's name in astdbdir."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The record of a distrusted module: what crashed, where and when."""

    module: str
    callback: str
    how: str
    time: float
    """When the crash was recorded, in seconds since the epoch."""
    file: str
    """The name of the module's file in the module directory."""
    size: int
    changed: int
    """Size in bytes and modification time in nanoseconds of the file that crashed."""
    source: str = ""
    """The source line of the crash, as ``res_x.c:57``; empty when unknown."""


_NOTHING: Sequence[Doubt] = ()


class Trust:
    """The distrusted modules, which the loader leaves out.

    Args:
        path: the file that records them; None keeps them in memory only.
        directory: the module directory.
    """

    def __init__(self, path: str | None, directory: Path) -> None:
        self.path = path
        self.directory = directory
        doubts, self.warning = state.load(path, _loaded, _NOTHING) if path else (_NOTHING, None)
        """The fault of a damaged file, which counts as empty; None when the file is sound or missing."""
        self._doubts = {key_of(doubt.module): doubt for doubt in doubts}

    def accuse(self, suspects: Iterable[Suspect]) -> list[Doubt]:
        """Distrust modules from now on; modules without a file in the module directory are skipped.

        Returns:
            The new records.

        Raises:
            AsterismError: the file cannot be written.
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
            # A file replaced since the crash is not the file that crashed.
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
        """Why a module is left out, or None when it is trusted; a changed file makes it trusted again."""
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
        """Trust a module again.  Returns the record of its crash.

        Raises:
            AsterismError: the module is not distrusted, or the file cannot be written.
        """
        doubt = self._doubts.pop(key_of(name), None)
        if doubt is None:
            cure = did_you_mean(name, self.names()) or "'module show failed' tells which modules are left out"
            raise AsterismError(Fault(f"the module '{name}' is not distrusted", cure=cure, code="trusted"))
        self._save()
        return doubt

    def names(self) -> list[str]:
        """Names of the distrusted modules, sorted."""
        return sorted(doubt.module for doubt in self._doubts.values())

    def _save(self) -> None:
        if self.path is not None:
            data = [asdict(doubt) for doubt in self._doubts.values()]
            files.write(self.path, json.dumps(data, indent=2) + "\n", 0o600)


def _loaded(text: str) -> Sequence[Doubt]:
    """The records in the text of the file.  Raises one of ``state.DAMAGES`` when the text is damaged."""
    return [_parsed(entry) for entry in json_value(text)]


def _parsed(entry: Mapping[str, object]) -> Doubt:
    words = {name: str(entry[name]) for name in ("module", "callback", "how", "file")}
    size, changed = (number(str(entry[name])) for name in ("size", "changed"))
    moment = float(str(entry["time"]))
    if size is None or changed is None or not 0 <= moment <= _LATEST:
        raise ValueError("a number is out of its range")
    if "\0" in words["file"] or "/" in words["file"]:
        raise ValueError("a module is not a file of the module directory")
    return Doubt(**words, size=size, changed=changed, time=moment, source=str(entry.get("source", "")))
