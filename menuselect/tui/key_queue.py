"""Queue keys that arrive faster than they are processed.

Textual sends a key to the widget that has the focus and, when the widget does not use the key, up again
to the program, which looks for a binding; a key that moves the focus takes effect only then.  When keys
arrive together, as on a slow line, in a paste or from a script, the second would go to the old widget:
``/curl`` would undo and reset things instead of searching.  Here each key waits until the previous key
was processed completely.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TypeVar

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

Result = TypeVar("Result")

PATIENCE = 0.3
"""Seconds after which the next key is processed in any case: a removed widget does not pass events on."""


class InLine(App[Result], inherit_bindings=False):
    """An app that processes one key at a time."""

    def __init__(self, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[events.Key] = deque()
        self.served = 0
        """The number of keys that were processed; the current key has the next number."""
        self._under_way = False

    async def on_event(self, event: events.Event) -> None:
        """Queue a key; process every other event at once."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way:
            self._waiting.append(event)
            self.set_timer(PATIENCE, partial(self._arrived, self.served))
        else:
            await self._serve(event)

    async def _serve(self, event: events.Key) -> None:
        self._under_way = True
        number = self.served
        way = self.focused or self.screen
        await super().on_event(event)
        self._follow(way, number)

    def _follow(self, node: MessagePump | None, number: int) -> None:
        """Follow the key through the message queue of every parent widget."""
        above = node.parent if isinstance(node, DOMNode) else None
        if node is None or node is self or not node.call_later(self._follow, above, number):
            self.call_later(self._arrived, number)

    async def _arrived(self, number: int) -> None:
        """Mark the key of that number as processed; process the next one."""
        if number != self.served or not self._under_way:
            return
        self.served += 1
        self._under_way = False
        if self._waiting:
            await self._serve(self._waiting.popleft())
