"""Read the log of a running asterism while it is being written: a line of JSON for each message."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from asterism.values import dataclass

SUFFIXES = (".so", ".py")
"""The suffixes of modules."""

_EVENT = re.compile(r"test event ([^:]*): (.*)", re.DOTALL)
"""The text of the log message of ``ast_test_suite_event_notify`` (runtime/api/test.py)."""


@dataclass(frozen=True, slots=True)
class Record:
    """A message of the log."""

    level: str
    """The level: ``NOTICE``, ``WARNING``, ``ERROR``, ``DEBUG`` or ``VERBOSE``."""
    text: str
    module: str
    """The module that the source file belongs to; empty when it belongs to none."""
    file: str
    line: int
    function: str

    def __str__(self) -> str:
        where = f"[{self.file}:{self.line}] " if self.file else ""
        return f"{where}{self.level} {self.text}"


@dataclass(frozen=True, slots=True)
class Event:
    """A test event, sent with ``ast_test_suite_event_notify``."""

    state: str
    text: str
    file: str
    line: int


class Log:
    """A log file in the format ``[json]``.

    Args:
        path: the file, which need not exist yet.
        modules: the module directory; a message of a source file belongs to the module of that name there.
    """

    def __init__(self, path: Path, modules: Path) -> None:
        self.path = path
        self._modules = modules

    @property
    def end(self) -> int:
        """The size of the file in bytes: later messages begin at this offset or after it."""
        return self.path.stat().st_size if self.path.exists() else 0

    def records(self, since: int = 0) -> list[Record]:
        """The complete messages that begin at an offset or after it."""
        return [self._record(json.loads(line)) for line in self.lines(since)]

    def lines(self, since: int = 0) -> list[bytes]:
        """The complete lines that begin at an offset or after it."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            return _lines(file, since)

    def events(self) -> list[Event]:
        """The test events that the code under test has sent with ``ast_test_suite_event_notify``."""
        told = [(record, _EVENT.fullmatch(record.text)) for record in self.records() if record.level == "DEBUG"]
        return [Event(found[1], found[2], record.file, record.line) for record, found in told if found]

    def _record(self, data: Mapping[str, Any]) -> Record:
        where = data["location"]
        module = self.module_of(where["file"])
        return Record(data["level"], data["message"], module, where["file"], where["line"], where["function"])

    def module_of(self, file: str) -> str:
        """The module of a source file; empty when it belongs to none."""
        stem = os.path.splitext(file)[0]
        is_module = any((self._modules / f"{stem}{suffix}").exists() for suffix in SUFFIXES)
        return stem if stem and is_module else ""


def _lines(file: BinaryIO, since: int) -> list[bytes]:
    """The complete lines that begin at an offset or after it.

    A file system shows a line that is being written page by page, so a size read during the write may lie within the
    line. Such a line began before the size was read, and is left out. The rest is read once: a line that ended between
    two reads would be taken for two.
    """
    file.seek(max(since - 1, 0))
    lines = file.read().split(b"\n")[:-1]
    return [line + b"\n" for line in (lines[1:] if since else lines)]
