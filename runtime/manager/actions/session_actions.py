"""Actions on the session itself, as a table."""

from __future__ import annotations

import time

from asterism.errors import AsterismError
from runtime.core.actions import Action
from runtime.core.event_classes import ALL, SYSTEM, USER, event_mask, names_of
from runtime.manager import filters
from runtime.manager.request import Request


def ping(request: Request) -> None:
    """Answer that the server is alive."""
    request.ok("", ("Ping", "Pong"), ("Timestamp", f"{time.time():.6f}"))


def events(request: Request) -> None:
    """Choose the classes of events that a session gets, limited to those its account may read."""
    session = request.session
    mask = event_mask(request.get("EventMask"))
    if mask is None or session is None or session.account is None:
        request.error("Invalid event mask")
        return
    session.wants = session.account.read & mask
    if session.host.settings.brokeneventsaction and mask == ALL:
        request.append("")
        return
    request.ok("", ("Events", "On" if mask else "Off"))


def wait_event(request: Request) -> None:
    """Delay the answer until there is an event."""
    if request.session is None:
        request.error("A module has no session to wait with")
        return
    found = request.session.wait_event(_seconds(request.get("Timeout")))
    request.ok("Waiting for Event completed.")
    request.append(found)
    request.list_item("WaitEventComplete", ())


def _seconds(text: str) -> float | None:
    """The time to wait, in seconds; None (for ever) when missing, invalid or negative."""
    try:
        seconds = int(text[:20], 0)  # longer numbers mean for ever as well
    except ValueError:
        return None
    return float(seconds) if seconds >= 0 else None


def filter_(request: Request) -> None:
    """Add an event filter to a session."""
    session = request.session
    if request.get("Operation").lower() != "add" or session is None:
        request.error("Unknown operation")
        return
    try:
        added = filters.parse(request.get("MatchCriteria"), request.get("Filter"))
    except AsterismError as error:
        wrong = "did not compile" if error.faults[0].code == filters.NO_EXPRESSION else "was formatted incorrectly"
        request.fail(error, f"Filter {wrong}.  Check the syntax of the filter given.")
        return
    session.filters = session.filters.plus(added)
    request.ok("Success")


def list_commands(request: Request) -> None:
    """List the actions that the account may use, one header each."""
    account = request.session.account if request.session else None
    rights = account.write if account else ALL
    found = [action for action in request.core.actions if not action.authority or action.authority & rights]
    request.ok("", *((each.name, f"{_synopsis(request, each)} (Priv: {names_of(each.authority)})") for each in found))


def _synopsis(request: Request, action: Action) -> str:
    return request.core.documentation.of(action).synopsis.replace("\n", " ")


def user_event(request: Request) -> None:
    """Raise an event defined by the client."""
    ours = ("userevent:", "action:")
    request.ok("Event Sent")
    request.core.events.publish(
        "UserEvent",
        USER,
        [("UserEvent", request.get("UserEvent"))],
        text="\n".join(line for line in request.message.lines if not line.lower().startswith(ours)),
    )


ACTIONS = (
    Action(
        "Events",
        events,
        synopsis="Choose which events this session sees.",
        syntax=(("EventMask", "on, off, or classes such as system,user; an account sees no more than it may read"),),
        is_quick=True,
    ),
    Action(
        "Filter",
        filter_,
        SYSTEM,
        "Add a filter of events to this session.",
        (
            ("Operation", "Add"),
            ("Filter", "what to look for; with '!' before it, what to leave out"),
            ("MatchCriteria", "name(EVENT),header(HEADER),method(METHOD),action(exclude): as eventfilter(...) has it"),
        ),
        is_quick=True,
    ),
    Action("ListCommands", list_commands, synopsis="List the actions this session may ask for.", is_quick=True),
    Action("Ping", ping, synopsis="Keep the connection alive.", is_quick=True),
    Action(
        "UserEvent",
        user_event,
        USER,
        "Raise an event of one's own.",
        (("UserEvent", "what to call it"), ("...", "headers of the event")),
    ),
    Action(
        "WaitEvent",
        wait_event,
        synopsis="Wait for an event.",
        syntax=(("Timeout", "seconds; -1 or nothing waits for ever"),),
        description="The answer comes with the events that arrived, closed by the event WaitEventComplete. A message "
        "that the client sends meanwhile ends the wait.",
    ),
)
