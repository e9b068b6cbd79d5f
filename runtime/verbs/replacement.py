"""The outcome of a replacement, and what decides it: the modules that the program has opened, and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asterism.errors import Fault
from asterism.values import asdict, dataclass
from asterism.words import counted

HOPELESS = frozenset(
    {
        "file",
        "no-such-file",
        "not-elf",
        "wrong-machine",
        "missing-library",
        "registers-nothing",
        "registers-twice",
        "other-layout",
        "python-module",
        "no-load",
        "wrong-key",
        "no-key",
        "no-description",
        "build-options",
    }
)
"""Codes of trial faults that occur in every program.

A decline may depend on a resource that the running module holds, such as a port or a lock, and undefined symbols may
exist in the program: such modules are tried there.
"""


RUN, SAME, REFUSED, BUSY, BACK, LOST = "run", "same", "refused", "busy", "back", "lost"
ALONE, PUT = "alone", "put"
"""The outcomes of a replacement.

The new build runs; the same build runs already; refused, nothing changed; in use; failed, the old build runs again;
neither runs; no program answers, and the file was not, or was, put into the module directory.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A module in the running program: a row of ``module show json``."""

    file: str
    use_count: int
    running: bool
    needs: tuple[str, ...] = ()
    build: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The result of a replacement."""

    module: str
    """The module's file name."""
    outcome: str
    faults: tuple[Fault, ...] = ()
    others: tuple[str, ...] = ()
    """Modules that need this one, and were unloaded and loaded with it."""
    build: str = ""
    """The identifier of the new build; with ``run`` and ``same`` that of the build in the program's memory."""
    trial: float = 0.0
    """The duration of the trial in seconds."""
    taking: float = 0.0
    """The time from the trial until the new code was confirmed to run, in seconds."""

    def as_json(self) -> dict[str, object]:
        """The result as plain data."""
        data = asdict(self)
        return {**data, "faults": [fault.as_json() for fault in self.faults]}


def dependents(rows: Iterable[Shown], file: str) -> list[str]:
    """The modules that hold a module, directly or through others, the nearest first."""
    known = {row.file: row for row in rows}
    found = {file: None}
    for name in (waiting := [file]):
        new = [row.file for row in known.values() if name in row.needs and row.file not in found]
        waiting += new
        found.update(dict.fromkeys(new))
    return list(found)[1:]


def in_use(rows: Sequence[Shown], names: Iterable[str]) -> Fault | None:
    """The fault of modules that cannot be unloaded because something other than a module holds one, or None."""
    for name in names:
        row = next((row for row in rows if row.file == name), None)
        held = sum(name in other.needs for other in rows)
        if row is not None and row.use_count > held:
            extra = row.use_count - held
            why = f"{counted(extra, 'reference')} on it, held by commands, calls or the like"
            cure = "the old build keeps running; try again when the module is no longer in use"
            return Fault(f"{name} is in use", why=why, cure=cure, code="in-use")
    return None
