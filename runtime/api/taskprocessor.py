"""asterisk/taskprocessor.h: what the console asks about the queues of modules; all else is in C."""

from __future__ import annotations

from typing import Any

from asterism.values import dataclass
from runtime.api import bound, encode, text


@dataclass(frozen=True, slots=True)
class TaskProcessor:
    """A taskprocessor at one moment; times are in microseconds."""

    name: str
    owner: str
    """The module that made it."""
    subsystem: str
    """What stands before the first '/' of its name; may be empty."""
    is_alerted: bool
    """Whether it was over its high water level, and is not yet down to the low one."""
    is_suspended: bool
    is_executing: bool
    processed: int
    size: int
    """Tasks that wait."""
    deepest: int
    """How many waited at most."""
    low: int
    high: int
    lowest: int
    highest: int
    slowest: str
    """Who pushed the task that took longest: ``file:line (function)``."""


def taskprocessors() -> list[TaskProcessor]:
    """All there are, by name."""
    binding = bound()
    room = 16
    while True:
        told = binding.ffi.new("struct asterism_taskprocessor[]", room)
        count = binding.lib.asterism_taskprocessors(told, room)
        if count <= room:
            return sorted(map(_read, told[0:count]), key=lambda entry: entry.name.lower())
        room = count * 2


def _read(told: Any) -> TaskProcessor:
    name = text(told.name)
    return TaskProcessor(
        name,
        text(told.owner),
        name[: told.subsystem],
        bool(told.alert),
        bool(told.suspended),
        bool(told.executing),
        told.processed,
        told.size,
        told.deepest,
        told.low,
        told.high,
        told.lowest,
        told.highest,
        text(told.slowest),
    )


def reset(name: str) -> None:
    """Begin the statistics of a taskprocessor anew."""
    bound().lib.asterism_taskprocessor_reset(encode(name))


def ping(name: str, seconds: int = 5) -> int | None:
    """Microseconds until a task pushed now was done; None when it was not within so many seconds."""
    took = int(bound().lib.asterism_taskprocessor_ping(encode(name), seconds))
    return None if took < 0 else took
