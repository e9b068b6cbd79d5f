"""What the file of a module declares, read without running any of it.

A shared object has its ``struct ast_module_info`` in its data, where the pointers are still relocations; a Python
module has ``MODULE = ModuleInfo(...)``, which is read as source.  Used to plan a start, and to find out which module
would provide a symbol.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import enum
import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asterism.errors import AsterismError, Fault, Place
from asterism.files import read_bytes
from runtime import elf
from runtime.inspection import is_valid_key
from runtime.library import buildopts_named
from runtime.module import GPL_KEY, Flag, ModuleInfo, Priority, SupportLevel
from runtime.pythonmodule import support_level_named


def read(path: Path) -> ModuleInfo:
    """What a module says of itself.

    Raises:
        AsterismError: it is no module, is damaged, or says it in a way that only running it would tell.
    """
    data = read_bytes(path)
    if path.suffix == ".py":
        return _of_python(path, data)
    elf.check(path, data)
    return _of_shared(path, data)


# ---- shared objects --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Record:
    """Where the fields of ``struct ast_module_info`` stand, in bytes, for a size of pointers."""

    pointer: int

    @property
    def name(self) -> int:
        return 4 * self.pointer

    @property
    def flags(self) -> int:
        """``flags``, ``buildopt_sum`` and ``load_pri`` stand together."""
        return 7 * self.pointer

    @property
    def requires(self) -> int:
        together = self.flags + 4 + 33 + 1
        return -(-together // self.pointer) * self.pointer

    @property
    def support_level(self) -> int:
        return self.requires + 7 * self.pointer


_TOGETHER = struct.Struct("=I33sB")


class Image:
    """A shared object as it would lie in memory, but nowhere mapped."""

    def __init__(self, data: bytes) -> None:
        from elftools.elf.elffile import ELFFile  # 40 ms that only who asks should pay for

        self._data = data
        self._elf: Any = ELFFile(io.BytesIO(data))
        self.pointer: int = self._elf.elfclass // 8
        self._segments = [
            (segment["p_vaddr"], segment["p_offset"], segment["p_filesz"])
            for segment in self._elf.iter_segments()
            if segment["p_type"] == "PT_LOAD"
        ]
        self._pointers = dict(self._relocated())

    def _relocated(self) -> Iterator[tuple[int, int]]:
        """Each place a relocation fills, and the address it fills in; 0 when that is known at run time only."""
        from elftools.elf.relocation import RelocationSection, RelrRelocationSection

        for section in self._elf.iter_sections():
            if isinstance(section, RelrRelocationSection):
                yield from ((entry["r_offset"], self._word(entry["r_offset"])) for entry in section.iter_relocations())
            elif isinstance(section, RelocationSection):
                symbols = self._elf.get_section(section["sh_link"])
                yield from (self._filled(entry, symbols) for entry in section.iter_relocations())

    def _filled(self, entry: Any, symbols: Any) -> tuple[int, int]:
        base = entry["r_addend"] if entry.is_RELA() else self._word(entry["r_offset"])
        symbol = symbols.get_symbol(entry["r_info_sym"]) if entry["r_info_sym"] else None
        return entry["r_offset"], base + (symbol["st_value"] if symbol is not None else 0)

    def bytes_at(self, address: int, size: int) -> bytes:
        """Bytes as the file has them; zeros where it has none."""
        for start, offset, length in self._segments:
            if start <= address < start + length:
                found = self._data[offset + address - start : offset + min(address - start + size, length)]
                return found.ljust(size, b"\0")
        return bytes(size)

    def _word(self, address: int) -> int:
        return int.from_bytes(self.bytes_at(address, self.pointer), "little" if self._elf.little_endian else "big")

    def is_filled(self, address: int) -> bool:
        """Whether a pointer there will be something else than NULL."""
        return address in self._pointers

    def text(self, address: int) -> str | None:
        """The string a pointer there points to, or None when it is NULL."""
        target = self._pointers.get(address)
        if target is None:
            return None
        for start, offset, length in self._segments:
            if start <= target < start + length:
                end = self._data.find(b"\0", offset + target - start)
                return self._data[offset + target - start : end].decode("utf-8", "surrogateescape")
        return None

    def pointers_to(self, text: str) -> list[int]:
        """Where pointers to a string stand."""
        targets = set(self._addresses_of(text.encode("utf-8", "surrogateescape") + b"\0"))
        return sorted(place for place, target in self._pointers.items() if target in targets)

    def _addresses_of(self, wanted: bytes) -> Iterator[int]:
        at = self._data.find(wanted)
        while at >= 0:
            yield from (
                start + at - offset for start, offset, length in self._segments if offset <= at < offset + length
            )
            at = self._data.find(wanted, at + 1)

    def provided(self) -> set[str]:
        """Names of the symbols it provides to others."""
        table = self._elf.get_section_by_name(".dynsym")
        if table is None:
            return set()
        return {
            entry.name
            for entry in table.iter_symbols()
            if entry["st_shndx"] != "SHN_UNDEF" and entry["st_info"]["bind"] != "STB_LOCAL"
        }


def providers(directory: Path, files: Iterable[str], symbol: str) -> list[str]:
    """Those among the files of a directory that provide a symbol; what cannot be read provides nothing."""
    found = []
    for name in files:
        with contextlib.suppress(AsterismError):
            data = read_bytes(directory / name)
            # Looked for as plain bytes first: that is a thousand times faster, and mostly enough.
            if name.endswith(".so") and b"\0" + symbol.encode() + b"\0" in data:
                elf.check(directory / name, data)
                found += [name] * (symbol in Image(data).provided())
    return found


def _of_shared(path: Path, data: bytes) -> ModuleInfo:
    name = path.name.removesuffix(".so")
    image = Image(data)
    layout = _Record(image.pointer)
    found = [place - layout.name for place in image.pointers_to(name)]
    records = [base for base in found if image.text(base + layout.name + image.pointer) is not None] or found
    keyed = [base for base in records if is_valid_key(image.text(base + layout.name + 2 * image.pointer) or "")]
    for base in [*keyed, *records]:
        return _info(image, base, layout, name, buildopts_named(data))
    raise AsterismError(_no_record(path, name))


def _info(image: Image, base: int, layout: _Record, name: str, buildopts: tuple[str, ...] | None) -> ModuleInfo:
    size = image.pointer
    flags, options, rank = _TOGETHER.unpack(image.bytes_at(base + layout.flags, _TOGETHER.size))
    names = [image.text(base + layout.requires + index * size) for index in range(3)]
    requires, optional, enhances = (_names(text or "") for text in names)
    return ModuleInfo(
        description=image.text(base + layout.name + size),
        key=image.text(base + layout.name + 2 * size),
        flags=flags,
        load_pri=rank,
        requires=requires,
        optional=optional,
        enhances=enhances,
        support_level=int.from_bytes(image.bytes_at(base + layout.support_level, 4), "little"),
        buildopt_sum=options.partition(b"\0")[0].decode("ascii", "replace"),
        buildopts=buildopts,
        name=name,
        has_load=image.is_filled(base + size),
        has_reload=image.is_filled(base + 2 * size),
        has_unload=image.is_filled(base + 3 * size),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _no_record(path: Path, name: str) -> Fault:
    return Fault(
        f"it registers no module '{name}'",
        place=Place(str(path)),
        cure="close its source with AST_MODULE_INFO(...) and compile it with the name of its file",
        code="registers-nothing",
    )


# ---- Python modules --------------------------------------------------------------------------------

_ENUMS: dict[str, type[enum.IntEnum] | type[enum.IntFlag]] = {
    kind.__name__: kind for kind in (Flag, Priority, SupportLevel)
}


def _of_python(path: Path, data: bytes) -> ModuleInfo:
    try:
        tree = ast.parse(data, str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        why = getattr(error, "msg", str(error))
        fault = Fault("it is no valid Python", Place(str(path), line), why, "correct the module", "python-module")
        raise AsterismError(fault) from None
    call = next(_declarations(tree), None)
    if call is None:
        cure = "give it MODULE = ModuleInfo('what it is'), from runtime.api.module"
        raise AsterismError(Fault("it registers no module", Place(str(path)), cure=cure, code="registers-nothing"))
    said = _said(path, call)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    info = ModuleInfo(**said)
    level = info.support_level or support_level_named(ast.get_docstring(tree, clean=False) or "")
    return dataclasses.replace(
        info,
        name=path.stem,
        support_level=level,
        has_load=True,
        has_unload=True,
        has_reload="reload_module" in functions,
    )


def _declarations(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that are assigned to ``MODULE``."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "MODULE" for target in targets):
            yield node.value


def _said(path: Path, call: ast.Call) -> dict[str, Any]:
    """The arguments of ``ModuleInfo(...)`` by name."""
    fields = [entry.name for entry in dataclasses.fields(ModuleInfo)]
    said = dict(zip(fields, call.args, strict=False))
    said.update((entry.arg, entry.value) for entry in call.keywords if entry.arg in fields)
    try:
        return {name: _value(node) for name, node in said.items()}
    except (ValueError, KeyError) as error:
        why = "only running it would tell" if isinstance(error, ValueError) else f"there is no {error.args[0]}"
        cure = "write texts, tuples, and names such as Priority.CORE"
        raise AsterismError(Fault("its MODULE cannot be read", Place(str(path), call.lineno), why, cure)) from None


def _value(node: ast.expr) -> Any:
    """The value of an expression of texts, numbers, tuples and the enums of runtime.module.  Raises ValueError."""
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(entry) for entry in node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _value(node.left) | _value(node.right)
    if isinstance(node, ast.Name) and node.id == "GPL_KEY":
        return GPL_KEY
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if owner in _ENUMS:
            return _ENUMS[owner][node.attr]
    return ast.literal_eval(node)
