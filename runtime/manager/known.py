"""The events that the core raises, for ``manager show events``."""

from __future__ import annotations

from asterism.values import dataclass
from runtime.manager.classes import SYSTEM, USER


@dataclass(frozen=True, slots=True)
class Known:
    """An event the core raises, for ``manager show events``."""

    name: str
    category: int
    synopsis: str
    syntax: tuple[tuple[str, str], ...] = ()
    """Its headers and what each says."""


KNOWN = (
    Known(
        "FullyBooted",
        SYSTEM,
        "All modules of the start had their turn.",
        (
            ("Uptime", "seconds since the start"),
            ("LastReload", "seconds since the last reload"),
            ("Status", "'Fully Booted'"),
        ),
    ),
    Known(
        "Load",
        SYSTEM,
        "A module was loaded, or was not.",
        (("Module", "its name, as it was asked for"), ("Status", "Success, Decline or Failure")),
    ),
    Known(
        "Reload",
        SYSTEM,
        "Modules have read their configuration again.",
        (
            ("Module", "the module, or 'All'"),
            ("Status", "0 success, 1 queued, 2 not found, 3 error, 4 in progress, 5 not running, 6 not implemented"),
        ),
    ),
    Known(
        "Shutdown",
        SYSTEM,
        "The program is about to end.",
        (("Shutdown", "Cleanly, or Uncleanly when modules were not asked"), ("Restart", "False")),
    ),
    Known(
        "Unload",
        SYSTEM,
        "A module was unloaded.",
        (("Module", "its name, as it was asked for"), ("Status", "Success")),
    ),
    Known(
        "UserEvent",
        USER,
        "A client sent the action of that name.",
        (("UserEvent", "what the client calls it"), ("...", "every other header the client gave")),
    ),
)
"""In the order of their names."""
