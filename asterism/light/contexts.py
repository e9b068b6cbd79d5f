"""``contextmanager`` and ``suppress`` for modules that every short command imports.

Importing :mod:`contextlib` brings in collections, functools, operator and more: a quarter of what a script's menuselect
imports. Type checkers see :mod:`contextlib` itself.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Any


class _Generated:
    """A context whose body runs where a generator yields; each is entered once."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Iterator[Any]) -> None:
        self._steps: Any = steps

    def __enter__(self) -> Any:
        return next(self._steps)

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            for _ in self._steps:
                raise RuntimeError("generator didn't stop")
            return False
        try:
            self._steps.throw(error)
        except StopIteration as stop:
            return stop is not error
        except BaseException as raised:
            if raised is error or (isinstance(error, StopIteration) and raised.__cause__ is error):
                return False  # Python goes on with the error of the body
            raise
        raise RuntimeError("generator didn't stop after throw()")


def _contextmanager(function: Callable[..., Iterator[Any]]) -> Callable[..., _Generated]:
    """The decorator of a generator function that yields once."""

    def made(*given: Any, **named: Any) -> _Generated:
        return _Generated(function(*given, **named))

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(made, name, getattr(function, name))
    return made


class _Suppress:
    """The context that ends quietly at an exception of some kinds."""

    __slots__ = ("_kinds",)

    def __init__(self, *kinds: type[BaseException]) -> None:
        self._kinds = kinds

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        return isinstance(error, self._kinds)


if TYPE_CHECKING:
    from contextlib import contextmanager as contextmanager
    from contextlib import suppress as suppress
else:
    contextmanager, suppress = _contextmanager, _Suppress
