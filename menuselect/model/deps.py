"""menuselect-deps: the results of configure.

A line reads ``NAME=current[:previous]``: 1 found, 0 missing, -1 disabled by the user.  ``previous`` is
the result of the previous run of configure.
"""

from __future__ import annotations

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.light.enumeration import Enum
from asterism.tree import DEPS
from asterism.values import TYPE_CHECKING, dataclass, field
from menuselect.model import buffer_limits
from menuselect.model.buffer_limits import Limits
from menuselect.model.menu import fold
from menuselect.model.notices import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class State(Enum):
    """The state of an external dependency."""

    MET = "met"
    UNMET = "unmet"
    DISABLED = "disabled"
    """Switched off with ``--without-X``."""
    UNKNOWN = "unknown"
    """An invalid value, or a tree that was never configured."""
    UNLISTED = "unlisted"
    """configure does not check for the dependency."""


_VALUES = {"1": State.MET, "0": State.UNMET, "-1": State.DISABLED}


@dataclass(frozen=True, slots=True)
class Dependency:
    """A line of menuselect-deps."""

    name: str
    """The name as configure spells it, in capitals."""
    state: State
    previous: State = State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Deps:
    """The contents of menuselect-deps; :attr:`known` is false for a tree that was never configured."""

    entries: tuple[Dependency, ...] = ()
    known: bool = True
    notes: tuple[Note, ...] = ()
    """Notes on invalid lines."""
    _first: Mapping[str, Dependency] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first: dict[str, Dependency] = {}
        for entry in self.entries:
            first.setdefault(fold(entry.name), entry)
        object.__setattr__(self, "_first", first)

    def find(self, name: str) -> Dependency | None:
        """The first entry of that name, without regard to case."""
        return self._first.get(fold(name))

    def state(self, name: str) -> State:
        """The state of a dependency."""
        if not self.known:
            return State.UNKNOWN
        entry = self.find(name)
        return entry.state if entry else State.UNLISTED

    def is_met(self, name: str) -> bool:
        """Whether a dependency is met; true for every name in a tree that was never configured."""
        return not self.known or self.state(name) is State.MET

    def is_present(self, name: str) -> bool:
        """Whether a dependency is present, so that members in conflict with it must stay off."""
        return self.state(name) is State.MET


UNKNOWN = Deps(known=False)
"""A tree that was never configured."""


def loads(text: str, limit: Limits = buffer_limits.NONE, file: str = DEPS) -> Deps:
    """Parse the text of menuselect-deps (``process_deps`` of menuselect.c); never fails."""
    notes: list[Note] = []
    entries = []
    for number, line in enumerate(buffer_limits.lines(text, limit.deps_line), 1):
        name, equals, values = line.partition("\r")[0].rstrip("\n").partition("=")
        if equals:
            entries.append(_entry(name, values, limit, notes, Place(file, number)))
    return Deps(tuple(entries), notes=tuple(notes))


def _entry(name: str, values: str, limit: Limits, notes: list[Note], place: Place) -> Dependency:
    texts = values.split(":")[:2]
    states = []
    for text in texts:
        state = _value(text)
        states.append(state)
        if state is State.UNKNOWN:
            notes.append(Note("unknown-dependency-value", (text, name), place))
    return Dependency(buffer_limits.cut(name, limit.deps_name), *states)


def _value(text: str) -> State:
    if text in _VALUES:
        return _VALUES[text]
    import re  # half of the start-up time, needed only for unusual values

    # As scanf's %d reads: blanks, a sign, digits, then anything.
    match = re.match(r"[ \t\n\v\f\r]*([+-]?)0*([0-9]+)", text)
    if not match:
        return State.UNKNOWN
    sign, digits = match.groups()
    return _VALUES.get(("-" if sign == "-" and digits != "0" else "") + digits, State.UNKNOWN)


def dumps(entries: Iterable[Dependency]) -> str:
    """The text of menuselect-deps, as configure writes it; states other than met and disabled are written 0."""
    codes = {State.MET: "1", State.DISABLED: "-1"}
    lines = []
    for entry in entries:
        previous = f":{codes.get(entry.previous, '0')}" if entry.previous is not State.UNKNOWN else ""
        lines.append(f"{entry.name}={codes.get(entry.state, '0')}{previous}\n")
    return "".join(lines)


def load(path: str = DEPS, limit: Limits = buffer_limits.NONE) -> Deps:
    """Read menuselect-deps.

    Raises:
        AsterismError: the file cannot be read; code ``not-configured``, status 255.
    """
    try:
        return loads(files.read_text(path), limit, path)
    except AsterismError as error:
        fault = error.faults[0]
        cure = "run ./configure first"
        raise AsterismError(
            Fault("the results of configure are missing", fault.place, fault.why, cure, "not-configured"), status=255
        ) from error


def load_if_there(path: str = DEPS) -> Deps:
    """Read menuselect-deps; :data:`UNKNOWN` when the tree was never configured.

    Raises:
        AsterismError: the file exists and cannot be read.
    """
    try:
        return loads(files.read_text(path), file=path)
    except AsterismError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return UNKNOWN
        raise
