"""asterisk/manager.h: actions, events and hooks of modules.

For authors of Python modules: the decorator :func:`manager_action` and :func:`manager_event`.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Mapping

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING
from runtime.api import PREPARATIONS, Binding, bound, core, encode, report, required, security_events, text
from runtime.api.channel import given
from runtime.api.export import exported, hook
from runtime.api.module import name_of
from runtime.api.pbx import Registration, note
from runtime.core.actions import Action
from runtime.core.event_classes import ALL, CLASSES, HOOKRESPONSE, mask_of
from runtime.core.events import Event
from runtime.core.login_reports import SERVICE, Report
from runtime.core.manager_message import Parser, header
from runtime.dialplan.functions import get_variable
from runtime.manager.request import Request, perform
from runtime.model.module_record import Module

if TYPE_CHECKING:
    from typing import Any

    from runtime.api.pbx import F

__all__ = ["Request", "manager_action", "manager_event"]

# ---- actions of C modules ------------------------------------------------------------------------

_requests: dict[int, Request] = {}
"""The running actions of C modules, by the number in their ``struct mansession``."""
_numbers = itertools.count(1)


@hook("void asterism_manager_append(long request, const char *text)")
def manager_append(request: int, said: Any) -> None:
    """Append text to an answer; text that arrives after the action has returned is ignored."""
    under_way = _requests.get(request)
    if under_way is not None:
        under_way.append(text(said))


def _message(request: Request) -> tuple[Any, list[Any]]:
    """The ``struct message`` of a request, and the memory it points to."""
    ffi = bound().ffi
    lines = [ffi.new("char[]", encode(line)) for line in request.message.lines]
    message = ffi.new("struct message *")
    message.hdrcount = len(lines)
    message.headers[0 : len(lines)] = lines
    return message, lines


@exported(
    "int ast_manager_register2(const char *action, int authority, "
    "int (*func)(struct mansession *s, const struct message *m), struct ast_module *module, const char *synopsis, "
    "const char *description)",
    failure=-1,
)
def ast_manager_register2(action: Any, authority: int, func: Any, module: Any, synopsis: Any, description: Any) -> int:
    """Register an action: 0, or -1, which is logged, when the name is taken."""
    name = required(action, "the action's name")
    if not func:
        raise ValueError(f"the action '{name}' has no function to call")
    owner = name_of(module)
    ffi = bound().ffi
    owner_pin, shown_pin = ffi.new("char[]", encode(owner or "core")), ffi.new("char[]", encode(f"action {name}"))

    def run(request: Request) -> None:
        number = next(_numbers)
        _requests[number] = request
        message, _lines = _message(request)
        session = ffi.new("struct mansession *", {"request": number})
        try:
            if bound().lib.asterism_call_action(owner_pin, shown_pin, func, session, message):
                request.ends = True
        finally:
            del _requests[number]

    about = text(description).strip("\n")
    core().actions.add(Action(name, run, authority, text(synopsis).strip(), description=about, module=owner))
    return 0


@exported("int ast_manager_unregister(const char *action)", failure=0)
def ast_manager_unregister(action: Any) -> int:
    """Unregister an action."""
    core().actions.remove(required(action, "the action's name"))
    return 0


@exported("int ast_manager_check_enabled(void)", failure=0)
def ast_manager_check_enabled() -> int:
    """1 when the manager accepts connections."""
    return int(core().manager.is_running)


# ---- events ----------------------------------------------------------------------------------------


@hook(
    "int asterism_manager_publish(int category, const char *event, const char *text, int chancount, "
    "struct ast_channel **chans, const char *file, int line, const char *func)",
    failure=-1,
)
def manager_publish(
    category: int, event: Any, said: Any, chancount: int, chans: Any, file: Any, line: int, func: Any
) -> int:
    """Raise an event of a module, with the channel variables that manager.conf names."""
    variables = (
        "".join(_variables(chans[index]) for index in range(chancount)) if core().events.style.channelvars else ""
    )
    place = (text(file), line, text(func))
    core().events.publish(text(event), category, text=text(said) + variables, place=place)
    return 0


def _variables(chan: Any) -> str:
    channel = given(chan)
    if channel is None:
        return ""
    values = [(name, get_variable(core(), channel, name)) for name in core().events.style.channelvars]
    return "".join(header(f"ChanVariable({channel.name})", f"{name}={value or ''}") for name, value in values)


def _report(told: Report) -> None:
    """Publish a security event for a login report of the manager."""
    transport = security_events.Transport[told.transport]
    who = security_events.Who(SERVICE, told.account, told.remote, told.local, told.session, transport, began=told.began)
    details = {name: value or "<none>" for name, value in told.details.items()}
    try:
        security_events.report(told.kind, who, using_password=False, **details)
    except AsterismError as error:
        report("manager", error)


def _prepare(binding: Binding) -> None:
    """Tell C whether events have listeners, and report logins as security events."""
    binding.core.login_report = _report
    events = binding.core.events
    events.watch = lambda is_heard: binding.lib.asterism_manager_set_listening(int(is_heard))
    events.watch(events.is_heard)


PREPARATIONS.append(_prepare)


# ---- hooks -----------------------------------------------------------------------------------------

_hooks: dict[int, Callable[[Event], None]] = {}
"""The event listener of each hook, by the address of its record."""
_inside = threading.local()
"""The hooks whose helpers this thread is executing: a helper does not receive its own events."""


def _address(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _call_helper(record: Any, owner: str, event: Event) -> None:
    address = _address(record)
    inside: set[int] = vars(_inside).setdefault("hooks", set())
    if address in inside:
        return
    ffi, lib = bound().ffi, bound().lib
    doing = f"its manager hook {text(record.file)}".rstrip()
    names = [ffi.new("char[]", encode(word)) for word in (owner, doing, event.name)]
    body = ffi.new("char[]", encode(event.text))
    inside.add(address)
    try:
        lib.asterism_call_hook(names[0], names[1], record.helper, event.category, names[2], body)
    finally:
        inside.discard(address)


def _listener(record: Any, module: str | None) -> Callable[[Event], None]:
    """A listener that passes events to a hook, and holds the hook's module meanwhile."""

    def listen(event: Event) -> None:
        if module is None:
            _call_helper(record, "core", event)
            return
        with core().holding(module, "its manager hook", lambda: core().events.has(listen)) as running:
            if running:
                _call_helper(record, module, event)

    return listen


@exported("void ast_manager_register_hook(struct manager_custom_hook *hook)")
def ast_manager_register_hook(record: Any) -> None:
    """Register a hook for every event; it is unregistered with its module."""
    if not record or not record.helper:
        raise ValueError("the hook has no helper")
    ast_manager_unregister_hook(record)
    module = text(bound().lib.asterism_calling_module()) or None
    _hooks[_address(record)] = listener = _listener(record, module)
    core().events.listen(listener, module)


@exported("void ast_manager_unregister_hook(struct manager_custom_hook *hook)")
def ast_manager_unregister_hook(record: Any) -> None:
    """Unregister a hook."""
    listener = _hooks.pop(_address(record), None)
    if listener is not None:
        core().events.ignore(listener)


@exported("int ast_hook_send_action(struct manager_custom_hook *hook, const char *msg)", failure=-1)
def ast_hook_send_action(record: Any, msg: Any) -> int:
    """Run an action with all rights and pass its answer to the hook's helper."""
    if not record:
        raise ValueError("the hook is NULL")
    message = Parser().feed(encode(f"{required(msg, 'the message')}\r\n\r\n"))[0]
    action = core().actions.find(message.action) if message.action else None
    if action is None:
        return -1
    request = Request(core(), message)
    perform(request, action)
    module = text(bound().lib.asterism_calling_module()) or "core"
    _call_helper(record, module, Event("HookResponse", HOOKRESPONSE, request.answer))
    return 0


# ---- for authors of Python modules ---------------------------------------------------------------


def _mask(privilege: str) -> int:
    """The mask of a list of classes.  Raises AsterismError."""
    mask, unknown = mask_of(privilege)
    if unknown:
        cure = did_you_mean(unknown[0], CLASSES) or f"the classes are {', '.join(CLASSES)}"
        raise AsterismError(Fault(f"unknown class '{unknown[0]}'", cure=cure, code="manager-class"))
    return mask & ALL


def manager_action(
    name: str,
    *,
    privilege: str = "",
    synopsis: str = "",
    syntax: Mapping[str, str] | None = None,
    description: str = "",
) -> Callable[[F], F]:
    """Make the decorated function an action of the manager while its module runs.

    Args:
        name: the name of the action.
        privilege: the classes, of which an account must have one: ``system,user``; empty for every account.
        synopsis: one line for ``manager show commands``.
        syntax: the headers and their descriptions.
        description: a longer description.

    The function is called with a :class:`Request`: ``request.get("Name")`` is a header, ``request.ok(...)``,
    ``request.error(...)`` and ``request.list_start(...)`` answer.  An AsterismError is reported as the answer.

    Raises:
        AsterismError: a class is unknown.
    """
    mask = _mask(privilege)

    def decorate(function: F) -> F:
        def make(module: Module) -> Action:
            headers = tuple((syntax or {}).items())
            return Action(name, function, mask, synopsis, headers, description, module.info.name)

        return note(function, Registration(make, "actions"))

    return decorate


def manager_event(
    name: str, fields: Mapping[str, object] | Iterable[tuple[str, object]] = (), privilege: str = "user"
) -> bool:
    """Raise an event.

    Args:
        name: the name of the event.
        fields: the headers of the event.
        privilege: the classes of the event; an account must be allowed to read all of them.

    Returns:
        Whether the event had a receiver.

    Raises:
        AsterismError: a class is unknown.
    """
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    frame = sys._getframe(1)
    place = (frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
    return core().events.publish(name, _mask(privilege), pairs, place=place)
