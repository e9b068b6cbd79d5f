"""Read the log of a real Asterisk while it is being written, in the formats of its branches since 13.

Later branches write a line of JSON for each message when ``[json]`` precedes the levels (main/logger.c
format_log_json). Others write ``[DATE] LEVEL[LWP][CALL] FILE: text``. There the text may have several lines, and
line and function are missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from asterism_testing.records import Log, Record

LEVELS = "notice,warning,error,verbose,debug"
SETTINGS = f"console => {LEVELS}\nmessages => [json]notice,{LEVELS}\n"
"""The lines of logger.conf. Asterisk 13 takes ``[json]notice`` as an unknown level, so notice is named twice."""
_PLAIN = re.compile(
    r"^\[[^\]]+\] (?P<level>[A-Z]+)\[\d+\](?:\[[^\]]*\])?:? (?P<file>[^\s:]+?)(?::(?P<line>\d+))?"
    r"(?: (?:in )?(?P<function>\w+))?: (?P<text>.*)$"
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_HEAD = re.compile(r"^\[[^\]]+\] Asterisk ")
"""The first line of a log file, which is not a message."""


class AsteriskLog(Log):
    """The log file of a private instance."""

    def records(self, since: int = 0) -> list[Record]:
        """The complete messages that begin at an offset or after it."""
        return [self._named(each) for each in read(line.decode("utf-8", "replace") for line in self.lines(since))]

    def _named(self, record: Record) -> Record:
        return Record(record.level, record.text, self.module_of(record.file), record.file, record.line, record.function)


def read(lines: Iterable[str]) -> list[Record]:
    """Parse the lines of a log file into messages, without their modules."""
    found: list[Record] = []
    for line in lines:
        text = line.removesuffix("\n")
        record = _of_json(text) if text.startswith("{") else _of_plain(text)
        if record is not None:
            found.append(record)
        elif found and not _HEAD.match(text):
            last = found[-1]
            joined = f"{last.text}\n{text}"
            found[-1] = Record(last.level, joined, last.module, last.file, last.line, last.function)
    return [Record(r.level, _COLOURS.sub("", r.text).strip("\n"), "", r.file, r.line, r.function) for r in found]


def _of_json(line: str) -> Record | None:
    """Parse a message in JSON; a long one is truncated by Asterisk, and its text is then the line itself."""
    try:
        said: Mapping[str, Any] = json.loads(line)["logmsg"]
        where = said["location"]
        return Record(
            str(said["level"]), str(said["message"]), "", str(where["filename"]), int(where["line"]), where["function"]
        )
    except (ValueError, TypeError, KeyError):
        return Record("", line, "", "", 0, "") if line.startswith('{"hostname"') else None


def _of_plain(line: str) -> Record | None:
    match = _PLAIN.match(line)
    if match is None:
        return None
    return Record(match["level"], match["text"], "", match["file"], int(match["line"] or 0), match["function"] or "")
