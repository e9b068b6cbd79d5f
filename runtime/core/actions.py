"""Actions as values: what a client can ask for.

A handler is called with a :class:`runtime.manager.request.Request` and answers through it.  The registry is the core's
(``core.actions``); the core's own actions come into it when somebody first looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from asterism.values import dataclass
from runtime.core.registry import Registry

Handler = Callable[[Any], object]
"""Does what a :class:`runtime.manager.request.Request` asks and answers; an AsterismError becomes the answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a client can ask for."""

    name: str
    handler: Handler
    authority: int = 0
    """Classes of which the account must have the right to write one; 0 is for everybody who is logged in."""
    synopsis: str = ""
    """One line for ``manager show commands``."""
    syntax: tuple[tuple[str, str], ...] = ()
    """Its headers and what each is for."""
    description: str = ""
    module: str | None = None
    """The module that registered it; None for the core."""
    is_quick: bool = False
    """Whether it waits for nothing, and so needs no thread."""
    before_login: bool = False
    """Whether a session may ask for it that has not logged in."""


class Actions(Registry[Action]):
    """All actions.  Those of the core are read in on the first look: while there is no manager there are none."""

    def __init__(self) -> None:
        self._own: Callable[[], tuple[Action, ...]] | None = tuple
        self._filling = threading.Lock()
        self._all: dict[str, Action] = {}
        super().__init__("action")

    def provide(self, own: Callable[[], tuple[Action, ...]]) -> None:
        """Have the core's own actions, which ``own`` returns, read in on the first look."""
        self._own = own

    @property
    def _entries(self) -> dict[str, Action]:
        if self._own is not None:
            with self._filling:
                if self._own is not None:
                    self._all = {action.name.lower(): action for action in self._own()}
                    self._own = None  # last: until then others wait
        return self._all

    @_entries.setter
    def _entries(self, entries: dict[str, Action]) -> None:
        self._all = entries

    def remove_of(self, module: str) -> list[Action]:
        """Take away everything a module registered; returns it, sorted."""
        return [] if self._own is not None else super().remove_of(module)  # nobody has registered anything
