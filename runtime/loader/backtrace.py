"""Where in a module's source a crash was: the backtrace that the crash handler wrote, read against debug information.

The handler itself only writes addresses; this is done afterwards, by whoever reads its words, and takes the file of
the module as it was then.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from asterism import files

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
    from elftools.common.exceptions import ELFError  # what only a crash should pay for
    from elftools.dwarf.dwarfinfo import DWARFError  # type: ignore[attr-defined,unused-ignore]
    from elftools.elf.elffile import ELFFile

    # The copy that was mapped is there until the next start; the file may have been built again.
    is_left = not frame.file.startswith(_COPY) and os.path.exists(frame.file)
    try:
        with open(frame.file if is_left else files.opened(file), "rb") as binary:
            elf = ELFFile(binary)
            base = _address_of(elf, frame.symbol)
            if base is None or not elf.has_dwarf_info():
                return ""
            return _line_at(elf.get_dwarf_info(), base + frame.offset - (not frame.is_exact))
    except (OSError, ELFError, DWARFError, ValueError, KeyError, IndexError):
        return ""  # debug information that cannot be read is as good as none


def _address_of(elf: Any, symbol: str) -> int | None:
    """Where a symbol stands; 0 for no symbol."""
    if not symbol:
        return 0
    for section in (".symtab", ".dynsym"):
        table = elf.get_section_by_name(section)
        named = table.get_symbol_by_name(symbol.partition("@")[0]) if table else None
        if named:
            return int(named[0]["st_value"])
    return None


def _line_at(dwarf: Any, address: int) -> str:
    for unit in dwarf.iter_CUs():
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            continue
        own = ""
        for begin, end in _pairs([entry.state for entry in program.get_entries() if entry.state is not None]):
            name, is_own = _name_of(program.header, begin.file)
            # Code of a system's header is shown as the line of the module it was put into.
            own = f"{name}:{begin.line}" if is_own else own
            if begin.address <= address < end.address:
                return own or f"{name}:{begin.line}"
    return ""


def _pairs(states: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each row of a line table with the one behind it; none across the end of a sequence."""
    for begin, end in itertools.pairwise(states):
        if not begin.end_sequence:
            yield begin, end


def _name_of(header: Any, number: int) -> tuple[str, bool]:
    """The name of a source in a line table, and whether it is the module's own.

    Files and directories count from 0 since DWARF 5, from 1 before.
    """
    since = header["version"] >= 5
    entry = header["file_entry"][number - (not since)]
    name = entry.name.decode("utf-8", "replace")
    if not entry.dir_index:
        return name, not name.startswith("/")
    directory = header["include_directory"][entry.dir_index - (not since)].decode("utf-8", "replace")
    return (name, False) if directory.startswith("/") else (os.path.join(directory, name), True)
