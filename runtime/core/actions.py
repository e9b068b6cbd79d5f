"""Manager actions as values.

A handler is called with a :class:`runtime.manager.request.Request` and answers through it.  The registry belongs to the
core (``core.actions``); the core's own actions are added to it at the first look-up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from asterism.values import dataclass
from runtime.core.registry import Registry

Handler = Callable[[Any], object]
"""Carries out and answers a :class:`runtime.manager.request.Request`; an AsterismError becomes the answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the manager protocol."""

    name: str
    handler: Handler
    authority: int = 0
    """Classes of which the account needs write permission for at least one; 0 allows every logged-in account."""
    synopsis: str = ""
    """A one-line summary for ``manager show commands``."""
    syntax: tuple[tuple[str, str], ...] = ()
    """The action's headers with their meaning."""
    description: str = ""
    module: str | None = None
    """The module that registered the action; None for the core."""
    is_quick: bool = False
    """Whether the handler never waits, so that it needs no thread."""
    before_login: bool = False
    """Whether a session may use the action before it has logged in."""


class Actions(Registry[Action]):
    """All actions.  The core's own are added at the first look-up, so that a core without a manager skips them."""

    def __init__(self) -> None:
        self._own: Callable[[], tuple[Action, ...]] | None = tuple
        self._filling = threading.Lock()
        self._all: dict[str, Action] = {}
        super().__init__("action")

    def provide(self, own: Callable[[], tuple[Action, ...]]) -> None:
        """Set the function that returns the core's own actions; it is called at the first look-up."""
        self._own = own

    @property
    def _entries(self) -> dict[str, Action]:
        if self._own is not None:
            with self._filling:
                if self._own is not None:
                    self._all = {action.name.lower(): action for action in self._own()}
                    self._own = None  # last, since other threads wait until then
        return self._all

    @_entries.setter
    def _entries(self, entries: dict[str, Action]) -> None:
        self._all = entries

    def remove_of(self, module: str) -> list[Action]:
        """Remove all actions of a module.  Returns them, sorted."""
        return [] if self._own is not None else super().remove_of(module)  # no module has registered an action yet
