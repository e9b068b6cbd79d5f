"""The forms of a line in a log: default, plain and JSON, and the time in it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

from asterism.controls import escaped
from runtime.core.message_log import Record


def _head(record: Record, stamp: str) -> str:
    call = f"[C-{record.call:08x}]" if record.call else ""
    origin = record.origin
    return f"[{stamp}] {escaped(record.level.name)}[{record.thread}]{call}{f' {origin}' if origin else ''}"


def default(record: Record, stamp: str) -> str:
    """Asterisk's form: time, level, thread, call and origin before the message; verbose lines have their prefixes."""
    return f"{_head(record, stamp)}: {record.prefixed}"


def plain(record: Record, stamp: str) -> str:
    """The default form without the prefixes of verbose lines."""
    return f"{_head(record, stamp)}: {record.shown}"


def json_line(record: Record, stamp: str) -> str:
    """An object of JSON with the parts of the record."""
    data: dict[str, object] = {
        "timestamp": stamp,
        "level": record.level.name,
        "thread": record.thread,
        "location": {"file": record.file, "line": record.line, "function": record.function},
        "message": record.text,
    }
    if record.call:
        data["call"] = f"C-{record.call:08x}"
    return json.dumps(data, ensure_ascii=True)


FORMATTERS: dict[str, Callable[[Record, str], str]] = {"default": default, "plain": plain, "json": json_line}


def stamp_of(record: Record, date_format: str) -> str:
    """A record's time; ``%3q`` and the like give fractions of a second, as in Asterisk."""
    parts = []
    fraction = f"{record.time % 1:.6f}"[2:]
    for index, piece in enumerate(_around_fractions(date_format)):
        parts.append(fraction[: int(piece or 6)] if index % 2 else piece)
    return time.strftime("".join(parts), time.localtime(record.time))


def _around_fractions(text: str) -> list[str]:
    return re.split(r"%([1-6]?)q", text)
