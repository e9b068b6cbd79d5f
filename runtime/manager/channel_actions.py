"""The actions about channels and variables: what emulated channels have of those of a real one."""

from __future__ import annotations

import time

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime.core.actions import Action
from runtime.core.core import Core
from runtime.core.event_classes import ALL, CALL, REPORTING, SYSTEM
from runtime.dialplan.functions import get_variable, set_variable
from runtime.manager.request import Request
from runtime.model.emulated_channel import Channel


def show_channels(request: Request) -> None:
    """List the channels there are (``action_coreshowchannels``)."""
    channels = list(request.core.channels)
    request.list_start("Channels will follow")
    for channel in channels:
        request.list_item("CoreShowChannel", _fields(channel))
    request.list_complete("CoreShowChannelsComplete", len(channels))


def _fields(channel: Channel) -> tuple[tuple[str, object], ...]:
    minutes, seconds = divmod(max(int(time.time() - channel.created), 0), 60)
    return (
        ("Channel", channel.name),
        ("ChannelState", int(channel.state)),
        ("ChannelStateDesc", channel.state.words),
        ("CallerIDNum", channel.number or "<unknown>"),
        ("CallerIDName", channel.caller_name or "<unknown>"),
        ("Language", channel.language),
        ("AccountCode", channel.accountcode),
        ("Context", channel.context),
        ("Exten", channel.exten),
        ("Priority", channel.priority),
        ("Uniqueid", channel.uniqueid),
        ("Linkedid", channel.linkedid),
        ("Application", channel.appl),
        ("ApplicationData", channel.data),
        ("Duration", f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"),
    )


def _channel(core: Core, name: str) -> Channel:
    found = core.channels.find(name)
    if found is None:
        hint = did_you_mean(name, [channel.name for channel in core.channels])
        raise AsterismError(Fault("No such channel", why=hint, code="no-channel"))
    return found


def hangup(request: Request) -> None:
    """End a call (``action_hangup``)."""
    name = request.get("Channel")
    if not name:
        request.error("No channel specified")
        return
    _channel(request.core, name).hang_up()
    request.ok("Channel Hungup")


def _is_allowed(request: Request, name: str, *, write: bool) -> bool:
    """Whether a function may be used: one that can do what not every user may needs the right to system actions."""
    function = request.core.functions.find(name.partition("(")[0]) if "(" in name else None
    escalates = function is not None and (function.write_escalates if write else function.read_escalates)
    account = request.session.account if request.session else None
    return not escalates or bool((account.write if account else ALL) & SYSTEM)


def get_var(request: Request) -> None:
    """Read a variable or a function, of a channel or of none (``action_getvar``)."""
    name, of = request.get("Variable"), request.get("Channel")
    if not name:
        request.error("No variable specified")
    elif not _is_allowed(request, name, write=False):
        request.error("GetVar Access Forbidden: Variable")
    else:
        value = get_variable(request.core, _channel(request.core, of) if of else None, name)
        request.ok("", ("Variable", name), ("Value", value or ""))


def set_var(request: Request) -> None:
    """Set a variable or a function, of a channel or for all (``action_setvar``)."""
    name, of = request.get("Variable"), request.get("Channel")
    if not name:
        request.error("No variable specified")
    elif not _is_allowed(request, name, write=True):
        request.error("SetVar Access Forbidden: Variable")
    else:
        set_variable(request.core, _channel(request.core, of) if of else None, name, request.get("Value"))
        request.ok("Variable Set")


_CHANNEL = ("Channel", "its name or its unique id")
_WHOSE = ("Channel", "whose; left out, a global one")
_VARIABLE = ("Variable", "its name, or FUNCTION(arguments)")

CALLS = (
    Action(
        "CoreShowChannels",
        show_channels,
        SYSTEM | REPORTING,
        "List the channels there are.",
        description="One event CoreShowChannel for each, closed by CoreShowChannelsComplete.",
    ),
    Action("Getvar", get_var, CALL | REPORTING, "Read a variable or a function.", (_WHOSE, _VARIABLE)),
    Action("Hangup", hangup, SYSTEM | CALL, "End a call.", (_CHANNEL,)),
    Action("Setvar", set_var, CALL, "Set a variable or a function.", (_WHOSE, _VARIABLE, ("Value", "what to set"))),
)
