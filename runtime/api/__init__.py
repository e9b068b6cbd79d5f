"""The core API for C modules, implemented in Python, one file for each header of include/asterisk.

A function that C calls is declared with :func:`runtime.api.export.exported` where it is implemented.
At start :func:`bind` creates a C function pointer for each and writes it into the table of libasterism.so.

An exception in an implementation is never reported as success: the fault is logged, and C gets the failure
value of the declaration.

Authors of Python modules use :mod:`runtime.api.module`, :mod:`runtime.api.pbx` and :mod:`runtime.api.cli`.

Imports conf, model, core, dialplan and manager.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from types import TracebackType

from asterism.errors import AsterismError, trace_of
from asterism.values import TYPE_CHECKING, dataclass, field
from runtime.api.export import EXPORTS, Export
from runtime.core.message_log import Level

if TYPE_CHECKING:
    from typing import Any

    from runtime.core.core import Core


class Pins:
    """C strings that were passed to C, kept while C may read them.

    A replaced string is kept for a while, because a thread may still read it.
    """

    def __init__(self, ffi: Any) -> None:
        self._new = ffi.new
        self._current: dict[Hashable, tuple[bytes, Any]] = {}
        self._replaced: deque[Any] = deque(maxlen=256)

    def hold(self, key: Hashable, text: str) -> Any:
        """The text as a C string, which stays valid until the key gets another text."""
        data = encode(text)
        held = self._current.get(key)
        if held is not None and held[0] == data:
            return held[1]
        if held is not None:
            self._replaced.append(held[1])
        pinned = self._new("char[]", data)
        self._current[key] = (data, pinned)
        return pinned


@dataclass(slots=True)
class Binding:
    """The core that C modules call, and the library through which they call it."""

    core: Core
    ffi: Any
    """cffi's object of core_types.py."""
    lib: Any
    """libasterism.so."""
    pins: Pins
    callbacks: list[Any] = field(default_factory=list)
    """The C callbacks, kept while C may call them."""
    functions: dict[str, Any] = field(default_factory=dict)
    """A ``struct ast_custom_function`` for each function that is not made in C and was asked for, by its name."""


_bound: list[Binding] = []

_retired: list[Binding] = []
"""Earlier bindings: a thread of a module may still be inside one of their callbacks, so they are never freed."""


def bound() -> Binding:
    """The binding in force.  Raises RuntimeError when no core is bound."""
    if not _bound:
        raise RuntimeError("the C API is not bound to a core")
    return _bound[-1]


def core() -> Core:
    """The core in force."""
    return bound().core


def encode(text: str) -> bytes:
    """Text as bytes for C: UTF-8, with undecodable bytes restored; cut at the first NUL."""
    return text.encode("utf-8", "surrogateescape").partition(b"\0")[0]


def text(pointer: Any) -> str:
    """A C string as text; bytes that are not UTF-8 become lone surrogates; NULL gives an empty text."""
    if not pointer:
        return ""
    data: bytes = bound().ffi.string(pointer)
    return data.decode("utf-8", "surrogateescape")


def required(pointer: Any, what: str) -> str:
    """A C string as text, which must not be NULL.  Raises ValueError for NULL."""
    if not pointer:
        raise ValueError(f"{what} is NULL")
    return text(pointer)


def put(buffer: Any, size: int, value: str) -> bool:
    """Write a text into a C buffer of ``size`` bytes, cut to fit with its closing NUL.

    A character of several bytes is never cut in two.  Returns whether all of it fitted.
    """
    data = encode(value)
    if not buffer or size <= 0:
        return not data
    cut = data[: size - 1]
    if len(cut) < len(data):
        while cut and (data[len(cut)] & 0xC0) == 0x80:
            cut = cut[:-1]
    bound().ffi.memmove(buffer, cut + b"\0", len(cut) + 1)
    return len(cut) == len(data)


def report(name: str, error: BaseException, trace: TracebackType | None = None) -> None:
    """Log the exception of an implementation: a fault unchanged, another exception with its traceback."""
    logger = core().logger
    if isinstance(error, AsterismError):
        for fault in error.faults:
            logger.log(Level.WARNING, "", 0, name, str(fault))
        return
    if isinstance(error, ValueError):
        logger.log(Level.ERROR, "", 0, name, f"{name}: {error}")
        return
    lines = trace_of(error, trace)
    logger.log(Level.ERROR, "", 0, name, f"{name} raised {type(error).__name__}: {error}\n{lines}")


def is_bound() -> bool:
    """Whether a core is bound."""
    return bool(_bound)


def _callback(export: Export, ffi: Any, kind: Any) -> Any:
    name = export.prototype.name

    def onerror(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report(name, error, trace)

    options: dict[str, Any] = {"onerror": onerror}
    if export.failure is not None:
        options["error"] = export.failure
    return ffi.callback(kind, export.implementation, **options)


def bind(core: Core, ffi: Any, lib: Any) -> Binding:
    """Let C modules reach ``core``: fill the table of function pointers.  Replaces an earlier binding."""
    import runtime.api.all  # noqa: F401 - declares every export, in files that import this package

    unbind()
    binding = Binding(core, ffi, lib, Pins(ffi))
    _bound.append(binding)
    for name, entry in ffi.typeof("struct asterism_table").fields:
        callback = _callback(EXPORTS[name], ffi, entry.type)
        binding.callbacks.append(callback)
        setattr(lib.asterism_table, name, callback)
    for prepare in PREPARATIONS:
        prepare(binding)
    return binding


def unbind() -> None:
    """Clear the table of function pointers: later calls from C get failure values."""
    if not _bound:
        return
    binding = _bound.pop()
    _retired.append(binding)
    for name, _ in binding.ffi.typeof("struct asterism_table").fields:
        setattr(binding.lib.asterism_table, name, binding.ffi.NULL)


PREPARATIONS: list[Callable[[Binding], None]] = []
"""Functions called after the table is filled, to pass data to C; each file of this package may add its own."""
