"""Failures of members and switches: what the engine reports, with the reasons."""

from __future__ import annotations

from asterism.light.enumeration import IntEnum
from asterism.values import dataclass


class Failure(IntEnum):
    """The kind of failure of a member."""

    NONE = 0
    SOFT = 1
    """The member fails because of another member's state, which may change."""
    HARD = 2
    """The member fails whatever is switched: a library is missing, or a conflicting one is present."""


class Why(IntEnum):
    """The reason why a member was switched."""

    REQUESTED = 0
    NEEDED = 1
    """Another member, just switched on, depends on it."""
    AUTOSELECTED = 2
    """Another member, just switched on, uses it and says autoselect."""
    DEPENDENCY = 3
    """A dependency was switched, or became unavailable."""
    CONFLICT = 4
    """A conflicting member is on."""
    REFUSED = 5
    """The member was requested, but a dependency could not be switched on."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A switch of a member."""

    member: int
    on: bool
    why: Why
    other: int
    """The member that caused the switch, or -1."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A dependency that could not be switched on for a member that needs it."""

    member: int
    needs: int
    why: str
    """``conflict``, ``unavailable``, ``explicit`` (to be enabled only by name) or ``cycle``."""


class UnsettledError(Exception):
    """A selection that never settles, because members keep switching each other.

    Attributes:
        members: some of these members.
    """

    def __init__(self, members: tuple[int, ...]) -> None:
        super().__init__(members)
        self.members = members


NONE, SOFT, HARD = int(Failure.NONE), int(Failure.SOFT), int(Failure.HARD)
