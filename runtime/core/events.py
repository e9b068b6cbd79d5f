"""What happens, told to whoever listens.

The core's hub is there from the first moment and costs a module nothing while nobody listens.  ``publish`` never
waits: a listener only takes note.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from asterism.controls import escaped
from asterism.values import dataclass
from runtime.core.event_classes import names_of

if TYPE_CHECKING:
    from runtime.core.core import Times
    from runtime.core.manager_message import Fields


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    name: str
    category: int
    """The classes a session must want, all of them (``EVENT_FLAG_*``)."""
    text: str
    """The whole of it, as it is sent."""

    def values(self, name: str) -> list[str]:
        """The values of its headers of that name; the case counts."""
        start = f"{name}: "
        return [line[len(start) :] for line in self.text.split("\r\n") if line.startswith(start)]


@dataclass(frozen=True, slots=True)
class Style:
    """What manager.conf says of all events."""

    timestamps: bool = False
    debug: bool = False
    """Whether an event tells its number and the place in the source that raised it."""
    systemname: str = ""
    disabled: frozenset[str] = frozenset()
    """Names of events that are not raised at all."""
    channelvars: tuple[str, ...] = ()
    """Variables that events about a channel tell."""


Place = tuple[str, int, str]
"""File, line and function that raised an event."""
Listener = Callable[[Event], None]
_NOWHERE: Place = ("", 0, "")


@dataclass(frozen=True, slots=True)
class Ear:
    """Whoever is told of events."""

    listener: Listener
    module: str | None = None
    """The module it belongs to; None for the core."""


class Hub:
    """Where events are raised and heard, by any thread."""

    def __init__(self) -> None:
        self.style = Style()
        self.watch: Callable[[bool], None] = _unwatched
        """Told whether anybody listens, when that changes."""
        self._ears: tuple[Ear, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._numbers = itertools.count()

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._ears)

    def listen(self, listener: Listener, module: str | None = None) -> None:
        """Have a function told of every event; it must not wait, nor raise."""
        self._change(lambda ears: (*ears, Ear(listener, module)))

    def ignore(self, listener: Listener) -> None:
        """Tell it no more."""
        self._change(lambda ears: tuple(ear for ear in ears if ear.listener != listener))

    def has(self, listener: Listener) -> bool:
        """Whether a function is told of events now."""
        return any(ear.listener is listener for ear in self._ears)

    def remove_of(self, module: str) -> list[Ear]:
        """Tell nobody of a module any more; returns who that was."""
        gone = [ear for ear in self._ears if ear.module == module]
        if gone:
            self._change(lambda ears: tuple(ear for ear in ears if ear not in gone))
        return gone

    def _change(self, change: Callable[[tuple[Ear, ...]], tuple[Ear, ...]]) -> None:
        with self._changing:
            self._ears = change(self._ears)
            self.watch(self.is_heard)

    def publish(
        self, name: str, category: int, fields: Fields = (), *, text: str = "", place: Place = _NOWHERE
    ) -> bool:
        """Raise an event.

        Args:
            name: its name.
            category: its classes.
            fields: its headers.
            text: more headers, as text, which may come from a module.
            place: who raises it; shown when debugging.

        Returns:
            Whether somebody was told.
        """
        ears, style = self._ears, self.style
        if not ears or name in style.disabled:
            return False
        event = Event(name, category, self._written(name, category, fields, text, place))
        for ear in ears:
            ear.listener(event)
        return True

    def _written(self, name: str, category: int, fields: Fields, text: str, place: Place) -> str:
        from runtime.core.manager_message import body, header, headers  # 1 ms: only a program with listeners needs it

        style = self.style
        parts = [header("Event", name), header("Privilege", names_of(category))]
        if style.timestamps:
            parts.append(header("Timestamp", f"{time.time():.6f}"))
        if style.debug:
            numbered = ("SequenceNumber", next(self._numbers))
            parts.append(headers((numbered, ("File", place[0]), ("Line", place[1]), ("Func", place[2]))))
        if style.systemname:
            parts.append(header("SystemName", style.systemname))
        whole = "".join((*parts, headers(fields), body(text), "\r\n"))
        return "\r\n".join(map(escaped, whole.split("\r\n")))


def _unwatched(_is_heard: bool) -> None:
    """Until somebody wants to know."""


def booted(times: Times) -> Fields:
    """What the event FullyBooted says."""
    passed = [int(time.time() - since) if since else 0 for since in (times.started, times.reloaded or times.started)]
    return ("Uptime", passed[0]), ("LastReload", passed[1]), ("Status", "Fully Booted")
