"""The names that Asterisk's main program exports to modules: where each is declared and what it is."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism import files
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("core_names.txt")
"""Written by ``build_tools/core_names.py``."""

NO_HEADER = "-"
"""The header of a name that no public header declares."""


@dataclass(frozen=True, slots=True)
class CoreName:
    """A name that Asterisk exports."""

    name: str
    header: str
    """The header that declares it, ``channel.h``, or :data:`NO_HEADER`."""
    what: str
    """What a function returns: ``void``, ``number``, ``real``, ``text`` (``const char *``), ``pointer`` or
    ``structure``; a variable is ``data:SIZE``, in bytes."""
    uses: int
    """How many modules of a default build of Asterisk use it."""

    @property
    def size(self) -> int:
        """The size of a variable in bytes; 0 for a function."""
        return int(self.what.removeprefix("data:")) if self.what.startswith("data:") else 0


@functools.cache
def load() -> Mapping[str, CoreName]:
    """All names, by name."""
    rows = (line.split() for line in files.read_text(FILE).splitlines() if not line.startswith("#"))
    return {name: CoreName(name, header, what, int(uses)) for name, header, what, uses in rows}
