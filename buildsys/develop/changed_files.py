"""What became of the files of a directory since the last look, and what is to be built for it: pure.

Nothing here asks how an editor saves: files are compared, not events, so a save by rename, a burst of saves and a file
that was written without a change all come out right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from asterism.values import dataclass
from buildsys.planning.plan import LANGUAGES, PYTHON, Module

Stamp = tuple[int, int, int]
"""Time of change in nanoseconds, size in bytes, and number of the file."""

SOURCES = (*LANGUAGES, PYTHON)
HEADERS = (".h", ".hh", ".hpp", ".inc")
SETTLED = (".exports", ".toml", ".xml")
"""What decides about a build without being compiled."""
NAMES = frozenset({"makeopts", "menuselect.makeopts", "menuselect-deps"})

_BLOCK = re.compile(rb"/\*\*\* MODULEINFO.*?\*\*\*/", re.DOTALL)


def counts(name: str) -> bool:
    """Whether a file of that name can have a part in a build; what editors leave beside it has none."""
    suffix = PurePosixPath(name).suffix
    is_kind = suffix in SOURCES or suffix in HEADERS or suffix in SETTLED or name in NAMES
    return is_kind and not name.startswith((".", "#"))


def block_of(source: bytes) -> bytes:
    """The MODULEINFO block of a source, which decides what it is compiled with."""
    found = _BLOCK.search(source)
    return found[0] if found else b""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the files between two looks; paths are relative to the directory."""

    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.new or self.gone)

    @property
    def all(self) -> tuple[str, ...]:
        """Every file that something became of."""
        return (*self.changed, *self.new, *self.gone)


def change(before: Mapping[str, Stamp], after: Mapping[str, Stamp]) -> Change:
    """Compare two looks."""
    return Change(
        tuple(sorted(path for path in after if path in before and before[path] != after[path])),
        tuple(sorted(path for path in after if path not in before)),
        tuple(sorted(path for path in before if path not in after)),
    )


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be built."""

    plan_anew: bool = False
    """Whether the plan itself may be another one now."""
    products: tuple[str, ...] = ()
    """What is brought up to date; nothing named means everything."""


def work(found: Change, modules: Iterable[Module], settled: Iterable[str]) -> Work:
    """What is to be built after a change.

    Args:
        found: the change.
        modules: those of the plan.
        settled: sources whose module is what it was, but for its code.
    """
    products = {source: module.product for module in modules for source in module.sources}
    known, kinds = set(settled), {os.path.splitext(path)[1] for path in found.all}
    decides = any(path in NAMES or os.path.basename(path) in NAMES for path in found.all) or kinds & set(SETTLED)
    structure = [path for path in (*found.new, *found.gone) if os.path.splitext(path)[1] in SOURCES]
    if decides or structure or any(path in products and path not in known for path in found.changed):
        return Work(plan_anew=True)
    if any(path not in products for path in found.all):
        return Work()  # a header, or a part of the core: ninja knows who reads it
    return Work(products=tuple(dict.fromkeys(products[path] for path in found.changed)))
