"""``Enum`` and ``IntEnum`` for modules that every short command imports.

Importing :mod:`enum` takes as long as five modules of Asterism, and making a class with six members as long as one.
The members have a name and a value, are equal to themselves alone (those of an ``IntEnum`` to their number), and are
found by value. Type checkers see :mod:`enum` itself.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class _Enumeration(type):
    """The class of enumerations: makes a member of each public name that is set in the body of a class."""

    _by_value: dict[Any, Any]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _Enumeration:
        members = {key: value for key, value in body.items() if key[0] != "_" and not hasattr(value, "__get__")}
        made: Any = super().__new__(cls, name, bases, {k: value for k, value in body.items() if k not in members})
        made._by_value = {}
        for key, value in members.items():
            member = int.__new__(made, value) if issubclass(made, int) else object.__new__(made)
            member.name, member.value = key, value
            setattr(made, key, made._by_value.setdefault(value, member))
        return made  # type: ignore[no-any-return]

    def __call__(cls, value: Any) -> Any:
        found = cls._by_value.get(value)
        if found is None:
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        return found

    def __iter__(cls) -> Iterator[Any]:
        return iter(cls._by_value.values())


class _Member:
    """What the members of both kinds do."""

    name: str
    value: Any

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__}.{self.name}: {self.value!r}>"

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return self.__class__, (self.value,)

    def __copy__(self) -> _Member:
        return self

    def __deepcopy__(self, _memo: object) -> _Member:
        return self


class _Enum(_Member, metaclass=_Enumeration):
    def __str__(self) -> str:
        return f"{self.__class__.__name__}.{self.name}"


class _IntEnum(_Member, int, metaclass=_Enumeration):
    __str__ = int.__repr__


if TYPE_CHECKING:
    from enum import Enum as Enum
    from enum import IntEnum as IntEnum
else:
    Enum, IntEnum = _Enum, _IntEnum
