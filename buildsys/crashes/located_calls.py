"""Resolve the calls of a backtrace: find the file, compare its build id, look up function and line."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.modulefile.lines import Lines, Where
from asterism.values import dataclass
from buildsys.crashes.crash_text import Call

DEBUG = Path("/usr/lib/debug/.build-id")
"""The directory in which distributions install debug information."""
_PAGE = 4096
_EXECUTE = 1


@dataclass(frozen=True, slots=True)
class Located:
    """A call with its function and source line, as far as the file has them."""

    call: Call
    file: Path | None
    """The file that was read; None when no matching file was found."""
    where: Where
    build_ids: tuple[str, ...] = ()
    """The build ids of the files with the right name, when none of them is the build that crashed."""

    @property
    def function(self) -> str:
        """The name of the function; empty when unknown. A text with source lines also names inlined functions."""
        own = self.call.function if self.call.source else ""
        return own or self.where.function or self.call.function or self.call.symbol

    @property
    def source(self) -> str:
        """The source line, such as ``app_x.c:57``; empty when unknown."""
        return self.call.source or self.where.source

    @property
    def is_other_build(self) -> bool:
        """Whether all files with the right name are other builds than the one that crashed."""
        return bool(self.build_ids)


def locate(call: Call, directories: Iterable[Path]) -> Located:
    """Resolve one call.

    Args:
        call: the call.
        directories: searched for shared objects and programs before the path in the text.
    """
    found = list(_candidates(call, directories))
    fitting = [path for path in found if not call.build_id or build_id(path).startswith(call.build_id)]
    if not fitting:
        return Located(call, None, Where(), tuple(dict.fromkeys(filter(None, map(build_id, found)))))
    # Reading the line tables of a whole Asterisk takes seconds; skip it when the text has function and line.
    where = Where() if call.function and call.source else _where(call, fitting[0])
    return Located(call, fitting[0], where)


def _candidates(call: Call, directories: Iterable[Path]) -> Iterator[Path]:
    if not call.object:
        return
    named = [directory / call.name for directory in directories]
    named += [Path(call.object)] if os.path.isabs(call.object) else []
    yield from (path for path in dict.fromkeys(named) if path.is_file())


@cache
def build_id(path: Path) -> str:
    """The build id of a file, hexadecimal; empty when the file has none."""
    return elf.build_id_of(_bytes(path))


@cache
def _bytes(path: Path) -> bytes:
    try:
        return files.read_bytes(path, files.BINARY)
    except AsterismError:
        return b""


@cache
def _lines(path: Path) -> Lines:
    return Lines(io.BytesIO(_bytes(path)))


def _where(call: Call, path: Path) -> Where:
    if call.offset is None:
        return Where()
    offset = _address(call, call.offset, _bytes(path))
    for candidate in (_debug_file(build_id(path)), path):
        if candidate is not None:
            found = _lines(candidate).find(offset, symbol=call.symbol, is_exact=call.is_innermost)
            if found.source or candidate == path:
                return found
    return Where()


def _address(call: Call, offset: int, data: bytes) -> int:
    """The offset of a call as an address in the address space of its file."""
    if not (call.is_in_file or call.is_in_text) or not data.startswith(elf.MAGIC):
        return offset
    loads = [segment for segment in elf.segments(data) if segment.kind == elf.PT_LOAD]
    if call.is_in_text:
        text = next((segment for segment in loads if segment.flags & _EXECUTE), None)
        return offset + (text.address & -_PAGE) if text else offset
    held = next((one for one in loads if one.offset <= offset < one.offset + one.size), None)
    return offset - held.offset + held.address if held else offset


def _debug_file(identity: str) -> Path | None:
    path = DEBUG / identity[:2] / f"{identity[2:]}.debug"
    return path if identity and path.is_file() else None


def other_builds(found: Sequence[Located]) -> list[Fault]:
    """A warning for each object of which only other builds than the crashed one are found."""
    seen: dict[str, Located] = {}
    for each in found:
        if each.is_other_build:
            seen.setdefault(each.call.name, each)
    return [
        Fault(
            "the file here is another build than the one that crashed",
            Place(name),
            f"the crash has build id {each.call.build_id}, the file {' and '.join(each.build_ids)}",
            "name the directory with the build that crashed: --modules DIR",
            "other-build",
            "warning",
        )
        for name, each in seen.items()
    ]
