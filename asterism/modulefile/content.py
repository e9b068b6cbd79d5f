"""What a module's file says of itself, as a value."""

from __future__ import annotations

from asterism.modulefile.enums import LEVELS, Flag
from asterism.values import TYPE_CHECKING, asdict, dataclass

if TYPE_CHECKING:
    from typing import Literal

SUFFIXES = (".so", ".py")
"""How the names of module files end."""

FLAG_WORDS = {Flag.GLOBAL_SYMBOLS: "global symbols", Flag.LOAD_ORDER: "load order"}


@dataclass(frozen=True, slots=True)
class Need:
    """A symbol that a file uses and does not have."""

    name: str
    library: str = ""
    """The library whose version of it was linked against; empty when any provider will do."""
    is_weak: bool = False
    """Whether the file works without."""

    @property
    def is_open(self) -> bool:
        """Whether the core, another module or a library without versions must provide it."""
        return not self.is_weak and not self.library


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module as its file has it."""

    path: str
    language: Literal["C", "Python"]
    name: str
    """Empty for a shared object that registers no module."""
    description: str = ""
    level: str = LEVELS[0]
    """The support level: a name of :data:`asterism.modulefile.enums.LEVELS`."""
    key: str = ""
    """The licence key."""
    flags: int = 0
    """:class:`asterism.modulefile.enums.Flag` bits."""
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
    """The callbacks that the module has, of ``load``, ``unload`` and ``reload``."""
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
        return bool(self.flags & Flag.GLOBAL_SYMBOLS)

    @property
    def flag_names(self) -> tuple[str, ...]:
        """Its flags in words."""
        return tuple(word for bit, word in FLAG_WORDS.items() if self.flags & bit)

    def as_json(self) -> dict[str, object]:
        """All of it as plain data."""
        return {**asdict(self), "flags": list(self.flag_names)}
