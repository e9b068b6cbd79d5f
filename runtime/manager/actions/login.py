"""Login: ``Challenge``, ``Login`` and ``Logoff`` (main/manager.c, ``authenticate``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from asterism.values import dataclass, field
from runtime.core.actions import Action
from runtime.core.event_classes import ALL, SYSTEM, event_mask, names_of
from runtime.core.events import booted
from runtime.core.manager_message import headers
from runtime.manager.manager_conf import Account, ManagerSettings
from runtime.manager.request import Request

if TYPE_CHECKING:  # it imports asyncio, which a start without a manager does not need
    from runtime.manager.session import Session


@dataclass(frozen=True, slots=True)
class LoginRefusal:
    """Why a login is refused; the client learns only that it is."""

    event: str
    """The kind of security event, as ``InvalidPassword``; empty for none."""
    why: str
    """The reason, for the log."""
    details: Mapping[str, str] = field(default_factory=dict)
    """Further values of the event."""


def authenticate(settings: ManagerSettings, session: Session, request: Request) -> Account | LoginRefusal:
    """The account of a login, or the refusal."""
    name = request.get("Username")
    account = settings.account(name)
    if account is None:
        why = f"there is no account '{name}'" if name else "it gave no Username"
        return LoginRefusal("InvalidAccountID" if name else "", why)
    if not account.admits(session.address):
        return LoginRefusal("FailedACL", f"the account '{account.name}' may not log in from there")
    if request.get("AuthType").lower() == "md5":
        if account.answers(session.challenge, request.get("Key")):
            return account
        # The expected answer would let a reader of the event search for the secret offline.
        details = {"challenge": session.challenge, "response": request.get("Key"), "expected_response": "<hidden>"}
        return LoginRefusal(
            "ChallengeResponseFailed", f"the answer to the challenge was wrong for '{account.name}'", details
        )
    if account.has_secret(request.get("Secret")):
        return account
    return LoginRefusal("InvalidPassword", f"the secret was wrong for '{account.name}'")


def _session(request: Request) -> Session:
    if request.session is None:
        raise ValueError("a hook has no session to log in with")
    return request.session


def login(request: Request) -> None:
    """Log a session in."""
    session = _session(request)
    if session.account is not None:
        request.ok("Already authenticated")
        return
    found = authenticate(session.host.settings, session, request)
    if isinstance(found, LoginRefusal):
        session.refused(request, found.event, found.why, **found.details)
        request.error("Authentication failed")
        return
    if not _may_join(session, found, request):
        return
    session.enter(found, _wanted(request.get("Events")))
    request.ok("Authentication accepted")
    if session.wants & SYSTEM and request.core.booted.is_set():
        request.append(_fully_booted(request))


def _wanted(text: str) -> int:
    mask = event_mask(text)
    return ALL if mask is None else mask


def _may_join(session: Session, account: Account, request: Request) -> bool:
    """Whether the account may have one more session; if not, answer with an error."""
    if account.allowmultiplelogin or not session.host.has_session_of(account.name):
        return True
    session.refused(request, "SessionLimit", f"'{account.name}' is logged in already")
    request.error("Login Already In Use")
    return False


def _fully_booted(request: Request) -> str:
    fields = (("Event", "FullyBooted"), ("Privilege", names_of(SYSTEM)), *booted(request.core.times))
    return f"{headers(fields)}\r\n"


def challenge(request: Request) -> None:
    """Send a challenge to the session; it stays the same until the login."""
    session = _session(request)
    if request.get("AuthType").lower() != "md5":
        request.error("Must specify AuthType")
        return
    import secrets  # 8 ms, which a start without a manager need not take

    session.challenge = session.challenge or str(secrets.randbelow(2**31))
    request.ok("", ("Challenge", session.challenge))


def logoff(request: Request) -> None:
    """Log a session off."""
    request.ends = True
    request.send("Goodbye", (("Message", "Thanks for all the fish."),))


ACTIONS = (
    Action(
        "Challenge",
        challenge,
        synopsis="Generate a challenge for MD5 authentication.",
        syntax=(("AuthType", "MD5; there is no other"),),
        description="The key of the Login that follows is the MD5 of challenge and secret, in hexadecimal digits.",
        is_quick=True,
        before_login=True,
    ),
    Action(
        "Login",
        login,
        synopsis="Log in.",
        syntax=(
            ("Username", "an account of manager.conf"),
            ("Secret", "its secret"),
            ("AuthType", "MD5, to give a Key in place of the secret"),
            ("Key", "the answer to the Challenge"),
            ("Events", "on, off, or classes such as system,user; all that the account may read by default"),
        ),
        is_quick=True,
        before_login=True,
    ),
    Action("Logoff", logoff, synopsis="Log off.", is_quick=True, before_login=True),
)
