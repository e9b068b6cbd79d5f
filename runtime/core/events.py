"""Manager events and their listeners.

The core's hub exists from the start and costs modules nothing while there are no listeners.  ``publish`` never waits: a
listener must return at once.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from asterism.controls import escaped
from asterism.values import TYPE_CHECKING, dataclass
from runtime.core.event_classes import names_of

if TYPE_CHECKING:
    from runtime.core.core import Times
    from runtime.core.manager_message import Fields


@dataclass(frozen=True, slots=True)
class Event:
    """A manager event."""

    name: str
    category: int
    """The event's classes (``EVENT_FLAG_*``), all of which a session must want."""
    text: str
    """The complete text, as it is sent."""

    def values(self, name: str) -> list[str]:
        """The values of the headers with a name; case matters."""
        start = f"{name}: "
        return [line[len(start) :] for line in self.text.split("\r\n") if line.startswith(start)]


@dataclass(frozen=True, slots=True)
class Style:
    """The settings of manager.conf that apply to all events."""

    timestamps: bool = False
    debug: bool = False
    """Whether events include a sequence number and the place in the source that raised them."""
    systemname: str = ""
    disabled: frozenset[str] = frozenset()
    """Names of events that are never raised."""
    channelvars: tuple[str, ...] = ()
    """Channel variables that events about a channel include."""


Place = tuple[str, int, str]
"""File, line and function that raised an event."""
Listener = Callable[[Event], None]
_NOWHERE: Place = ("", 0, "")


@dataclass(frozen=True, slots=True)
class Ear:
    """A listener of events, with its owner."""

    listener: Listener
    module: str | None = None
    """The module that owns the listener; None for the core."""


class Hub:
    """Distributes events to listeners, in any thread."""

    def __init__(self) -> None:
        self.style = Style()
        self.watch: Callable[[bool], None] = _unwatched
        """Called after the listeners changed, with whether there are any."""
        self._ears: tuple[Ear, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._numbers = itertools.count()

    @property
    def is_heard(self) -> bool:
        """Whether there are listeners."""
        return bool(self._ears)

    def listen(self, listener: Listener, module: str | None = None) -> None:
        """Add a listener of all events; it must not wait, nor raise."""
        self._change(lambda ears: (*ears, Ear(listener, module)))

    def ignore(self, listener: Listener) -> None:
        """Remove a listener."""
        self._change(lambda ears: tuple(ear for ear in ears if ear.listener != listener))

    def has(self, listener: Listener) -> bool:
        """Whether a function is a listener."""
        return any(ear.listener is listener for ear in self._ears)

    def remove_of(self, module: str) -> list[Ear]:
        """Remove the listeners of a module.  Returns them."""
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
            text: further headers as text, which may come from a module.
            place: the source position that raises it; included when debugging is on.

        Returns:
            Whether there was a listener.
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
    """Ignore a change of the listeners: the default of :attr:`Hub.watch`."""


def booted(times: Times) -> Fields:
    """The headers of the event FullyBooted; its times are in seconds."""
    passed = [int(time.time() - since) if since else 0 for since in (times.started, times.reloaded or times.started)]
    return ("Uptime", passed[0]), ("LastReload", passed[1]), ("Status", "Fully Booted")
