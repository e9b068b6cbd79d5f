"""What a manager tells of those who come to it: who got in, who did not, who asked for what he may not.

The manager only notes it (:attr:`runtime.core.core.Core.login_report`); the C API makes security events of it
(asterisk/security_events.h), which modules hear.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterism.values import dataclass, field

SERVICE = "AMI"
"""The service these events are about."""


@dataclass(frozen=True, slots=True)
class Report:
    """One security event."""

    kind: str
    """``InvalidPassword``, as Asterisk names it."""
    account: str
    remote: str
    """Address and port: ``192.0.2.1:5060``, ``[2001:db8::1]:5060``."""
    local: str
    session: str
    """Like no other of this process."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What the kind has besides."""
    began: float = 0.0
    """When the session began, in seconds since the epoch; 0 when that is not known."""
    transport: str = "TCP"
    """``TCP`` or ``TLS``."""


def nobody(_report: Report) -> None:
    """Hears reports until somebody wants to know."""
