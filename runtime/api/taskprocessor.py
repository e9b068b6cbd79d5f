"""asterisk/taskprocessor.h: statistics of the task queues for the console; the rest of the header is in C."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass
from runtime.api import bound, encode, text

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class TaskProcessor:
    """A taskprocessor at one moment; times are in microseconds."""

    name: str
    owner: str
    """The module that created the taskprocessor."""
    subsystem: str
    """The part of the name before the first '/'; may be empty."""
    is_alerted: bool
    """Whether the queue exceeded its high water level and has not reached the low one since."""
    is_suspended: bool
    is_executing: bool
    processed: int
    size: int
    """The number of queued tasks."""
    deepest: int
    """The highest number of queued tasks."""
    low: int
    high: int
    lowest: int
    highest: int
    slowest: str
    """The source of the slowest task: ``file:line (function)``."""


def taskprocessors() -> list[TaskProcessor]:
    """All taskprocessors, by name."""
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
    """Reset the statistics of a taskprocessor."""
    bound().lib.asterism_taskprocessor_reset(encode(name))


def ping(name: str, seconds: int = 5) -> int | None:
    """Microseconds until a new task was executed; None when the time limit in seconds passed."""
    took = int(bound().lib.asterism_taskprocessor_ping(encode(name), seconds))
    return None if took < 0 else took
