"""Write a shared object that defines names: functions that call one function of the core, and variables.

No compiler is needed for it.  Each function loads its number and jumps to ``asterism_stand_in_called``, which sees the
caller's return address; a relocation gives the address of that function to the dynamic linker.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence

from asterism.light.types import NamedTuple
from asterism.values import dataclass

TARGET = "asterism_stand_in_called"
"""The function that each stand-in jumps to (runtime/native/modules/stand_in.c)."""

_PAGE = 0x10000
"""The largest page of the machines below."""
_HEADER = struct.Struct("<16s2HI3QI6H")
_SEGMENT = struct.Struct("<2I6Q")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")
_TAG = struct.Struct("<qQ")
_IDENT = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
_SHARED = 3
_LOAD, _DYNAMIC, _STACK = 1, 2, 0x6474E551
_SEGMENTS, _TAGS = 5, 9
"""How many the file has."""
_READ, _WRITE, _EXECUTE = 4, 2, 1
_UNKNOWN, _OBJECT, _FUNCTION = 0x10, 0x11, 0x12
"""Types of global symbols."""
_HASH, _STRTAB, _SYMTAB, _RELATAB, _RELASZ, _RELAENT, _STRSZ, _SYMENT = 4, 5, 6, 7, 8, 9, 10, 11
_STEP = 16
"""Bytes of the code of a function."""
_ALIGN = 64
"""Where a variable may begin, in bytes."""


@dataclass(frozen=True, slots=True)
class Machine:
    """How a processor is told to load a number and jump."""

    number: int
    """``e_machine``."""
    relocation: int
    """The kind of relocation that writes the address of a symbol."""
    relative: int
    """The kind of relocation that writes an address in the file."""


MACHINES = {"x86_64": Machine(62, 6, 8), "aarch64": Machine(183, 1025, 1027)}
"""By what uname calls the machine."""


def _code_x86(number: int, distance: int) -> bytes:
    """``mov edi, number; jmp [rip + distance]``."""
    return b"\xbf" + struct.pack("<I", number) + b"\xff\x25" + struct.pack("<i", distance - 11)


def _code_arm(number: int, distance: int) -> bytes:
    """``movz w0, number; ldr x16, distance; br x16``."""
    load = 0x58000010 | ((distance - 4) // 4 & 0x7FFFF) << 5
    return struct.pack("<3I", 0x52800000 | number << 5, load, 0xD61F0200)


_CODE = {"x86_64": _code_x86, "aarch64": _code_arm}
MOST = 1 << 15
"""How many functions one file may have, and the end of their numbers: what the code above can reach on each machine."""


class EmptyVariable(NamedTuple):
    """A variable that the file defines."""

    name: str
    size: int
    """In bytes; all of them are zero, but for a text."""
    is_text: bool = False
    """Whether the variable is a ``const char *``, which points to an empty text."""


class _Piece(NamedTuple):
    """Where a part of the file begins and ends; the same in memory."""

    at: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.at


def _piece(size: int, align: int, start: int) -> _Piece:
    at = -(-start // align) * align
    return _Piece(at, at + size)


class _Layout:
    """The parts of a file, in their order."""

    def __init__(self, symbols: int, functions: int, relocations: int, strings: int) -> None:
        self.symbols = _piece(_SYMBOL.size * symbols, 8, _HEADER.size + _SEGMENTS * _SEGMENT.size)
        self.hashes = _piece(4 * (2 + 2 * symbols), 8, self.symbols.end)
        self.rela = _piece(_RELA.size * relocations, 8, self.hashes.end)
        self.strings = _piece(strings, 1, self.rela.end)
        self.code = _piece(_STEP * functions, _PAGE, self.strings.end)
        self.dynamic = _piece(_TAG.size * _TAGS, _PAGE, self.code.end)
        self.slot = _piece(8, 8, self.dynamic.end)
        """Holds the address of :data:`TARGET`."""

    def head(self, machine: Machine, memory: int) -> bytes:
        """The header and the segments; the last one ends in memory at ``memory``."""
        data = self.slot.end - self.dynamic.at
        segments = (
            (_LOAD, _READ, 0, self.strings.end, self.strings.end),
            (_LOAD, _READ | _EXECUTE, self.code.at, self.code.size, self.code.size),
            (_LOAD, _READ | _WRITE, self.dynamic.at, data, memory - self.dynamic.at),
            (_DYNAMIC, _READ | _WRITE, self.dynamic.at, self.dynamic.size, self.dynamic.size),
            (_STACK, _READ | _WRITE, 0, 0, 0),
        )
        sizes = (_HEADER.size, _SEGMENT.size, _SEGMENTS, 0, 0, 0)
        header = _HEADER.pack(_IDENT, _SHARED, machine.number, 1, 0, _HEADER.size, 0, 0, *sizes)
        return header + b"".join(
            _SEGMENT.pack(kind, flags, at, at, at, size, room, _PAGE if kind == _LOAD else 8)
            for kind, flags, at, size, room in segments
        )

    def tags(self) -> bytes:
        """The dynamic section."""
        values = (
            (_HASH, self.hashes.at),
            (_STRTAB, self.strings.at),
            (_STRSZ, self.strings.size),
            (_SYMTAB, self.symbols.at),
            (_SYMENT, _SYMBOL.size),
            (_RELATAB, self.rela.at),
            (_RELASZ, self.rela.size),
            (_RELAENT, _RELA.size),
            (0, 0),
        )
        return b"".join(_TAG.pack(*each) for each in values)


def _hash(name: bytes) -> int:
    """The hash of a name, as System V defines it."""
    value = 0
    for byte in name:
        value = (value << 4) + byte
        value = (value ^ (value >> 24 & 0xF0)) & 0x0FFFFFFF
    return value


def _hash_table(names: Sequence[str]) -> bytes:
    """``DT_HASH``: a chain of symbols for each bucket; symbol 0 has no name."""
    count = 1 + len(names)
    buckets, chain = [0] * count, [0] * count
    for index, name in enumerate(names, 1):
        bucket = _hash(name.encode()) % count
        chain[index], buckets[bucket] = buckets[bucket], index
    return struct.pack(f"<{2 + 2 * count}I", count, count, *buckets, *chain)


def _strings(names: Sequence[str]) -> tuple[bytes, list[int]]:
    """The table of strings, and where each begins in it."""
    text, starts = b"\0", []
    for name in names:
        starts.append(len(text))
        text += name.encode() + b"\0"
    return text, starts


def shared_object(functions: Sequence[tuple[str, int]], variables: Sequence[EmptyVariable], machine: str = "") -> bytes:
    """The bytes of the shared object.

    Args:
        functions: name and number of each; both below :data:`MOST`.
        variables: those that the file defines.
        machine: as uname calls it; this one by default.

    Raises:
        LookupError: nothing is known of the machine.
    """
    machine = machine or os.uname().machine
    kind, code = MACHINES[machine], _CODE[machine]
    names = [TARGET, *(name for name, _ in functions), *(one.name for one in variables)]
    strings, starts = _strings(names)
    relocations = 1 + sum(one.is_text for one in variables)
    layout = _Layout(1 + len(starts), len(functions), relocations, len(strings))
    symbols = [bytes(_SYMBOL.size), _SYMBOL.pack(starts[0], _UNKNOWN, 0, 0, 0, 0)]
    text = b""
    for start, (_, number) in zip(starts[1:], functions, strict=False):
        address = layout.code.at + len(text)
        symbols.append(_SYMBOL.pack(start, _FUNCTION, 0, 1, address, _STEP))
        text += code(number, layout.slot.at - address).ljust(_STEP, b"\0")
    rela = _RELA.pack(layout.slot.at, 1 << 32 | kind.relocation, 0)
    memory = layout.slot.end
    for start, one in zip(starts[1 + len(functions) :], variables, strict=True):
        begin, memory = _piece(one.size, _ALIGN, memory)
        symbols.append(_SYMBOL.pack(start, _OBJECT, 0, 1, begin, one.size))
        # The table of strings begins with an empty text.
        rela += _RELA.pack(begin, kind.relative, layout.strings.at) if one.is_text else b""
    made = bytearray(layout.slot.end)
    for at, content in (
        (0, layout.head(kind, memory)),
        (layout.symbols.at, b"".join(symbols)),
        (layout.hashes.at, _hash_table(names)),
        (layout.rela.at, rela),
        (layout.strings.at, strings),
        (layout.code.at, text),
        (layout.dynamic.at, layout.tags()),
    ):
        made[at : at + len(content)] = content
    return bytes(made)
