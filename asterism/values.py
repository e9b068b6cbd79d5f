"""Values like those of :mod:`dataclasses`, for modules that every short command imports.

Users notice the first tenth of a second of a command line tool. Importing :mod:`dataclasses` takes twice the
instructions of starting Python (it imports inspect, ast, dis and re), and each frozen class compiles six functions.
This module makes such classes without an import: 20 classes in the time of one. ``__eq__`` and ``__hash__`` are
compiled when a class first needs them, and ``__init__`` at the eighth value of a class, since compiling takes as long
as making a hundred values. Then they take as long as those of :mod:`dataclasses`. They raise the same errors. Type
checkers and readers see :mod:`dataclasses` itself, and so does code that asks a class for its fields.

Only the features that Asterism uses are implemented: ``slots=True``, frozen or not, compared by value or not, no
inheritance of fields. Every value class of the product is made here (``tests/floor/test_floor_house.py`` checks
that).
"""

from __future__ import annotations

TYPE_CHECKING = False
"""As :data:`typing.TYPE_CHECKING`; importing typing takes as long as starting Python."""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_NOTHING = object()
"""Marks a field without a default."""


class _Field:
    """The options of one field, as given to :func:`field`."""

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
        """The options as keyword arguments of ``dataclasses.field``."""
        options = {"init": self.init, "repr": self.repr, "compare": self.compare}
        if self.default is not _NOTHING:
            options["default"] = self.default
        return options | ({"default_factory": self.factory} if self.factory else {})


def _dataclass(*, slots: bool, frozen: bool = False, eq: bool = True) -> Callable[[type], type]:
    """The decorator ``@dataclass(frozen=True, slots=True)``; with ``eq=False`` a value is equal only to itself."""
    if not slots:
        raise TypeError("these classes have slots")
    return lambda cls: _made(cls, frozen, eq)


def _made(cls: type, frozen: bool, eq: bool) -> type:
    """A new class in place of the decorated one, with its fields as slots and the methods of a value."""
    own = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    fields = {name: _as_field(own.pop(name, _NOTHING)) for name in own.get("__annotations__", ())}
    made: Any = type(cls)(cls.__name__, cls.__bases__, {**own, "__slots__": tuple(fields)})
    made.__qualname__ = cls.__qualname__
    made.__dataclass_fields__ = _Fields(fields)
    made.__match_args__ = tuple(name for name, about in fields.items() if about.init)  # type: ignore[misc]
    compiled: dict[str, Callable[[], Callable[..., Any]]] = {}
    if eq:
        compiled |= {"__eq__": lambda: _eq(made, fields), "__hash__": lambda: _hash(made, fields)}
    late = [_late(made, name, make) for name, make in compiled.items()]
    others = [_first_init(made, fields, frozen), _repr(fields), _reduce, *(_FROZEN if frozen else ())]
    methods: dict[str, Callable[..., Any] | None] = {method.__name__: method for method in (*late, *others)}
    if eq and not frozen:
        methods["__hash__"] = None
    for name in methods.keys() - own.keys():
        setattr(made, name, methods[name])
    return made  # type: ignore[no-any-return]


def _as_field(default: Any) -> _Field:
    return default if isinstance(default, _Field) else _Field(default=default)


def _late(made: type, name: str, compiled: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A method that is compiled at its first call, and replaces itself in the class.

    A program makes hundreds of classes and uses some of them. Compiling the three methods of a class takes ten times
    as long as making it.
    """

    def method(self: Any, *given: Any, **named: Any) -> Any:
        real = compiled()
        if vars(made)[name] is method:
            setattr(made, name, real)
        return real(self, *given, **named)

    method.__name__ = name
    return method


_FEW = 8
"""How many values of a class are made before its ``__init__`` is compiled."""


def _first_init(made: type, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    """The ``__init__`` for the first values of a class; at the last of them, and at a mistake, it is compiled."""
    left = _FEW

    def method(self: Any, /, *given: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left > 0 and _is_filled(self, fields, given, named):
            return
        real = _init(made, fields, frozen)
        if vars(made)["__init__"] is method:
            made.__init__ = real  # type: ignore[misc]
        real(self, *given, **named)

    method.__name__ = "__init__"
    return method


def _is_filled(self: Any, fields: dict[str, _Field], given: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set the fields of a new value; false when the arguments do not fit, for the compiled method to say so."""
    names = self.__match_args__
    values = dict(zip(names, given)) | named  # noqa: B905 - more arguments than names are a mistake
    if len(values) != len(given) + len(named) or not values.keys() <= set(names):
        return False
    for name, about in fields.items():
        if name in values:
            value = values[name]
        elif about.factory:
            value = about.factory()
        elif about.default is not _NOTHING:
            value = about.default
        elif about.init:
            return False
        else:
            continue
        object.__setattr__(self, name, value)
    if hasattr(self, "__post_init__"):
        self.__post_init__()
    return True


def _compiled(made: type, name: str, parameters: str, lines: Iterable[str], scope: dict[str, Any]) -> Any:
    """Compile a method from its source; the qualified name contains the class, for messages of Python."""
    exec(f"def {name}({parameters}):\n " + "\n ".join(lines), scope)  # noqa: S102 - made of names of fields
    method = scope[name]
    method.__qualname__ = f"{made.__qualname__}.{name}"
    method.__module__ = made.__module__
    return method


def _init(made: type, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    scope: dict[str, Any] = {"_UNSET": _NOTHING}
    this = "self" if "self" not in fields else "_self"
    parameters, lines = [this], []
    for name, about in fields.items():
        value = name
        if about.factory:
            scope[f"_make_{name}"] = about.factory
            value = f"_make_{name}() if {name} is _UNSET else {name}" if about.init else f"_make_{name}()"
        elif about.default is not _NOTHING:
            scope[f"_default_{name}"] = about.default
            value = name if about.init else f"_default_{name}"
        elif not about.init:
            continue
        if about.init:
            default = "=_UNSET" if about.factory else f"=_default_{name}" if f"_default_{name}" in scope else ""
            parameters.append(name + default)
        scope[f"_put_{name}"] = vars(made)[name].__set__
        lines.append(f"_put_{name}({this}, {value})" if frozen else f"{this}.{name} = {value}")
    if hasattr(made, "__post_init__"):
        lines.append(f"{this}.__post_init__()")
    method: Callable[..., None] = _compiled(made, "__init__", ", ".join(parameters), lines or ["pass"], scope)
    return method


def _eq(made: type, fields: dict[str, _Field]) -> Callable[..., Any]:
    lines = (
        "if self is other: return True",
        "if other.__class__ is not self.__class__: return NotImplemented",
        f"return {_values_of('self', fields)} == {_values_of('other', fields)}",
    )
    method: Callable[..., Any] = _compiled(made, "__eq__", "self, other", lines, {})
    return method


def _hash(made: type, fields: dict[str, _Field]) -> Callable[..., int]:
    method: Callable[..., int] = _compiled(made, "__hash__", "self", [f"return hash({_values_of('self', fields)})"], {})
    return method


def _values_of(value: str, fields: dict[str, _Field]) -> str:
    """The source of a tuple of the fields that are compared."""
    return f"({''.join(f'{value}.{name}, ' for name, about in fields.items() if about.compare)})"


def _repr(fields: dict[str, _Field]) -> Callable[..., str]:
    names = [name for name, about in fields.items() if about.repr]

    def __repr__(self: Any) -> str:  # noqa: N807
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({inside})"

    return __repr__


def _reduce(self: Any) -> tuple[type, tuple[Any, ...]]:
    """For copy and pickle: the class, and the arguments of its constructor."""
    return self.__class__, tuple(getattr(self, name) for name in self.__match_args__)


def _setattr(_self: object, name: str, _value: object) -> None:
    from dataclasses import FrozenInstanceError  # 16 ms: only a mistake needs it

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError  # 16 ms: only a mistake needs it

    raise FrozenInstanceError(f"cannot delete field {name!r}")


_reduce.__name__, _setattr.__name__, _delattr.__name__ = "__reduce__", "__setattr__", "__delattr__"
_FROZEN = (_setattr, _delattr)


class _Fields:
    """``__dataclass_fields__``, made at the first use by dataclasses.replace, asdict and the like."""

    def __init__(self, fields: dict[str, _Field]) -> None:
        self.fields = fields
        self.made: dict[type, dict[str, Any]] = {}

    def __get__(self, _value: object, cls: type) -> dict[str, Any]:
        if cls not in self.made:  # making one takes 4 ms
            self.made[cls] = self._make(cls)
        return self.made[cls]

    def _make(self, cls: type) -> dict[str, Any]:
        import dataclasses  # 16 ms: only dataclasses.replace and the like need it

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
    """A copy of a value with some fields changed."""
    cls = value.__class__
    return cls(**{name: getattr(value, name) for name in cls.__match_args__} | changes)


def _asdict(value: Any, /) -> dict[str, Any]:
    """The fields of a value by name; values in them are converted as well."""
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def _plain(value: Any) -> Any:
    if "__dataclass_fields__" in vars(value.__class__):
        return _asdict(value)
    if hasattr(value, "_fields"):  # a named tuple
        return value.__class__(*map(_plain, value))
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
