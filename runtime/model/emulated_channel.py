"""The emulated channel: a place in the dialplan with variables, and a line that is read and typed, not heard."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from asterism.light.types import Protocol
from asterism.values import TYPE_CHECKING
from runtime.model import causes
from runtime.model.channel_fields import ChannelState as ChannelState
from runtime.model.channel_fields import FieldRecord, Fields, new_uniqueid
from runtime.model.channel_fields import Hangup as Hangup
from runtime.model.line import DIGITS, SOUND_SECONDS, WOKEN, Heard, Line

if TYPE_CHECKING:
    from typing import Any


def bare_name(name: str) -> str:
    """A variable's name without the one or two underscores that say who inherits it (``ast_var_name``)."""
    return name[min(2, len(name) - len(name.lstrip("_"))) :]


class Shared(Protocol):
    """Variables that C modules may change as well."""

    def get(self, name: str) -> str | None:
        """The value of the newest variable of that name, or None when it is not set."""

    def set(self, name: str, value: str | None) -> None:
        """Replace the newest variable of that name; None takes it away."""

    def push(self, name: str, value: str) -> None:
        """Add a variable that hides those of the same name."""

    def pairs(self) -> Sequence[tuple[str, str]]:
        """Names as they were set and values, the newest first."""


_Pairs = tuple[tuple[str, str], ...]


def _without(pairs: _Pairs, name: str) -> _Pairs:
    """The variables without the newest one of that name."""
    key = bare_name(name)
    at = next((index for index, (other, _) in enumerate(pairs) if bare_name(other) == key), len(pairs))
    return (*pairs[:at], *pairs[at + 1 :])


class Variables:
    """Variables by name; one may hide an older one of the same name until it is deleted.

    They are kept here until a C module holds the channel.  From then on C has them (:meth:`share`).
    """

    def __init__(self) -> None:
        self._pairs: _Pairs = ()  # the newest first; replaced, never changed
        self._shared: Shared | None = None
        self._moving = threading.Lock()  # never held while C is called, which may wait for a module

    def share(self, shared: Shared) -> None:
        """Hand the variables over to what C has, once."""
        with self._moving:
            if self._shared is None:
                for name, value in reversed(self._pairs):
                    shared.push(name, value)
                self._pairs, self._shared = (), shared

    def _keep(self, change: Callable[[_Pairs], _Pairs]) -> Shared | None:
        """Change what is kept here, unless C has it: then returns what has it."""
        with self._moving:
            if self._shared is None:
                self._pairs = change(self._pairs)
            return self._shared

    def get(self, name: str) -> str | None:
        """The value, or None when it is not set."""
        pairs, key = self._pairs, bare_name(name)
        if self._shared is not None:
            return self._shared.get(key)
        return next((value for other, value in pairs if bare_name(other) == key), None)

    def set(self, name: str, value: str | None) -> None:
        """Set a variable; None deletes it, and an older one it hid is back."""
        added = () if value is None else ((name, value),)
        shared = self._keep(lambda pairs: (*added, *_without(pairs, name)))
        if shared is not None:
            shared.set(name, value)

    def push(self, name: str, value: str) -> None:
        """Add a variable that hides one of the same name."""
        shared = self._keep(lambda pairs: ((name, value), *pairs))
        if shared is not None:
            shared.push(name, value)

    def items(self) -> Iterator[tuple[str, str]]:
        """Names and values, the one that was set last at the end; what is hidden is left out."""
        pairs = self._pairs if self._shared is None else self._shared.pairs()
        newest: dict[str, str] = {}
        for name, value in pairs:
            newest.setdefault(bare_name(name), value)
        return reversed(list(newest.items()))

    def __len__(self) -> int:
        return len(list(self.items()))


class ChannelRecord(FieldRecord, Shared, Protocol):
    """The C structure of a channel: its fields and its variables."""


class Channel(Fields):
    """A channel that carries no media: enough to run applications and functions on.

    Args:
        name: made from the unique id when left out.
        context: the dialplan position, with ``exten`` and ``priority``.
        exten: see ``context``.
        priority: see ``context``.
        values: other fields and attributes, by name.
    """

    __slots__ = (
        *("attached", "digit_timeout", "is_running", "line", "music", "on_answer", "response_timeout"),
        *("sound_end", "target", "tone", "variables", "waits"),
    )

    def __init__(
        self, name: str = "", context: str = "default", exten: str = "s", priority: int = 1, **values: Any
    ) -> None:
        super().__init__()
        self.is_running: bool = False
        """Whether it runs through the dialplan, so that a jump counts from the step before its target."""
        self.waits: int = 0
        """How often it waited; a call that takes steps without an end and never waits is stopped."""
        self.variables: Variables = Variables()
        self.attached: dict[str, Any] = {}
        """What Python modules keep with it until its end, by a name of their own."""
        self.target: tuple[str, str, int] | None = None
        """Where another thread has sent it: context, extension and priority."""
        self.on_answer: Callable[[], None] | None = None
        """Called once, when it is answered."""
        self.line: Line = Line()
        """The caller's end: what is heard, what is typed, and the time that passes."""
        self.sound_end: float | None = None
        """When the sound that is being played ends, in the time of the line; None while none is."""
        self.music: str = ""
        """The class of the music that is played; empty while none is."""
        self.tone: str = ""
        """The tone that is played; empty while none is."""
        self.response_timeout: float = 10.0
        """How many seconds the dialplan waits for the first digit of an extension."""
        self.digit_timeout: float = 5.0
        """How many seconds it waits for each further digit."""
        self._fill({"created": time.time(), "uniqueid": new_uniqueid()} | values)
        self.context, self.exten, self.priority = context, exten, priority
        self.linkedid = self.linkedid or self.uniqueid
        self.name = name or f"Emulated/{self.uniqueid.rpartition('.')[2]}-{os.getpid()}"

    def _fill(self, values: dict[str, Any]) -> None:
        """Set fields and attributes by name.  Raises AttributeError for a name that a channel does not have."""
        for name, value in values.items():
            setattr(self, name, value)

    def share(self, make: Callable[[], ChannelRecord]) -> None:
        """Hand fields and variables over to the C structure that ``make`` gives, once."""
        self.share_fields(make)
        record: Any = self.record
        self.variables.share(record)

    @property
    def is_hung_up(self) -> bool:
        """Whether it is to be hung up, or was (``ast_check_hangup``)."""
        return bool(self.softhangup)

    @property
    def number(self) -> str:
        """The number of who calls; empty when it is not known."""
        return self.caller_number

    def hang_up(self, why: Hangup = Hangup.DEVICE) -> None:
        """Ask for the end of the call (``ast_softhangup``): what it waits for ends, and no further step is taken."""
        Channel.softhangup.change(self, why, Hangup(0))
        self.line.wake()

    def end(self) -> None:
        """Let the caller notice the end of the call, once nothing of it runs any more."""
        cause = self.hangupcause or causes.NORMAL_CLEARING
        self.line.hear(Heard.END, f"{cause} {causes.words(cause)}")

    def hear(self, kind: Heard, what: str) -> None:
        """Let the caller notice something, unless the call is hung up."""
        if not self.is_hung_up:
            self.line.hear(kind, what)

    def answer(self) -> None:
        """Take the call (``ast_answer``)."""
        if self.state is ChannelState.UP:
            return
        self.state = ChannelState.UP
        self.answered = time.time()
        self.hear(Heard.STATE, "answered")
        if self.on_answer is not None:
            self.on_answer()

    def move(self, context: str, exten: str, priority: int) -> None:
        """Go elsewhere in the dialplan (``ast_explicit_goto``): the step that runs is followed by the one there."""
        self.context, self.exten = context, exten
        self.priority = priority - self.is_running

    def redirect(self, context: str, exten: str, priority: int) -> None:
        """Go elsewhere once the step that runs in another thread has ended, which is asked to (``ast_async_goto``)."""
        self.target = context, exten, priority
        self.hang_up(Hangup.ASYNCGOTO)

    def take_redirection(self) -> bool:
        """Go where another thread has sent it; whether one has."""
        if self.target is None:
            return False
        (self.context, self.exten, self.priority), self.target = self.target, None
        Channel.softhangup.change(self, Hangup(0), Hangup.ASYNCGOTO)
        return True

    def sleep(self, seconds: float | None) -> bool:
        """Wait, but not longer than the channel is up (``ast_safe_sleep``); returns whether it still is.

        Digits that are typed meanwhile are kept.
        """
        self.waits += 1
        self.line.wait(seconds, lambda: self.is_hung_up)
        return not self.is_hung_up

    def listen(
        self, seconds: float | None, wanted: str = DIGITS, *, is_quiet: bool = True, is_woken: bool = False
    ) -> str:
        """Wait for a digit (``ast_waitfordigit``).

        Args:
            seconds: how long, in the time of the line; None waits without an end.
            wanted: the digits that end the wait; others are lost.
            is_quiet: whether nothing is heard meanwhile.
            is_woken: whether a frame that is queued ends the wait.

        Returns:
            The digit; :data:`WOKEN`; empty when none came in time, or the channel was hung up.
        """
        self.waits += 1
        end = None if seconds is None else self.line.clock.now + seconds
        while True:
            left = None if end is None else end - self.line.clock.now
            digit = self.line.wait(left, lambda: self.is_hung_up, listens=True, is_quiet=is_quiet, is_woken=is_woken)
            if not digit or digit in wanted or digit == WOKEN:
                return digit

    # -- sounds

    def play(self, name: str) -> None:
        """Begin to play a sound in place of the one that is being played (``ast_streamfile``)."""
        self.hear(Heard.SOUND, name)
        self.sound_end = self.line.clock.now + SOUND_SECONDS

    def stop_sound(self) -> None:
        """Stop the sound that is being played (``ast_stopstream``)."""
        self.sound_end = None

    def finish_sound(self, interrupting: str = "") -> str:
        """Wait for the end of the sound, or for one of some digits (``ast_waitstream``); returns the digit if any."""
        digit, end = "", self.sound_end
        if end is not None and interrupting:
            digit = self.listen(end - self.line.clock.now, interrupting, is_quiet=False)
        elif end is not None:
            self.sleep(end - self.line.clock.now)
        self.sound_end = None
        return digit


class Channels:
    """The channels that there are: those that run through the dialplan and those that a module made."""

    def __init__(self) -> None:
        self._channels: tuple[Channel, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self.processed = 0
        """How many there were, those that are gone included."""

    def add(self, channel: Channel) -> None:
        """Note that a channel is there; nothing happens when it is noted already."""
        with self._changing:
            if channel not in self._channels:
                self._channels = (*self._channels, channel)
                self.processed += 1

    def remove(self, channel: Channel) -> None:
        """Note that it is gone; nothing happens when it is not there."""
        with self._changing:
            self._channels = tuple(other for other in self._channels if other is not channel)

    def find(self, name: str) -> Channel | None:
        """The channel of a name, in any case, or of a unique id."""
        wanted = name.lower()
        return next((entry for entry in self if wanted in (entry.name.lower(), entry.uniqueid)), None)

    def __iter__(self) -> Iterator[Channel]:
        """In the order in which they came."""
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)
