"""Registries of what modules register for the dialplan: applications and functions, found by name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.light.types import Generic, Protocol, TypeVar
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from runtime.model.emulated_channel import Channel

Execute = Callable[["Channel | None", str], int]
"""Runs an application on a channel with its argument text: 0 to continue, -1 to hang up."""
Read = Callable[["Channel | None", str], str]
"""Evaluates a function with its argument text.  Raises AsterismError when it has no value."""
Write = Callable[["Channel | None", str, str], None]
"""Sets a function with its argument text to a value.  Raises AsterismError when it cannot be set."""


@dataclass(frozen=True, slots=True)
class Application:
    """A dialplan application, as registered by a module."""

    name: str
    execute: Execute
    module: str | None = None
    """The module that registered the application, without suffix; None for the core."""
    synopsis: str = ""
    """A one-line summary for ``core show applications``."""
    syntax: str = ""
    """The syntax: ``Name(a[,b])``."""
    arguments: str = ""
    """The meaning of the arguments."""
    description: str = ""
    """Paragraphs for ``core show application``."""


@dataclass(frozen=True, slots=True)
class Function:
    """A dialplan function, as registered by a module; it can be read, written or both."""

    name: str
    read: Read | None = None
    write: Write | None = None
    module: str | None = None
    """The module that registered the function, without suffix; None for the core."""
    synopsis: str = ""
    syntax: str = ""
    arguments: str = ""
    description: str = ""
    see_also: str = ""
    read_escalates: bool = False
    """Whether reading the function needs a special privilege."""
    write_escalates: bool = False


class Registered(Protocol):
    """An entry of a registry."""

    @property
    def name(self) -> str:
        """The entry's name, by which it is found."""

    @property
    def module(self) -> str | None:
        """The module that registered the entry; None for the core."""


T = TypeVar("T", bound=Registered)


class Registry(Generic[T]):
    """Entries by name; any thread may change and read them.

    Args:
        kind: what an entry is, for messages: ``application``.
        exact: whether case distinguishes names, as for functions in Asterisk.
    """

    def __init__(self, kind: str = "entry", *, exact: bool = False) -> None:
        self.kind = kind
        self._key: Callable[[str], str] = str if exact else str.lower
        self._all: dict[str, T] = {}  # replaced, never changed: readers need no lock
        self._changing = threading.Lock()
        self._own: Callable[[], Iterable[T]] | None = None
        self._filling = threading.Lock()

    def provide(self, own: Callable[[], Iterable[T]]) -> None:
        """Set the function that returns the core's own entries; it is called at the first look-up."""
        self._own = own

    @property
    def _entries(self) -> dict[str, T]:
        if self._own is not None:
            with self._filling:
                if self._own is not None:
                    self._all = {self._key(entry.name): entry for entry in self._own()}
                    self._own = None  # last, since other threads wait until then
        return self._all

    def add(self, entry: T) -> None:
        """Register an entry.

        Raises:
            AsterismError: its name is empty or taken; nothing changed.
        """
        if not entry.name:
            raise AsterismError(Fault(f"the name of the {self.kind} is empty", code="empty-name"))
        key = self._key(entry.name)
        with self._changing:
            if key in self._entries:
                raise AsterismError(self._taken(self._entries[key]))
            self._all = {**self._entries, key: entry}

    def _taken(self, other: T) -> Fault:
        owner = f"module {other.module}" if other.module else "the core"
        return Fault(
            f"the {self.kind} '{other.name}' exists already",
            why=f"{owner} registered it",
            cure="give it another name, or unload that module first",
            code="name-taken",
        )

    def remove(self, name: str) -> T | None:
        """Remove an entry.  Returns it, or None when there is none of that name."""
        with self._changing:
            entries = dict(self._entries)
            gone = entries.pop(self._key(name), None)
            self._all = entries
        return gone

    def remove_of(self, module: str) -> list[T]:
        """Remove all entries of a module.  Returns them, sorted."""
        if self._own is not None:
            return []  # no module has registered an entry yet
        gone = [entry for entry in self if entry.module == module]
        for entry in gone:
            self.remove(entry.name)
        return gone

    def find(self, name: str) -> T | None:
        """The entry of that name, or None."""
        return self._entries.get(self._key(name))

    def has(self, entry: T) -> bool:
        """Whether this entry object is registered, not another one of its name."""
        return self._entries.get(self._key(entry.name)) is entry

    def names(self) -> list[str]:
        """All names, sorted."""
        return [entry.name for entry in self]

    def __iter__(self) -> Iterator[T]:
        """Iterate over the entries in the order of their names, without regard to case."""
        entries = self._entries
        return iter([entries[key] for key in sorted(entries, key=str.lower)])

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._key(name) in self._entries
