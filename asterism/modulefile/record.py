"""The record that a module in C registers (``struct ast_module_info``), found in its file.

It is found by its looks: a pointer to a module's name, then one to its description and its key, then a sum.  So a
stripped file can be read, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from asterism.modulefile.image import Image
from asterism.names import is_module_name

_HEX = frozenset(b"0123456789abcdef")
_SUM_SIZE = 33
"""Bytes of the field: 32 digits and a zero, or zeros only."""


class Record(NamedTuple):
    """What the record of a module says."""

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
    """An image with the pointers that will be in it."""

    image: Image
    pointers: Mapping[int, int]

    @property
    def width(self) -> int:
        return self.image.width

    def text(self, address: int) -> str:
        """The string that the pointer at an address leads to; empty for NULL."""
        target = self.pointers.get(address)
        return "" if target is None else self.image.text(target)

    def has(self, base: int, place: int) -> bool:
        """Whether the ``place``th pointer from there on is set."""
        return base + place * self.width in self.pointers


def find(image: Image, stem: str) -> Record | None:
    """The record of a module, or None; of several that look like one, that of the name ``stem``."""
    memory = _Memory(image, image.pointers())
    bases = [at - 4 * image.width for at in memory.pointers]
    likely = [(_likeness(memory, base, stem), base) for base in bases]
    most, base = max(likely, key=lambda pair: pair[0], default=(0, 0))
    return _read(memory, base) if most else None


def _likeness(memory: _Memory, base: int, stem: str) -> int:
    """How much the data looks like a module info; 0 when it is not one."""
    width = memory.width
    name = memory.text(base + 4 * width)
    if not name.isprintable() or not name:
        return 0
    total = memory.image.at(base + 7 * width + 4, _SUM_SIZE)
    has_sum = total[-1] == 0 and _HEX.issuperset(total[:-1])
    # A name that a source defines itself (AST_MODULE) may be any text; then the rest has to be beyond doubt.
    if not is_module_name(name) and not (has_sum and memory.text(base + 6 * width)):
        return 0
    # Other tables begin with strings and go on with zeros; a record without a sum must have the file's name.
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
    # A pointer stands at a multiple of its size.
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
    """Whether a record is of Asterisk 13, with two pointers more, never set, between its callbacks and its name."""
    load, unload, first_unused, second_unused = (memory.has(base, place) for place in (-1, 1, 2, 3))
    return load and unload and not first_unused and not second_unused


def split_names(text: str) -> tuple[str, ...]:
    """The names of a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
