"""What modules tell of devices and presences, as the core asks for it.

:mod:`runtime.api.provided_states` asks the C library.
"""

from __future__ import annotations

from asterism.values import dataclass

DEVICE_STATES = (
    "UNKNOWN",
    "NOT_INUSE",
    "INUSE",
    "BUSY",
    "INVALID",
    "UNAVAILABLE",
    "RINGING",
    "RINGINUSE",
    "ONHOLD",
)
"""The names of ``enum ast_device_state``."""
PRESENCES = ("not_set", "unavailable", "available", "away", "xa", "chat", "dnd", "invalid")
"""The names of ``enum ast_presence_state``."""


@dataclass(frozen=True, slots=True)
class Presence:
    """What a provider tells of somebody."""

    state: str
    """One of :data:`PRESENCES`."""
    subtype: str = ""
    message: str = ""


class States:
    """The states in a core without modules in C: nobody provides any."""

    def device(self, devices: str) -> str:
        """The state of devices that are joined by ``&``; INVALID when no module provides any of them."""
        del devices
        return "INVALID"

    def presence(self, provider: str) -> Presence:
        """The presence that ``label:data`` stands for; invalid when no module provides it."""
        del provider
        return Presence("invalid")
