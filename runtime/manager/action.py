"""Actions as values: what a client can ask for, and what an answer is made with.

A handler is called with a :class:`Request` and answers through it.  The registry is the core's
(``core.actions``); the core's own actions come into it when somebody first looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from asterism.errors import AsterismError
from asterism.values import dataclass
from runtime.manager.protocol import Fields, Message, header, headers
from runtime.registry import Registry

if TYPE_CHECKING:
    from runtime.core import Core
    from runtime.manager.session import Session


class Request:
    """One action under way: what was asked, and the answer so far.

    Args:
        core: the core.
        message: what was asked.
        session: who asks; None when a module does (``ast_hook_send_action``).
    """

    __slots__ = ("_parts", "core", "delay", "ends", "message", "session")

    def __init__(self, core: Core, message: Message, session: Session | None = None) -> None:
        self.core = core
        self.message = message
        self.session = session
        self.ends = False
        """Whether the session ends after the answer."""
        self.delay = 0.0
        """Seconds the answer waits; nobody else has to."""
        self._parts: list[str] = []

    def get(self, name: str) -> str:
        """The value of a header of the message, empty when it is not there."""
        return self.message.get(name)

    def append(self, text: str) -> None:
        """Answer with text as it is; whoever does so closes the message with an empty line (``astman_append``)."""
        self._parts.append(text)

    def send(self, kind: str, fields: Fields = ()) -> None:
        """Answer with a whole message: ``Response: KIND``, the ActionID, and headers."""
        self.append(f"{self._start('Response', kind)}{headers(fields)}\r\n")

    def ok(self, message: str = "", *fields: tuple[str, object]) -> None:
        """Answer that it was done (``astman_send_ack``)."""
        said = (("Message", message),) if message else ()
        self.send("Success", (*said, *fields))

    def error(self, message: str, *fields: tuple[str, object]) -> None:
        """Answer that it was not (``astman_send_error``)."""
        self.send("Error", (("Message", message), *fields))

    def list_start(self, message: str) -> None:
        """Answer that a list of events follows (``astman_send_listack``)."""
        self.send("Success", (("EventList", "start"), ("Message", message)))

    def list_item(self, event: str, fields: Fields) -> None:
        """One entry of the list."""
        self.append(f"{self._start('Event', event)}{headers(fields)}\r\n")

    def list_complete(self, event: str, count: int, fields: Fields = ()) -> None:
        """The end of the list (``astman_send_list_complete_start`` and ``_end``)."""
        self.list_item(event, (("EventList", "Complete"), ("ListItems", count), *fields))

    def _start(self, kind: str, value: str) -> str:
        action_id = self.get("ActionID")
        return header(kind, value) + (header("ActionID", action_id) if action_id else "")

    @property
    def answer(self) -> str:
        """The whole answer so far."""
        return "".join(self._parts)


Handler = Callable[[Request], object]
"""Does what is asked and answers; an AsterismError that it raises becomes the answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a client can ask for."""

    name: str
    handler: Handler
    authority: int = 0
    """Classes of which the account must have the right to write one; 0 is for everybody who is logged in."""
    synopsis: str = ""
    """One line for ``manager show commands``."""
    syntax: tuple[tuple[str, str], ...] = ()
    """Its headers and what each is for."""
    description: str = ""
    module: str | None = None
    """The module that registered it; None for the core."""
    is_quick: bool = False
    """Whether it waits for nothing, and so needs no thread."""
    before_login: bool = False
    """Whether a session may ask for it that has not logged in."""


class Actions(Registry[Action]):
    """All actions.  Those of the core are read in on the first look: while there is no manager there are none."""

    def __init__(self) -> None:
        self._own: Callable[[], tuple[Action, ...]] | None = _of_the_core
        self._filling = threading.Lock()
        self._all: dict[str, Action] = {}
        super().__init__("action")

    @property
    def _entries(self) -> dict[str, Action]:
        if self._own is not None:
            with self._filling:
                if self._own is not None:
                    self._all = {action.name.lower(): action for action in self._own()}
                    self._own = None  # last: until then others wait
        return self._all

    @_entries.setter
    def _entries(self, entries: dict[str, Action]) -> None:
        self._all = entries

    def remove_of(self, module: str) -> list[Action]:
        """Take away everything a module registered; returns it, sorted."""
        return [] if self._own is not None else super().remove_of(module)  # nobody has registered anything


def _of_the_core() -> tuple[Action, ...]:
    from runtime.manager.actions import ACTIONS

    return ACTIONS


# ---- doing it ------------------------------------------------------------------------------------


def perform(request: Request, action: Action) -> None:
    """Run an action; whatever comes of it, the request has a whole answer then."""
    try:
        _handle(request, action)
    except AsterismError as error:
        request.error("; ".join([f"{fault.what}: {fault.why}" if fault.why else fault.what for fault in error.faults]))
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # anybody's code ends the action, not the program
        _report(request.core, action, error)
        request.error(f"The action raised {type(error).__name__}; the log has more")
    _close(request, action)


def _handle(request: Request, action: Action) -> None:
    if action.module is None:
        action.handler(request)
        return
    with request.core.commands.guard(action.module, f"its action {action.name}") as running:
        if running:
            action.handler(request)
        else:
            request.error(f"The module {action.module} is not running")


def _report(core: Core, action: Action, error: BaseException) -> None:
    import traceback

    trace = "".join(traceback.format_exception(error)).rstrip()
    core.logger.error(f"the action '{action.name}' raised {type(error).__name__}: {error}\n{trace}")


def _close(request: Request, action: Action) -> None:
    """Add what an answer lacks, so that the client finds the beginning of the next one."""
    answer = request.answer
    if not answer:
        request.error("The action gave no answer")
    elif not answer.endswith("\r\n\r\n"):
        request.append("\r\n" if answer.endswith("\r\n") else "\r\n\r\n")
        owner = f" of {action.module}" if action.module else ""
        request.core.logger.warning(f"the action '{action.name}'{owner} did not end its answer with an empty line")
