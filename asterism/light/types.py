"""``NamedTuple``, ``Protocol`` and the like for modules that every start imports.

Importing :mod:`typing` takes half as long as starting Python, and making a class with its ``NamedTuple`` as long as
importing a module of Asterism. Type checkers see :mod:`typing` itself.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_make: Callable[..., Any] = namedtuple


class _NamedTuples(type):
    """The class of ``NamedTuple``: makes a subclass of tuple from a class body with annotated fields."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, body)
        fields = body.get("__annotations__", {})
        defaults = [body.pop(field) for field in fields if field in body]
        made: Any = _make(name, fields, defaults=defaults, module=body["__module__"])
        made.__annotations__ = dict(fields)
        for key, value in body.items():
            if key not in ("__annotations__", "__module__"):
                setattr(made, key, value)
        return made  # type: ignore[no-any-return]


class _NamedTuple(metaclass=_NamedTuples):
    """The base of a class body that becomes a named tuple."""


class _Protocol:
    """A base that only type checkers look into."""

    __slots__ = ()

    def __class_getitem__(cls, _parameters: object) -> type:
        return cls


def _type_var(name: str, *_bounds: object, **_options: object) -> object:
    return name


def _overload(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


if TYPE_CHECKING:
    from typing import Generic as Generic
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
    from typing import TypeVar as TypeVar
    from typing import overload as overload
else:
    Generic = Protocol = _Protocol
    NamedTuple, TypeVar, overload = _NamedTuple, _type_var, _overload
