"""manifest.json: the list of installed files, used to check, replace and remove them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from asterism.values import dataclass, field

NEW = ".new"
"""The suffix of a sample configuration that is put beside an edited file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An installed file."""

    path: str
    """The path, relative to the prefix; absolute when it lies outside of the prefix."""
    size: int
    """The size in bytes."""
    sha256: str
    """64 hexadecimal digits."""
    is_config: bool = False
    """Whether users edit the file; once edited, it is never overwritten or removed."""

    def describes(self, data: bytes) -> bool:
        """Whether these bytes are the file as it was installed."""
        return len(data) == self.size and hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that one install has written."""

    version: str = ""
    """The version of Asterism."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """The installed files, by path."""
    directories: tuple[str, ...] = ()
    """The directories that the install created, parents first."""
    source: str = ""
    """The source directory of modules outside of Asterism; empty for Asterism itself and in packages."""


def entry_of(path: str, data: bytes, *, is_config: bool = False) -> Entry:
    """The manifest entry of a file with the given bytes."""
    return Entry(path, len(data), hashlib.sha256(data).hexdigest(), is_config)


def make(version: str, entries: Iterable[Entry], directories: Iterable[str], source: str = "") -> Manifest:
    """A manifest with its entries and directories sorted."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    return Manifest(version, {entry.path: entry for entry in ordered}, tuple(sorted(set(directories))), source)


def dumps(manifest: Manifest) -> str:
    """The text of manifest.json, with one file a line."""
    rows = [
        json.dumps({"path": e.path, "size": e.size, "sha256": e.sha256, **({"config": True} if e.is_config else {})})
        for e in manifest.entries.values()
    ]
    directories = json.dumps(list(manifest.directories), indent=1)
    body = ",\n".join(f"  {row}" for row in rows)
    source = f' "source": {json.dumps(manifest.source)},\n' if manifest.source else ""
    head = f'{{\n "version": {json.dumps(manifest.version)},\n{source} "directories": {directories},\n "files": ['
    return f"{head}\n{body}\n ]\n}}\n"


def loads(text: str, file: str = "manifest.json") -> Manifest:
    """Parse the text of manifest.json.

    Raises:
        AsterismError: the text is damaged.
    """
    try:
        data = json_value(text)
        directories = [_named(each, str) for each in data["directories"]]
        source = _named(data.get("source", ""), str)
        return make(_named(data["version"], str), map(_entry, data["files"]), directories, source)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AsterismError(
            Fault(
                "the manifest of the installed tree is damaged",
                Place(file),
                why=str(error),
                cure="move the file away and run 'make install'; files that only the old install has stay",
                code="bad-manifest",
            )
        ) from None


T = TypeVar("T")


def _named(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, not {value!r}")
    return value


def _entry(row: Mapping[str, object]) -> Entry:
    path, digest = _named(row["path"], str), _named(row["sha256"], str)
    return Entry(path, _named(row["size"], int), digest, bool(row.get("config", False)))


def load_file(path: Path) -> Manifest | None:
    """Read a manifest; None when the file does not exist."""
    return loads(files.read_text(path), str(path)) if os.path.lexists(path) else None


def load_or_set_aside(path: Path) -> tuple[Manifest, list[str]]:
    """The manifest of the last install, and notes; a damaged file is set aside, and the manifest is empty then.

    The install can go on: files that exist already count as the user's own.
    """
    try:
        return load_file(path) or Manifest(), []
    except AsterismError as error:
        if error.faults[0].code not in ("bad-manifest", "damaged") and not files.is_other_kind(error):
            raise
        why = "files that only the old install has stay"
        return Manifest(), [f"{files.set_aside(path)}; {why}"]
