"""Build identifiers: which build of a module a file holds, and which build runs.

The identifier of a C module is the build id that the linker wrote or, without one, a hash of the module's code.  It is
read from the file and from the mapped memory separately, so that equal identifiers prove that the file's code runs.
The identifier of a Python module is a hash of its source.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from asterism.files import read_bytes
from asterism.modulefile import elf

Peek = Callable[[int, int], bytes]
"""Reads ``size`` bytes of memory at an address relative to the start of the module."""
_HEADERS = 4096
"""Bytes to read for the headers of a shared object; one page is always mapped."""


def of_file(path: Path) -> str:
    """The build identifier of the module in a file, in hexadecimal.

    Raises:
        AsterismError: the file cannot be read, or is not a complete shared object.
    """
    data = read_bytes(path)
    if path.suffix == ".py":
        return of_source(data)
    elf.check(path, data)
    return elf.identity_of(data)


def of_source(source: bytes) -> str:
    """The build identifier of a Python module: the SHA-256 of its source in hexadecimal."""
    import hashlib  # 4 ms, with the crypto library: only a Python module needs it

    return hashlib.sha256(source).hexdigest()


def of_memory(peek: Peek) -> str:
    """The build identifier of a mapped C module; empty when its headers are not at the start of its memory."""
    headers = peek(0, _HEADERS)
    if headers[:4] != b"\x7fELF":
        return ""
    return elf.identity(elf.segments(headers), lambda segment: peek(segment.address, segment.size))
