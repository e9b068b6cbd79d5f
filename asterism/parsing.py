"""JSON, TOML, Python sources and regular expressions of others: what Python reads, or ``ValueError`` with one sentence.

Python's own readers leave in other ways as well: they run out of recursion or memory on a few thousand brackets.
"""

from __future__ import annotations

import re
import threading
import warnings

from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from typing import Any

DEEP = "it is nested too deeply"

_quiet = threading.Lock()
"""The filters of Python's warnings are everybody's: only one thread at a time may put others in their place."""


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
        with _quiet, warnings.catch_warnings():
            # It is the author's to hear of them, when the module is run.
            warnings.simplefilter("ignore")
            return ast.parse(source, file)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None


def regular_expression(text: str) -> re.Pattern[str]:
    """A regular expression, without the warnings of Python's compiler.

    Raises:
        ValueError: it is none, is nested too deeply, or repeats too often.
    """
    try:
        with _quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
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
        with _quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, file, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None
