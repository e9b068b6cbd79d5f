"""The record and the interface of a module, for the loader and for authors of Python modules."""

from __future__ import annotations

import enum
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.light.types import Protocol
from asterism.modulefile.enums import Flag, Priority, SupportLevel
from asterism.values import dataclass

__all__ = [
    "GPL_KEY",
    "Flag",
    "LoadResult",
    "Module",
    "ModuleInfo",
    "Priority",
    "SupportLevel",
    "UndefinedSymbolError",
]

GPL_KEY = (
    "By giving this key, the author of this module states that it is free software "
    "under the GNU General Public License, version 2 or (at your option) any later version.\n"
)
"""ASTERISK_GPL_KEY of this project's asterisk/module.h."""


class UndefinedSymbolError(AsterismError):
    """The error of a module that needs an undefined symbol.

    Attributes:
        symbol: the first symbol that the dynamic linker did not find.
    """

    def __init__(self, symbol: str, fault: Fault) -> None:
        super().__init__(fault)
        self.symbol = symbol


class LoadResult(enum.IntEnum):
    """The result of a load callback (``enum ast_module_load_result``)."""

    SUCCESS = 0
    DECLINE = 1
    """The module cannot run; the start continues."""
    FAILURE = -1
    """The start must stop."""


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """A module's description of itself (``struct ast_module_info``).

    A Python module defines one as ``MODULE``.  Its name and callbacks, and its support level unless it is given, are
    filled in when the module is opened.
    """

    description: str | None
    """One line for ``module show``; None when the record has none."""
    key: str | None = GPL_KEY
    """The licence key, which the loader checks."""
    flags: int = Flag.LOAD_ORDER
    """Bits of :class:`Flag`."""
    load_pri: int = Priority.DEFAULT
    """The load priority, lower first; used only with :attr:`Flag.LOAD_ORDER`."""
    requires: tuple[str, ...] = ()
    """Modules that must run first."""
    optional: tuple[str, ...] = ()
    """Modules that start first if they are available."""
    enhances: tuple[str, ...] = ()
    """Modules that this one extends."""
    support_level: int = SupportLevel.UNKNOWN
    """A value of :class:`SupportLevel`."""
    buildopt_sum: str = ""
    """The checksum of the build options that the module was compiled with; empty when unknown."""
    buildopts: tuple[str, ...] | None = None
    """The names of those options; None when the module's file does not contain them."""
    name: str = ""
    """The module's name without suffix."""
    has_load: bool = False
    has_unload: bool = False
    has_reload: bool = False


class Module(Protocol):
    """An opened module, in C or in Python.

    The callbacks are marked for the crash handler while they run, and are called without any Python lock held.  The
    methods check nothing: the loader does.
    """

    path: Path
    """The module's file."""
    info: ModuleInfo

    @property
    def use_count(self) -> int:
        """The number of references on the module, from other modules, running commands and the core."""

    @property
    def build(self) -> str:
        """The build identifier of the running code: see :mod:`runtime.modules.build_id`."""

    def use(self, change: int) -> int:
        """Change the use count by ``change``, never below 0.  Returns the new count."""

    def set_running(self, running: bool) -> None:
        """Record whether the module runs, for ``ast_module_running_ref``."""

    def load(self) -> int:
        """Call the load callback.  Returns its result."""

    def unload(self) -> int:
        """Call the unload callback.  Returns its result: 0, or a refusal."""

    def reload(self) -> int:
        """Call the reload callback.  Returns its result: 0, or a failure."""

    def close(self) -> None:
        """Close the module (dlclose), which must not be used afterwards.  Raises AsterismError when it stays open."""
