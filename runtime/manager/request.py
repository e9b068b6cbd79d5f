"""A running action: the request, and the construction of its answer."""

from __future__ import annotations

from collections.abc import Iterable

from asterism.errors import AsterismError, Fault, trace_of
from asterism.values import TYPE_CHECKING
from runtime.core.manager_message import Fields, ManagerMessage, header, headers

if TYPE_CHECKING:
    from runtime.core.actions import Action
    from runtime.core.core import Core
    from runtime.manager.session import Session


class Request:
    """A running action: the request, and the answer so far.

    Args:
        core: the core.
        message: the client's message.
        session: the client's session; None for a module's request (``ast_hook_send_action``).
    """

    __slots__ = ("_parts", "core", "delay", "ends", "message", "session")

    def __init__(self, core: Core, message: ManagerMessage, session: Session | None = None) -> None:
        self.core = core
        self.message = message
        self.session = session
        self.ends = False
        """Whether the session ends after the answer."""
        self.delay = 0.0
        """The delay of the answer in seconds; other sessions are not delayed."""
        self._parts: list[str] = []

    def get(self, name: str) -> str:
        """The value of a header of the message; empty when it is missing."""
        return self.message.get(name)

    def append(self, text: str) -> None:
        """Append unmodified text; the caller ends the message with an empty line (``astman_append``)."""
        self._parts.append(text)

    def send(self, kind: str, fields: Fields = ()) -> None:
        """Answer with a whole message: ``Response: KIND``, the ActionID, and headers."""
        self.append(f"{self._start('Response', kind)}{headers(fields)}\r\n")

    def ok(self, message: str = "", *fields: tuple[str, object]) -> None:
        """Answer with a success (``astman_send_ack``)."""
        said = (("Message", message),) if message else ()
        self.send("Success", (*said, *fields))

    def start_ok(self, fields: Fields) -> None:
        """Begin an answer with a success; the caller ends it with an empty line (``astman_start_ack``)."""
        self.append(f"{self._start('Response', 'Success')}{headers(fields)}")

    def error(self, message: str, *fields: tuple[str, object]) -> None:
        """Answer with an error (``astman_send_error``)."""
        self.send("Error", (("Message", message), *fields))

    def fail(self, error: AsterismError, message: str = "") -> None:
        """Answer with an error and its reasons.

        Args:
            error: the error.
            message: Asterisk's words for the error; the header ``Reason`` then has ours.
        """
        what = "; ".join(fault.what for fault in error.faults)
        self.error(message or what, *reasons(error.faults, told=not message))

    def list_start(self, message: str) -> None:
        """Announce a list of events (``astman_send_listack``)."""
        self.send("Success", (("EventList", "start"), ("Message", message)))

    def list_item(self, event: str, fields: Fields, *, id_last: bool = False) -> None:
        """Append an entry of the list, with the ActionID after its name or, with ``id_last``, at the end."""
        start = self._start("Event", event)
        if id_last:
            name, action_id = start.split("\r\n", 1)
            self.append(f"{name}\r\n{headers(fields)}{action_id}\r\n")
        else:
            self.append(f"{start}{headers(fields)}\r\n")

    def list_complete(self, event: str, count: int, fields: Fields = ()) -> None:
        """Append the end of the list (``astman_send_list_complete_start`` and ``_end``)."""
        self.list_item(event, (("EventList", "Complete"), ("ListItems", count), *fields))

    def _start(self, kind: str, value: str) -> str:
        action_id = self.get("ActionID")
        return header(kind, value) + (header("ActionID", action_id) if action_id else "")

    @property
    def answer(self) -> str:
        """The answer so far."""
        return "".join(self._parts)


def reasons(faults: Iterable[Fault], *, told: bool = False) -> list[tuple[str, object]]:
    """Faults as headers that follow Asterisk's: ``Reason``, ``Detail`` and ``Cure``.

    Args:
        faults: the faults.
        told: whether the header Message has their texts already, so that Reason is omitted.
    """
    fields = [
        (name, text)
        for fault in faults
        for name, text in (("Reason", "" if told else fault.what), ("Detail", fault.why), ("Cure", fault.cure))
    ]
    return [(name, text) for name, text in fields if text]


# ---- doing it ------------------------------------------------------------------------------------


def perform(request: Request, action: Action) -> None:
    """Run an action; the request has a complete answer afterwards in every case."""
    try:
        _handle(request, action)
    except AsterismError as error:
        request.fail(error)
    except BaseException as error:  # errors in a module's code end the action, not the program
        _report(request.core, action, error)
        request.error(f"The action raised {type(error).__name__}; the log has more")
    _close(request, action)


def _handle(request: Request, action: Action) -> None:
    core = request.core
    with core.holding(action.module, _doing(request, action), lambda: core.actions.has(action)) as running:
        if running:
            action.handler(request)
        else:
            request.error(f"The module {action.module} is not running")


def _doing(request: Request, action: Action) -> str:
    """The running action in words; one of the core includes the client, since there is no module to name."""
    if action.module:
        return f"its action {action.name}"
    who = request.session.known_as if request.session else "a module"
    return f"the manager's action {action.name} for {who}"


def _report(core: Core, action: Action, error: BaseException) -> None:
    core.logger.error(f"the action '{action.name}' raised {type(error).__name__}: {error}\n{trace_of(error)}")


def _close(request: Request, action: Action) -> None:
    """Complete the answer, so that the client finds the beginning of the next one."""
    answer = request.answer
    if not answer:
        request.error("The action gave no answer")
    elif not answer.endswith("\r\n\r\n"):
        request.append("\r\n" if answer.endswith("\r\n") else "\r\n\r\n")
        owner = f" of {action.module}" if action.module else ""
        request.core.logger.warning(f"the action '{action.name}'{owner} did not end its answer with an empty line")
