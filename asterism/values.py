"""Values like those of :mod:`dataclasses`, for modules that every short command imports.

A command line tool is judged by its first tenth of a second.  Importing :mod:`dataclasses` takes twice
the instructions of starting Python (it brings inspect, ast, dis and re), and each frozen class it makes
compiles six functions.  Here the same decorator makes the same classes from closures, with nothing
imported and nothing compiled: 40 classes in the time of one.  Type checkers and readers see
:mod:`dataclasses` itself, and so does code that asks a class for its fields.

Only what the house uses is here: ``slots=True``, frozen or not, compared by value or not, no inheritance of fields.
"""

from __future__ import annotations

TYPE_CHECKING = False
"""As :data:`typing.TYPE_CHECKING`, which takes as long to import as Python takes to start."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_NOTHING = object()
"""A field without a default."""


class _Field:
    """What :func:`field` says of one field."""

    def __init__(
        self,
        *,
        default: Any = _NOTHING,
        default_factory: Callable[[], Any] | None = None,
        init: bool = True,
        repr: bool = True,  # noqa: A002 - the names are those of dataclasses.field
        compare: bool = True,
    ) -> None:
        self.default = default
        self.factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare

    def as_options(self) -> dict[str, Any]:
        """What the other ``field`` takes for the same."""
        options = {"init": self.init, "repr": self.repr, "compare": self.compare}
        if self.default is not _NOTHING:
            options["default"] = self.default
        return options | ({"default_factory": self.factory} if self.factory else {})


def _dataclass(*, slots: bool, frozen: bool = False, eq: bool = True) -> Callable[[type], type]:
    """The decorator ``@dataclass(frozen=True, slots=True)``; ``eq=False`` for what is only equal to itself."""
    if not slots:
        raise TypeError("these classes have slots")
    return lambda cls: _made(cls, frozen, eq)


def _made(cls: type, frozen: bool, eq: bool) -> type:
    """The class anew, with its fields as slots and the methods of a value."""
    own = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    fields = {name: _as_field(own.pop(name, _NOTHING)) for name in own.get("__annotations__", ())}
    made: Any = type(cls)(cls.__name__, cls.__bases__, {**own, "__slots__": tuple(fields)})
    made.__qualname__ = cls.__qualname__
    made.__dataclass_fields__ = _Fields(fields)
    made.__match_args__ = tuple(name for name, about in fields.items() if about.init)  # type: ignore[misc]
    compared = _compared(made, fields) if eq else ()
    methods = [_init(made, fields), *compared, _repr(fields), _reduce, *(_FROZEN if frozen else ())]
    for method in methods:
        if method.__name__ not in own:
            setattr(made, method.__name__, method)
    if eq and not frozen:
        made.__hash__ = own.get("__hash__")
    return made  # type: ignore[no-any-return]


def _as_field(default: Any) -> _Field:
    return default if isinstance(default, _Field) else _Field(default=default)


def _init(made: type, fields: dict[str, _Field]) -> Callable[..., None]:
    taken = {name: about.default for name, about in fields.items() if about.init}
    factories = [(name, about.factory) for name, about in fields.items() if about.factory]
    required = {name for name, default in taken.items() if default is _NOTHING} - {name for name, _ in factories}
    setters = [vars(made)[name].__set__ for name in taken]
    tail = tuple(taken.values())
    # Values given by position alone need no dictionary, which saves half the time.
    simple = range(len(required), len(taken) + 1) if not factories else range(len(taken), len(taken) + 1)
    after = getattr(made, "__post_init__", None)

    def bound(given: tuple[Any, ...], named: dict[str, Any]) -> Iterable[Any]:
        """A value for each field, in order, where not all are given by position."""
        said = {**dict(zip(taken, given, strict=False)), **named}
        values = {**taken, **said}
        if len(said) != len(given) + len(named) or len(values) != len(taken) or not required <= said.keys():
            raise TypeError(f"{made.__name__}() takes each of {', '.join(taken)} once")
        for name, factory in factories:
            if name not in said:
                values[name] = factory()
        return values.values()

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - becomes the method
        count = len(given)
        values = bound(given, named) if named or count not in simple else given + tail[count:]
        for put, value in zip(setters, values, strict=True):
            put(self, value)
        if after:
            after(self)

    return __init__


def _compared(made: type, fields: dict[str, _Field]) -> Iterable[Callable[..., Any]]:
    getters = [vars(made)[name].__get__ for name, about in fields.items() if about.compare]

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or [get(self) for get in getters] == [get(other) for get in getters]

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(tuple([get(self) for get in getters]))

    return __eq__, __hash__


def _repr(fields: dict[str, _Field]) -> Callable[..., str]:
    names = [name for name, about in fields.items() if about.repr]

    def __repr__(self: Any) -> str:  # noqa: N807
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({inside})"

    return __repr__


def _reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
    """For copy and pickle: the class, called with what it was called with."""
    return self.__class__, tuple(getattr(self, name) for name in self.__match_args__)


def _setattr(_self: object, name: str, _value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


_reduce.__name__, _setattr.__name__, _delattr.__name__ = "__reduce__", "__setattr__", "__delattr__"
_FROZEN = (_setattr, _delattr)


class _Fields:
    """``__dataclass_fields__``, made when somebody asks: for dataclasses.replace, asdict and the like."""

    def __init__(self, fields: dict[str, _Field]) -> None:
        self.fields = fields
        self.made: dict[type, dict[str, Any]] = {}

    def __get__(self, _value: object, cls: type) -> dict[str, Any]:
        if cls not in self.made:  # making one takes 4 ms
            self.made[cls] = self._make(cls)
        return self.made[cls]

    def _make(self, cls: type) -> dict[str, Any]:
        import dataclasses

        made = dataclasses.make_dataclass(
            cls.__name__,
            [
                (name, cls.__annotations__[name], dataclasses.field(**about.as_options()))
                for name, about in self.fields.items()
            ],
            namespace={"__annotations__": {}},
        )
        return {about.name: about for about in dataclasses.fields(made)}


def _replace(value: Any, /, **changes: Any) -> Any:
    """The value with other fields."""
    cls = value.__class__
    return cls(**{name: getattr(value, name) for name in cls.__match_args__} | changes)


def _asdict(value: Any, /) -> dict[str, Any]:
    """The fields by their names, and those of the values inside."""
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def _plain(value: Any) -> Any:
    if "__dataclass_fields__" in vars(value.__class__):
        return _asdict(value)
    if isinstance(value, list | tuple):
        return value.__class__(map(_plain, value))
    if isinstance(value, dict):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    return value


if TYPE_CHECKING:
    from dataclasses import asdict as asdict
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    asdict, dataclass, field, replace = _asdict, _dataclass, _Field, _replace
