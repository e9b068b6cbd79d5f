"""Reports of manager logins: accepted and rejected clients, and requests without permission.

The manager passes each to :attr:`runtime.core.core.Core.login_report`; the C API turns it into a security event
(asterisk/security_events.h) for modules.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterism.values import dataclass, field

SERVICE = "AMI"
"""The service name in these events."""


@dataclass(frozen=True, slots=True)
class Report:
    """A security event."""

    kind: str
    """The event's name in Asterisk: ``InvalidPassword``."""
    account: str
    remote: str
    """Address and port of the client: ``192.0.2.1:5060``, ``[2001:db8::1]:5060``."""
    local: str
    session: str
    """An identifier of the session, unique in this process."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Further values that depend on the kind."""
    began: float = 0.0
    """When the session began, in seconds since the epoch; 0 when unknown."""
    transport: str = "TCP"
    """The transport: ``TCP`` or ``TLS``."""


def nobody(_report: Report) -> None:
    """Ignore a report: the default receiver."""
