"""A shared object as the dynamic linker sees it: segments, relocated pointers, symbols and libraries.

Everything is found through the program headers, as the dynamic linker does; section headers may be damaged or
missing. A table that leads out of the file is cut there. Invalid data raises ValueError or struct.error, which
:func:`asterism.modulefile.reader.read` turns into a fault.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from asterism.light.types import NamedTuple
from asterism.modulefile.elf import PT_DYNAMIC, PT_LOAD, Form, form_of, segments

_NEEDED, _PLTRELSZ, _HASH, _STRTAB, _SYMTAB, _RELA, _RELASZ, _STRSZ, _RPATH = 1, 2, 4, 5, 6, 7, 8, 10, 15
_REL, _RELSZ, _PLTREL, _JMPREL, _RUNPATH, _RELRSZ, _RELR = 17, 18, 20, 23, 29, 35, 36
_GNU_HASH, _VERSYM, _VERNEED, _VERNEEDNUM = 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFE, 0x6FFFFFFF
"""Tags of the dynamic section."""

GLOBAL, WEAK, UNIQUE = 1, 2, 10
"""The bindings of symbols that are exported."""
_DEFAULT, _PROTECTED = 0, 3


class Symbol(NamedTuple):
    """A symbol of the dynamic table."""

    name: str
    binding: int
    visibility: int
    is_defined: bool
    library: str
    """The library whose version of the symbol was linked; empty when any provider is accepted."""

    @property
    def is_visible(self) -> bool:
        """Whether other objects can see the symbol."""
        return self.visibility in (_DEFAULT, _PROTECTED)


class _Layout(NamedTuple):
    """The layouts of tables in a class of files; ``fields`` are the indexes of name, info, other, shndx and value."""

    dynamic: struct.Struct
    symbol: struct.Struct
    fields: tuple[int, int, int, int, int]
    rel: struct.Struct
    rela: struct.Struct
    word: struct.Struct
    shift: int
    """The position of the symbol's index in a relocation's info, in bits."""


def _layout(form: Form) -> _Layout:
    sign = form.sign
    made = struct.Struct
    if form.bits == 32:
        rel, rela, word = made(f"{sign}II"), made(f"{sign}IIi"), made(f"{sign}I")
        return _Layout(made(f"{sign}iI"), made(f"{sign}IIIBBH"), (0, 3, 4, 5, 1), rel, rela, word, 8)
    rel, rela, word = made(f"{sign}QQ"), made(f"{sign}QQq"), made(f"{sign}Q")
    return _Layout(made(f"{sign}qQ"), made(f"{sign}IBBHQQ"), (0, 1, 2, 3, 4), rel, rela, word, 32)


class Image:
    """A shared object whose headers were checked (:func:`asterism.modulefile.elf.check_whole`).

    Args:
        data: the bytes of the file.
    """

    def __init__(self, data: bytes) -> None:
        self.form = form_of(data)
        self.width = self.form.bits // 8
        """The size of a pointer in bytes."""
        self._data = data
        self._layout = _layout(self.form)
        found = list(segments(data))
        self._segments = [(one.address, one.offset, one.size) for one in found if one.kind == PT_LOAD]
        self._dynamic = self._tags(next(((one.offset, one.size) for one in found if one.kind == PT_DYNAMIC), (0, 0)))
        size = self._first(_STRSZ)
        self._strings = self.slice(self._first(_STRTAB), size) if size else b""

    def _tags(self, where: tuple[int, int]) -> dict[int, list[int]]:
        """The values of each tag of the dynamic section, in order."""
        found: dict[int, list[int]] = {}
        for tag, value in _rows(self._layout.dynamic, self._data[where[0] : sum(where)]):
            if not tag:
                break
            found.setdefault(tag, []).append(value)
        return found

    def _first(self, tag: int) -> int:
        return self._dynamic.get(tag, [0])[0]

    # -- memory

    def slice(self, address: int, size: int) -> bytes:
        """The bytes at an address, as far as the file has them in one segment."""
        for start, offset, length in self._segments:
            if start <= address < start + length:
                first = offset + address - start
                return self._data[first : min(first + size, offset + length)]
        return b""

    def at(self, address: int, size: int) -> bytes:
        """The bytes at an address; zeros for bytes that the file does not have."""
        return self.slice(address, size).ljust(size, b"\0")

    def number(self, address: int, size: int) -> int:
        """The unsigned number at an address."""
        return int.from_bytes(self.at(address, size), self.form.order)

    def text(self, address: int) -> str:
        """The C string at an address; empty when the file has no data there."""
        for start, offset, length in self._segments:
            if start <= address < start + length:
                first, last = offset + address - start, offset + length
                end = self._data.find(b"\0", first, last)
                return self._data[first : end if end >= 0 else last].decode("utf-8", "replace")
        return ""

    # -- pointers

    def pointers(self) -> dict[int, int]:
        """The address of each pointer that the dynamic linker sets, with the address in this file that it points to.

        Raises:
            ValueError: there are more relocations than bytes.
        """
        found: dict[int, int] = {}
        most = len(self._data)
        values = self._symbol_values()
        for at, target in self._relocated(values):
            found[at] = target
            if len(found) > most:
                raise ValueError("it has more relocations than bytes")
        return found

    def _relocated(self, values: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        for at in self._packed():
            yield at, self.number(at, self.width)
        mask, shift = (1 << self.form.bits) - 1, self._layout.shift
        for row in self._relocations():
            addend = row[2] if len(row) > 2 else self.number(row[0], self.width)
            yield row[0], (addend + values.get(row[1] >> shift, 0)) & mask

    def _relocations(self) -> Iterator[tuple[int, ...]]:
        """The rows of all relocation tables: place, info and, where the table has it, addend."""
        rel, rela = self._layout.rel, self._layout.rela
        lazy = rela if self._first(_PLTREL) == _RELA else rel
        for kind, tag, size in ((rela, _RELA, _RELASZ), (rel, _REL, _RELSZ), (lazy, _JMPREL, _PLTRELSZ)):
            if self._first(size):
                yield from _rows(kind, self.slice(self._first(tag), self._first(size)))

    def _packed(self) -> Iterator[int]:
        """The places of the relocations in the packed table (``DT_RELR``)."""
        step, place = self.width, 0
        size = self._first(_RELRSZ)
        for (word,) in _rows(self._layout.word, self.slice(self._first(_RELR), size) if size else b""):
            if not word & 1:
                yield word
                place = word + step
                continue
            yield from (place + step * bit for bit in range(self.form.bits - 1) if word >> (bit + 1) & 1)
            place += step * (self.form.bits - 1)

    # -- symbols

    def symbols(self) -> Iterator[Symbol]:
        """The dynamic symbols with a name."""
        name, info, other, section, _ = self._layout.fields
        libraries = self._libraries()
        versions = self._versions()
        for index, row in enumerate(self._rows_of_symbols()):
            if row[name]:
                number = versions[index] if index < len(versions) else 0
                named = self._string(row[name])
                yield Symbol(named, row[info] >> 4, row[other] & 3, row[section] != 0, libraries.get(number, ""))

    def _rows_of_symbols(self) -> list[tuple[int, ...]]:
        kind = self._layout.symbol
        table = self.slice(self._first(_SYMTAB), len(self._data)) if _SYMTAB in self._dynamic else b""
        return list(_rows(kind, table[: self._count() * kind.size]))

    def _symbol_values(self) -> dict[int, int]:
        value, section = self._layout.fields[4], self._layout.fields[3]
        return {index: row[value] for index, row in enumerate(self._rows_of_symbols()) if row[section]}

    def _count(self) -> int:
        """The number of dynamic symbols, which no table states directly."""
        if _HASH in self._dynamic:
            return self.number(self._first(_HASH) + 4, 4)
        # The hash table of an object without exports may start too early, so relocations are counted as well.
        used = max((row[1] >> self._layout.shift for row in self._relocations()), default=-1) + 1
        return max(used, self._hashed())

    def _hashed(self) -> int:
        """The number of symbols up to the last one in the hash table (``DT_GNU_HASH``)."""
        if _GNU_HASH not in self._dynamic:
            return 0
        table, sign = self._first(_GNU_HASH), self.form.sign
        buckets, first, words, _ = struct.unpack(f"{sign}4I", self.at(table, 16))
        start = table + 16 + words * self.width
        entry = struct.Struct(f"{sign}I")
        last = max((number for (number,) in _rows(entry, self.slice(start, 4 * buckets))), default=0)
        if last < first:
            return int(first)
        chain = self.slice(start + 4 * buckets + 4 * (last - first), len(self._data))
        for count, (value,) in enumerate(_rows(entry, chain), 1):
            if value & 1:
                return int(last + count)
        return int(last + len(chain) // 4)

    def _versions(self) -> tuple[int, ...]:
        if _VERSYM not in self._dynamic:
            return ()
        data = self.slice(self._first(_VERSYM), 2 * self._count())
        return tuple(number & 0x7FFF for (number,) in _rows(struct.Struct(f"{self.form.sign}H"), data))

    def _libraries(self) -> dict[int, str]:
        """The library that each version index belongs to."""
        need = struct.Struct(f"{self.form.sign}HHIII")
        version = struct.Struct(f"{self.form.sign}IHHII")
        found: dict[int, str] = {}
        for at, (_, count, file, first, _) in self._chain(need, self._first(_VERNEED), self._first(_VERNEEDNUM)):
            for _, row in self._chain(version, at + first, count):
                found[row[2]] = self._string(file)
        return found

    def _chain(self, kind: struct.Struct, at: int, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The entries of a list in which each entry ends with the offset of the next."""
        for _ in range(count):
            row = kind.unpack(self.at(at, kind.size))
            yield at, row
            if not row[-1]:
                return
            at += row[-1]

    def _string(self, at: int) -> str:
        end = self._strings.find(b"\0", at)
        return self._strings[at : end if end >= 0 else len(self._strings)].decode("utf-8", "replace")

    # -- libraries

    def libraries(self) -> tuple[str, ...]:
        """The names of the shared objects that it is linked with (``DT_NEEDED``)."""
        return tuple(self._string(at) for at in self._dynamic.get(_NEEDED, ()))

    def runpath(self) -> tuple[str, ...]:
        """The directories of ``DT_RUNPATH``, or else ``DT_RPATH``, with ``$ORIGIN`` unchanged."""
        said = self._dynamic.get(_RUNPATH) or self._dynamic.get(_RPATH) or []
        return tuple(each for at in said for each in self._string(at).split(":") if each)


def _rows(kind: struct.Struct, data: bytes) -> Iterator[tuple[int, ...]]:
    """The complete rows of a table; trailing bytes are ignored."""
    return kind.iter_unpack(data[: len(data) - len(data) % kind.size])
