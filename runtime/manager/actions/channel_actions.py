"""Actions on channels and variables, as a table, with the properties that emulated channels have."""

from __future__ import annotations

import re
import threading
import time

from asterism.errors import AsterismError
from asterism.numbers import number
from asterism.parsing import regular_expression
from runtime.conf.conf_values import is_true
from runtime.core.actions import Action
from runtime.core.core import Core
from runtime.core.event_classes import ALL, CALL, REPORTING, SYSTEM
from runtime.dialplan.application_arguments import split_arguments
from runtime.dialplan.channel_events import UNKNOWN, state_fields
from runtime.dialplan.functions import ChannelScope, set_variable
from runtime.dialplan.substitution import value_of
from runtime.manager.actions.call_actions import channel_of, lacks
from runtime.manager.request import Request
from runtime.model.emulated_channel import Channel, Hangup

_NO_CHANNEL = ("Channel", "No channel specified")

# ---- lists -----------------------------------------------------------------------------------------


def show_channels(request: Request) -> None:
    """List the channels (``action_coreshowchannels``)."""
    channels = list(request.core.channels)
    request.list_start("Channels will follow")
    for channel in channels:
        request.list_item("CoreShowChannel", _row(request.core, channel))
    request.list_complete("CoreShowChannelsComplete", len(channels))


def _seconds(channel: Channel) -> int:
    return max(int(time.time() - channel.created), 0)


def _row(core: Core, channel: Channel) -> tuple[tuple[str, object], ...]:
    minutes, seconds = divmod(_seconds(channel), 60)
    return (
        *state_fields(core, channel),
        ("Application", channel.appl),
        ("ApplicationData", channel.data),
        ("Duration", f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"),
        ("BridgeId", ""),
    )


def status(request: Request) -> None:
    """List channels with their variables (``action_status``)."""
    names = split_arguments(request.get("Variables"))
    if not _is_allowed(request, *names, write=False):
        request.error("Status Access Forbidden: Variables")
        return
    found = channel_of(request) if request.get("Channel") else None
    if request.get("Channel") and found is None:
        return
    channels = list(request.core.channels) if found is None else [found]
    request.list_start("Channel status will follow")
    for channel in channels:
        fields = _status(request.core, channel, names, with_all=is_true(request.get("AllVariables")))
        request.list_item("Status", fields, id_last=True)
    request.list_complete("StatusComplete", len(channels), (("Items", len(channels)),))


def _status(core: Core, channel: Channel, names: list[str], *, with_all: bool) -> list[tuple[str, object]]:
    """The headers of one channel (``generate_status``)."""
    scope = ChannelScope(core, channel)
    asked = [(name, value_of(name, scope)) for name in names if name]
    variables = [*asked, *(reversed(list(channel.variables.items())) if with_all else ())]
    return [
        ("Privilege", "Call"),
        *state_fields(core, channel),
        ("Type", channel.name.partition("/")[0]),
        ("DNID", ""),
        ("EffectiveConnectedLineNum", UNKNOWN),
        ("EffectiveConnectedLineName", UNKNOWN),
        ("TimeToHangup", 0),
        ("BridgeID", ""),
        ("Application", channel.appl),
        ("Data", channel.data),
        ("Nativeformats", "(nothing)"),
        ("Readformat", "none"),
        ("Readtrans", ""),
        ("Writeformat", "none"),
        ("Writetrans", ""),
        ("Callgroup", 0),
        ("Pickupgroup", 0),
        ("Seconds", _seconds(channel)),
        *(("Variable", f"{name}={value}") for name, value in variables),
    ]


# ---- ends ------------------------------------------------------------------------------------------


def hangup(request: Request) -> None:
    """Hang up a channel, or those whose names match ``/expression/`` (``ast_manager_hangup_helper``)."""
    name = request.get("Channel")
    if lacks(request, _NO_CHANNEL):
        return
    if name.startswith("/"):
        _hang_up_matching(request, name)
        return
    channel = channel_of(request)
    if channel is not None:
        _hang_up(channel, request.get("Cause"))
        request.ok("Channel Hungup")


def _hang_up(channel: Channel, cause: str) -> None:
    code = number(cause, 1, 127)
    if code is not None:
        channel.hangupcause = code
    channel.hang_up()


def _hang_up_matching(request: Request, text: str) -> None:
    if len(text) < 2 or not text.endswith("/"):
        request.error("Regex format invalid, Channel param should be /regex/")
        return
    try:
        pattern: re.Pattern[str] = regular_expression(text[1:-1])
    except ValueError as error:
        request.error(f"Regex compile failed on: {text}", ("Reason", str(error)))
        return
    found = [channel for channel in request.core.channels if pattern.search(channel.name)]
    request.list_start("Channels hung up will follow")
    for channel in found:
        _hang_up(channel, request.get("Cause"))
        request.list_item("ChannelHungup", (("Channel", channel.name),), id_last=True)
    request.list_complete("ChannelsHungupListComplete", len(found))


_LONGEST = 10 * 365 * 86400
"""The greatest timeout of a call, in seconds."""
_seconds_text = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)")


def absolute_timeout(request: Request) -> None:
    """Hang up a channel after a time (``action_timeout``)."""
    if lacks(request, _NO_CHANNEL):
        return
    given = _seconds_text.match(request.get("Timeout"))
    seconds = float(given[0]) if given else 0.0
    if seconds <= 0:
        request.error("No timeout specified")
        return
    channel = channel_of(request)
    if channel is not None:
        _end_after(channel, min(seconds, _LONGEST))
        request.ok("Timeout Set")


def _end_after(channel: Channel, seconds: float) -> None:
    """Schedule the end of a call, replacing an earlier timeout; ``seconds`` is the time from now."""
    earlier = channel.attached.pop("absolute timeout", None)
    if earlier is not None:
        earlier.cancel()
    timer = threading.Timer(seconds, channel.hang_up, (Hangup.TIMEOUT,))
    timer.daemon = True
    timer.start()
    channel.attached["absolute timeout"] = timer


# ---- variables -------------------------------------------------------------------------------------


def _is_allowed(request: Request, *names: str, write: bool) -> bool:
    """Whether functions may be used: a privileged function needs write permission for the class system.

    For reading, a name that contains SHELL or EVAL anywhere counts as privileged
    (``function_capable_string_allowed_with_auths``).
    """
    account = request.session.account if request.session else None
    if (account.write if account else ALL) & SYSTEM:
        return True
    words = () if write else ("SHELL", "EVAL")
    return not any(_escalates(request.core, name, write) or any(word in name for word in words) for name in names)


def _escalates(core: Core, name: str, write: bool) -> bool:
    function = core.functions.find(name.partition("(")[0]) if "(" in name else None
    return function is not None and (function.write_escalates if write else function.read_escalates)


def get_var(request: Request) -> None:
    """Read a variable or a function, global or of a channel (``action_getvar``)."""
    name = request.get("Variable")
    if lacks(request, ("Variable", "No variable specified")):
        return
    if not _is_allowed(request, name, write=False):
        request.error("GetVar Access Forbidden: Variable")
        return
    channel = channel_of(request) if request.get("Channel") else None
    if channel is not None or not request.get("Channel"):
        request.ok("", ("Variable", name), ("Value", value_of(name, ChannelScope(request.core, channel))))


def set_var(request: Request) -> None:
    """Set a variable or a function, global or of a channel (``action_setvar``)."""
    name = request.get("Variable")
    if lacks(request, ("Variable", "No variable specified")):
        return
    if not _is_allowed(request, name, write=True):
        request.error("SetVar Access Forbidden: Variable")
        return
    channel = channel_of(request) if request.get("Channel") else None
    if channel is None and request.get("Channel"):
        return
    try:
        set_variable(request.core, channel, name, request.get("Value"))
    except AsterismError as error:
        request.fail(error, "Variable not set")
        return
    request.ok("Variable Set")


_CHANNEL = ("Channel", "its name or its unique id")
_WHOSE = ("Channel", "whose; left out, a global one")
_VARIABLE = ("Variable", "its name, or FUNCTION(arguments)")

ACTIONS = (
    Action(
        "AbsoluteTimeout",
        absolute_timeout,
        SYSTEM | CALL,
        "End a call after some time.",
        (_CHANNEL, ("Timeout", "seconds from now on")),
    ),
    Action(
        "CoreShowChannels",
        show_channels,
        SYSTEM | REPORTING,
        "List the channels there are.",
        description="One event CoreShowChannel for each, closed by CoreShowChannelsComplete.",
    ),
    Action("Getvar", get_var, CALL | REPORTING, "Read a variable or a function.", (_WHOSE, _VARIABLE)),
    Action(
        "Hangup",
        hangup,
        SYSTEM | CALL,
        "End a call.",
        (
            ("Channel", "its name or its unique id, or /EXPRESSION/ for all whose names match"),
            ("Cause", "why, as a number from 1 to 127"),
        ),
    ),
    Action("Setvar", set_var, CALL, "Set a variable or a function.", (_WHOSE, _VARIABLE, ("Value", "what to set"))),
    Action(
        "Status",
        status,
        SYSTEM | CALL | REPORTING,
        "List channels, with what is known of them.",
        (
            ("Channel", "one channel; all, when left out"),
            ("Variables", "variables and functions to tell, separated by commas"),
            ("AllVariables", "yes, to tell all variables of the channel"),
        ),
        "One event Status for each, closed by StatusComplete.",
    ),
)
