"""The running core: what modules, commands and the console share, in one object handed around.

The rooms that use it (the C API, commands, console, control socket) never import each other through
it; :mod:`runtime.program.program` puts the parts together.
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from typing import TYPE_CHECKING, Protocol

from asterism.errors import AsterismError
from asterism.values import dataclass, replace
from runtime.conf.cli_permissions import Permissions
from runtime.core.actions import Actions
from runtime.core.commands import Client, Table
from runtime.core.database import Database
from runtime.core.documentation import Documentation
from runtime.core.events import Hub
from runtime.core.holding import Doing, Holding, unheld, untold
from runtime.core.journal import Journal
from runtime.core.login_reports import Report, nobody
from runtime.core.message_log import Logger
from runtime.core.registry import Application, Function, Registry
from runtime.core.unit_tests import Tests
from runtime.model.emulated_channel import Channel, Channels
from runtime.model.extensions import Plans
from runtime.model.phone import Phones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from asterism.errors import Fault
    from runtime.conf.asterisk_conf import Settings


class Force(enum.IntEnum):
    """How much an unload insists (``enum ast_module_unload_mode``)."""

    SOFT = 0
    """Refuse while the module is in use."""
    FIRM = 1
    """Ignore the use count."""
    HARD = 2
    """Ignore its refusal as well."""


class Reload(enum.IntEnum):
    """What became of a reload (``enum ast_module_reload_result``)."""

    SUCCESS = 0
    QUEUED = 1
    NOT_FOUND = 2
    ERROR = 3
    IN_PROGRESS = 4
    UNINITIALIZED = 5
    NOT_IMPLEMENTED = 6


class ModuleRow(Protocol):
    """What is told of an opened module."""

    @property
    def file(self) -> str:
        """The name of its file."""

    @property
    def description(self) -> str:
        """What it is."""

    @property
    def use_count(self) -> int:
        """How many hold it."""

    @property
    def running(self) -> bool:
        """Whether it runs."""

    @property
    def support_level(self) -> str:
        """Who looks after it."""


class ModuleLoader(Protocol):
    """What the C API needs of the loader; :class:`runtime.loader.loader.Loader` is one."""

    def load(self, name: str) -> str:
        """Open and start a module; returns its file name.  Raises AsterismError."""

    def announce(self, name: str) -> None:
        """Tell the log that a module was loaded."""

    def unload(self, name: str, force: Force = Force.SOFT) -> str:
        """Stop and close a module; returns its file name.  Raises AsterismError."""

    def reload(self, name: str | None = None) -> Reload:
        """Have a module, or all of them, read their configuration again."""

    def refresh(self, name: str, *, recursively: bool = False) -> str:
        """Unload a module and load it again; returns its file name.  Raises AsterismError."""

    def is_running(self, name: str) -> bool:
        """Whether a module of that name runs (``ast_module_check``)."""

    def files(self) -> list[str]:
        """Names of the files in the module directory that can be modules, sorted."""

    def reloadable(self) -> list[str]:
        """File names of the modules that run and can be reloaded, sorted."""

    def rows(self) -> Sequence[ModuleRow]:
        """All opened modules, as ``module show`` lists them."""

    def names(self, *, running: bool | None = None) -> Iterable[str]:
        """File names of the opened modules, sorted; only those running or not running if asked."""


class Manager(Protocol):
    """What the rest of the core needs of the manager; :class:`runtime.manager.service.Service` is one."""

    @property
    def is_running(self) -> bool:
        """Whether the manager listens (``ast_manager_check_enabled``)."""

    def start(self) -> None:
        """Listen if manager.conf says so."""

    def stop(self) -> None:
        """Stop listening, and disconnect all clients."""


class NoManager:
    """Stands in for the manager in a core without one: of a plan, of a trial load, of a test."""

    is_running = False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class Niceness(enum.IntEnum):
    """How a stop is done."""

    NOW = 0
    """At once; no module is asked."""
    GRACEFULLY = 1
    """Modules are unloaded, from the last started to the first."""
    WHEN_CONVENIENT = 2
    """The same, once nothing is in use."""


class Halt:
    """The request to stop: made by a command, a signal or the end of input, once; met by the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._changing = threading.Lock()
        self.niceness = Niceness.GRACEFULLY
        self.status = 0
        """The exit status of the program."""
        self.restart = False
        """Whether the program starts anew when it has stopped."""
        self.is_under_way = False
        """Whether the stop has begun."""
        self.wakers: list[Callable[[], None]] = []
        """Called once the request is made, by whoever makes it."""

    def request(self, niceness: Niceness, status: int = 0, *, restart: bool = False) -> None:
        """Ask for the stop.  A ruder request overtakes a nicer one that is under way; a nicer one changes nothing."""
        with self._changing:
            if self._asked.is_set() and niceness >= self.niceness:
                return
            self.niceness, self.status, self.restart = niceness, status or self.status, restart
            self._asked.set()
        for waker in self.wakers:
            waker()

    def abort(self) -> bool:
        """Take back a stop that still waits until nothing is in use; False when there is none to take back."""
        with self._changing:
            if not self._asked.is_set() or self.niceness is not Niceness.WHEN_CONVENIENT or self.is_under_way:
                return False
            self.niceness, self.status, self.restart = Niceness.GRACEFULLY, 0, False
            self._asked.clear()
        return True

    def begin(self) -> bool:
        """Begin the stop, after which nothing takes it back; False when it was taken back."""
        with self._changing:
            self.is_under_way = self._asked.is_set()
        return self.is_under_way

    @property
    def requested(self) -> bool:
        """Whether a stop was asked for."""
        return self._asked.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the request; True when it was made."""
        return self._asked.wait(seconds)


@dataclass(slots=True)
class Times:
    """When things happened, in seconds since the epoch."""

    started: float = 0.0
    reloaded: float = 0.0
    """At first the time of the start, as Asterisk's ``ast_lastreloadtime``."""

    def __post_init__(self) -> None:
        self.reloaded = self.reloaded or self.started


class Core:
    """Everything that lives as long as the program runs."""

    def __init__(self, settings: Settings, logger: Logger | None = None) -> None:
        self.settings = settings
        self.logger = logger or Logger(settings.options.verbose, settings.options.debug)
        self.holding: Holding = unheld
        """Holds a module while something of it runs; set by the loader."""
        self.doing: Doing = untold
        """Tells the crash handler what this thread does; set by the C API."""
        self.commands = Table(self._hold)
        self.commands.allows = self._allows
        self.database = Database(settings.directories.astdbdir, warn=lambda fault: self.logger.warning(str(fault)))
        self.applications: Registry[Application] = Registry("application")
        self.functions: Registry[Function] = Registry("function", exact=True)
        self.actions = Actions()
        """What clients of the manager can ask for."""
        self.documentation = Documentation(
            settings.directories.astdatadir, warn=lambda fault: self.logger.warning(str(fault))
        )
        """What is said of applications, functions and actions."""
        self.events = Hub()
        """What they are told, when there are any."""
        self.manager: Manager = NoManager()
        """Set by the manager when the program makes one."""
        self.login_report: Callable[[Report], None] = nobody
        """Told who logged in to the manager, and who was refused."""
        self.rotate_logs: Callable[[], Sequence[Fault]] = tuple
        """Begins new log files, and returns what could not be rotated; set by the program that writes some."""
        self.parts: dict[str, Callable[[], bool]] = {}
        """Parts of the core with a file of their own: what reads it again, by name, and returns whether it could."""
        self.tests = Tests()
        self._missing: list[str] | None = None
        self.globals: dict[str, str] = {}
        """Global dialplan variables."""
        self.plans = Plans()
        """The contexts that calls run through."""
        self.channels = Channels()
        self.phones = Phones()
        """Calls that are made by hand."""
        self.hold: Callable[[Channel], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
        """Keeps what C modules attach to a channel while the body runs; set by the C API."""
        self.calling: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
        """Gives the call that this thread works on a number for the log while the body runs; set by the C API."""
        self.permissions = Permissions()
        """Who may run which command over the control socket."""
        self.config_files: set[tuple[str, str]] = set()
        """Configuration files that modules have read: the path of each and the module's name."""
        self.doubts: list[Fault] = []
        """What is wrong with configuration files that were read for the start."""
        self.journal = Journal()
        """The callbacks of modules that are running."""
        self.times = Times(started=time.time())
        self.booted = threading.Event()
        """Set when all modules of the start had their turn."""
        self.halt = Halt()
        self.forgetters: list[Callable[[str], Iterable[str]]] = []
        """What else takes away whatever a module left, by its name, and says in words what that was."""
        self.loader: ModuleLoader
        """Set by the program before the first module is opened."""

    def _hold(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> contextlib.AbstractContextManager[bool]:
        return self.holding(module, doing, is_there, dialplan=dialplan)

    def _allows(self, client: Client, line: str) -> bool:
        """Whether a client may run a command line; those without ``credentials``, a user and a group, may run any."""
        who: tuple[int | None, int | None] | None = getattr(client, "credentials", None)
        return who is None or self.permissions.allows(*who, line)

    def doubt(self, faults: Iterable[Fault]) -> None:
        """Log what is wrong with a configuration file.  With ``strict = yes`` it stops a start that is under way."""
        for fault in faults:
            (self.logger.warning if fault.severity == "warning" else self.logger.error)(str(fault))
            if not self.booted.is_set():
                self.doubts.append(fault)

    def insist(self) -> None:
        """Give the start up when a configuration file is wrong and asterisk.conf says ``strict = yes``.

        Raises:
            AsterismError: everything that is wrong with configuration files so far.
        """
        if self.settings.options.strict and self.doubts:
            raise AsterismError(*(replace(fault, severity="error") for fault in self.doubts))

    @contextlib.contextmanager
    def missing_files(self) -> Iterator[list[str]]:
        """Collect the configuration files that modules ask for in vain while the body runs."""
        outer, self._missing = self._missing, []
        try:
            yield self._missing
        finally:
            self._missing = outer

    def note_missing(self, path: str) -> None:
        """Note that a module asked for a configuration file that is not there."""
        if self._missing is not None and path not in self._missing:
            self._missing.append(path)

    def forget_module(self, name: str) -> list[str]:
        """Take away whatever a module left registered; returns what that was, in words for the log."""
        left = [f"command '{command.words}'" for command in self.commands.remove_of(name)]
        left += [f"application {entry.name}" for entry in self.applications.remove_of(name)]
        left += [f"function {entry.name}" for entry in self.functions.remove_of(name)]
        left += [f"log level {entry.name}" for entry in self.logger.added.remove_of(name)]
        for forget in self.forgetters:
            left += forget(name)
        left += [f"manager action {entry.name}" for entry in self.actions.remove_of(name)]
        left += ["manager hook" for _ in self.events.remove_of(name)]
        left += [f"test {entry.name}" for entry in self.tests.remove_of(name)]
        return left
