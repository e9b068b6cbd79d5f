"""Where in a module's source a crash was: the backtrace that the crash handler wrote, read against debug information.

The handler itself only writes addresses; this is done afterwards, by whoever reads its words, and takes the file of
the module as it was then.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from asterism import files
from asterism.modulefile import lines

_FRAME = re.compile(r"^(?P<file>/\S+)\((?P<symbol>[\w.@]*)\+(?P<offset>0x[0-9a-f]+)\)\s?\[0x[0-9a-f]+\]$", re.MULTILINE)
"""A line of ``backtrace_symbols_fd``."""
_COPY = "/proc/self/fd/"
"""Where the private copy of a module's file is opened from (:mod:`runtime.modules.module_copies`)."""
_HANDLER = "libasterism.so"
_BEHIND_HANDLER = 2
"""Frames from the handler's last one to the one that the signal interrupted: between them stands the C library."""


class Frame(NamedTuple):
    """A call under way when the signal came, the innermost first."""

    file: str
    """The shared object."""
    symbol: str
    """The symbol that the offset counts from; empty: from where the object begins."""
    offset: int
    is_exact: bool = False
    """Whether it is the very instruction; of those further out it is the one after the call."""


def frames(text: str) -> list[Frame]:
    """The frames in what the crash handler wrote."""
    found = [Frame(match["file"], match["symbol"], int(match["offset"], 16)) for match in _FRAME.finditer(text)]
    own = 0
    while own < len(found) and os.path.basename(found[own].file) == _HANDLER:
        own += 1
    interrupted = own - 1 + _BEHIND_HANDLER
    return [frame._replace(is_exact=place == interrupted) for place, frame in enumerate(found)]


def of_module(found: Iterable[Frame], name: str) -> Frame | None:
    """The innermost frame in a module's own code; ``name`` is without suffix."""
    wanted = f"{name}.so"
    return next((one for one in found if os.path.basename(one.file) == wanted or one.file.startswith(_COPY)), None)


def source_of(file: Path, text: str) -> str:
    """Where in its source a module was, as ``res_x.c:57``; empty when nobody can tell.

    Args:
        file: the module's shared object, as it was when it crashed.
        text: what the crash handler wrote.
    """
    frame = of_module(frames(text), file.name.removesuffix(".so"))
    if frame is None:
        return ""
    # The copy that was mapped is there until the next start; the file may have been built again.
    is_left = not frame.file.startswith(_COPY) and os.path.exists(frame.file)
    try:
        with open(frame.file if is_left else files.opened(file), "rb") as binary:
            return lines.find(binary, frame.offset, symbol=frame.symbol, is_exact=frame.is_exact).source
    except OSError:
        return ""
