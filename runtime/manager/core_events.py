"""Descriptions of the core's events, for ``manager show events``."""

from __future__ import annotations

from asterism.values import dataclass
from runtime.core.event_classes import CALL, CLASSES, SYSTEM, USER


@dataclass(frozen=True, slots=True)
class Known:
    """The description of an event, for ``manager show events``."""

    name: str
    category: int
    synopsis: str
    syntax: tuple[tuple[str, str], ...] = ()
    """The event's headers with their meaning."""


_COMMON = (
    ("EventTV", "when"),
    ("Severity", "Informational or Error"),
    ("Service", "what he came to: AMI, or a service of a module"),
    ("AccountID", "as whom"),
    ("SessionID", "like no other of this process"),
    ("LocalAddress", "IPV4/TCP/127.0.0.1/5038"),
    ("RemoteAddress", "where he came from"),
)


def _security(name: str, synopsis: str, *more: tuple[str, str]) -> Known:
    return Known(name, CLASSES["security"], synopsis, (*_COMMON, *more))


_REQUEST = ("RequestType", "what for: the action")
_SECURITY = (
    _security(
        "ChallengeResponseFailed",
        "Somebody answered a challenge wrongly.",
        ("Challenge", "what he was given"),
        ("Response", "what he answered"),
    ),
    _security("FailedACL", "Somebody came from where his account may not be used."),
    _security("InvalidAccountID", "Somebody named an account that there is not."),
    _security("InvalidPassword", "Somebody gave a wrong secret."),
    _security("RequestBadFormat", "Somebody asked for something that there is not.", _REQUEST),
    _security("RequestNotAllowed", "Somebody asked for what he may not.", _REQUEST),
    _security("SessionLimit", "Somebody came once more than he may."),
    _security("SuccessfulAuth", "Somebody logged in.", ("UsingPassword", "whether a secret was asked for")),
)

_CORE = (
    Known(
        "FullyBooted",
        SYSTEM,
        "All modules of the start had their turn.",
        (
            ("Uptime", "seconds since the start"),
            ("LastReload", "seconds since the last reload"),
            ("Status", "'Fully Booted'"),
        ),
    ),
    Known(
        "Load",
        SYSTEM,
        "A module was loaded, or was not.",
        (("Module", "its name, as it was asked for"), ("Status", "Success, Decline or Failure")),
    ),
    Known(
        "OriginateResponse",
        CALL,
        "A call that a client made with Async was answered, or was not.",
        (
            ("Response", "Success or Failure"),
            ("Channel", "its near end, or what was to be called"),
            ("Context, Exten", "where it goes on; or Application and Data, what it runs"),
            ("Reason", "0 nothing was called, 1 it ended, 3 it took too long, 4 it was answered"),
            ("Uniqueid", "the unique id of its near end"),
            ("CallerIDNum, CallerIDName", "who calls"),
        ),
    ),
    Known(
        "Reload",
        SYSTEM,
        "Modules have read their configuration again.",
        (
            ("Module", "the module, or 'All'"),
            ("Status", "0 success, 1 queued, 2 not found, 3 error, 4 in progress, 5 not running, 6 not implemented"),
        ),
    ),
    Known(
        "Shutdown",
        SYSTEM,
        "The program is about to end.",
        (("Shutdown", "Cleanly, or Uncleanly when modules were not asked"), ("Restart", "True when it starts again")),
    ),
    Known(
        "Unload",
        SYSTEM,
        "A module was unloaded.",
        (("Module", "its name, as it was asked for"), ("Status", "Success")),
    ),
    Known(
        "UserEvent",
        USER,
        "A client sent the action of that name.",
        (("UserEvent", "what the client calls it"), ("...", "every other header the client gave")),
    ),
    Known(
        "VarSet",
        CLASSES["dialplan"],
        "A variable was set.",
        (
            ("Channel", "whose it is, and all that is told of a channel; none for a global one"),
            ("Variable", "its name"),
            ("Value", "its value, with the escapes of C"),
        ),
    ),
)
KNOWN = tuple(sorted((*_CORE, *_SECURITY), key=lambda event: event.name))
"""All descriptions, sorted by name."""
