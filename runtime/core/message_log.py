"""The logger: one place that takes what the core and the modules have to say, and gives it to its sinks.

Levels carry the numbers of Asterisk's logger.h, since modules compiled against it pass them as plain
integers.  A sink decides by itself what it wants: a file of logger.conf, the console, a remote console.
"""

from __future__ import annotations

import contextlib
import enum
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from asterism.controls import escaped, escaped_lines
from asterism.errors import AsterismError, Fault
from asterism.values import dataclass
from runtime.core.registry import Registry

VERBOSE_PREFIXES = {2: "  == ", 3: "    -- ", 4: "       > "}
"""What stands before each line of a verbose message of that level; level 0 and 1 stand at the margin."""

CONTINUED = "    "
"""What stands before the further lines of a message, unless the message sets them in by itself."""


class Level(enum.IntEnum):
    """Kinds of log message, numbered as in Asterisk."""

    DEBUG = 0
    TRACE = 1
    NOTICE = 2
    WARNING = 3
    ERROR = 4
    VERBOSE = 5
    DTMF = 6
    CC = 16
    """Call completion: the level that Asterisk's core itself adds, so that modules get the same numbers."""


FIRST_ADDED = 17
"""Number of the first level that a module may add, as in Asterisk once its core has added its own."""
LEVELS = 32
"""How many numbers there are (``NUMLOGLEVELS``)."""


@dataclass(frozen=True, slots=True)
class AddedLevel:
    """A kind of log message that a module added (``ast_logger_register_level``)."""

    name: str
    """In capitals."""
    value: int
    """What the module passes to ``ast_log_dynamic_level``."""
    module: str | None = None
    """Who added it, without suffix; None when nobody can tell."""


Kind = Level | AddedLevel
"""What a message is."""


class AddedLevels(Registry[AddedLevel]):
    """The levels that modules added."""

    def __init__(self) -> None:
        super().__init__("log level")
        self._numbering = threading.Lock()

    def register(self, name: str, module: str | None) -> AddedLevel:
        """Add a level and give it the lowest number that is free.

        Raises:
            AsterismError: the name is empty or taken, or no number is left.
        """
        if name.upper() in Level.__members__:
            why = "it is one of the core's own"
            raise AsterismError(Fault(f"the log level '{name}' exists already", why=why, code="name-taken"))
        with self._numbering:
            free = set(range(FIRST_ADDED, LEVELS)) - {level.value for level in self}
            if not free:
                why = f"modules added {LEVELS - FIRST_ADDED}, which is all there can be"
                raise AsterismError(Fault(f"no number is left for the log level '{name}'", why=why, code="no-number"))
            level = AddedLevel(name.upper(), min(free), module)
            self.add(level)
        return level

    def numbered(self, value: int) -> AddedLevel | None:
        """The level of that number, or None."""
        return next((level for level in self if level.value == value), None)


_TOLD = frozenset({Level.NOTICE, Level.WARNING, Level.ERROR})
"""Levels at which a module says why something goes wrong."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message."""

    level: Kind
    text: str
    """Without the line end."""
    verbosity: int = 0
    """Of a VERBOSE or DEBUG message: the level from which on it is shown."""
    file: str = ""
    line: int = 0
    function: str = ""
    time: float = 0.0
    """Seconds since the epoch."""
    thread: int = 0
    """The system's number of the thread that spoke."""
    call: int = 0
    """The number of the call it spoke of (``ast_callid``); 0 of none."""

    @property
    def shown(self) -> str:
        """The text as sinks write it: without control characters, its further lines set in.

        A message of several lines cannot be mistaken for several messages: a line that begins with a blank goes on
        with the message above it, and a line that begins a message never begins with one, but for verbose messages.
        """
        first, feed, rest = escaped_lines(self.text).partition("\n")
        if not feed or all(not line or line[0] in " \t" for line in rest.split("\n")):
            return first + feed + rest
        return first + "".join(f"\n{CONTINUED}{line}" if line else "\n" for line in rest.split("\n"))

    @property
    def prefixed(self) -> str:
        """The text as sinks write it, each line of a verbose message with the sign of its level."""
        if self.level is not Level.VERBOSE:
            return self.shown
        sign = VERBOSE_PREFIXES.get(min(self.verbosity, 4), "")
        if not sign:
            return self.shown
        return "\n".join(f"{sign}{line}" for line in escaped_lines(self.text).split("\n"))

    @property
    def origin(self) -> str:
        """File, line and function that spoke, as far as they are known."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return escaped(f"{place} {self.function}" if place and self.function else place)


class Sink(Protocol):
    """Something that takes messages."""

    def wants(self, record: Record) -> bool:
        """Whether this message is for it."""

    def write(self, record: Record) -> None:
        """Take it; may raise ``OSError``."""


def _own_level(levels: dict[str, int], module: str) -> int:
    return levels.get(os.path.basename(module).partition(".")[0], 0) if levels else 0


class Logger:
    """Takes messages from any thread and hands each to the sinks that want it.

    Attributes:
        verbosity: what ``-v`` and asterisk.conf asked for; log files show verbose messages up to it.
        debugging: the level of debug messages that are made at all; 0 means none.
        tracing: the level of trace messages that are made at all; 0 means none.
    """

    def __init__(self, verbose: int = 0, debug: int = 0, trace: int = 0) -> None:
        self.verbosity = verbose
        self.debugging = debug
        self.tracing = trace
        self.debugged: dict[str, int] = {}
        """The debug levels of modules that have one of their own, by their names without suffix."""
        self.traced: dict[str, int] = {}
        """The trace levels of modules that have one of their own, by their names without suffix."""
        self.added = AddedLevels()
        self.call_of_thread: Callable[[], int] = int
        """The number of the call that the asking thread works on, 0 for none; set by the C API."""
        self.watchers: list[Callable[[], None]] = []
        """Called when a level changed, for those who keep a copy, such as the C side's ``option_debug``."""
        self._sinks: tuple[Sink, ...] = ()  # replaced, never changed
        self._failing: set[int] = set()
        self._overheard: dict[int, list[Record]] = {}
        self._changing = threading.Lock()

    def attach(self, sink: Sink) -> None:
        """Give a sink everything from now on."""
        with self._changing:
            self._sinks = (*self._sinks, sink)
        self.changed()

    def detach(self, sink: Sink) -> None:
        """Stop giving it anything."""
        with self._changing:
            self._sinks = tuple(other for other in self._sinks if other is not sink)
        self.changed()

    def set_levels(self, *, verbose: int | None = None, debug: int | None = None, trace: int | None = None) -> None:
        """Change the common levels and tell the watchers.

        Debug or trace 0 also takes away the levels that modules have of their own, as in Asterisk.
        """
        self.verbosity = self.verbosity if verbose is None else verbose
        self.debugging = self.debugging if debug is None else debug
        self.tracing = self.tracing if trace is None else trace
        for level, own in ((debug, self.debugged), (trace, self.traced)):
            if level == 0:
                own.clear()
        self.changed()

    def set_module_debug(self, module: str, level: int) -> None:
        """Let one module make debug messages up to a level; 0 takes its own level away."""
        self._set_own(self.debugged, module, level)

    def set_module_trace(self, module: str, level: int) -> None:
        """Let one module make trace messages up to a level; 0 takes its own level away."""
        self._set_own(self.traced, module, level)

    def _set_own(self, levels: dict[str, int], module: str, level: int) -> None:
        levels.pop(module, None)
        if level:
            levels[module] = level
        self.changed()

    def debug_of(self, module: str) -> int:
        """The debug level of a module's own, by its name or the path of its source; 0 when it has none."""
        return _own_level(self.debugged, module)

    def trace_of(self, module: str) -> int:
        """The trace level of a module's own, by its name or the path of its source; 0 when it has none."""
        return _own_level(self.traced, module)

    def changed(self) -> None:
        """Tell the watchers that levels may have changed."""
        for watcher in self.watchers:
            watcher()

    @property
    def loudest(self) -> int:
        """The verbosity up to which a verbose message reaches anybody: what C's ``option_verbose`` holds."""
        return max([self.verbosity, *(getattr(sink, "verbose", 0) for sink in self._sinks)])

    def log(self, level: int, file: str, line: int, function: str, text: str) -> None:
        """Take a message of a module or of the core (``ast_log``).

        Args:
            level: number of a :class:`Level` or of one that a module added; an unknown one is taken as a notice.
            file: source file, line and function it comes from; may be empty or 0.
            line: see ``file``.
            function: see ``file``.
            text: the message; one line end at its end is dropped.
        """
        self.put(self._record(self._kind(level), text, 0, file, line, function))

    def _kind(self, value: int) -> Kind:
        if value in Level._value2member_map_:
            return Level(value)
        return self.added.numbered(value) or Level.NOTICE

    def kinds(self) -> dict[str, Kind]:
        """Every level there is now, by its name in capitals; those that modules added come last."""
        return {**Level.__members__, **{level.name: level for level in self.added}}

    def verbose(self, level: int, text: str, file: str = "", line: int = 0, function: str = "") -> None:
        """Take a verbose message (``ast_verb``)."""
        self.put(self._record(Level.VERBOSE, text, level, file, line, function))

    def debug(self, level: int, text: str, file: str = "", line: int = 0, function: str = "") -> None:
        """Take a debug message (``ast_debug``); dropped unless debugging is on at that level."""
        if level <= self.debugging or level <= self.debug_of(file):
            self.put(self._record(Level.DEBUG, text, level, file, line, function))

    def notice(self, text: str) -> None:
        """Say something worth knowing, from the core."""
        self.log(Level.NOTICE, "", 0, "", text)

    def warning(self, text: str) -> None:
        """Say that something is not as it should be, from the core."""
        self.log(Level.WARNING, "", 0, "", text)

    def error(self, text: str) -> None:
        """Say that something failed, from the core."""
        self.log(Level.ERROR, "", 0, "", text)

    def _record(self, level: Kind, text: str, verbosity: int, file: str, line: int, function: str) -> Record:
        bare = text.removesuffix("\n")
        base = os.path.basename(file)
        thread, call = threading.get_native_id(), self.call_of_thread()
        return Record(level, bare, verbosity, base, line, function, time.time(), thread, call)

    @contextlib.contextmanager
    def overhearing(self) -> Iterator[list[Record]]:
        """Collect what this thread says while the body runs: notices, warnings and errors."""
        thread = threading.get_native_id()
        outer = self._overheard.get(thread)
        said = self._overheard[thread] = []
        try:
            yield said
        finally:
            if outer is None:
                del self._overheard[thread]
            else:
                self._overheard[thread] = outer
                outer += said

    def put(self, record: Record) -> None:
        """Hand a record to every sink that wants it."""
        listening = self._overheard.get(record.thread)
        if listening is not None and record.level in _TOLD:
            listening.append(record)
        for sink in self._sinks:
            if sink.wants(record):
                self._give(sink, record)

    def _give(self, sink: Sink, record: Record) -> None:
        try:
            sink.write(record)
        except OSError as error:
            # Said once for each spell of trouble: a full disk must not fill the console as well.
            if id(sink) not in self._failing:
                self._failing.add(id(sink))
                self.error(f"cannot write the log {sink}: {(error.strerror or str(error)).lower()}")
        else:
            self._failing.discard(id(sink))
