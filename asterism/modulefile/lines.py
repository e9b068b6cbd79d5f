"""Find the function and the source line of an address, from the symbols and debug information of a binary.

Only crashes and faults need this, so pyelftools is imported by the first call.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence

from asterism.light.types import NamedTuple
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, BinaryIO

_ORDINARY = ("STT_FUNC", "STT_GNU_IFUNC")


class Where(NamedTuple):
    """The source position of an instruction."""

    function: str = ""
    """The name of the function; empty when no symbol covers the address."""
    source: str = ""
    """The source line, such as ``res_x.c:57``; empty without debug information."""


class Lines:
    """The tables of one file, each read when it is first needed; damaged tables give empty results.

    Args:
        binary: the shared object or program, or the file with its debug information; has to stay open.
    """

    def __init__(self, binary: BinaryIO) -> None:
        from elftools.common.exceptions import ELFError  # 40 ms
        from elftools.dwarf.dwarfinfo import DWARFError  # type: ignore[attr-defined,unused-ignore]
        from elftools.elf.elffile import ELFFile

        damage = (OSError, ELFError, DWARFError, ValueError, KeyError, IndexError, TypeError, AttributeError)
        self._damage: tuple[type[Exception], ...] = damage
        self._functions: list[tuple[int, int, str]] | None = None
        self._dwarf: Any = None
        try:
            self._elf: Any = ELFFile(binary)
        except damage:
            self._elf = None

    def find(self, offset: int, *, symbol: str = "", is_exact: bool = True) -> Where:
        """The function and the source line of an address.

        Args:
            offset: in bytes from the symbol, or from address 0 of the object without a symbol.
            symbol: a name in the symbol tables; a version after ``@`` is ignored.
            is_exact: whether the address is the instruction itself, not the return address after a call.
        """
        try:
            base = self._address_of(symbol.partition("@")[0]) if symbol else 0
            if self._elf is None or base is None:
                return Where()
            address = base + offset - (not is_exact)
            return Where(self._function_at(address) or symbol.partition("@")[0], self._source_at(address))
        except self._damage:
            return Where()

    def _address_of(self, symbol: str) -> int | None:
        return next((begin for begin, _, name in self._known() if name == symbol), None)

    def _function_at(self, address: int) -> str:
        return next((name for begin, end, name in self._known() if begin <= address < end), "")

    def _source_at(self, address: int) -> str:
        if self._dwarf is None and self._elf.has_dwarf_info():
            self._dwarf = self._elf.get_dwarf_info()
        return _line_at(self._dwarf, address) if self._dwarf else ""

    def _known(self) -> list[tuple[int, int, str]]:
        """The functions in the symbol tables: start, end and name of each."""
        if self._functions is None:
            self._functions = list(_functions(self._elf)) if self._elf else []
        return self._functions


def find(binary: BinaryIO, offset: int, *, symbol: str = "", is_exact: bool = True) -> Where:
    """The function and the source line of one address, as :meth:`Lines.find`."""
    return Lines(binary).find(offset, symbol=symbol, is_exact=is_exact)


def _functions(elf: Any) -> Iterator[tuple[int, int, str]]:
    for name in (".symtab", ".dynsym"):
        table = elf.get_section_by_name(name)
        for symbol in table.iter_symbols() if table is not None and hasattr(table, "iter_symbols") else ():
            if symbol["st_info"]["type"] in _ORDINARY and symbol["st_shndx"] != "SHN_UNDEF":
                yield symbol["st_value"], symbol["st_value"] + max(symbol["st_size"], 1), symbol.name


def _line_at(dwarf: Any, address: int) -> str:
    for unit in _units(dwarf, address):
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            continue
        own = ""
        for begin, end in _pairs([entry.state for entry in program.get_entries() if entry.state is not None]):
            name, is_own = _name_of(program.header, begin.file)
            # Code inlined from a system header is shown as the line of the module that includes it.
            own = f"{name}:{begin.line}" if is_own else own
            if begin.address <= address < end.address:
                return own or f"{name}:{begin.line}"
    return ""


def _units(dwarf: Any, address: int) -> Iterable[Any]:
    """The compilation unit with the address; all units when the file has no such index."""
    ranges = dwarf.get_aranges()
    place = ranges.cu_offset_at_addr(address) if ranges is not None else None
    return dwarf.iter_CUs() if place is None else [dwarf.get_CU_at(place)]


def _pairs(states: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each row of a line table with the next row, but not across the end of a sequence."""
    for begin, end in itertools.pairwise(states):
        if not begin.end_sequence:
            yield begin, end


def _name_of(header: Any, number: int) -> tuple[str, bool]:
    """The name of a source in a line table, and whether the source belongs to the module.

    Files and directories count from 0 since DWARF 5, before that from 1.
    """
    since = header["version"] >= 5
    entry = header["file_entry"][number - (not since)]
    name = entry.name.decode("utf-8", "replace")
    if not entry.dir_index:
        return name, not name.startswith("/")
    directory = header["include_directory"][entry.dir_index - (not since)].decode("utf-8", "replace")
    return (name, False) if directory.startswith("/") else (os.path.join(directory, name), True)
