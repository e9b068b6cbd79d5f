"""Which build of a module a file holds, and which one runs: the proof that new code is the code that runs.

Of a C module it is the build id that the linker wrote or, without one, a sum over its code; it is read from the file
here and from the mapped memory there, never from what was noted on the way.  Of a Python module it is a sum over its
source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from asterism.files import read_bytes
from asterism.modulefile import elf

Peek = Callable[[int, int], bytes]
"""``size`` bytes of memory from an address, counted from where the module begins."""
_HEADERS = 4096
"""Bytes that hold the headers of a shared object; a page is always mapped."""


def of_file(path: Path) -> str:
    """The build a module's file holds, in hexadecimal.

    Raises:
        AsterismError: it cannot be read, or is no whole shared object.
    """
    data = read_bytes(path)
    if path.suffix == ".py":
        return of_source(data)
    elf.check(path, data)
    return elf.identity_of(data)


def of_source(source: bytes) -> str:
    """The build of a Python module."""
    return hashlib.sha256(source).hexdigest()


def of_memory(peek: Peek) -> str:
    """The build of a mapped C module; empty when its headers are not where they should be."""
    headers = peek(0, _HEADERS)
    if headers[:4] != b"\x7fELF":
        return ""
    return elf.identity(elf.segments(headers), lambda segment: peek(segment.address, segment.size))
