"""The handles that C has of contexts, extensions, includes, patterns and switches.

A handle stands for a value in an immutable dialplan, so a walk needs no lock; a :class:`Shelf` keeps the handles of a
dialplan while C may use them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from asterism.values import TYPE_CHECKING, dataclass, field
from runtime.api import PREPARATIONS, Binding, Pins, bound, core
from runtime.model.extensions import Context, Dialplan, Extension, ExtensionStep

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Priority:
    """The value of a ``struct ast_exten``: one priority of an extension."""

    context: Context
    number: int
    """The index of the extension in its context."""
    place: int
    """The index of the priority in its extension."""

    @property
    def extension(self) -> Extension:
        """The extension of the priority."""
        return self.context.extensions[self.number]

    @property
    def step(self) -> ExtensionStep:
        """The application of the priority and its data."""
        return self.extension.steps[self.place]


@dataclass(slots=True)
class Shelf:
    """The handles of one dialplan, created on first use."""

    plan: Dialplan
    pins: Pins
    ordered: list[Context]
    """The contexts of the dialplan, in order."""
    handles: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """Handles by the kind and the position of their value."""

    def _handle(self, kind: str, thing: Any, position: int, *key: Any) -> Any:
        """The handle of a value, as a pointer to a ``struct kind``."""
        name = (kind, position, *key)
        with _changing:
            found = self.handles.get(name)
            if found is None:
                found = self.handles[name] = bound().ffi.new("char[1]")
                _things[_address(found)] = (self, thing, position)
        return bound().ffi.cast(f"struct {kind} *", found)

    def context(self, number: int) -> Any:
        """The handle of a context by its index; NULL after the last context."""
        contexts = self.ordered
        return self._handle("ast_context", contexts[number], number) if number < len(contexts) else bound().ffi.NULL

    def named(self, name: str) -> Any:
        """The handle of a context by its name; NULL when the context does not exist."""
        if name not in self.plan.contexts:
            return bound().ffi.NULL
        return self.context(next(number for number, context in enumerate(self.ordered) if context.name == name))

    def priority(self, context: Context, number: int, place: int) -> Any:
        """The handle of a priority of an extension, by indexes; NULL after the last one."""
        if number >= len(context.extensions) or place >= len(context.extensions[number].steps):
            return bound().ffi.NULL
        return self._handle("ast_exten", Priority(context, number, place), place, context.name, number)

    def part(self, kind: str, context: Context, parts: Sequence[Any], number: int) -> Any:
        """The handle of an include, a pattern or a switch of a context by its index; NULL after the last one."""
        if not 0 <= number < len(parts):
            return bound().ffi.NULL
        return self._handle(kind, parts[number], number, context.name)


_MOST_SHELVES = 64
"""The number of dialplans whose handles are kept, the current one included."""


_shelves: deque[Shelf] = deque()


_things: dict[int, tuple[Shelf, Any, int]] = {}
"""The dialplan, the value and the index of each handle, by its address."""


_changing = threading.Lock()


def _address(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _begin(_binding: Binding) -> None:
    """Ignore handles that belong to a previous core."""
    _shelves.clear()
    _things.clear()


PREPARATIONS.append(_begin)


def shelf_in_force() -> Shelf:
    """The shelf of the dialplan in force."""
    plan = core().plans.current
    with _changing:
        if not _shelves or _shelves[-1].plan is not plan:
            _shelves.append(Shelf(plan, Pins(bound().ffi), list(plan.contexts.values())))
        if len(_shelves) > _MOST_SHELVES:
            for handle in _shelves.popleft().handles.values():
                _things.pop(_address(handle), None)
        return _shelves[-1]


def meant(pointer: Any, kind: type, what: str) -> tuple[Shelf, Any, int]:
    """The dialplan, the value and the index of a handle.

    Args:
        pointer: the handle.
        kind: the type that the value has to have.
        what: what the handle stands for, in messages: ``context``.

    Raises:
        ValueError: NULL, not such a handle, or a handle of a dialplan that is no longer kept.
    """
    if not pointer:
        raise ValueError(f"the {what} is NULL")
    found = _things.get(_address(pointer))
    if found is None or not isinstance(found[1], kind):
        raise ValueError(f"the {what} is not valid, or already destroyed")
    return found


def text_of(pointer: Any, kind: type, what: str, of: Callable[[Any], str | None]) -> Any:
    """A text of a handle's value, NULL for None, valid as long as the handle."""
    shelf, thing, _ = meant(pointer, kind, what)
    value = of(thing)
    return bound().ffi.NULL if value is None else shelf.pins.hold(value, value)
