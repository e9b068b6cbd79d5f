"""Parse JSON, TOML, Python sources, regular expressions and time zones; invalid text raises ``ValueError``.

Python's own parsers raise other exceptions as well: a few thousand brackets exhaust the recursion limit or memory.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from _thread import allocate_lock

from asterism.errors import AsterismError
from asterism.files import read_bytes
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    import re  # 3 ms: only a regular expression needs it
    from collections.abc import Iterator
    from typing import Any
    from zoneinfo import ZoneInfo

DEEP = "it is nested too deeply"

_quiet = allocate_lock()
"""A lock for the warning filters of Python, which all threads share: one thread at a time replaces them."""


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def json_value(text: str) -> Any:
    """Parse a JSON text.  Raises ValueError: the text is not JSON, or is nested too deeply."""
    import json  # 3 ms that only a file of this kind needs

    try:
        return json.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def toml_table(text: str) -> dict[str, Any]:
    """Parse a TOML text.  Raises ValueError: the text is not TOML, or is nested too deeply."""
    import tomllib  # 6 ms that only a file of this kind needs

    try:
        return tomllib.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def python_tree(source: str | bytes, file: str) -> ast.Module:
    """Parse a Python source without printing warnings.

    Raises:
        SyntaxError: the source is not Python.
        ValueError: the source is nested too deeply.
    """
    import ast  # 5 ms that only a Python source needs

    try:
        # The author sees the warnings when the module is run.
        with _silence():
            return ast.parse(source, file)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def regular_expression(text: str) -> re.Pattern[str]:
    """Compile a regular expression without printing Python's warnings.

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
    """Compile a Python source without printing warnings, to check it.

    Raises:
        SyntaxError: the source does not compile.
        ValueError: the source is nested too deeply.
    """
    try:
        with _silence():
            compile(source, file, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


_LONGEST_ZONE = 100
"""The longest name of a zone in characters; existing names have up to 32. Each '/' makes zoneinfo search a package."""


def time_zone(name: str) -> ZoneInfo:
    """The time zone of a name such as ``Europe/Berlin``, or of a file.  Raises ValueError: unknown."""
    import zoneinfo  # 5 ms that only a time zone needs

    try:
        if name.startswith("/"):
            return zoneinfo.ZoneInfo.from_file(io.BytesIO(read_bytes(name, pipes=False)), name)
        if len(name) <= _LONGEST_ZONE:
            return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError, ImportError, AsterismError):
        pass
    raise ValueError(f"unknown time zone '{name}'")
