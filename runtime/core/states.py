"""What modules tell of devices and presences, as the core asks for it.

:mod:`runtime.api.provided_states` asks the C library.
"""

from __future__ import annotations

from asterism.values import dataclass

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

    def extension(self, devices: str) -> tuple[int, str]:
        """The state of an extension whose hint names devices joined by ``&``, as a number and its name.

        It is Unavailable when no module provides any of the devices. The numbers are those of
        ``enum ast_extension_states``.
        """
        del devices
        return 4, "Unavailable"

    def presence(self, provider: str) -> Presence:
        """The presence that ``label:data`` stands for; invalid when no module provides it."""
        del provider
        return Presence("invalid")
