"""Actions on calls, as a table: most are refused, in Asterisk's words.

An emulated channel is never in a bridge, carries no media and has no channel technology.  The answers are those of
Asterisk for such a channel, and for missing or invalid headers.
"""

from __future__ import annotations

from asterism.names import did_you_mean
from asterism.values import dataclass
from runtime.core.actions import Action
from runtime.core.event_classes import CALL, CLASSES, REPORTING, SYSTEM
from runtime.dialplan.pbx_run import priority_of
from runtime.manager.request import Request
from runtime.model.emulated_channel import Channel

NO_MEDIA = "channels are emulated: they carry no media and are in no bridge"
"""Why an action on a call is refused."""


def channel_of(request: Request, header: str = "Channel", unknown: str = "No such channel") -> Channel | None:
    """The channel that a header names; without one, answer with an error and return None.

    Args:
        request: the request.
        header: the header.
        unknown: the error for an unknown channel; ``{}`` stands for the name.
    """
    name = request.get(header)
    found = request.core.channels.find(name)
    if found is None:
        near = did_you_mean(name, [channel.name for channel in request.core.channels])
        request.error(unknown.format(name), *((("Cure", near),) if near else ()))
    return found


def lacks(request: Request, *needed: tuple[str, str]) -> bool:
    """Whether a header is missing, which is then answered; each pair is a header and the error without it."""
    missing = next((words for name, words in needed if not request.get(name)), "")
    if missing:
        request.error(missing)
    return bool(missing)


# ---- refused ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that emulated channels do not support."""

    needed: tuple[tuple[str, str], ...]
    """Required headers, and the error without each."""
    end: str
    """The final error, after all headers are valid; ``{}`` stands for the channel's name."""
    channels: tuple[tuple[str, str], ...] = ()
    """Headers that name channels, and the error for an unknown channel."""

    def __call__(self, request: Request) -> None:
        """Refuse a request."""
        if lacks(request, *self.needed):
            return
        names = []
        for header, unknown in self.channels:
            channel = channel_of(request, header, unknown)
            if channel is None:
                return
            names.append(channel.name)
        request.error(self.end.format(*names), ("Reason", NO_MEDIA))


_NO_CHANNEL = ("Channel", "No channel specified")
_NO_EXTENSION = ("Exten", "No extension specified")
_ABSENT = (("Channel", "Channel specified does not exist"),)
_NO_BRIDGE = Refused((("BridgeUniqueid", "BridgeUniqueid must be provided"),), "Specified BridgeUniqueid not found")
_NO_TECHNOLOGY = Refused((("BridgeTechnology", "BridgeTechnology must be provided"),), "BridgeTechnology not found")
_BRIDGE = Refused(
    tuple((name, "Missing channel parameter in request") for name in ("Channel1", "Channel2")),
    "Unable to add Channel1 to bridge: {}",
    (("Channel1", "Channel1 does not exist: {}"), ("Channel2", "Channel2 does not exist: {}")),
)
_KICK = Refused(
    (("Channel", "Channel must be provided"),), "Channel is not in a bridge", (("Channel", "Channel does not exist"),)
)
_LOCAL = Refused(
    (("Channel", "'Channel' not specified."),), "Unable to find channel", (("Channel", "Channel does not exist."),)
)


def send_text(request: Request) -> None:
    """Refuse to send text to a channel (``action_sendtext``)."""
    if lacks(request, _NO_CHANNEL, ("Message", "No Message specified")) or channel_of(request) is None:
        return
    request.error("Failure", ("Reason", NO_MEDIA))


def send_message(request: Request) -> None:
    """Refuse to send a message outside of calls: no message technology exists (``action_messagesend``)."""
    if not request.get("Destination") and lacks(request, ("To", "No 'To' address specified.")):
        return
    request.error("Message technology not found.")


# ---- lists without an entry ------------------------------------------------------------------------


def bridges(request: Request) -> None:
    """List the bridges: an empty list (``manager_bridges_list``)."""
    request.list_start("Bridge listing will follow")
    request.list_complete("BridgeListComplete", 0)


def bridge_technologies(request: Request) -> None:
    """List the bridge technologies: an empty list (``manager_bridge_tech_list``)."""
    request.list_start("Bridge technology listing will follow")
    request.list_complete("BridgeTechnologyListComplete", 0)


def channel_map(request: Request) -> None:
    """List the channels that a channel is connected to: an empty list (``action_coreshowchannelmap``)."""
    if lacks(request, ("Channel", "CoreShowChannelMap requires a channel.")):
        return
    if channel_of(request, unknown="Could not get channel snapshot") is not None:
        request.list_start("Channel map will follow")
        request.list_complete("CoreShowChannelMapComplete", 0)


# ---- mailboxes -------------------------------------------------------------------------------------


def mailbox_status(request: Request) -> None:
    """Report waiting messages: none without a voicemail module (``action_mailboxstatus``)."""
    if not lacks(request, ("Mailbox", "Mailbox not specified")):
        request.ok("Mailbox Status", ("Mailbox", request.get("Mailbox")), ("Waiting", 0))


def mailbox_count(request: Request) -> None:
    """Count waiting messages: 0 without a voicemail module (``action_mailboxcount``)."""
    if not lacks(request, ("Mailbox", "Mailbox not specified")):
        counts = ((name, 0) for name in ("UrgMessages", "NewMessages", "OldMessages"))
        request.ok("Mailbox Message Count", ("Mailbox", request.get("Mailbox")), *counts)


# ---- sending a call elsewhere ----------------------------------------------------------------------


def _target(request: Request, extra: str = "") -> tuple[str, str, int] | None:
    """Context, extension and priority of a request; when invalid, answer with an error and return None."""
    what = f"{extra}Exten not specified"
    needed = [(f"{extra}Exten", what), (f"{extra}Priority", f"{extra}Priority not specified")]
    if lacks(request, *needed):
        return None
    context, exten = request.get(f"{extra}Context"), request.get(f"{extra}Exten")
    priority = priority_of(request.core, context, exten, request.get(f"{extra}Priority"))
    if priority < 1:
        request.error(f"{extra}Priority is invalid")
        return None
    return context, exten, priority


def redirect(request: Request) -> None:
    """Redirect one or two calls in the dialplan (``action_redirect``)."""
    if lacks(request, ("Channel", "Channel not specified"), ("Context", "Context not specified")):
        return
    target = other = _target(request)
    if target is not None and request.get("ExtraChannel") and request.get("ExtraContext"):
        other = _target(request, "Extra")
    if target is None or other is None:
        return
    first = _redirectable(request, "Channel", "Redirect failed, channel not up.")
    if first is None:
        return
    if not request.get("ExtraChannel"):
        first.redirect(*target)
        request.ok("Redirect successful")
        return
    second = _redirectable(request, "ExtraChannel", "Redirect failed, extra channel not up.")
    if second is not None:
        first.redirect(*target)
        second.redirect(*other)
        request.ok("Dual Redirect successful")


def _redirectable(request: Request, header: str, ended: str) -> Channel | None:
    found = channel_of(request, header, f"{header} does not exist: {{}}")
    if found is not None and found.is_hung_up:
        request.error(ended)
        return None
    return found


_CHANNEL = ("Channel", "a channel, by its name or its unique id")
_MAILBOX = ("Mailbox", "MAILBOX@CONTEXT")
_UNIQUEID = ("BridgeUniqueid", "the unique id of a bridge")
_TECHNOLOGY = ("BridgeTechnology", "the name of a technology")
_PLACE = (
    ("Exten", "an extension"),
    ("Context", "its context"),
    ("Priority", "a priority or a label"),
)

ACTIONS = (
    Action(
        "Atxfer",
        Refused((_NO_CHANNEL, _NO_EXTENSION), "No attended transfer feature code found", _ABSENT),
        CALL,
        "Transfer a call with consultation: refused, since calls are not bridged.",
        (_CHANNEL, *_PLACE[:2]),
    ),
    Action(
        "BlindTransfer",
        Refused((_NO_CHANNEL, _NO_EXTENSION), "Transfer invalid", _ABSENT),
        CALL,
        "Transfer a call: refused, since calls are not bridged.",
        (_CHANNEL, *_PLACE[:2]),
    ),
    Action(
        "Bridge",
        _BRIDGE,
        CALL,
        "Join two channels: refused, since channels carry no media.",
        (("Channel1", "a channel"), ("Channel2", "another one")),
    ),
    Action("BridgeDestroy", _NO_BRIDGE, synopsis="Destroy a bridge: there are none.", syntax=(_UNIQUEID,)),
    Action("BridgeInfo", _NO_BRIDGE, synopsis="Describe a bridge: there are none.", syntax=(_UNIQUEID,)),
    Action("BridgeKick", _KICK, synopsis="Take a channel out of its bridge: no channel is in one.", syntax=(_CHANNEL,)),
    Action("BridgeList", bridges, synopsis="List the bridges: there are none.", is_quick=True),
    Action(
        "BridgeTechnologyList", bridge_technologies, synopsis="List bridge technologies: there are none.", is_quick=True
    ),
    Action(
        "BridgeTechnologySuspend",
        _NO_TECHNOLOGY,
        synopsis="Suspend a technology: there are none.",
        syntax=(_TECHNOLOGY,),
    ),
    Action(
        "BridgeTechnologyUnsuspend",
        _NO_TECHNOLOGY,
        synopsis="Have a technology used again: there are none.",
        syntax=(_TECHNOLOGY,),
    ),
    Action(
        "CancelAtxfer",
        Refused((_NO_CHANNEL,), "No disconnect feature code found", _ABSENT),
        CALL,
        "Cancel a transfer with consultation: refused, since calls are not bridged.",
        (_CHANNEL,),
    ),
    Action(
        "CoreShowChannelMap",
        channel_map,
        SYSTEM | REPORTING,
        "List the channels that a channel is connected to: there are none.",
        (_CHANNEL,),
    ),
    Action(
        "LocalOptimizeAway",
        _LOCAL,
        SYSTEM | CALL,
        "Take a pair of Local channels out of a call: refused, since calls are not bridged.",
        (_CHANNEL,),
    ),
    Action(
        "MailboxCount", mailbox_count, CALL | REPORTING, "Count the messages of a mailbox.", (_MAILBOX,), is_quick=True
    ),
    Action("MailboxStatus", mailbox_status, CALL | REPORTING, "Check a mailbox.", (_MAILBOX,), is_quick=True),
    Action(
        "MessageSend",
        send_message,
        CLASSES["message"],
        "Send a message out of a call: refused, since nothing here sends any.",
        (("To", "whom"), ("Destination", "where to, when that differs"), ("From", "who"), ("Body", "the text")),
    ),
    Action(
        "Redirect",
        redirect,
        CALL,
        "Send one call, or two, elsewhere in the dialplan.",
        (
            _CHANNEL,
            *_PLACE,
            ("ExtraChannel", "a second channel; it goes to the same place, unless ExtraContext names another"),
            *((f"Extra{name}", about) for name, about in _PLACE),
        ),
    ),
    Action(
        "SendText",
        send_text,
        CALL,
        "Send text to a channel: refused, since channels carry no media.",
        (_CHANNEL, ("Message", "the text")),
    ),
)
