"""A call in a test: what is heard is text, digits are typed, and time passes only as far as the test lets it."""

from __future__ import annotations

from collections.abc import Callable

from asterism.values import dataclass, field

Cli = Callable[[str], str]
"""A function that runs a console command and returns its output; it raises CommandError when the command failed."""


@dataclass(slots=True, eq=False)
class TypedCall:
    """A call that ``runtime.call("100@default")`` has begun.

    Its time stands still until something is waited for, and passes at once then: a pause of ten seconds takes none.
    """

    cli: Cli
    channel: str
    """The name of its channel."""
    events: list[str] = field(default_factory=list)
    """The events so far, for the caller: ``answered``, ``heard vm-enter``, ``music default``, ``hung up 16 ...``."""

    def _ask(self, line: str) -> list[str]:
        __tracebackhide__ = True
        found = self.cli(f"{line} on {self.channel}").splitlines()
        self.events += found
        return found

    @property
    def sounds(self) -> list[str]:
        """The sounds that were heard so far, by their names."""
        return [event.removeprefix("heard ") for event in self.events if event.startswith("heard ")]

    def heard(self, *sounds: str) -> list[str]:
        """Let time pass until sounds were heard, one after the other; the time stops at the beginning of the last.

        Args:
            sounds: names of sounds, or whole events: ``vm-enter``, ``answered``, ``music default``.

        Returns:
            The events until then.

        Raises:
            CommandError: one was not heard before the end, or the call waits for a digit without an end.
        """
        __tracebackhide__ = True
        return [event for sound in sounds for event in self._ask(f'call hear "{sound}"')]

    def press(self, digits: str) -> None:
        """Press digits; no time passes.  Digits wait until the call listens.

        Raises:
            CommandError: the call has ended, or a character is not on a telephone.
        """
        __tracebackhide__ = True
        self._ask(f"call press {digits} paused")

    def wait(self, seconds: float) -> list[str]:
        """Let a number of seconds pass, or the call end; returns the events of that time."""
        __tracebackhide__ = True
        return self._ask(f"call wait {seconds:f}")

    def hung_up(self) -> list[str]:
        """Let time pass until the call has ended; returns the events of that time.

        Raises:
            CommandError: the call waits for a digit without an end.
        """
        __tracebackhide__ = True
        return self._ask("call finish")

    def hang_up(self) -> list[str]:
        """Hang up as the caller; returns the events until the end of the call."""
        __tracebackhide__ = True
        return self._ask("call hangup")
