"""The targets that have names: those of asterism.toml, of the user's settings, and the Asterisk that is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.names import did_you_mean
from asterism.tree import SETTINGS
from asterism.values import dataclass
from menuselect.sources import settings
from menuselect.sources.settings_edit import heading, table_span

INSTALLED = "installed"
"""The name of the Asterisk that is found on PATH, with its headers."""
ALL = "all"
"""Stands for every target that has a name."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PROGRAM = "asterisk"
_GROUP = "targets"
"""What the tables of targets begin with."""


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A target and where it is."""

    name: str
    """As it was named; a directory that has no name is its own."""
    directory: str
    """A configured source tree, a prefix, or a directory of headers."""
    prefix: str = ""
    """Where it is installed, when the directory does not say."""
    origin: str = ""
    """The file that names it; empty when it was found on PATH, or named by its directory."""

    def as_json(self) -> dict[str, str]:
        """The target as plain data."""
        return {"name": self.name, "directory": self.directory, "prefix": self.prefix, "origin": self.origin}


def known(top: Path) -> dict[str, KnownTarget]:
    """The targets with names: of a directory's asterism.toml, of the user's settings, and the installed one.

    Raises:
        AsterismError: one of the files has faults.
    """
    found = {
        name: KnownTarget(name, os.path.join(top, row.directory), _absolute(top, row.prefix), _origin(row.place))
        for name, row in settings.load(top).targets.items()
    }
    usual = _installed()
    return {**({INSTALLED: usual} if usual else {}), **found}


def _absolute(top: Path, path: str) -> str:
    return os.path.join(top, path) if path else ""


def _origin(place: Place | None) -> str:
    return place.file if place else ""


def _installed() -> KnownTarget | None:
    """The Asterisk on PATH or in the usual place, when the headers of its prefix are there."""
    program = shutil.which(_PROGRAM, path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
    if program is None:
        return None
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(program)))
    has_headers = os.path.isfile(os.path.join(prefix, "include/asterisk.h"))
    return KnownTarget(INSTALLED, prefix) if has_headers else None


def find(word: str, top: Path) -> list[KnownTarget]:
    """The targets that a word means: a name, a directory, or ``all``.

    Raises:
        AsterismError: it means none.
    """
    named = known(top)
    if word == ALL:
        if not named:
            cure = "'asterism target add NAME DIR' names one"
            raise AsterismError(Fault("no target has a name here", Place(str(top)), "", cure, "no-target"), status=2)
        return list(named.values())
    if word in named:
        return [named[word]]
    if os.sep in word or os.path.isdir(word):
        return [KnownTarget(word, word)]
    cure = did_you_mean(word, named) or _listed(named)
    raise AsterismError(Fault(f"target '{word}' is not known", None, "", cure, "no-target"), status=2)


def the_one(word: str, top: Path) -> KnownTarget:
    """The one target that a word means: a name or a directory.

    Raises:
        AsterismError: it means none or several.
    """
    meant = find(word, top)
    if len(meant) > 1:
        cure = f"name one of {', '.join(each.name for each in meant)}"
        raise AsterismError(Fault(f"'{word}' means several targets", None, "", cure, "several-targets"), status=2)
    return meant[0]


def directory_of(word: str, top: Path) -> str:
    """The directory of the one target that a word means.  Raises AsterismError, as :func:`the_one`."""
    return the_one(word, top).directory


def _listed(names: Iterable[str]) -> str:
    known_names = ", ".join(names)
    adding = "'asterism target add NAME DIR' names one"
    return f"known targets: {known_names}; {adding}" if known_names else adding


# ---- the files -----------------------------------------------------------------------------------------------------


def add(target: KnownTarget, file: Path) -> None:
    """Write a table for a target at the end of a settings file.

    Raises:
        AsterismError: the name is none, or the file has one of that name.
    """
    if not _NAME.fullmatch(target.name) or target.name in (ALL, INSTALLED):
        cure = f"a name has letters, digits, '.', '_' and '-'; '{ALL}' and '{INSTALLED}' have a meaning of their own"
        raise AsterismError(
            Fault(f"'{target.name}' cannot be the name of a target", None, "", cure, "bad-name"), status=2
        )
    text = _text(file)
    if table_span(text, _GROUP, target.name):
        cure = f"'asterism target remove {target.name}' removes it"
        raise AsterismError(Fault(f"target '{target.name}' exists already", Place(str(file)), "", cure, "exists"))
    prefix = f"prefix = {json.dumps(target.prefix, ensure_ascii=False)}\n" if target.prefix else ""
    directory = json.dumps(target.directory, ensure_ascii=False)
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    _write(file, f"{before}{heading(_GROUP, target.name)}\ndirectory = {directory}\n{prefix}")


def remove(name: str, places: Iterable[Path]) -> Path:
    """Remove the table of a target from the first of the files that has it, and say which that was.

    Raises:
        AsterismError: none of them has it.
    """
    named: Mapping[Path, str] = {file: _text(file) for file in places}
    for file, text in named.items():
        span = table_span(text, _GROUP, name)
        if span:
            kept = f"{text[: span.begin].rstrip()}\n\n{text[span.end :].lstrip()}".strip()
            if kept:
                _write(file, f"{kept}\n")
            else:
                file.unlink()
            return file
    where = " or ".join(map(str, named))
    cure = "'asterism target list' lists the targets that have names"
    raise AsterismError(Fault(f"target '{name}' is not in {where}", None, "", cure, "no-target"), status=2)


def _text(file: Path) -> str:
    return files.read_text(file) if os.path.lexists(file) else ""


def _write(file: Path, text: str) -> None:
    """Write a settings file after its new text was read as one."""
    settings.read(text, str(file), file.parent) if file.name == SETTINGS else None
    file.parent.mkdir(parents=True, exist_ok=True)
    files.write(file, text)
