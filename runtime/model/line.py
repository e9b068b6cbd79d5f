"""The caller's end of a channel: what is heard there, the digits that are typed, and the time that passes.

Nothing is sounded.  A prompt is an event with its name, and takes :data:`SOUND_SECONDS` of the line's time.  That time
is the machine's (:class:`RealTime`), or stands still until somebody lets it pass (:class:`OwnTime`), so that a test
waits for nothing and nothing comes too early for it.
"""

from __future__ import annotations

import enum
import math
import threading
import time
from collections import deque
from collections.abc import Callable

from asterism.light.types import Protocol
from asterism.values import dataclass

SOUND_SECONDS = 1.0
"""How long a sound takes."""
DIGITS = "0123456789ABCD*#"
"""What can be typed."""
WOKEN = "\x01"
"""What stands for a digit when a wait was woken."""


class Heard(enum.Enum):
    """Kinds of line events; the values are the first words of their lines."""

    SOUND = "heard"
    """A sound file, by its name without an extension."""
    MUSIC = "music"
    """Music on hold, by its class; empty when it stops."""
    TONE = "tone"
    """A tone of an indication, by its name or its frequencies; empty when it stops."""
    TEXT = "text"
    """A text message."""
    STATE = "state"
    """What became of the call: ``answered``, ``ringing``, ``busy`` ...."""
    END = "hung up"
    """The end, with the number and the words of the cause."""


@dataclass(frozen=True, slots=True)
class LineEvent:
    """Something that the caller notices."""

    kind: Heard
    what: str
    seconds: float = 0.0
    """The time of the line."""

    def __str__(self) -> str:
        """The event as a line: ``heard vm-enter``, ``music default``, ``answered``."""
        if self.kind is Heard.STATE:
            return self.what
        return f"{self.kind.value} {self.what or 'stops'}"


class Clock(Protocol):
    """The time of a line; every method is called with the lock of the line held."""

    @property
    def now(self) -> float:
        """Seconds since some beginning."""

    def sleep(self, changed: threading.Condition, end: float) -> None:
        """Wait until ``end``, or until something has changed; may return earlier."""

    def let_pass(self, end: float) -> None:
        """Let the time pass until ``end``."""

    def stop(self) -> None:
        """Let no more time pass."""


class RealTime:
    """The machine's time, which cannot be stopped."""

    @property
    def now(self) -> float:
        """Seconds since some beginning."""
        return time.monotonic()

    def sleep(self, changed: threading.Condition, end: float) -> None:
        """Wait until ``end``, or until something has changed."""
        changed.wait(None if end == math.inf else max(min(end - self.now, threading.TIMEOUT_MAX), 0.0))

    def let_pass(self, end: float) -> None:
        """Do nothing: real time passes by itself."""

    def stop(self) -> None:
        """Do nothing: real time does not stop."""


class OwnTime:
    """A time that stands still until it is let pass, and then passes at once."""

    def __init__(self) -> None:
        self._now = self._limit = 0.0

    @property
    def now(self) -> float:
        """Seconds since the beginning of the call."""
        return self._now

    def sleep(self, changed: threading.Condition, end: float) -> None:
        """Go to ``end`` as far as time is let pass; otherwise wait until something has changed."""
        reachable = min(end, self._limit)
        if self._now < reachable < math.inf:
            self._now = reachable
            changed.notify_all()
        else:
            changed.wait()

    def let_pass(self, end: float) -> None:
        """Let the time pass until ``end``."""
        self._limit = end

    def stop(self) -> None:
        """Let no more time pass."""
        self._limit = self._now


@dataclass(frozen=True, slots=True, eq=False)
class _Wait:
    """A thread that waits for digits or for time to pass."""

    end: float
    listens: bool
    """Whether a digit ends the wait."""
    is_quiet: bool
    """Whether nothing is heard meanwhile, so that it is the caller's turn."""
    is_gone: Callable[[], bool]
    """Whether the channel was hung up, so that the wait is about to end."""


class Line:
    """The caller's end of a channel.  All methods may be called from any thread.

    Digits that are typed while nothing listens are kept until something does.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or RealTime()
        self.changed = threading.Condition(threading.RLock())
        """Held while anything of the line is looked at or changed; notified when something was."""
        self.listeners: list[Callable[[LineEvent], None]] = []
        """Called with each event, with the lock held."""
        self.is_over = False
        """Whether the end was heard."""
        self._is_woken = False
        self._typed: deque[str] = deque()
        self._waits: list[_Wait] = []
        self._goal: Callable[[], bool] | None = None

    # -- the side of the call

    def hear(self, kind: Heard, what: str) -> None:
        """Let the caller notice something."""
        with self.changed:
            event = LineEvent(kind, what, self.clock.now)
            self.is_over |= kind is Heard.END
            for listener in self.listeners:
                listener(event)
            self._settle()

    def wait(
        self,
        seconds: float | None,
        is_gone: Callable[[], bool],
        *,
        listens: bool = False,
        is_quiet: bool = True,
        is_woken: bool = False,
    ) -> str:
        """Wait for time to pass, or for a digit.

        Args:
            seconds: how long; None waits without an end.
            is_gone: whether the channel was hung up, which ends the wait; :meth:`wake` has it asked again.
            listens: whether a digit ends the wait.
            is_quiet: whether nothing is heard meanwhile.
            is_woken: whether :meth:`wake` ends the wait, also when it was called since the last such wait.

        Returns:
            The digit, :data:`WOKEN`, or an empty text.
        """
        with self.changed:
            wait = _Wait(math.inf if seconds is None else self.clock.now + seconds, listens, is_quiet, is_gone)
            self._waits.append(wait)
            try:
                while not is_gone():
                    if listens and self._typed:
                        return self._typed.popleft()
                    if is_woken and self._is_woken:
                        return WOKEN
                    if self.clock.now >= wait.end:
                        break
                    self._settle()
                    self.clock.sleep(self.changed, wait.end)
                return ""
            finally:
                self._waits.remove(wait)
                self._is_woken &= not is_woken

    def wake(self) -> None:
        """Have every wait ask again whether the channel was hung up, and end one that wants to be woken."""
        with self.changed:
            self._is_woken = True
            self._settle()

    # -- the side of the caller

    def type(self, digits: str) -> None:
        """Type digits."""
        with self.changed:
            self._typed.extend(digits)
            self._settle()

    @property
    def is_callers_turn(self) -> bool:
        """Whether the call waits for a digit in silence, and none was typed."""
        return not self._typed and any(wait.listens and wait.is_quiet and not wait.is_gone() for wait in self._waits)

    @property
    def is_stuck(self) -> bool:
        """Whether all threads of the call wait without an end, so that letting time pass changes nothing."""
        if self._typed or not self._waits:
            return False
        return all(wait.end == math.inf and not wait.is_gone() for wait in self._waits)

    def run(self, goal: Callable[[], bool], seconds: float, patience: float) -> bool:
        """Let time pass until a goal is reached or the call has ended; the time stops at once then.

        Args:
            goal: asked, with the lock held, whenever something has changed.
            seconds: how much time of the line may pass at most; may be infinite.
            patience: how many real seconds this may take.

        Returns:
            Whether the goal was reached.
        """
        with self.changed:
            limit = self.clock.now + seconds
            self._goal = goal
            self.clock.let_pass(limit)
            self._settle()
            deadline = time.monotonic() + patience
            while not (self._goal is None or self.is_over or self.is_stuck or self._rests_at(limit)):
                if not self.changed.wait(max(deadline - time.monotonic(), 0.0)):
                    break
            reached = self._goal is None or goal()
            self._goal = None
            self.clock.stop()
            return reached

    def _rests_at(self, limit: float) -> bool:
        """Whether a time has come and everything that happens then has happened: all threads wait for a later time."""
        now = self.clock.now
        if now < limit or not self._waits:
            return False
        return all(wait.end > now and not wait.is_gone() and not (wait.listens and self._typed) for wait in self._waits)

    def _settle(self) -> None:
        """Tell everybody that something has changed; stop the time once the goal is reached."""
        if self._goal is not None and self._goal():
            self._goal = None
            self.clock.stop()
        self.changed.notify_all()
