"""What the dialplan does: run an application, read and write functions and variables, replace them in text.

The C API (``pbx_exec``, ``ast_func_read``, ``pbx_builtin_getvar_helper``...), the CLI and Python modules
all come through here.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.light.patterns import pattern
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING, dataclass
from runtime.dialplan.channel_events import variable_was_set
from runtime.dialplan.substitution import split_call, substitute
from runtime.model.emulated_channel import bare_name

if TYPE_CHECKING:
    from typing import TypeVar

    from runtime.core.core import Core
    from runtime.core.registry import Application, Function, Registry
    from runtime.model.emulated_channel import Channel

    T = TypeVar("T", "Application", "Function")


_OF_CHANNEL: dict[str, Callable[[Channel], str]] = {
    "EXTEN": lambda channel: channel.exten,
    "CONTEXT": lambda channel: channel.context,
    "PRIORITY": lambda channel: str(channel.priority),
    "CHANNEL": lambda channel: channel.name,
    "UNIQUEID": lambda channel: channel.uniqueid,
    "HANGUPCAUSE": lambda channel: str(channel.hangupcause),
}

MOST_NESTING = 50
"""Applications and functions inside each other on one thread, before one is refused: each level is C stack."""

_running = threading.local()


@contextlib.contextmanager
def _nested(name: str) -> Iterator[None]:
    """Count the body as one level.  Raises AsterismError when that is one too many."""
    depth: int = getattr(_running, "depth", 0)
    if depth >= MOST_NESTING:
        raise AsterismError(
            Fault(
                f"'{name}' is nested more than {MOST_NESTING} deep",
                cure="does an application or a function call itself without an end?",
                code="too-deep",
            )
        )
    _running.depth = depth + 1
    try:
        yield
    finally:
        _running.depth = depth


DIRECTORIES = tuple(
    f"ast{name}dir"
    for name in ("etc", "mod", "varlib", "db", "key", "data", "agi", "spool", "run", "log", "sbin", "cache")
)
"""Names of asterisk.conf that are variables in upper case: ``${ASTETCDIR}``."""


@contextlib.contextmanager
def _entering(core: Core, registry: Registry[T], entry: T, channel: Channel | None) -> Iterator[None]:
    """Hold the module of an application or a function while the body calls it.

    Raises:
        AsterismError: it has gone since it was found, or too many run inside each other.
    """
    doing = f"its {registry.kind} {entry.name}" if entry.module else _of_the_core(registry.kind, entry.name, channel)
    held = core.holding(entry.module, doing, lambda: registry.has(entry), dialplan=True)
    with _nested(entry.name), held as is_there:
        if not is_there:
            raise _unknown(registry, entry.name)
        yield


def _of_the_core(kind: str, name: str, channel: Channel | None) -> str:
    return f"the {kind} {name}{f' on {channel.name}' if channel and channel.name else ''}"


def _unknown(registry: Registry[T], name: str) -> AsterismError:
    kind = registry.kind
    cure = did_you_mean(name, registry.names()) or f"'core show {kind}s' lists those that are"
    return AsterismError(Fault(f"there is no {kind} '{name}'", cure=cure, code=f"unknown-{kind}"))


_NUMBER = pattern(r"\s*[-+]?\d{1,30}", re.ASCII)


def condition(text: str) -> int:
    """``pbx_checkcondition``: the number a text begins with, in 32 bits; 1 of any other text, 0 of none."""
    number = _NUMBER.match(text)
    return max(min(int(number[0]), 2**31 - 1), -(2**31)) if number else int(bool(text))


def find_function(core: Core, name: str) -> Function:
    """The function of that name.  Raises AsterismError when there is none."""
    found = core.functions.find(name)
    if found is None:
        raise _unknown(core.functions, name)
    return found


def find_application(core: Core, name: str) -> Application:
    """The application of that name.  Raises AsterismError when there is none."""
    found = core.applications.find(name)
    if found is None:
        raise _unknown(core.applications, name)
    return found


def _split(text: str) -> tuple[str, str]:
    name, arguments, closed = split_call(text)
    if not closed:
        raise AsterismError(
            Fault(f"the closing parenthesis of '{text}' is missing", cure="write NAME(arguments)", code="unbalanced")
        )
    return name.strip(), arguments


def read_function(core: Core, channel: Channel | None, text: str) -> str:
    """The value of ``NAME(arguments)`` (``ast_func_read2``).

    Raises:
        AsterismError: there is no such function, it cannot be read, or reading it failed.
    """
    name, arguments = _split(text)
    function = find_function(core, name)
    if function.read is None:
        raise AsterismError(Fault(f"the function '{function.name}' can only be written", code="write-only"))
    with _entering(core, core.functions, function, channel):
        return function.read(channel, arguments)


def write_function(core: Core, channel: Channel | None, text: str, value: str) -> None:
    """Set ``NAME(arguments)`` to a value (``ast_func_write``).

    Raises:
        AsterismError: there is no such function, it cannot be written, or writing it failed.
    """
    name, arguments = _split(text)
    function = find_function(core, name)
    if function.write is None:
        raise AsterismError(Fault(f"the function '{function.name}' can only be read", code="read-only"))
    with _entering(core, core.functions, function, channel):
        function.write(channel, arguments, value)


def execute(core: Core, channel: Channel | None, name: str, data: str = "") -> int:
    """Run an application with its argument text as it is (``pbx_exec``): 0 to go on, -1 to hang up.

    Raises:
        AsterismError: there is no such application, or too many run inside each other.
    """
    application = find_application(core, name)
    with _entering(core, core.applications, application, channel):
        return application.execute(channel, data)


@dataclass(frozen=True, slots=True)
class ChannelScope:
    """Variables and functions that a text on a channel sees: a :class:`runtime.dialplan.substitution.ValueSource`."""

    core: Core
    channel: Channel | None = None

    def variable(self, name: str) -> str | None:
        """The value of a variable: one the channel or the core always has, the channel's own, a global one."""
        if self.channel is not None and name in _OF_CHANNEL:
            return _OF_CHANNEL[name](self.channel)
        if name == "EPOCH":
            return str(int(time.time()))
        if name == "SYSTEMNAME":
            return self.core.settings.options.systemname
        if name.startswith("AST") and name.lower() in DIRECTORIES:
            return directory(self.core, name.lower())
        return self.own(name)

    def own(self, name: str) -> str | None:
        """The value of a variable, without the variables that always exist (``pbx_builtin_getvar_helper``)."""
        found = self.channel.variables.get(name) if self.channel is not None else None
        return self.core.globals.get(bare_name(name)) if found is None else found

    def call(self, name: str, arguments: str) -> str | None:
        """The value of a function; a fault is logged as a warning, and None."""
        try:
            return read_function(self.core, self.channel, f"{name}({arguments})")
        except AsterismError as error:
            for fault in error.faults:
                self.warn(str(fault))
            return None

    def warn(self, text: str) -> None:
        """Log a warning."""
        self.core.logger.warning(text)


def directory(core: Core, name: str) -> str | None:
    """A directory of asterisk.conf as text, or None when the settings have none of that name."""
    found = getattr(core.settings.directories, name, None)
    return None if found is None else str(found)


def replace(core: Core, channel: Channel | None, text: str) -> str:
    """A text with its variables, functions and expressions replaced (``pbx_substitute_variables_helper``)."""
    return substitute(text, ChannelScope(core, channel))


def get_variable(core: Core, channel: Channel | None, name: str) -> str | None:
    """A variable of the channel, or else a global one; ``NAME(x)`` reads a function.  None when it is not set."""
    if name.endswith(")"):
        return ChannelScope(core, channel).call(*split_call(name)[:2])
    return ChannelScope(core, channel).own(name)


def set_variable(core: Core, channel: Channel | None, name: str, value: str | None) -> None:
    """Set a variable of the channel, a global one without; None deletes it; ``NAME(x)`` writes a function.

    Raises:
        AsterismError: a function could not be written.
    """
    if name.endswith(")"):
        write_function(core, channel, name, value or "")
        return
    before = channel.variables.get(name) if channel is not None else core.globals.get(bare_name(name))
    if channel is not None:
        channel.variables.set(name, value)
    elif value is None:
        core.globals.pop(bare_name(name), None)
    else:
        core.globals[bare_name(name)] = value
    if value is not None or before:
        variable_was_set(core, channel, name, value or "")
