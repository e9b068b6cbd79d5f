"""JSON, TOML, Python sources, regular expressions and names of zones: what Python reads, or ``ValueError``.

Python's own readers leave in other ways as well: they run out of recursion or memory on a few thousand brackets.
"""

from __future__ import annotations

import contextlib
import warnings
from _thread import allocate_lock

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    import re  # 3 ms: only a regular expression needs it
    from collections.abc import Iterator
    from typing import Any
    from zoneinfo import ZoneInfo

DEEP = "it is nested too deeply"

_quiet = allocate_lock()
"""The filters of Python's warnings are everybody's: only one thread at a time may put others in their place."""


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def json_value(text: str) -> Any:
    """The value that a JSON text writes.  Raises ValueError: it is no JSON, or nested too deeply."""
    import json  # 3 ms that only a file of this kind should pay for

    try:
        return json.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def toml_table(text: str) -> dict[str, Any]:
    """The table that a TOML text writes.  Raises ValueError: it is no TOML, or nested too deeply."""
    import tomllib  # 6 ms that only a file of this kind should pay for

    try:
        return tomllib.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def python_tree(source: str | bytes, file: str) -> ast.Module:
    """The syntax tree of a Python source, without its warnings.

    Raises:
        SyntaxError: it is no Python source.
        ValueError: it is nested too deeply.
    """
    import ast  # 5 ms that only such a source should pay for

    try:
        # Warnings are for the author, when the module is run.
        with _silence():
            return ast.parse(source, file)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def regular_expression(text: str) -> re.Pattern[str]:
    """A regular expression, without the warnings of Python's compiler.

    Raises:
        ValueError: the text is not a regular expression, is nested too deeply, or repeats too often.
    """
    import re  # 3 ms: only a regular expression needs it

    try:
        with _silence():
            return re.compile(text)
    except re.error as error:
        raise ValueError(str(error)) from None
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None
    except OverflowError as error:
        raise ValueError(str(error)) from None


def check_python(source: bytes, file: str) -> None:
    """Compile a Python source, without its warnings.

    Raises:
        SyntaxError: it does not compile.
        ValueError: it is nested too deeply.
    """
    try:
        with _silence():
            compile(source, file, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


_LONGEST_ZONE = 100
"""Characters of a name; the longest there is has 32.  Each '/' of a longer one would be a package to look for."""


def time_zone(name: str) -> ZoneInfo:
    """The time zone of a name such as ``Europe/Berlin``.  Raises ValueError: there is none of that name."""
    import zoneinfo  # 5 ms that only a zone should pay for

    try:
        if len(name) <= _LONGEST_ZONE:
            return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError, ImportError):
        pass
    raise ValueError(f"unknown time zone '{name}'")
