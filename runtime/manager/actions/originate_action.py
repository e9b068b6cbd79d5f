"""The action ``Originate``: a call made by a client (main/manager.c, ``action_originate``)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from asterism.values import dataclass
from runtime.conf.conf_values import is_true
from runtime.core.actions import Action
from runtime.core.core import Core
from runtime.core.event_classes import ALL, CALL, CLASSES, SYSTEM
from runtime.dialplan import pbx_run
from runtime.dialplan.application_arguments import split_arguments
from runtime.dialplan.channel_events import UNKNOWN
from runtime.dialplan.pbx_run import Answered, OriginateHooks, Spot
from runtime.manager.request import Request
from runtime.model.emulated_channel import Channel

LONGEST_ID = 149
"""The greatest length of a unique id from a client (``AST_MAX_PUBLIC_UNIQUEID``)."""
DEFAULT_TIMEOUT = 30_000
"""How long a call may wait for its answer by default, in milliseconds."""

# ---- what may be run -------------------------------------------------------------------------------

_APPLICATIONS = ("agi", "dbdeltree", "exec", "externalivr", "mixmonitor", "originate", "reload", "system")
_FUNCTIONS = ("CURL", "DB", "EVAL", "FILE", "ODBC", "REALTIME", "SHELL")
_AGI_OF_QUEUE = 5
"""The index of Queue's argument that names an AGI program."""


def may_run(application: str, data: str, rights: int) -> bool:
    """Whether an account with these rights may originate an application (``is_originate_app_permitted``).

    Privileged applications and functions need the class system; Queue with an AGI program needs agi or system.
    """
    name = application.lower()
    if any(word in name for word in _APPLICATIONS):
        return bool(rights & SYSTEM)
    if "queue" in name and any(split_arguments(data)[_AGI_OF_QUEUE : _AGI_OF_QUEUE + 1]):
        return bool(rights & (SYSTEM | CLASSES["agi"]))
    return not any(word in data for word in _FUNCTIONS) or bool(rights & SYSTEM)


# ---- what is asked for -----------------------------------------------------------------------------

_LEADING_NUMBER = re.compile(r"\s*([-+]?\d{1,9})", re.ASCII)
_NAME_AND_NUMBER = re.compile(r"\s*(?P<name>.*?)\s*<(?P<number>[^>]*)>?\s*")
_NUMBER = re.compile(r"\s*[-+\d()*#. ]+", re.ASCII)


def caller_id(text: str) -> tuple[str, str]:
    """Name and number of ``"Name" <number>``, of a name alone, or of a number alone (``ast_callerid_parse``)."""
    found = _NAME_AND_NUMBER.fullmatch(text)
    if found is not None:
        return found["name"].strip('"'), re.sub(r"[() -]", "", found["number"])
    return ("", re.sub(r"[() -]", "", text)) if _NUMBER.fullmatch(text) else (text.strip().strip('"'), "")


def _variables(request: Request) -> list[tuple[str, str]]:
    """The variables of the account, then those of headers ``Variable: a=1,b=2``."""
    session = request.session
    own = list(session.account.setvar) if session is not None and session.account is not None else []
    pairs = [part.partition("=") for value in request.message.values("Variable") for part in split_arguments(value)]
    return [*own, *((name, value) for name, equals, value in pairs if equals and name)]


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A requested call, with parsed headers."""

    technology: str
    data: str
    context: str
    exten: str
    priority: int
    timeout: int
    application: str
    application_data: str
    name: str
    number: str

    @property
    def then(self) -> Answered:
        """The dialplan place or application that follows the answer."""
        if self.application:
            return Answered(self.application, self.application_data)
        return Answered(spot=Spot(self.context, self.exten, self.priority))


def _understood(request: Request) -> CallRequest | str:
    """The requested call, or the error in the request."""
    channel, priority, timeout = (request.get(name) for name in ("Channel", "Priority", "Timeout"))
    context, exten = request.get("Context"), request.get("Exten")
    if any(len(request.get(name)) > LONGEST_ID for name in ("ChannelId", "OtherChannelId")):
        return f"Uniqueid length exceeds maximum of {LONGEST_ID}"
    if not channel:
        return "Channel not specified"
    number = pbx_run.priority_of(request.core, context, exten, priority) if priority else 0
    if number < 1 and priority and not _LEADING_NUMBER.match(priority):
        return "Invalid priority"
    milliseconds = _LEADING_NUMBER.match(timeout)
    if timeout and milliseconds is None:
        return "Invalid timeout"
    technology, slash, data = channel.partition("/")
    if not slash:
        return "Invalid channel"
    return CallRequest(
        technology,
        data,
        context,
        exten,
        number,
        int(milliseconds[1]) if milliseconds else DEFAULT_TIMEOUT,
        request.get("Application"),
        request.get("Data"),
        *caller_id(request.get("CallerID")),
    )


# ---- making it -------------------------------------------------------------------------------------

RINGING, ANSWERED, HUNG_UP = 3, 4, 1
"""Reasons of ``OriginateResponse`` (``AST_CONTROL_RINGING``, ``AST_CONTROL_ANSWER``, ``AST_CONTROL_HANGUP``)."""


def _is_local(core: Core, call: CallRequest) -> tuple[str, str] | None:
    """Extension and context of a Local channel to call; None for another technology or an unknown extension."""
    exten, _, context = call.data.partition("/")[0].partition("@")
    context = context or "default"
    is_there = call.technology.lower() == "local" and pbx_run.exists(core, None, context, exten, 1, call.number)
    return (exten, context) if is_there else None


def place(request: Request, call: CallRequest) -> tuple[Channel | None, int]:
    """Make the call, and wait until it is answered, has ended, or has timed out.

    Returns:
        The near end, or None when no call was made; and the reason, 0 when no call was made.
    """
    core = request.core
    place = _is_local(core, call)
    identity = request.get("ChannelId")
    if place is None or (identity and core.channels.find(identity) is not None):
        return None, 0
    results: list[bool] = []
    is_over = threading.Event()

    def told(was_answered: bool) -> None:
        results.append(was_answered)
        is_over.set()

    hooks = OriginateHooks(_preparing(request, call), told)
    near, far = pbx_run.originate(core, *place, call.then, hooks)
    if not is_over.wait(max(call.timeout, 0) / 1000) and not results:
        far.hang_up()
        return near, RINGING
    return near, ANSWERED if results[0] else HUNG_UP


def _preparing(request: Request, call: CallRequest) -> Callable[[Channel, Channel], None]:
    def prepare(near: Channel, far: Channel) -> None:
        near.caller_name = far.caller_name = call.name
        near.caller_number = far.caller_number = call.number
        near.accountcode = request.get("Account")
        identity = request.get("ChannelId")
        if identity:
            near.uniqueid = near.linkedid = far.linkedid = identity
            far.uniqueid = request.get("OtherChannelId") or f"{identity};2"
        for name, value in _variables(request):
            near.variables.set(name, value)

    return prepare


def _tell(request: Request, call: CallRequest, channel: Channel | None, reason: int) -> None:
    """Raise the event OriginateResponse (``fast_originate``)."""
    action_id = request.get("ActionID")
    what = (
        (("Application", call.application), ("Data", call.application_data))
        if call.application
        else (("Context", call.context), ("Exten", call.exten))
    )
    request.core.events.publish(
        "OriginateResponse",
        CALL,
        (
            *((("ActionID", action_id),) if action_id else ()),
            ("Response", "Success" if reason == ANSWERED else "Failure"),
            ("Channel", channel.name if channel else f"{call.technology}/{call.data}"),
            *what,
            ("Reason", reason),
            ("Uniqueid", channel.uniqueid if channel else request.get("ChannelId") or UNKNOWN),
            ("CallerIDNum", call.number or UNKNOWN),
            ("CallerIDName", call.name or UNKNOWN),
        ),
    )


QUEUED = "Originate successfully queued"


def originate(request: Request) -> None:
    """Make a call; wait for its answer unless ``Async`` is set (``action_originate``)."""
    call = _understood(request)
    if isinstance(call, str):
        request.error(call)
    elif refused := _refusal(request, call):
        request.error(refused)
    elif is_true(request.get("Async")):
        request.ok(QUEUED)
        pbx_run.begin(lambda: _tell(request, call, *place(request, call)), "manager Originate")
    elif not call.application and not call.priority:
        request.error("Originate with 'Exten' requires 'Context' and 'Priority'")
    elif place(request, call)[1] == ANSWERED:
        request.ok(QUEUED)
    else:
        request.error("Originate failed", *_why(request.core, call))


def _refusal(request: Request, call: CallRequest) -> str:
    account = request.session.account if request.session else None
    rights = account.write if account else ALL
    if call.application and not may_run(call.application, call.application_data, rights):
        return "Originate Access Forbidden: app or data blacklisted"
    if call.priority and not pbx_run.exists(request.core, None, call.context, call.exten, call.priority, call.number):
        return "Extension does not exist."
    return ""


def _why(core: Core, call: CallRequest) -> tuple[tuple[str, object], ...]:
    if call.technology.lower() != "local":
        why = f"there is no channel technology '{call.technology}': channels are emulated, and dial nobody"
        return ("Reason", why), ("Cure", "write Local/EXTENSION@CONTEXT")
    if _is_local(core, call) is None:
        return (("Reason", f"there is no extension '{call.data}'"),)
    return (("Reason", "it was not answered"),)


ACTIONS = (
    Action(
        "Originate",
        originate,
        CLASSES["originate"],
        "Make a call.",
        (
            ("Channel", "Local/EXTENSION@CONTEXT: channels are emulated, and dial nobody"),
            ("Exten", "the extension that the call goes to once it is answered"),
            ("Context", "its context"),
            ("Priority", "its priority, a number or a label"),
            ("Application", "an application to run instead"),
            ("Data", "its arguments"),
            ("Timeout", "milliseconds to wait for the answer; 30000 by default"),
            ("CallerID", '"NAME" <NUMBER>'),
            ("Variable", "NAME=VALUE, several with commas or as several headers"),
            ("Account", "the account code"),
            ("Async", "yes, to be told of the outcome by the event OriginateResponse"),
            ("ChannelId", "the unique id of the channel"),
            ("OtherChannelId", "the unique id of its other end"),
        ),
        "The answer comes when the call was answered, has ended, or was not answered in time.",
    ),
)
