"""The emulated channel: a place in the dialplan with variables, and no media."""

from __future__ import annotations

import enum
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

_numbers = itertools.count(1)


class State(enum.IntEnum):
    """``enum ast_channel_state``."""

    DOWN = 0
    RESERVED = 1
    OFFHOOK = 2
    DIALING = 3
    RING = 4
    RINGING = 5
    UP = 6
    BUSY = 7


def bare_name(name: str) -> str:
    """A variable's name without the one or two underscores that say who inherits it (``ast_var_name``)."""
    return name[min(2, len(name) - len(name.lstrip("_"))) :]


class Variables:
    """Variables by name; one may hide an older one of the same name until it is deleted."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, ...]] = {}

    def get(self, name: str) -> str | None:
        """The value, or None when it is not set."""
        values = self._values.get(bare_name(name))
        return values[-1] if values else None

    def set(self, name: str, value: str | None) -> None:
        """Set a variable; None deletes it, and an older one it hid is back."""
        key = bare_name(name)
        older = self._values.get(key, ())[:-1]
        kept = older if value is None else (*older, value)
        if kept:
            self._values[key] = kept
        else:
            self._values.pop(key, None)

    def push(self, name: str, value: str) -> None:
        """Add a variable that hides one of the same name."""
        key = bare_name(name)
        self._values[key] = (*self._values.get(key, ()), value)

    def items(self) -> Iterator[tuple[str, str]]:
        """Names and values, in the order in which they were first set."""
        return iter([(name, values[-1]) for name, values in self._values.items()])

    def __len__(self) -> int:
        return len(self._values)


def _unique() -> str:
    return f"{int(time.time())}.{next(_numbers)}"


@dataclass(slots=True, eq=False)
class Channel:
    """A channel that carries no media: enough to run applications and functions on."""

    name: str = ""
    """``Emulated/1``; made from the unique id when left out."""
    context: str = "default"
    exten: str = "s"
    priority: int = 1
    language: str = "en"
    accountcode: str = ""
    state: State = State.UP
    hangupcause: int = 0
    is_hung_up: bool = False
    uniqueid: str = field(default_factory=_unique)
    """``SECONDS.NUMBER``, like no other of this process."""
    variables: Variables = field(default_factory=Variables)

    def __post_init__(self) -> None:
        if not self.name:
            self.name = f"Emulated/{self.uniqueid.rpartition('.')[2]}-{os.getpid()}"
