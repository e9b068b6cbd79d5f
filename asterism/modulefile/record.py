"""Find the record that a module in C registers (``struct ast_module_info``) in its file.

The record is recognized by its form: a pointer to the module's name, pointers to description and key, then a sum. So
stripped files can be read as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterism.light.types import NamedTuple
from asterism.modulefile.image import Image
from asterism.names import is_module_name

_HEX = frozenset(b"0123456789abcdef")
_SUM_SIZE = 33
"""The size of the field in bytes: 32 digits and a zero, or zeros only."""


class Record(NamedTuple):
    """The content of a module's record."""

    name: str
    description: str
    key: str
    flags: int
    sum: str
    rank: int
    requires: tuple[str, ...]
    optional: tuple[str, ...]
    enhances: tuple[str, ...]
    level: int
    callbacks: tuple[str, ...]


class _Memory(NamedTuple):
    """An image with the pointers that the dynamic linker sets in it."""

    image: Image
    pointers: Mapping[int, int]

    @property
    def width(self) -> int:
        return self.image.width

    def text(self, address: int) -> str:
        """The string that the pointer at an address points to; empty for NULL."""
        target = self.pointers.get(address)
        return "" if target is None else self.image.text(target)

    def has(self, base: int, place: int) -> bool:
        """Whether the pointer with index ``place`` after ``base`` is set."""
        return base + place * self.width in self.pointers


def find(image: Image, stem: str) -> Record | None:
    """The record of a module, or None; of several candidates, the one with the name ``stem`` is preferred."""
    memory = _Memory(image, image.pointers())
    bases = [at - 4 * image.width for at in memory.pointers]
    likely = [(_likeness(memory, base, stem), base) for base in bases]
    most, base = max(likely, key=lambda pair: pair[0], default=(0, 0))
    return _read(memory, base) if most else None


def _likeness(memory: _Memory, base: int, stem: str) -> int:
    """The likeness of data to a module info; 0 when it is not one."""
    width = memory.width
    name = memory.text(base + 4 * width)
    if not name.isprintable() or not name:
        return 0
    total = memory.image.at(base + 7 * width + 4, _SUM_SIZE)
    has_sum = total[-1] == 0 and _HEX.issuperset(total[:-1])
    # A name that a source defines itself (AST_MODULE) may be any text; then sum and key have to be present.
    if not is_module_name(name) and not (has_sum and memory.text(base + 6 * width)):
        return 0
    # Other tables begin with strings followed by zeros; so a record without a sum has to have the file's name.
    if not has_sum and (any(total) or name != stem):
        return 0
    has_key = bool(memory.text(base + 6 * width))
    if not has_key and (name != stem or not any(memory.has(base, place) for place in (1, 2, 3, 5))):
        return 0
    has_callback = any(memory.has(base, place) for place in (1, 2, 3))
    return 1 + 8 * (name == stem) + 4 * has_key + 2 * has_sum + has_callback


def _read(memory: _Memory, base: int) -> Record:
    image, width = memory.image, memory.width
    flags = base + 7 * width
    # Pointers are aligned to their size.
    tail = base + -(-(7 * width + 4 + _SUM_SIZE + 1) // width) * width
    is_old = _is_of_13(memory, base)
    first = base - 2 * width if is_old else base
    return Record(
        name=memory.text(base + 4 * width),
        description=memory.text(base + 5 * width),
        key=memory.text(base + 6 * width),
        flags=image.number(flags, 4),
        sum=image.at(flags + 4, _SUM_SIZE).partition(b"\0")[0].decode("ascii"),
        rank=image.number(flags + 4 + _SUM_SIZE, 1),
        requires=split_names(memory.text(tail)),
        optional=() if is_old else split_names(memory.text(tail + width)),
        enhances=() if is_old else split_names(memory.text(tail + 2 * width)),
        level=image.number(tail + (width if is_old else 7 * width), 4),
        callbacks=tuple(
            name for name, place in (("load", 1), ("unload", 3), ("reload", 2)) if memory.has(first, place)
        ),
    )


def _is_of_13(memory: _Memory, base: int) -> bool:
    """Whether a record is of Asterisk 13, which has two more pointers, never set, between callbacks and name."""
    load, unload, first_unused, second_unused = (memory.has(base, place) for place in (-1, 1, 2, 3))
    return load and unload and not first_unused and not second_unused


def split_names(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
