"""The states, presences and channel technologies that modules provide, asked of the C library."""

from __future__ import annotations

from asterism.values import dataclass
from runtime.api import PREPARATIONS, Binding, bound, encode, is_bound, text
from runtime.core.states import PRESENCES, Presence, States

ABILITIES = (
    "devicestate",
    "presencestate",
    "indicate",
    "transfer",
    "digit_begin",
    "digit_end",
    "html",
    "image",
    "text",
)
"""The callbacks of a technology that ``asterism_channel_type.can`` has a bit for, in the order of the bits."""


@dataclass(frozen=True, slots=True)
class ChannelType:
    """A channel technology that a module has registered."""

    name: str
    description: str
    can: frozenset[str]
    """The callbacks that it has, of :data:`ABILITIES`."""
    formats: str
    """The names of its formats: ``(ulaw|alaw)``."""


class _Provided(States):
    """The states that modules provide."""

    def __init__(self, binding: Binding) -> None:
        self.ffi, self.lib = binding.ffi, binding.lib

    def extension(self, devices: str) -> tuple[int, str]:
        name = self.ffi.new("char const **")
        return self.lib.asterism_extension_state(encode(devices), name), text(name[0])

    def presence(self, provider: str) -> Presence:
        texts = self.ffi.new("char *[2]")
        state = self.lib.asterism_presence(encode(provider), texts, texts + 1)
        found = Presence(PRESENCES[state], text(texts[0]), text(texts[1]))
        for each in texts:
            self.lib.asterism_free(each)
        return found


def channel_types() -> list[ChannelType]:
    """The registered channel technologies, in the order of their registration."""
    if not is_bound():
        return []
    ffi, lib = bound().ffi, bound().lib
    room = lib.asterism_channel_types(ffi.NULL, 0)
    told = ffi.new("struct asterism_channel_type[]", max(1, room))
    count = min(room, lib.asterism_channel_types(told, room))
    return [
        ChannelType(text(one.name), text(one.description), _abilities(one.can), text(one.formats))
        for one in told[0:count]
    ]


def _abilities(bits: int) -> frozenset[str]:
    return frozenset(name for at, name in enumerate(ABILITIES) if bits >> at & 1)


def _prepare(binding: Binding) -> None:
    binding.core.states = _Provided(binding)


PREPARATIONS.append(_prepare)
