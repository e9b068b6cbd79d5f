"""Manager actions as values.

A handler is called with a :class:`runtime.manager.request.Request` and answers through it.  The registry belongs to the
core (``core.actions``).
"""

from __future__ import annotations

from collections.abc import Callable

from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any

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
