"""Compare the files of a directory with an earlier state, and decide what to build; pure.

Files are compared, not events of editors. So a save by rename, a burst of saves and a file written without a change
all give the right result.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from asterism.values import dataclass
from buildsys.planning.plan import LANGUAGES, PYTHON, Module

Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, size in bytes, and inode number."""

SOURCES = (*LANGUAGES, PYTHON)
HEADERS = (".h", ".hh", ".hpp", ".inc")
SETTLED = (".exports", ".toml", ".xml")
"""Suffixes of files that affect the plan of a build without being compiled."""
NAMES = frozenset({"makeopts", "menuselect.makeopts", "menuselect-deps"})

_BLOCK = re.compile(rb"/\*\*\* MODULEINFO.*?\*\*\*/", re.DOTALL)


def counts(name: str) -> bool:
    """Whether a file of that name can affect a build; temporary files of editors cannot."""
    suffix = PurePosixPath(name).suffix
    is_kind = suffix in SOURCES or suffix in HEADERS or suffix in SETTLED or name in NAMES
    return is_kind and not name.startswith((".", "#"))


def block_of(source: bytes) -> bytes:
    """The MODULEINFO block of a source, which determines its compilation; empty without one."""
    found = _BLOCK.search(source)
    return found[0] if found else b""


@dataclass(frozen=True, slots=True)
class Change:
    """The files that differ between two states of a directory; paths are relative to the directory."""

    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.new or self.gone)

    @property
    def all(self) -> tuple[str, ...]:
        """All changed, new and removed files."""
        return (*self.changed, *self.new, *self.gone)


def change(before: Mapping[str, Stamp], after: Mapping[str, Stamp]) -> Change:
    """Compare two states of a directory."""
    return Change(
        tuple(sorted(path for path in after if path in before and before[path] != after[path])),
        tuple(sorted(path for path in after if path not in before)),
        tuple(sorted(path for path in before if path not in after)),
    )


@dataclass(frozen=True, slots=True)
class Work:
    """What to build after a change."""

    plan_anew: bool = False
    """Whether the plan has to be made again."""
    products: tuple[str, ...] = ()
    """The products to bring up to date; empty for all."""


def work(found: Change, modules: Iterable[Module], settled: Iterable[str]) -> Work:
    """Decide what to build after a change.

    Args:
        found: the files that have changed.
        modules: the modules of the plan.
        settled: changed sources whose modules differ in their code only.
    """
    products = {source: module.product for module in modules for source in module.sources}
    known, kinds = set(settled), {os.path.splitext(path)[1] for path in found.all}
    decides = any(path in NAMES or os.path.basename(path) in NAMES for path in found.all) or kinds & set(SETTLED)
    structure = [path for path in (*found.new, *found.gone) if os.path.splitext(path)[1] in SOURCES]
    if decides or structure or any(path in products and path not in known for path in found.changed):
        return Work(plan_anew=True)
    if any(path not in products for path in found.all):
        return Work()  # a header, or a part of the core: ninja knows the files that depend on it
    return Work(products=tuple(dict.fromkeys(products[path] for path in found.changed)))
