"""Named targets: those of asterism.toml and of the user's settings, and the installed Asterisk."""

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
"""The name of the Asterisk on PATH, when its headers are installed."""
ALL = "all"
"""The word for all named targets."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PROGRAM = "asterisk"
_GROUP = "targets"
"""The prefix of the names of tables for targets."""


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A target, with its directory and where its name is defined."""

    name: str
    """The name of the target; for a target without a name the directory."""
    directory: str
    """A configured source tree, a prefix, or a directory of headers."""
    prefix: str = ""
    """The prefix of the installation, when the directory does not tell it."""
    origin: str = ""
    """The file that defines the target; empty for the installed one, and for a target given as a directory."""

    def as_json(self) -> dict[str, str]:
        """The target as plain data."""
        return {"name": self.name, "directory": self.directory, "prefix": self.prefix, "origin": self.origin}


def known(top: Path) -> dict[str, KnownTarget]:
    """The named targets: those of a directory's asterism.toml, of the user's settings, and the installed one.

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
    """The Asterisk on PATH or in the usual places; None when missing, or when its prefix has no headers."""
    program = shutil.which(_PROGRAM, path=f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
    if program is None:
        return None
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(program)))
    has_headers = os.path.isfile(os.path.join(prefix, "include/asterisk.h"))
    return KnownTarget(INSTALLED, prefix) if has_headers else None


def find(word: str, top: Path) -> list[KnownTarget]:
    """The targets that a word names: a target name, a directory, or ``all``.

    Raises:
        AsterismError: the word names no target.
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
    """The single target that a word names: a target name or a directory.

    Raises:
        AsterismError: the word names no target or several.
    """
    meant = find(word, top)
    if len(meant) > 1:
        cure = f"name one of {', '.join(each.name for each in meant)}"
        raise AsterismError(Fault(f"'{word}' means several targets", None, "", cure, "several-targets"), status=2)
    return meant[0]


def directory_of(word: str, top: Path) -> str:
    """The directory of the single target that a word names.  Raises AsterismError as :func:`the_one` does."""
    return the_one(word, top).directory


def _listed(names: Iterable[str]) -> str:
    known_names = ", ".join(names)
    adding = "'asterism target add NAME DIR' names one"
    return f"known targets: {known_names}; {adding}" if known_names else adding


# ---- the files -----------------------------------------------------------------------------------------------------


def add(target: KnownTarget, file: Path) -> None:
    """Append a table for a target to a settings file.

    Raises:
        AsterismError: the name is invalid, or the file has a target of that name.
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
    """Remove the table of a target from the first file that has it, and return that file.

    Raises:
        AsterismError: no file has it.
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
    """Write a settings file, after parsing its new text."""
    settings.read(text, str(file), file.parent) if file.name == SETTINGS else None
    file.parent.mkdir(parents=True, exist_ok=True)
    files.write(file, text)
