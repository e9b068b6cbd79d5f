"""A module in C, as its shared object has it.

The record that a module registers (``struct ast_module_info``) is found by its looks: a pointer to a
module's name, then one to its description and its key, then a sum. So a stripped file can be read, too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from asterism.errors import AsterismError, Fault, Place
from asterism.names import is_module_name
from buildsys.binary import BUILDOPTS_MARK, LEVELS, SOURCE_MARK, Binary, Need

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

MAGIC = b"\x7fELF"
HEX = frozenset(b"0123456789abcdef")
SUM_SIZE = 33
"""Bytes of the field: 32 digits and a zero, or zeros only."""

_LINKERS_OWN = frozenset({"_init", "_fini", "_edata", "_end", "__bss_start"})


def parse(data: bytes, path: str) -> Binary:
    """Read the bytes of a shared object; one that registers no module comes back without a name.

    Raises:
        AsterismError: they are no shared object, or a damaged one.
    """
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        return _binary(ELFFile(io.BytesIO(data)), data, path)
    except Exception as error:  # a damaged file makes the library fail in any way
        why = str(error).lower() if isinstance(error, ELFError) else f"{type(error).__name__}: {error}"
        what = "the file is damaged" if data.startswith(MAGIC) else "it is no shared object"
        raise AsterismError(
            Fault(what, Place(path), why.rstrip(": "), "build and install it again", "not-elf")
        ) from error


def _binary(elf: ELFFile, data: bytes, path: str) -> Binary:
    image = _image(elf, data)
    exports, needs = _symbols(elf)
    shared = Binary(
        path,
        "C",
        "",
        options=_options(data),
        exports=exports,
        needs=needs,
        libraries=_dynamic(elf, "DT_NEEDED", "needed"),
        runpath=_runpath(elf, PurePath(path)),
        machine=elf.get_machine_arch(),
        sources=tuple(dict.fromkeys(_sources(data))),
    )
    return _described(shared, image, PurePath(path).stem)


# ---- the record ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Image:
    """A file as it lies in memory when it is loaded at 0."""

    data: bytes
    segments: tuple[tuple[int, int, int], ...]
    """Address, offset in the file, size in the file."""
    pointers: Mapping[int, int]
    """Where each pointer that the dynamic linker sets up lies, and where it leads."""
    width: int
    """Bytes of a pointer."""
    order: Literal["little", "big"]

    def at(self, address: int, size: int) -> bytes:
        """The bytes at an address; zeros where the file has none."""
        for start, offset, length in self.segments:
            if start <= address < start + length:
                return self.data[offset + address - start :][:size].ljust(size, b"\0")
        return bytes(size)

    def number(self, address: int, size: int) -> int:
        """An unsigned number."""
        return int.from_bytes(self.at(address, size), self.order)

    def text(self, address: int) -> str:
        """The C string that a pointer leads to; empty for NULL."""
        target = self.pointers.get(address)
        if target is None:
            return ""
        for start, offset, length in self.segments:
            if start <= target < start + length:
                first = offset + target - start
                end = self.data.find(b"\0", first, offset + length)
                return self.data[first : end if end >= 0 else offset + length].decode("utf-8", "replace")
        return ""


def _image(elf: ELFFile, data: bytes) -> Image:
    segments = tuple(
        (each["p_vaddr"], each["p_offset"], each["p_filesz"])
        for each in elf.iter_segments()
        if each["p_type"] == "PT_LOAD"
    )
    width = elf.elfclass // 8
    order: Literal["little", "big"] = "little" if elf.little_endian else "big"
    bare = Image(data, segments, {}, width, order)
    return Image(data, segments, dict(_pointers(elf, bare)), width, order)


def _pointers(elf: ELFFile, image: Image) -> Iterator[tuple[int, int]]:
    """Every relocation that makes a pointer into this file itself."""
    from elftools.elf.relocation import RelocationSection, RelrRelocationSection

    symbols: Any = elf.get_section_by_name(".dynsym")
    for section in elf.iter_sections():
        if not isinstance(section, (RelocationSection, RelrRelocationSection)):
            continue
        for each in section.iter_relocations():
            at = each["r_offset"]
            addend = each["r_addend"] if each.is_RELA() else image.number(at, image.width)
            index = 0 if isinstance(section, RelrRelocationSection) else each["r_info_sym"]
            yield at, addend + (symbols.get_symbol(index)["st_value"] if index and symbols else 0)


def _described(shared: Binary, image: Image, stem: str) -> Binary:
    """The file with what its record says; without one, the file alone."""
    found = [base for at in image.pointers if _is_record(image, base := at - 4 * image.width, stem)]
    named = [base for base in found if image.text(base + 4 * image.width) == stem]
    if not found:
        return shared
    base, width = (named or found)[0], image.width
    flags = base + 7 * width
    # A pointer stands at a multiple of its size.
    tail = base + -(-(7 * width + 4 + SUM_SIZE + 1) // width) * width
    is_old = _is_of_13(image, base)
    level = image.number(tail + (width if is_old else 7 * width), 4)
    first = base - 2 * width if is_old else base
    return replace(
        shared,
        name=image.text(base + 4 * width),
        description=image.text(base + 5 * width),
        key=image.text(base + 6 * width),
        flags=image.number(flags, 4),
        sum=image.at(flags + 4, SUM_SIZE).partition(b"\0")[0].decode("ascii"),
        rank=str(image.number(flags + 4 + SUM_SIZE, 1)),
        requires=_names(image.text(tail)),
        optional=() if is_old else _names(image.text(tail + width)),
        enhances=() if is_old else _names(image.text(tail + 2 * width)),
        level=LEVELS[level] if level < len(LEVELS) else LEVELS[0],
        callbacks=tuple(
            name
            for name, place in (("load", 1), ("unload", 3), ("reload", 2))
            if first + place * width in image.pointers
        ),
    )


def _is_of_13(image: Image, base: int) -> bool:
    """Whether a record is of Asterisk 13, with two pointers more, never set, between its callbacks and its name."""
    load, unload, first_unused, second_unused = (
        base + place * image.width in image.pointers for place in (-1, 1, 2, 3)
    )
    return load and unload and not first_unused and not second_unused


def _is_record(image: Image, base: int, stem: str) -> bool:
    """Whether the record of a module starts there."""
    width = image.width
    name = image.text(base + 4 * width)
    if not is_module_name(name) or not image.text(base + 6 * width):
        return False
    total = image.at(base + 7 * width + 4, SUM_SIZE)
    # Other tables begin with strings and go on with zeros; a record without a sum must have the file's name.
    return (total[-1] == 0 and HEX.issuperset(total[:-1])) or (not any(total) and name == stem)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _options(data: bytes) -> tuple[str, ...] | None:
    """The build options that the file names, or None when it names none (``AST_MODULE_BUILDOPTS_``)."""
    at = data.find(BUILDOPTS_MARK)
    if at < 0:
        return None
    return _names(data[at + len(BUILDOPTS_MARK) :].partition(b"\0")[0].decode("utf-8", "replace"))


_SOURCE = re.compile(re.escape(SOURCE_MARK) + rb"([^\0]*)\0")
_REVISION = re.compile(rb"\$(?:Revision|Id)(?::[^$\0\n]*)?\$")
"""What the version control of Asterisk 13 and before put into each file."""


def _sources(data: bytes) -> Iterator[str]:
    """The marks of sources; those of modules that were not compiled against our headers are versions alone."""
    tagged = [found.decode("utf-8", "replace").strip() for found in _SOURCE.findall(data)]
    yield from tagged
    if not tagged:
        yield from (found.decode("utf-8", "replace") for found in _REVISION.findall(data))


# ---- symbols -------------------------------------------------------------------------------------


def _symbols(elf: ELFFile) -> tuple[tuple[str, ...], tuple[Need, ...]]:
    table: Any = elf.get_section_by_name(".dynsym")
    if table is None:
        return (), ()
    libraries = _versions(elf)
    exports, needs = set(), set()
    for index, symbol in enumerate(table.iter_symbols()):
        binding = symbol["st_info"]["bind"]
        if binding not in ("STB_GLOBAL", "STB_WEAK", "STB_GNU_UNIQUE", "STB_LOOS") or not symbol.name:
            continue
        if symbol["st_shndx"] == "SHN_UNDEF":
            needs.add(Need(symbol.name, libraries.get(index, ""), binding == "STB_WEAK"))
        elif symbol["st_other"]["visibility"] in ("STV_DEFAULT", "STV_PROTECTED"):
            exports.add(symbol.name)
    return tuple(sorted(exports - _LINKERS_OWN)), tuple(sorted(needs, key=lambda need: need.name))


def _versions(elf: ELFFile) -> dict[int, str]:
    """The library whose version of a symbol was linked against, by the symbol's index."""
    named: Any = elf.get_section_by_name(".gnu.version")
    needed: Any = elf.get_section_by_name(".gnu.version_r")
    if named is None or needed is None:
        return {}
    libraries = {
        version["vna_other"]: library.name for library, versions in needed.iter_versions() for version in versions
    }
    numbers = ((index, each["ndx"]) for index, each in enumerate(named.iter_symbols()))
    return {index: libraries[number] for index, number in numbers if number in libraries}


def _dynamic(elf: ELFFile, kind: str, name: str) -> tuple[str, ...]:
    """The strings of the dynamic section of one kind."""
    dynamic: Any = elf.get_section_by_name(".dynamic")
    return tuple(getattr(tag, name) for tag in dynamic.iter_tags(kind)) if dynamic is not None else ()


def _runpath(elf: ELFFile, path: PurePath) -> tuple[str, ...]:
    """The directories of DT_RUNPATH, else of DT_RPATH; ``$ORIGIN`` is the one of the file."""
    said = _dynamic(elf, "DT_RUNPATH", "runpath") or _dynamic(elf, "DT_RPATH", "rpath")
    here = str(path.parent)
    named = (each for text in said for each in text.split(":") if each)
    return tuple(each.replace("${ORIGIN}", here).replace("$ORIGIN", here) for each in named)
