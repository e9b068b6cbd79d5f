"""What a client of the manager is told of a channel: its state as headers, and events about its variables."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.core.event_classes import CLASSES

if TYPE_CHECKING:
    from runtime.core.core import Core
    from runtime.core.manager_message import Fields
    from runtime.model.emulated_channel import Channel

UNKNOWN = "<unknown>"
"""The name or the number of nobody."""
_ESCAPES = str.maketrans(
    {char: f"\\{letter}" for char, letter in zip("\a\b\f\n\r\t\v\\'\"?", "abfnrtv\\'\"?", strict=True)}
)


def escaped_c(text: str) -> str:
    """A text with the escapes of C for quotes and control characters (main/utils.c, ``ast_escape_c``)."""
    return text.translate(_ESCAPES)


def state_fields(core: Core, channel: Channel) -> list[tuple[str, object]]:
    """The headers about a channel in events and lists (``ast_manager_build_channel_state_string``)."""
    variables = [(name, channel.variables.get(name)) for name in core.events.style.channelvars]
    return [
        ("Channel", channel.name),
        ("ChannelState", int(channel.state)),
        ("ChannelStateDesc", channel.state.words),
        ("CallerIDNum", channel.number or UNKNOWN),
        ("CallerIDName", escaped_c(channel.caller_name) or UNKNOWN),
        ("ConnectedLineNum", UNKNOWN),
        ("ConnectedLineName", UNKNOWN),
        ("Language", channel.language),
        ("AccountCode", channel.accountcode),
        ("Context", channel.context),
        ("Exten", channel.exten),
        ("Priority", channel.priority),
        ("Uniqueid", channel.uniqueid),
        ("Linkedid", channel.linkedid),
        *(("ChanVariable", f"{name}={escaped_c(value or '')}") for name, value in variables),
    ]


_GLOBAL: Fields = (("Channel", "none"), ("Uniqueid", "none"))
"""The channel of a global variable."""


def variable_was_set(core: Core, channel: Channel | None, name: str, value: str) -> None:
    """Raise the event VarSet, when anybody listens (main/stasis_channels.c, ``varset_to_ami``).

    Args:
        core: the core.
        channel: the channel whose variable was set; None for a global one.
        name: the variable, with the underscores that were given.
        value: the new value; empty for a variable that was deleted.
    """
    if core.events.is_heard:
        of = _GLOBAL if channel is None else state_fields(core, channel)
        core.events.publish("VarSet", CLASSES["dialplan"], (*of, ("Variable", name), ("Value", escaped_c(value))))
