"""The headers of an ELF file: check that it is a complete shared object, for which machine, and of which build.

The dynamic linker maps a truncated file (an interrupted copy, a full disk) without an error. The first access after
its end then kills the whole process with SIGBUS. Therefore the ends of the segments are checked against the size.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterable, Iterator

from asterism.errors import AsterismError, Fault, Place
from asterism.light.types import NamedTuple
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal

MAGIC = b"\x7fELF"
_OURS = {"x86_64": 62, "aarch64": 183, "armv7l": 40, "armv6l": 40, "i686": 3, "i386": 3, "ppc64le": 21}
"""The ``e_machine`` for each machine name of uname; unknown machines are not checked."""
_MACHINES = {62: "x86-64", 183: "aarch64", 40: "arm", 3: "i386", 21: "ppc64", 243: "riscv", 22: "s390"}
_SHARED, _PROGRAM = 3, 2
_TYPES = {
    1: ("it is an object file that was not linked", "link it with -shared"),
    2: ("it is a program, not a shared object", "link it with -shared, or take it out of the module directory"),
    4: ("it is a core dump", "take it out of the module directory"),
}
"""For other values of ``e_type``: what the file is, and what to do."""
PT_LOAD, PT_DYNAMIC, PT_NOTE = 1, 2, 4
_PF_EXECUTE, _PF_WRITE = 1, 2
_AGAIN = "build and install it again, or take it out of the module directory"
_LEAST = 64
"""The size in bytes of the header of a 64-bit file; shorter files are not shared objects."""


class Form(NamedTuple):
    """The layout of the tables in a class of files (32 or 64 bits, one byte order)."""

    bits: int
    order: Literal["little", "big"]
    table: struct.Struct
    """The fields ``e_phoff``, ``e_phentsize`` and ``e_phnum``."""
    table_at: int
    segment: struct.Struct
    """The layout of a program header."""
    fields: tuple[int, int, int, int, int]
    """The indexes of its fields type, flags, offset, address and size in the file."""

    @property
    def sign(self) -> str:
        """The byte order as a character of :mod:`struct`."""
        return "<" if self.order == "little" else ">"


def _form(bits: int, number: int) -> Form:
    order: Literal["little", "big"] = "little" if number == 1 else "big"
    sign = "<" if order == "little" else ">"
    if bits == 32:
        return Form(32, order, struct.Struct(f"{sign}I10xHH"), 28, struct.Struct(f"{sign}8I"), (0, 6, 1, 2, 4))
    return Form(64, order, struct.Struct(f"{sign}Q14xHH"), 32, struct.Struct(f"{sign}2I6Q"), (0, 1, 2, 3, 5))


_FORMS = {(size, number): _form(bits, number) for size, bits in ((1, 32), (2, 64)) for number in (1, 2)}
"""The forms by ``EI_CLASS`` and ``EI_DATA``."""


def form_of(data: bytes) -> Form:
    """The layout of the tables in a file that was checked."""
    return _FORMS[data[4], data[5]]


class Segment(NamedTuple):
    """A segment of a shared object, in the file and in memory."""

    kind: int
    flags: int
    offset: int
    """The position in the file, in bytes."""
    address: int
    """The address in memory, relative to the start of the object."""
    size: int
    """The size in the file, in bytes."""


def check(file: str | os.PathLike[str], data: bytes) -> None:
    """Raise :class:`AsterismError` unless the bytes are a complete shared object for this machine.

    The fault's code is ``not-elf`` or ``wrong-machine``.
    """
    _refuse(file, _not_elf(data) or _foreign(data) or _other_type(data) or _cut_short(data))


def check_whole(file: str | os.PathLike[str], data: bytes) -> None:
    """Raise :class:`AsterismError` (``not-elf``) unless the bytes are a complete shared object, for any machine."""
    _refuse(file, _not_elf(data) or _other_type(data) or _cut_short(data))


def check_linked(file: str | os.PathLike[str], data: bytes) -> None:
    """Raise :class:`AsterismError` (``not-elf``) unless the bytes are a complete shared object or program."""
    is_program = not _not_elf(data) and int.from_bytes(data[16:18], form_of(data).order) == _PROGRAM
    _refuse(file, _not_elf(data) or (None if is_program else _other_type(data)) or _cut_short(data))


def check_machine(file: str | os.PathLike[str], data: bytes) -> None:
    """Raise :class:`AsterismError` (``wrong-machine``) for a program of another machine; a script is not checked."""
    _refuse(file, None if _not_elf(data) else _foreign(data))


_Reason = tuple[str, str, str, str]
"""What, why, cure and code of a fault, in this order."""


def _refuse(file: str | os.PathLike[str], fault: _Reason | None) -> None:
    if fault is not None:
        what, why, cure, code = fault
        raise AsterismError(Fault(what, place=Place(os.fspath(file)), why=why, cure=cure, code=code))


def _not_elf(data: bytes) -> _Reason | None:
    if len(data) >= _LEAST and data.startswith(MAGIC) and (data[4], data[5]) in _FORMS:
        return None
    return ("it is not a shared object" if data else "the file is empty", "", _AGAIN, "not-elf")


def _machine(data: bytes) -> int:
    return int.from_bytes(data[18:20], form_of(data).order)


def machine(data: bytes) -> str:
    """The name of the machine that a file is for."""
    number = _machine(data)
    return _MACHINES.get(number, f"machine {number}")


def other_machine(data: bytes) -> str:
    """The machine of a file that this machine cannot run, as in ``aarch64, 64 bits``; empty for a file that fits."""
    return "" if _not_elf(data) or not _foreign(data) else f"{machine(data)}, {form_of(data).bits} bits"


def _foreign(data: bytes) -> _Reason | None:
    form, number, here = form_of(data), _machine(data), os.uname().machine
    same_width = form.bits == (64 if sys.maxsize > 2**32 else 32)
    if number == _OURS.get(here, number) and form.order == sys.byteorder and same_width:
        return None
    what = f"it was built for another machine: {_MACHINES.get(number, number)}, {form.bits} bits"
    return (what, f"this one is {here}", "build it on this machine", "wrong-machine")


def _other_type(data: bytes) -> _Reason | None:
    kind = int.from_bytes(data[16:18], form_of(data).order)
    if kind == _SHARED:
        return None
    what, cure = _TYPES.get(kind, ("it is not a shared object", _AGAIN))
    return (what, "", cure, "not-elf")


def _cut_short(data: bytes) -> _Reason | None:
    wanted = max(_ends(data), default=0)
    if wanted <= len(data):
        return None
    why = f"it has {len(data)} of at least {wanted} bytes"
    return ("the file is cut short", why, "install it again; is the disk full?", "not-elf")


def _ends(data: bytes) -> Iterator[int]:
    """The end of the table of segments, then the end of each segment to be mapped."""
    form = form_of(data)
    table, size, count = form.table.unpack_from(data, form.table_at)
    yield table + size * count
    what, _, offset, _, length = form.fields
    yield from (values[offset] + values[length] for values in _headers(data) if values[what] == PT_LOAD)


def segments(data: bytes) -> Iterator[Segment]:
    """The program headers in the bytes of a file, or in the memory at which an object is mapped."""
    fields = form_of(data).fields
    return (Segment(*(values[index] for index in fields)) for values in _headers(data))


def _headers(data: bytes) -> Iterator[tuple[int, ...]]:
    """The program headers with all their fields, as far as the data reaches."""
    form = form_of(data)
    table, size, count = form.table.unpack_from(data, form.table_at)
    for at in range(table, table + size * count, size or 1):
        if at + form.segment.size > len(data):
            return
        yield form.segment.unpack_from(data, at)


Read = Callable[[Segment], bytes]
"""A function that returns the bytes of a segment."""


def identity(found: Iterable[Segment], read: Read) -> str:
    """The identity of a build: the linker's build id, or else the SHA-256 of the code; hexadecimal.

    A segment with code is never written to, so the hash is equal in the file and in memory.
    """
    known = list(found)
    if named := build_id(known, read):
        return named
    import hashlib  # 2 ms: only a file without a build id needs it

    total = hashlib.sha256()
    for segment in known:
        if segment.kind == PT_LOAD and segment.flags & _PF_EXECUTE and not segment.flags & _PF_WRITE:
            total.update(read(segment))
    return total.hexdigest()


def build_id(found: Iterable[Segment], read: Read) -> str:
    """The build id written by the linker, hexadecimal; empty when the file has no build id."""
    notes = (_build_id(read(segment)) for segment in found if segment.kind == PT_NOTE)
    return next((named.hex() for named in notes if named), "")


_NOTE = struct.Struct("=3I")
_GNU, _BUILD_ID = b"GNU\0", 3


def _build_id(notes: bytes) -> bytes:
    """The build id in a note segment (``NT_GNU_BUILD_ID``); empty when it has none."""
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
    """The :func:`identity` of a complete shared object given as bytes."""
    return identity(segments(data), _reader(data))


def build_id_of(data: bytes) -> str:
    """The :func:`build_id` of a shared object or program given as bytes; empty for other files."""
    if _not_elf(data):
        return ""
    return build_id(segments(data), _reader(data))


def _reader(data: bytes) -> Read:
    return lambda segment: data[segment.offset : segment.offset + segment.size]
