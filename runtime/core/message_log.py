"""The logger: takes the messages of the core and of modules and passes them to sinks.

Levels carry the numbers of Asterisk's logger.h, since modules compiled against it pass them as plain integers.  Each
sink selects its messages: a file of logger.conf, the console, a remote console.
"""

from __future__ import annotations

import contextlib
import enum
import os
import threading
import time
from collections.abc import Callable, Iterator

from asterism.controls import escaped, escaped_lines
from asterism.errors import AsterismError, Fault
from asterism.light.types import Protocol
from asterism.values import dataclass
from runtime.core.registry import Registry

VERBOSE_PREFIXES = {2: "  == ", 3: "    -- ", 4: "       > "}
"""The prefix of each line of a verbose message by level; levels 0 and 1 have none."""

CONTINUED = "    "
"""The indentation of further lines of a message, unless the message indents them itself."""


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
    """Call completion: a level that Asterisk's core adds; it is reserved so that modules get the same numbers."""


FIRST_ADDED = 17
"""The number of the first level that a module may add, the same as in Asterisk."""
LEVELS = 32
"""The number of possible levels (``NUMLOGLEVELS``)."""


@dataclass(frozen=True, slots=True)
class AddedLevel:
    """A log level that a module added (``ast_logger_register_level``)."""

    name: str
    """The level's name in capitals."""
    value: int
    """The level's number, which the module passes to ``ast_log_dynamic_level``."""
    module: str | None = None
    """The module that added the level, without suffix; None when unknown."""


Kind = Level | AddedLevel
"""The kind of a message: a level of the core or of a module."""


class AddedLevels(Registry[AddedLevel]):
    """The log levels that modules added."""

    def __init__(self) -> None:
        super().__init__("log level")
        self._numbering = threading.Lock()

    def register(self, name: str, module: str | None) -> AddedLevel:
        """Add a level with the lowest free number.

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
        """The added level with a number, or None."""
        return next((level for level in self if level.value == value), None)


_TOLD = frozenset({Level.NOTICE, Level.WARNING, Level.ERROR})
"""Levels of messages that may explain why a module declines or fails."""


@dataclass(frozen=True, slots=True)
class Record:
    """A log message."""

    level: Kind
    text: str
    """The text without the final line end."""
    verbosity: int = 0
    """The level of a VERBOSE or DEBUG message, from which on it is shown."""
    file: str = ""
    line: int = 0
    function: str = ""
    time: float = 0.0
    """Seconds since the epoch."""
    thread: int = 0
    """The system's number of the thread that logged the message."""
    call: int = 0
    """The number of the call that the message is about (``ast_callid``); 0 for none."""

    @property
    def shown(self) -> str:
        """The text as sinks write it: without control characters, with further lines indented.

        A message of several lines cannot be mistaken for several messages: a line that begins with a blank continues
        the message above it, and the first line of a message never begins with one, except in verbose messages.
        """
        first, feed, rest = escaped_lines(self.text).partition("\n")
        if not feed or all(not line or line[0] in " \t" for line in rest.split("\n")):
            return first + feed + rest
        return first + "".join(f"\n{CONTINUED}{line}" if line else "\n" for line in rest.split("\n"))

    @property
    def prefixed(self) -> str:
        """The text as sinks write it, each line of a verbose message with the prefix of its level."""
        if self.level is not Level.VERBOSE:
            return self.shown
        sign = VERBOSE_PREFIXES.get(min(self.verbosity, 4), "")
        if not sign:
            return self.shown
        return "\n".join(f"{sign}{line}" for line in escaped_lines(self.text).split("\n"))

    @property
    def origin(self) -> str:
        """File, line and function that logged the message, as far as they are known."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return escaped(f"{place} {self.function}" if place and self.function else place)


class Sink(Protocol):
    """A receiver of messages."""

    def wants(self, record: Record) -> bool:
        """Whether the sink takes a message."""

    def write(self, record: Record) -> None:
        """Write a message; may raise ``OSError``."""


def _own_level(levels: dict[str, int], module: str) -> int:
    return levels.get(os.path.basename(module).partition(".")[0], 0) if levels else 0


class Logger:
    """Takes messages from any thread and passes each to the sinks that want it.

    Attributes:
        verbosity: the common level of ``-v`` and asterisk.conf; log files show verbose messages up to it.
        debugging: the highest level of debug messages that are logged; 0 means none.
        tracing: the highest level of trace messages that are logged; 0 means none.
    """

    def __init__(self, verbose: int = 0, debug: int = 0, trace: int = 0) -> None:
        self.verbosity = verbose
        self.debugging = debug
        self.tracing = trace
        self.debugged: dict[str, int] = {}
        """The debug levels of single modules, by name without suffix."""
        self.traced: dict[str, int] = {}
        """The trace levels of single modules, by name without suffix."""
        self.added = AddedLevels()
        self.call_of_thread: Callable[[], int] = int
        """Returns the number of the current thread's call, 0 for none; set by the C API."""
        self.watchers: list[Callable[[], None]] = []
        """Called when a level changed, for holders of a copy, such as ``option_debug`` in C."""
        self._sinks: tuple[Sink, ...] = ()  # replaced, never changed
        self._failing: set[int] = set()
        self._overheard: dict[int, list[Record]] = {}
        self._changing = threading.Lock()

    def attach(self, sink: Sink) -> None:
        """Add a sink."""
        with self._changing:
            self._sinks = (*self._sinks, sink)
        self.changed()

    def detach(self, sink: Sink) -> None:
        """Remove a sink."""
        with self._changing:
            self._sinks = tuple(other for other in self._sinks if other is not sink)
        self.changed()

    def set_levels(self, *, verbose: int | None = None, debug: int | None = None, trace: int | None = None) -> None:
        """Change the common levels and call the watchers.

        Debug or trace level 0 also removes the levels of single modules, as in Asterisk.
        """
        self.verbosity = self.verbosity if verbose is None else verbose
        self.debugging = self.debugging if debug is None else debug
        self.tracing = self.tracing if trace is None else trace
        for level, own in ((debug, self.debugged), (trace, self.traced)):
            if level == 0:
                own.clear()
        self.changed()

    def set_module_debug(self, module: str, level: int) -> None:
        """Log debug messages of one module up to a level; 0 removes its own level."""
        self._set_own(self.debugged, module, level)

    def set_module_trace(self, module: str, level: int) -> None:
        """Log trace messages of one module up to a level; 0 removes its own level."""
        self._set_own(self.traced, module, level)

    def _set_own(self, levels: dict[str, int], module: str, level: int) -> None:
        levels.pop(module, None)
        if level:
            levels[module] = level
        self.changed()

    def debug_of(self, module: str) -> int:
        """The debug level of a single module, by its name or the path of its source; 0 when it has none."""
        return _own_level(self.debugged, module)

    def trace_of(self, module: str) -> int:
        """The trace level of a single module, by its name or the path of its source; 0 when it has none."""
        return _own_level(self.traced, module)

    def changed(self) -> None:
        """Call the watchers, since levels may have changed."""
        for watcher in self.watchers:
            watcher()

    @property
    def loudest(self) -> int:
        """The highest verbosity at which any sink shows messages: the value of ``option_verbose`` in C."""
        return max([self.verbosity, *(getattr(sink, "verbose", 0) for sink in self._sinks)])

    def log(self, level: int, file: str, line: int, function: str, text: str) -> None:
        """Log a message of a module or of the core (``ast_log``).

        Args:
            level: number of a :class:`Level` or of an added level; an unknown number counts as a notice.
            file: source file of the message; may be empty.
            line: line in ``file``; may be 0.
            function: function in ``file``; may be empty.
            text: the message; one line end at its end is dropped.
        """
        self.put(self._record(self._kind(level), text, 0, file, line, function))

    def _kind(self, value: int) -> Kind:
        if value in Level._value2member_map_:
            return Level(value)
        return self.added.numbered(value) or Level.NOTICE

    def kinds(self) -> dict[str, Kind]:
        """All current levels by name in capitals; added levels come last."""
        return {**Level.__members__, **{level.name: level for level in self.added}}

    def verbose(self, level: int, text: str, file: str = "", line: int = 0, function: str = "") -> None:
        """Log a verbose message (``ast_verb``)."""
        self.put(self._record(Level.VERBOSE, text, level, file, line, function))

    def debug(self, level: int, text: str, file: str = "", line: int = 0, function: str = "") -> None:
        """Log a debug message (``ast_debug``), unless the debug level is lower."""
        if level <= self.debugging or level <= self.debug_of(file):
            self.put(self._record(Level.DEBUG, text, level, file, line, function))

    def notice(self, text: str) -> None:
        """Log a notice of the core."""
        self.log(Level.NOTICE, "", 0, "", text)

    def warning(self, text: str) -> None:
        """Log a warning of the core."""
        self.log(Level.WARNING, "", 0, "", text)

    def error(self, text: str) -> None:
        """Log an error of the core."""
        self.log(Level.ERROR, "", 0, "", text)

    def _record(self, level: Kind, text: str, verbosity: int, file: str, line: int, function: str) -> Record:
        bare = text.removesuffix("\n")
        base = os.path.basename(file)
        thread, call = threading.get_native_id(), self.call_of_thread()
        return Record(level, bare, verbosity, base, line, function, time.time(), thread, call)

    @contextlib.contextmanager
    def overhearing(self) -> Iterator[list[Record]]:
        """Collect the notices, warnings and errors that this thread logs while the body runs."""
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
        """Pass a record to every sink that wants it."""
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
            # Logged once for each series of failures: a full disk must not fill the console as well.
            if id(sink) not in self._failing:
                self._failing.add(id(sink))
                self.error(f"cannot write the log {sink}: {(error.strerror or str(error)).lower()}")
        else:
            self._failing.discard(id(sink))
