"""The delay of answers to failed logins, which grows with the failures of an address; a pure function of time.

Only refusals are delayed, so that a client with the right secret is not slowed by clients that guess.
"""

from __future__ import annotations

FIRST = 1.0
"""The delay after a failure in seconds, as in Asterisk."""
FORGIVEN = 5
"""The number of failures with the shortest delay: typing errors, a script that tries its accounts."""
LONGEST = 8.0
MEMORY = 60.0
"""Seconds without a failure after which an address starts anew."""
MOST_ADDRESSES = 1024


class Throttle:
    """The failures of each address."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, float]] = {}

    def failed(self, address: str, now: float) -> float:
        """Record a failure.  Returns the delay of its answer in seconds."""
        count, last = self._failures.pop(address, (0, now))
        count = count + 1 if now - last < MEMORY else 1
        if len(self._failures) >= MOST_ADDRESSES:
            del self._failures[next(iter(self._failures))]  # the address without a failure for the longest time
        self._failures[address] = (count, now)
        return min(FIRST * 2.0 ** min(max(count - FORGIVEN, 0), 10), LONGEST)

    def succeeded(self, address: str) -> None:
        """Record a login, after which the address starts anew."""
        self._failures.pop(address, None)
