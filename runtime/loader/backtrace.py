"""The source line of a crash, from the backtrace that the crash handler wrote and the module's debug information.

The crash handler writes addresses only. The functions here translate them afterwards, with the module's file as it was
at the crash.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from asterism import files
from asterism.light.patterns import pattern
from asterism.light.types import NamedTuple
from asterism.modulefile import backtrace_lines, lines

_FRAME = pattern(f"^(?=/){backtrace_lines.LINE}$", re.MULTILINE)
"""A line that ``backtrace_symbols_fd`` writes, with an absolute path and nothing beside it."""
_COPY = "/proc/self/fd/"
"""The directory through which the private copy of a module's file is opened (:mod:`runtime.modules.module_copies`)."""


class Frame(NamedTuple):
    """A stack frame of the crashed thread."""

    file: str
    """The path of the shared object."""
    symbol: str
    """The symbol that the offset counts from; empty when it counts from the start of the shared object."""
    offset: int
    is_exact: bool = False
    """Whether the offset is the interrupted instruction; in outer frames it is the return address."""


def frames(text: str) -> list[Frame]:
    """The stack frames in the crash handler's output, innermost first."""
    found = [Frame(match["object"], match["symbol"], int(match["offset"], 16)) for match in _FRAME.finditer(text)]
    interrupted = backtrace_lines.interrupted([frame.file for frame in found])
    return [frame._replace(is_exact=index == interrupted) for index, frame in enumerate(found)]


def of_module(found: Iterable[Frame], name: str) -> Frame | None:
    """The innermost frame in a module's own code, or None; ``name`` is the module's name without suffix."""
    wanted = f"{name}.so"
    return next((one for one in found if os.path.basename(one.file) == wanted or one.file.startswith(_COPY)), None)


def source_of(file: Path, text: str) -> str:
    """The source line at which a module crashed, as ``res_x.c:57``; empty when it cannot be found.

    Args:
        file: the module's shared object, unchanged since the crash.
        text: the crash handler's output.
    """
    frame = of_module(frames(text), file.name.removesuffix(".so"))
    if frame is None:
        return ""
    # The mapped copy exists until the next start; the file in the module directory may have been rebuilt.
    is_left = not frame.file.startswith(_COPY) and os.path.exists(frame.file)
    try:
        with open(frame.file if is_left else files.opened(file), "rb") as binary:
            return lines.find(binary, frame.offset, symbol=frame.symbol, is_exact=frame.is_exact).source
    except OSError:
        return ""
