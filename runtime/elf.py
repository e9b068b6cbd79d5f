"""Whether a file is a whole shared object made for this machine, and which build, told from its headers.

A file that ends before its segments do (an interrupted copy, a full disk) is mapped by the dynamic linker without a
word; the first look behind its end then kills the whole process with SIGBUS.  So the ends are compared first.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass

_OURS = {"x86_64": 62, "aarch64": 183, "armv7l": 40, "armv6l": 40, "i686": 3, "i386": 3, "ppc64le": 21}
"""``e_machine`` by what uname calls the machine; another machine is not checked."""
_MACHINES = {62: "x86-64", 183: "aarch64", 40: "arm", 3: "i386", 21: "ppc64", 243: "riscv", 22: "s390"}
_SHARED = 3
_TYPES = {
    1: ("it is an object file that was not linked", "link it with -shared"),
    2: ("it is a program, not a shared object", "link it with -shared, or take it out of the module directory"),
    4: ("it is a core dump", "take it out of the module directory"),
}
"""What a file of another ``e_type`` is, and what to do."""
_PT_LOAD, _PT_NOTE = 1, 4
_PF_EXECUTE, _PF_WRITE = 1, 2
_AGAIN = "build and install it again, or take it out of the module directory"


@dataclass(frozen=True, slots=True)
class _Class:
    """Where things stand in the headers of one class of files (32 or 64 bits)."""

    bits: int
    table: struct.Struct
    """``e_phoff``, ``e_phentsize``, ``e_phnum``."""
    table_at: int
    segment: struct.Struct
    """A program header."""
    fields: tuple[int, int, int, int, int]
    """Which of its fields are type, flags, offset, address and size in the file."""


_CLASSES = {
    1: _Class(32, struct.Struct("=I10xHH"), 28, struct.Struct("=8I"), (0, 6, 1, 2, 4)),
    2: _Class(64, struct.Struct("=Q14xHH"), 32, struct.Struct("=2I6Q"), (0, 1, 2, 3, 5)),
}
"""By ``EI_CLASS``.  Read in this machine's byte order: a file in the other one has been refused by then."""


class Segment(NamedTuple):
    """A piece of a shared object, in its file and in memory."""

    kind: int
    flags: int
    offset: int
    """Where it stands in the file, in bytes."""
    address: int
    """Where it stands in memory, from where the object begins."""
    size: int
    """How much of it the file has, in bytes."""


def check(file: Path, data: bytes) -> None:
    """Raise :class:`AsterismError` unless a file's bytes are a whole shared object made for this machine.

    The fault's code is ``not-elf`` or ``wrong-machine``.
    """
    fault = _no_elf(data) or _alien(data) or _other_type(data) or _cut_short(data)
    if fault is not None:
        what, why, cure, code = fault
        raise AsterismError(Fault(what, Place(str(file)), why, cure, code))


_Reason = tuple[str, str, str, str]
"""What, why, cure and code of a fault."""


def _no_elf(data: bytes) -> _Reason | None:
    if len(data) >= 64 and data[:4] == b"\x7fELF" and data[4] in _CLASSES:
        return None
    return ("it is no shared object" if data else "the file is empty", "", _AGAIN, "not-elf")


def _order(data: bytes) -> Literal["little", "big"]:
    return "little" if data[5] == 1 else "big"


def _alien(data: bytes) -> _Reason | None:
    machine = int.from_bytes(data[18:20], _order(data))
    bits = _CLASSES[data[4]].bits
    here = os.uname().machine
    same_width = bits == (64 if sys.maxsize > 2**32 else 32)
    if machine == _OURS.get(here, machine) and _order(data) == sys.byteorder and same_width:
        return None
    what = f"it was built for another machine: {_MACHINES.get(machine, machine)}, {bits} bits"
    return (what, f"this one is {here}", "build it on this machine", "wrong-machine")


def _other_type(data: bytes) -> _Reason | None:
    kind = int.from_bytes(data[16:18], sys.byteorder)
    if kind == _SHARED:
        return None
    what, cure = _TYPES.get(kind, ("it is no shared object", _AGAIN))
    return (what, "", cure, "not-elf")


def _cut_short(data: bytes) -> _Reason | None:
    wanted = max(_ends(data), default=0)
    if wanted <= len(data):
        return None
    why = f"it has {len(data)} of at least {wanted} bytes"
    return ("the file is cut short", why, "install it again; is the disk full?", "not-elf")


def _ends(data: bytes) -> Iterator[int]:
    """Where the table of segments ends, and then each segment that will be mapped."""
    kind = _CLASSES[data[4]]
    table, size, count = kind.table.unpack_from(data, kind.table_at)
    yield table + size * count
    what, _, offset, _, length = kind.fields
    yield from (values[offset] + values[length] for values in _headers(data) if values[what] == _PT_LOAD)


def segments(data: bytes) -> Iterator[Segment]:
    """The program headers of a shared object: of its file, or of what is mapped where it begins in memory."""
    fields = _CLASSES[data[4]].fields
    return (Segment(*(values[index] for index in fields)) for values in _headers(data))


def _headers(data: bytes) -> Iterator[tuple[int, ...]]:
    """The program headers with all their fields, as far as the data goes."""
    kind = _CLASSES[data[4]]
    table, size, count = kind.table.unpack_from(data, kind.table_at)
    for at in range(table, table + size * count, size or 1):
        if at + kind.segment.size > len(data):
            return
        yield kind.segment.unpack_from(data, at)


Read = Callable[[Segment], bytes]
"""The bytes of a segment."""


def identity(found: Iterable[Segment], read: Read) -> str:
    """What tells one build from another: the build id of the linker, or else a sum over the code; hexadecimal.

    A segment with code is never written to, so the sum is the same in the file and in memory.
    """
    known = list(found)
    for segment in known:
        if segment.kind == _PT_NOTE and (named := _build_id(read(segment))):
            return named.hex()
    import hashlib

    total = hashlib.sha256()
    for segment in known:
        if segment.kind == _PT_LOAD and segment.flags & _PF_EXECUTE and not segment.flags & _PF_WRITE:
            total.update(read(segment))
    return total.hexdigest()


_NOTE = struct.Struct("=3I")
_GNU, _BUILD_ID = b"GNU\0", 3


def _build_id(notes: bytes) -> bytes:
    """The build id among notes (``NT_GNU_BUILD_ID``), or nothing."""
    at = 0
    while at + _NOTE.size <= len(notes):
        name_size, size, kind = _NOTE.unpack_from(notes, at)
        name_at = at + _NOTE.size
        begin = name_at + -(-name_size // 4) * 4
        if kind == _BUILD_ID and notes[name_at : name_at + name_size] == _GNU:
            return notes[begin : begin + size]
        at = begin + -(-size // 4) * 4
    return b""


def identity_of(data: bytes) -> str:
    """:func:`identity` of the bytes of a whole shared object."""
    return identity(segments(data), lambda segment: data[segment.offset : segment.offset + segment.size])
