"""Calls that are made by hand: what the caller heard so far, and how the call is driven on."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.model.emulated_channel import Channel
from runtime.model.line import DIGITS, LineEvent

PATIENCE = 15.0
"""Real seconds that a call may take to come to what is waited for."""
MOST_PHONES = 64
"""Calls that are remembered; of the older ones those that have ended are forgotten."""


class Phone:
    """A telephone: the caller's end of one channel."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._events: list[LineEvent] = []
        self._told = 0  # how many of the events were told
        channel.line.listeners.append(self._events.append)

    @property
    def has_ended(self) -> bool:
        """Whether the end of the call was noticed."""
        return self.channel.line.is_over

    def news(self) -> list[LineEvent]:
        """What the caller noticed since this was last asked."""
        with self.channel.line.changed:
            found, self._told = self._events[self._told :], len(self._events)
            return found

    def press(self, digits: str) -> None:
        """Type digits.

        Raises:
            AsterismError: one of them is not on a telephone, or the call has ended.
        """
        wrong = next((digit for digit in digits if digit.upper() not in DIGITS), None)
        if wrong is not None or not digits:
            what = f"'{wrong}' is not a digit" if wrong else "there is nothing to press"
            raise AsterismError(Fault(what, cure=f"write some of {DIGITS}", code="digits"))
        self._check_is_up("a digit was pressed")
        self.channel.line.type(digits.upper())

    def hang_up(self) -> None:
        """Hang up as the caller, and let the call end."""
        self.channel.hang_up()
        self._run(lambda: self.has_ended, "the call did not end")

    def go_on(self) -> list[LineEvent]:
        """Let time pass until it is the caller's turn, or the call has ended; what was noticed meanwhile."""
        self._run(lambda: self.has_ended or self.channel.line.is_callers_turn, "the call did not come to rest")
        return self.news()

    def wait(self, seconds: float) -> list[LineEvent]:
        """Let a length of time pass, or the call end; what was noticed meanwhile."""
        self._run(lambda: self.has_ended, "", seconds)
        return self.news()

    def until_end(self) -> list[LineEvent]:
        """Let time pass until the call has ended; what was noticed meanwhile.

        Raises:
            AsterismError: it waits for a digit without an end.
        """
        if not self._run(lambda: self.has_ended, "the call did not end"):
            raise AsterismError(Fault("the call has not ended", why=self._why_not(), code="not-ended"))
        return self.news()

    def until_heard(self, what: str) -> list[LineEvent]:
        """Let time pass until something is heard: the events up to that one, and the time stops there.

        Args:
            what: the name of a sound, or the whole line of an event: ``vm-enter``, ``answered``, ``music default``.

        Raises:
            AsterismError: it was not heard before the end, or the call waits for a digit without an end.
        """

        def found() -> int | None:
            news = enumerate(self._events[self._told :], self._told)
            return next((at for at, event in news if what in (event.what, str(event))), None)

        self._run(lambda: found() is not None, f"'{what}' was not heard")
        with self.channel.line.changed:
            at = found()
            if at is None:
                heard = ", ".join(map(str, self._events[self._told :])) or "nothing"
                fault = Fault(f"'{what}' was not heard", why=f"{self._why_not()}; noticed: {heard}", code="not-heard")
                raise AsterismError(fault)
            events, self._told = self._events[self._told : at + 1], at + 1
            return events

    def _run(self, goal: Callable[[], bool], failing: str, seconds: float = math.inf) -> bool:
        reached = self.channel.line.run(goal, seconds, PATIENCE)
        line = self.channel.line
        if reached or not failing or line.is_over or line.is_stuck:
            return reached
        why = f"it took more than {PATIENCE:g} seconds of real time"
        raise AsterismError(Fault(failing, why=why, code="too-slow"))

    def _why_not(self) -> str:
        if self.has_ended:
            return "the call has ended"
        return "the call waits for a digit" if self.channel.line.is_callers_turn else "the call waits without an end"

    def _check_is_up(self, doing: str) -> None:
        if self.has_ended:
            raise AsterismError(Fault(f"{doing} after the end of the call", code="ended"))


class Phones:
    """The telephones of a core."""

    def __init__(self) -> None:
        self._phones: tuple[Phone, ...] = ()  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._made = 0

    def next_name(self) -> str:
        """The name of the channel of the next call."""
        with self._changing:
            self._made += 1
            return f"Console/{self._made}"

    def add(self, phone: Phone) -> None:
        """Remember a call."""
        with self._changing:
            kept = [other for other in self._phones[: 1 - MOST_PHONES] if not other.has_ended]
            self._phones = (*kept, *self._phones[1 - MOST_PHONES :], phone)

    def find(self, name: str = "") -> Phone:
        """The call on a channel, or the latest one.

        Raises:
            AsterismError: there is none.
        """
        named = [phone for phone in self._phones if not name or phone.channel.name.lower() == name.lower()]
        if named:
            return named[-1]
        if name:
            cure = did_you_mean(name, [phone.channel.name for phone in self._phones])
            raise AsterismError(Fault(f"there is no call '{name}'", cure=cure, code="no-call"))
        raise AsterismError(
            Fault("there is no call", cure="begin one with 'call dial EXTENSION@CONTEXT'", code="no-call")
        )

    def __iter__(self) -> Iterator[Phone]:
        """The calls that are remembered, the latest at the end."""
        return iter(self._phones)
