"""The lines that the C library's ``backtrace_symbols`` writes, and the call that a signal interrupted."""

from __future__ import annotations

import os
from collections.abc import Sequence

LINE = (
    r"(?P<object>/\S+|[^\s()\[\]'\"]+)"
    r"\((?P<symbol>[\w.@$]*)\+(?P<offset>0x[0-9a-fA-F]+)\)\s?\[(?:0x)?[0-9a-fA-F]+\]"
)
"""A regular expression for ``OBJECT(SYMBOL+0xOFFSET) [0xADDRESS]``.

The symbol is empty when it is not known. An absolute path may have brackets and quotes in it, since it begins plainly.
"""

_HANDLER = "libasterism.so"
"""The library with the crash handler, whose own calls come first in a backtrace that it writes."""
_BEHIND_HANDLER = 2
"""The number of calls from the handler's last one to the interrupted one; the C library's signal frame lies between."""


def interrupted(objects: Sequence[str]) -> int | None:
    """The index of the call that the signal interrupted.

    Args:
        objects: the path of each call's shared object, innermost first.

    Returns:
        None when the backtrace does not begin in the crash handler, or ends with it.
    """
    own = next((index for index, path in enumerate(objects) if os.path.basename(path) != _HANDLER), len(objects))
    index = own - 1 + _BEHIND_HANDLER
    return index if own and index < len(objects) else None
