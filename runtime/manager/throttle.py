"""How long a failed login waits for its answer: longer after several, for each address.  Pure: the clock comes in.

Only answers that say no wait, so whoever has the right secret is not slowed by those who guess.
"""

from __future__ import annotations

FIRST = 1.0
"""Seconds after a failure, as in Asterisk."""
FORGIVEN = 5
"""Failures that wait no longer than that: a person who types, a script that tries its accounts."""
LONGEST = 8.0
MEMORY = 60.0
"""Seconds after which an address begins anew."""
MOST_ADDRESSES = 1024


class Throttle:
    """Failures by address."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, float]] = {}

    def failed(self, address: str, now: float) -> float:
        """Note a failure; the seconds its answer has to wait."""
        count, last = self._failures.pop(address, (0, now))
        count = count + 1 if now - last < MEMORY else 1
        if len(self._failures) >= MOST_ADDRESSES:
            del self._failures[next(iter(self._failures))]  # the one that is quiet for the longest time
        self._failures[address] = (count, now)
        return min(FIRST * 2.0 ** min(max(count - FORGIVEN, 0), 10), LONGEST)

    def succeeded(self, address: str) -> None:
        """Note a login; the address begins anew."""
        self._failures.pop(address, None)
