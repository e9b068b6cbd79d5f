"""The names that Asterisk's main program exports to modules: the header and the kind of each."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism import files
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("core_names.txt")
"""The table of names, written by ``build_tools/core_names.py``."""

NO_HEADER = "-"
"""The value of ``header`` for a name that no public header declares."""


@dataclass(frozen=True, slots=True)
class CoreName:
    """A name that Asterisk's main program exports."""

    name: str
    header: str
    """The header that declares it, ``channel.h``, or :data:`NO_HEADER`."""
    what: str
    """The type that a function returns: ``void``, ``number``, ``real``, ``text`` (``const char *``), ``pointer`` or
    ``structure``; for a variable ``data:SIZE`` with the size in bytes, or ``text:SIZE`` when it is a ``const char *``.
    """
    uses: int
    """The number of modules in a default build of Asterisk that use the name."""

    @property
    def size(self) -> int:
        """The size of a variable in bytes; 0 for a function."""
        return int(self.what.partition(":")[2] or 0)

    @property
    def is_text(self) -> bool:
        """Whether the function returns, or the variable holds, a ``const char *``."""
        return self.what.partition(":")[0] == "text"


@functools.cache
def load() -> Mapping[str, CoreName]:
    """All names of the table, by name."""
    rows = (line.split() for line in files.read_text(FILE).splitlines() if not line.startswith("#"))
    return {name: CoreName(name, header, what, int(uses)) for name, header, what, uses in rows}
