"""Changes to the text of asterism.toml that leave everything else in it as its author wrote it."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place, Setting
from asterism.tree import SETTINGS
from asterism.values import dataclass
from menuselect.model import toml_places
from menuselect.sources import settings

_HEADING = re.compile(r"^[ \t]*\[", re.MULTILINE)
_WIDTH = 100
"""Columns of a list that is written in one line."""


@dataclass(frozen=True, slots=True)
class Span:
    """The table of a settings file, by positions in its text."""

    begin: int
    """Where its heading begins."""
    body: int
    """Behind the line of its heading."""
    end: int
    """Where the next table begins, or the text ends."""


def table_span(text: str, group: str, name: str) -> Span | None:
    """Where the table ``[GROUP.NAME]`` is; None when there is none."""
    heading = rf"^[ \t]*\[\s*{re.escape(group)}\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*\][^\n]*\n?"
    found = re.compile(heading, re.MULTILINE).search(text)
    if found is None:
        return None
    after = _HEADING.search(text, found.end())
    return Span(found.start(), found.end(), after.start() if after else len(text))


def heading(group: str, name: str) -> str:
    """The heading of a table; a name that is not a bare key of TOML is quoted."""
    return f"[{group}.{name if re.fullmatch(r'[A-Za-z0-9_-]+', name) else json.dumps(name, ensure_ascii=False)}]"


def added(text: str, wanted: Iterable[Setting], file: str = SETTINGS) -> str:
    """A settings file with further values below its modules; what it has already is not added again.

    Args:
        text: the file.
        wanted: the values.
        file: its name, for faults.

    Raises:
        AsterismError: the text is not TOML, or has a value in a form that this editor cannot change.
    """
    for each in wanted:
        text = _with(text, each, file)
    return text


def _with(text: str, wanted: Setting, file: str) -> str:
    before = _values(text, wanted, file)
    new = [value for value in wanted.values if value not in before]
    if not new:
        return text
    line = f"{wanted.key} = {_list([*before, *new])}\n"
    made = _with_line(text, wanted, line)
    if _values_or_none(made, wanted) != [*before, *new]:
        cure = f"write {line.strip()} below {heading('modules', wanted.module)} by hand"
        what = f"'{wanted.key}' of {wanted.module} is written in a way that cannot be changed here"
        raise AsterismError(Fault(what, Place(file), "", cure, "bad-settings"))
    return made


def _with_line(text: str, wanted: Setting, line: str) -> str:
    """The text with a line below the heading of a module, in place of one of the same key."""
    span = table_span(text, "modules", wanted.module)
    if span is None:
        above = f"{text.rstrip()}\n\n" if text.strip() else ""
        return f"{above}{heading('modules', wanted.module)}\n{line}"
    body = text[span.body : span.end]
    old = re.compile(rf"^[ \t]*{wanted.key}[ \t]*=[ \t]*(\[[^\]]*\]|\"[^\"\n]*\"|'[^'\n]*')[^\n]*\n?", re.MULTILINE)
    changed = old.sub(lambda _: line, body, count=1) if old.search(body) else f"{line}{body}"
    return text[: span.body] + changed + text[span.end :]


def _values_or_none(text: str, wanted: Setting) -> list[str] | None:
    """The values of a key in an edited text; None when the text is not TOML."""
    try:
        return _values(text, wanted, SETTINGS)
    except AsterismError:
        return None


def _values(text: str, wanted: Setting, file: str) -> list[str]:
    """The values that a file has of a key of a module."""
    tables = toml_places.parse(text, file, "bad-settings").get("modules", {})
    value = tables.get(wanted.module, {}).get(wanted.key, [])
    return shlex.split(value) if isinstance(value, str) else list(value)


def _list(values: list[str]) -> str:
    quoted = [json.dumps(value, ensure_ascii=False) for value in values]
    line = f"[{', '.join(quoted)}]"
    return line if len(line) <= _WIDTH else "[\n" + "".join(f"    {value},\n" for value in quoted) + "]"


def add(top: Path, wanted: Iterable[Setting]) -> list[Setting]:
    """Write values into the asterism.toml of a directory; those of them that were not there.

    Raises:
        AsterismError: as :func:`added`, or the file cannot be read or written.
    """
    file = top / SETTINGS
    text = files.read_text(file) if os.path.lexists(file) else ""
    new = [each for each in dict.fromkeys(wanted) if set(each.values) - set(_values(text, each, str(file)))]
    if new:
        made = added(text, new, str(file))
        settings.read(made, str(file), top)
        files.write(file, made)
    return new
