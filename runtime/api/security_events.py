"""asterisk/security_events.h: security events of the core's own services; C creates the events."""

from __future__ import annotations

import enum

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import dataclass
from runtime.api import bound, encode


class Transport(enum.IntEnum):
    """The transport of a client (``enum ast_transport``)."""

    UDP = 1
    TCP = 2
    TLS = 4
    WS = 8
    WSS = 16


DETAILS = {
    "FailedACL": ("acl_name",),
    "InvalidAccountID": (),
    "SessionLimit": (),
    "MemoryLimit": (),
    "LoadAverageLimit": (),
    "RequestNotSupported": ("request_type",),
    "RequestNotAllowed": ("request_type", "request_params"),
    "AuthMethodNotAllowed": ("auth_method",),
    "RequestBadFormat": ("request_type", "request_params"),
    "SuccessfulAuth": (),
    "UnexpectedAddress": ("expected_address",),
    "ChallengeResponseFailed": ("challenge", "response", "expected_response"),
    "InvalidPassword": ("challenge", "received_challenge", "received_hash"),
    "ChallengeSent": ("challenge",),
    "InvalidTransport": ("transport",),
}
"""The event types of asterisk/security_events_defs.h, and the details of each besides :class:`Who`."""


@dataclass(frozen=True, slots=True)
class Who:
    """The client of a security event, the service and the addresses."""

    service: str
    """``AMI``."""
    account: str
    remote: str
    """Address and port: ``192.0.2.1:5060``, ``[2001:db8::1]:5060``."""
    local: str
    session: str = ""
    transport: Transport = Transport.TCP
    module: str = ""
    began: float = 0.0
    """The start of the session in seconds since the epoch; 0 when it is not known."""


def report(kind: str, who: Who, *, using_password: bool = False, **details: str) -> None:
    """Publish a security event (``ast_security_event_report`` of main/security_events.c).

    Args:
        kind: the event type, a key of :data:`DETAILS`.
        who: the client and the service.
        using_password: for ``SuccessfulAuth``, whether a password was required.
        details: the details of the event type.

    Raises:
        AsterismError: the event type or a detail is unknown, an address is not valid, or a detail is missing.
    """
    names = DETAILS.get(kind)
    if names is None:
        raise AsterismError(Fault(f"unknown security event '{kind}'", cure=did_you_mean(kind, DETAILS)))
    if unknown := sorted(set(details) - set(names)):
        raise AsterismError(
            Fault(f"the security event {kind} has no detail '{unknown[0]}'", cure=did_you_mean(unknown[0], names))
        )
    binding = bound()
    kept = []

    def c_text(value: str | None, *, may_be_empty: bool = False) -> object:
        if not value and not may_be_empty:
            return binding.ffi.NULL
        kept.append(binding.ffi.new("char[]", encode(value or "")))
        return kept[-1]

    told = binding.ffi.new("struct asterism_security *")
    told.kind, told.service, told.module = c_text(kind), c_text(who.service), c_text(who.module)
    told.account, told.session = c_text(who.account, may_be_empty=True), c_text(who.session, may_be_empty=True)
    told.local, told.remote, told.transport = c_text(who.local), c_text(who.remote), who.transport
    told.using_password = using_password
    told.began = round(who.began * 1_000_000)
    for place, name in enumerate(names):
        told.details[place] = c_text(details.get(name))
    if binding.lib.asterism_security_report(told):
        why = "an address is not valid, or a detail is missing"
        raise AsterismError(Fault(f"cannot report the security event {kind} of {who.service}", why=why))
