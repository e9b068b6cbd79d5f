"""Keys that come faster than they are served wait in line.

A key travels from the program to the widget that has the keyboard and, when that has no use for it, up
again to the program, which looks for a binding; a key that moves the keyboard elsewhere takes effect
only then.  Of keys that arrive together, as typed over a slow line, pasted or sent by a script, the
second would go to the old widget: ``/curl`` would undo and reset things instead of searching.  Here
each key waits until the one before has gone all the way.
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
"""Seconds after which the next key is served in any case: a widget that was removed passes nothing on."""


class InLine(App[Result], inherit_bindings=False):
    """An app that serves one key at a time."""

    def __init__(self, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[events.Key] = deque()
        self.served = 0
        """How many keys have gone all the way; the number of the one under way is one more."""
        self._under_way = False

    async def on_event(self, event: events.Event) -> None:
        """Take a key in its turn, everything else at once."""
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
        """Go the way of the key, through the queue of every widget above, behind it in each."""
        above = node.parent if isinstance(node, DOMNode) else None
        if node is None or node is self or not node.call_later(self._follow, above, number):
            self.call_later(self._arrived, number)

    async def _arrived(self, number: int) -> None:
        """The key of that number has gone all the way; serve the next."""
        if number != self.served or not self._under_way:
            return
        self.served += 1
        self._under_way = False
        if self._waiting:
            await self._serve(self._waiting.popleft())
