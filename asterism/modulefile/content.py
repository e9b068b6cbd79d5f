"""The content of a module's file as a value."""

from __future__ import annotations

from asterism.modulefile.enums import LEVELS, Flag
from asterism.values import TYPE_CHECKING, asdict, dataclass

if TYPE_CHECKING:
    from typing import Literal

SUFFIXES = (".so", ".py")
"""The suffixes of module files."""

FLAG_WORDS = {Flag.GLOBAL_SYMBOLS: "global symbols", Flag.LOAD_ORDER: "load order"}


@dataclass(frozen=True, slots=True)
class Need:
    """An undefined symbol of a file."""

    name: str
    library: str = ""
    """The library whose version of the symbol was linked; empty when any provider is accepted."""
    is_weak: bool = False
    """Whether the file works without the symbol."""

    @property
    def is_open(self) -> bool:
        """Whether the core, another module or a library without versions has to provide the symbol."""
        return not self.is_weak and not self.library


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module, as its file describes it."""

    path: str
    language: Literal["C", "Python"]
    name: str
    """The name of the module; empty for a shared object that registers no module."""
    description: str = ""
    level: str = LEVELS[0]
    """The support level: a name of :data:`asterism.modulefile.enums.LEVELS`."""
    key: str = ""
    """The licence key."""
    flags: int = 0
    """The bits of :class:`asterism.modulefile.enums.Flag`."""
    rank: str = ""
    """The load priority, a number; in a Python module the expression that gives it. Empty for the default."""
    sum: str = ""
    """The build-option sum; empty when the file has none."""
    options: tuple[str, ...] | None = None
    """The options of the sum; None when the file does not name them."""
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    enhances: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    """The callbacks that the module defines, of ``load``, ``unload`` and ``reload``."""
    exports: tuple[str, ...] = ()
    """The exported symbols."""
    needs: tuple[Need, ...] = ()
    libraries: tuple[str, ...] = ()
    """The shared objects that it is linked with."""
    runpath: tuple[str, ...] = ()
    """The directories searched for them before the system's own (DT_RUNPATH, DT_RPATH)."""
    machine: str = ""
    sources: tuple[str, ...] = ()
    """The names and versions that its sources give with ASTERISK_FILE_VERSION."""

    @property
    def is_global(self) -> bool:
        """Whether other modules may use its symbols."""
        return bool(self.flags & Flag.GLOBAL_SYMBOLS)

    @property
    def flag_names(self) -> tuple[str, ...]:
        """The flags in words."""
        return tuple(word for bit, word in FLAG_WORDS.items() if self.flags & bit)

    def as_json(self) -> dict[str, object]:
        """All fields as plain data, with the flags in words."""
        return {**asdict(self), "flags": list(self.flag_names)}
