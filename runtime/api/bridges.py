"""The bridges that modules have made, and the technologies of bridges, for the console.

They are in C (runtime/native/bridges); this module reads them, and ends them when somebody asks for that.
"""

from __future__ import annotations

from asterism.values import TYPE_CHECKING, dataclass
from runtime.api import bound, encode, is_bound, text
from runtime.api.channel import lent
from runtime.model.emulated_channel import Channel

if TYPE_CHECKING:
    from typing import Any

CAPABILITIES = ("Holding", "Early", "Native", "1:1 mix", "Multi mix")
"""Words for the bits of ``enum ast_bridge_capability``, the lowest first."""


@dataclass(frozen=True, slots=True)
class BridgeFacts:
    """What is known of a bridge."""

    uniqueid: str
    kind: str
    """The name of its methods: ``base``, ``basic``."""
    technology: str
    name: str
    creator: str
    video: str
    created: int
    """Seconds since the epoch."""
    channels: int
    is_invisible: bool


@dataclass(frozen=True, slots=True)
class BridgeTechnology:
    """A way to pass frames between the channels of a bridge."""

    name: str
    capabilities: tuple[str, ...]
    """The capabilities that it has, of :data:`CAPABILITIES`."""
    preference: int
    is_suspended: bool


def bridges() -> list[BridgeFacts]:
    """The bridges that there are, by their unique ids."""
    return [
        BridgeFacts(
            text(one.id),
            text(one.kind),
            text(one.technology),
            text(one.name),
            text(one.creator),
            text(one.video),
            int(one.created),
            int(one.channels),
            bool(one.is_invisible),
        )
        for one in _told("asterism_bridges", "struct asterism_bridge_told[]")
    ]


def technologies() -> list[BridgeTechnology]:
    """The technologies of the core, then those of modules in the order of their registration."""
    return [
        BridgeTechnology(
            text(one.name),
            tuple(word for at, word in enumerate(CAPABILITIES) if one.capabilities >> at & 1),
            int(one.preference),
            bool(one.is_suspended),
        )
        for one in _told("asterism_bridge_technologies", "struct asterism_bridge_technology[]")
    ]


def channels(uniqueid: str) -> list[str]:
    """The names of the channels in a bridge, in the order in which they entered."""
    binding = bound()
    names = binding.lib.asterism_bridge_channels(encode(uniqueid))
    try:
        return text(names).splitlines()
    finally:
        binding.lib.asterism_free(names)


def end(uniqueid: str) -> bool:
    """End a bridge: whether there is such a bridge."""
    return not bound().lib.asterism_bridge_end(encode(uniqueid))


def kick(uniqueid: str, channel: Channel) -> bool:
    """Have a channel leave a bridge: whether it is there."""
    with lent(channel) as pointer:
        return not bound().lib.asterism_bridge_kick(encode(uniqueid), pointer)


def suspend(technology: str, *, is_suspended: bool) -> None:
    """Suspend a registered technology, or end that."""
    bound().lib.asterism_bridge_technology_suspend(encode(technology), is_suspended)


def _told(function: str, kind: str) -> list[Any]:
    """The structures that a function of the core fills."""
    if not is_bound():
        return []
    ffi, fill = bound().ffi, getattr(bound().lib, function)
    room = fill(ffi.NULL, 0)
    told = ffi.new(kind, max(1, room))
    count = min(room, fill(told, room))
    return [told[index] for index in range(count)]
