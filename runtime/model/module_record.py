"""A module's record and its life, as the loader and authors of Python modules see it."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Protocol

from asterism.errors import AsterismError, Fault
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
    """A module could not be opened because nobody provides a symbol it needs.

    Attributes:
        symbol: the first one that the dynamic linker missed.
    """

    def __init__(self, symbol: str, fault: Fault) -> None:
        super().__init__(fault)
        self.symbol = symbol


class LoadResult(enum.IntEnum):
    """What a load callback returns (``enum ast_module_load_result``)."""

    SUCCESS = 0
    DECLINE = 1
    """It cannot run; everything else goes on."""
    FAILURE = -1
    """The whole start must stop."""


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """What a module says about itself (``struct ast_module_info``).

    A Python module has one named ``MODULE``; its name, callbacks and, unless it says otherwise, its
    support level are filled in when it is opened.
    """

    description: str | None
    """One line for ``module show``; None when the record has none."""
    key: str | None = GPL_KEY
    """The licence key, to be checked by the loader."""
    flags: int = Flag.LOAD_ORDER
    """:class:`Flag` bits."""
    load_pri: int = Priority.DEFAULT
    """Its rank among those that start; counts only with :attr:`Flag.LOAD_ORDER`."""
    requires: tuple[str, ...] = ()
    """Modules that must run first."""
    optional: tuple[str, ...] = ()
    """Modules that start first when they are there."""
    enhances: tuple[str, ...] = ()
    """Modules that this one adds to."""
    support_level: int = SupportLevel.UNKNOWN
    """:class:`SupportLevel`."""
    buildopt_sum: str = ""
    """Sum of the build options it was compiled with; empty means none were given."""
    buildopts: tuple[str, ...] | None = None
    """Those options, when its file names them."""
    name: str = ""
    """Its name without suffix."""
    has_load: bool = False
    has_unload: bool = False
    has_reload: bool = False


class Module(Protocol):
    """An opened module, in C or in Python.

    The callbacks are marked for the crash handler while they run, and are called without any Python
    lock held.  None of them checks anything: that is the loader's.
    """

    path: Path
    """The file it came from."""
    info: ModuleInfo

    @property
    def use_count(self) -> int:
        """How many hold it: other modules, running commands, the core."""

    @property
    def build(self) -> str:
        """What tells the code that runs from other builds of it: see :mod:`runtime.modules.build_id`."""

    def use(self, change: int) -> int:
        """Change the use count by ``change``; never below 0.  Returns the new count."""

    def set_running(self, running: bool) -> None:
        """Note that it runs or does not, for ``ast_module_running_ref``."""

    def load(self) -> int:
        """Call its load callback; returns what that returned."""

    def unload(self) -> int:
        """Call its unload callback; returns what that returned: 0, or a refusal."""

    def reload(self) -> int:
        """Call its reload callback; returns what that returned: 0, or that it failed."""

    def close(self) -> None:
        """Close it (dlclose); it must not be used afterwards.  Raises AsterismError when it stays open."""
