"""What a running asterism logs, read while it is being written: a line of JSON for each message."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from asterism.values import dataclass

SUFFIXES = (".so", ".py")
"""Of modules."""

_EVENT = re.compile(r"test event ([^:]*): (.*)", re.DOTALL)
"""How the log tells of ``ast_test_suite_event_notify`` (runtime/api/test.py)."""


@dataclass(frozen=True, slots=True)
class Record:
    """A message of the log."""

    level: str
    """``NOTICE``, ``WARNING``, ``ERROR``, ``DEBUG`` or ``VERBOSE``."""
    text: str
    module: str
    """The module whose source it comes from; empty when it is none's."""
    file: str
    line: int
    function: str

    def __str__(self) -> str:
        where = f"[{self.file}:{self.line}] " if self.file else ""
        return f"{where}{self.level} {self.text}"


@dataclass(frozen=True, slots=True)
class Event:
    """What ``ast_test_suite_event_notify`` told."""

    state: str
    text: str
    file: str
    line: int


class Log:
    """A log file in the form ``[json]``.

    Args:
        path: the file, which need not exist yet.
        modules: the module directory; a message of a source file belongs to the module of that name there.
    """

    def __init__(self, path: Path, modules: Path) -> None:
        self.path = path
        self._modules = modules

    @property
    def end(self) -> int:
        """The size of the file; what is logged later begins there or behind it."""
        return self.path.stat().st_size if self.path.exists() else 0

    def records(self, since: int = 0) -> list[Record]:
        """The messages that began at an offset or behind it, and are complete."""
        return [self._record(json.loads(line)) for line in self.lines(since)]

    def lines(self, since: int = 0) -> list[bytes]:
        """The complete lines of the file that began at an offset or behind it."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            return list(_lines(file, since))

    def events(self) -> list[Event]:
        """What the code under test told by ``ast_test_suite_event_notify``."""
        told = [(record, _EVENT.fullmatch(record.text)) for record in self.records() if record.level == "DEBUG"]
        return [Event(found[1], found[2], record.file, record.line) for record, found in told if found]

    def _record(self, data: Mapping[str, Any]) -> Record:
        where = data["location"]
        module = self.module_of(where["file"])
        return Record(data["level"], data["message"], module, where["file"], where["line"], where["function"])

    def module_of(self, file: str) -> str:
        """The module of a source file; empty when it is none's."""
        stem = os.path.splitext(file)[0]
        is_module = any((self._modules / f"{stem}{suffix}").exists() for suffix in SUFFIXES)
        return stem if stem and is_module else ""


def _lines(file: BinaryIO, since: int) -> Iterator[bytes]:
    """The complete lines that begin at an offset or behind it.

    A file system shows a line that is being written page by page, so a size taken meanwhile may lie within the line.
    Such a line began before the size was taken, and is passed over.
    """
    if since:
        file.seek(since - 1)
        file.readline()
    return (line for line in file if line.endswith(b"\n"))
