"""What a module's file says of itself; the file is read, and nothing in it is run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from asterism import files
from asterism.errors import AsterismError, Fault, Place

SUFFIXES = (".so", ".py")
LEVELS = ("unknown", "core", "extended", "deprecated")
"""``enum ast_module_support_level``."""

FLAGS = {1: "global symbols", 2: "load order"}
"""``enum ast_module_flags``, bit by bit."""

BUILDOPTS_MARK = b"asterism-buildopts:"
"""Stands before the build options in a module's file (``AST_MODULE_BUILDOPTS_`` of asterisk/module.h)."""


SOURCE_MARK = b"asterism-source:"
"""Stands before a source's name and version (``ASTERISK_FILE_VERSION`` of asterisk.h)."""


@dataclass(frozen=True, slots=True)
class Need:
    """A symbol that a file uses and does not have."""

    name: str
    library: str = ""
    """The library whose version of it was linked against; empty when any provider will do."""
    is_weak: bool = False
    """Whether the file works without."""


@dataclass(frozen=True, slots=True)
class Binary:
    """A module as its file has it."""

    path: str
    language: Literal["C", "Python"]
    name: str
    description: str = ""
    level: str = LEVELS[0]
    """One of :data:`LEVELS`."""
    key: str = ""
    """The licence key."""
    flags: int = 0
    """Bits, see :data:`FLAGS`."""
    rank: str = ""
    """A number; in a Python module the expression that gives it. Empty when it has none of its own."""
    sum: str = ""
    """The build-option sum; empty when it names none."""
    options: tuple[str, ...] | None = None
    """The options behind the sum; None when the file does not name them."""
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    enhances: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    """Those of ``load``, ``unload`` and ``reload`` that it has."""
    exports: tuple[str, ...] = ()
    """Symbols that others can see."""
    needs: tuple[Need, ...] = ()
    libraries: tuple[str, ...] = ()
    """Shared objects that are opened with it."""
    runpath: tuple[str, ...] = ()
    """Where it looks for them before the system's own directories (DT_RUNPATH, DT_RPATH)."""
    machine: str = ""
    sources: tuple[str, ...] = ()
    """What its sources say of themselves by ASTERISK_FILE_VERSION: a name and a version, or what stands for one."""

    @property
    def is_global(self) -> bool:
        """Whether other modules are given its symbols."""
        return bool(self.flags & 1)

    @property
    def flag_names(self) -> tuple[str, ...]:
        """Its flags in words."""
        return tuple(word for bit, word in FLAGS.items() if self.flags & bit)

    def as_json(self) -> dict[str, object]:
        """All of it as plain data."""
        return {**asdict(self), "flags": list(self.flag_names)}


def read(path: Path) -> Binary:
    """Read a module's file, ``NAME.so`` or ``NAME.py``.

    Raises:
        AsterismError: it cannot be read, is damaged, or is no module.
    """
    # Each of them brings a reader along that the other does not need.
    if path.suffix == ".py":
        from buildsys import binary_python

        return binary_python.parse(files.read_text(path), str(path))
    if path.suffix != ".so":
        cure = "name a NAME.so or NAME.py"
        raise AsterismError(Fault("it is no module by its name", Place(str(path)), "", cure, "no-module"))
    from buildsys import binary_elf

    found = binary_elf.parse(files.read_bytes(path, files.BINARY), str(path))
    if not found.name:
        what, cure = "it registers no module", "close its source with AST_MODULE_INFO(...)"
        raise AsterismError(Fault(what, Place(str(path)), "", cure, "registers-nothing"))
    return found
