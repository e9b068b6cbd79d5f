"""The running core: the state that modules, commands and the console share, in one object.

The packages that use it (the C API, commands, console, control socket) do not import each other;
:mod:`runtime.program.assembly` puts the parts together.
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time

from asterism.errors import AsterismError
from asterism.light.types import Protocol
from asterism.values import TYPE_CHECKING, dataclass, replace
from runtime.conf.cli_permissions import Permissions
from runtime.core.actions import Action
from runtime.core.commands.clients import Client
from runtime.core.commands.command_table import Table
from runtime.core.database import Database
from runtime.core.documentation import Documentation
from runtime.core.events import Hub
from runtime.core.holding import Doing, Holding, unheld, untold
from runtime.core.journal import Journal
from runtime.core.login_reports import Report, nobody
from runtime.core.message_log import Logger
from runtime.core.registry import Application, Function, Registry
from runtime.core.states import States
from runtime.core.unit_tests import Tests
from runtime.model.emulated_channel import Channel, Channels
from runtime.model.extensions import Plans
from runtime.model.phone import Phones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from asterism.errors import Fault
    from runtime.conf.asterisk_conf import Settings


class Force(enum.IntEnum):
    """How forcibly a module is unloaded (``enum ast_module_unload_mode``)."""

    SOFT = 0
    """Refuse while the module is in use."""
    FIRM = 1
    """Ignore the use count."""
    HARD = 2
    """Ignore the module's refusal as well."""


class Reload(enum.IntEnum):
    """The result of a reload (``enum ast_module_reload_result``)."""

    SUCCESS = 0
    QUEUED = 1
    NOT_FOUND = 2
    ERROR = 3
    IN_PROGRESS = 4
    UNINITIALIZED = 5
    NOT_IMPLEMENTED = 6


class ModuleRow(Protocol):
    """A row of ``module show``: the data of an opened module."""

    @property
    def file(self) -> str:
        """The name of the module's file."""

    @property
    def description(self) -> str:
        """The module's description."""

    @property
    def use_count(self) -> int:
        """The number of references on the module."""

    @property
    def running(self) -> bool:
        """Whether the module runs."""

    @property
    def support_level(self) -> str:
        """The module's support level."""


class ModuleLoader(Protocol):
    """The loader as the C API uses it; :class:`runtime.loader.loader.Loader` implements it."""

    def load(self, name: str) -> str:
        """Open and start a module.  Returns its file name; raises AsterismError."""

    def announce(self, name: str) -> None:
        """Log that a module was loaded."""

    def unload(self, name: str, force: Force = Force.SOFT) -> str:
        """Stop and close a module.  Returns its file name; raises AsterismError."""

    def reload(self, name: str | None = None) -> Reload:
        """Make a module, or all modules, read their configuration again."""

    def refresh(self, name: str, *, recursively: bool = False) -> str:
        """Unload a module and load it again.  Returns its file name; raises AsterismError."""

    def is_running(self, name: str) -> bool:
        """Whether a module of that name runs (``ast_module_check``)."""

    def files(self) -> list[str]:
        """Names of the module files in the module directory, sorted."""

    def reloadable(self) -> list[str]:
        """File names of the modules that run and can be reloaded, sorted."""

    def rows(self) -> Sequence[ModuleRow]:
        """All opened modules, as ``module show`` lists them."""

    def names(self, *, running: bool | None = None) -> Iterable[str]:
        """File names of the opened modules, sorted; ``running`` selects by whether they run."""


class Manager(Protocol):
    """The manager as the rest of the core uses it; :class:`runtime.manager.service.Service` implements it."""

    @property
    def is_running(self) -> bool:
        """Whether the manager listens (``ast_manager_check_enabled``)."""

    def start(self) -> None:
        """Listen if manager.conf enables the manager."""

    def stop(self) -> None:
        """Stop listening, and disconnect all clients."""


class NoManager:
    """The placeholder for the manager in a core without one, such as that of a plan, a trial load or a test."""

    is_running = False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class Niceness(enum.IntEnum):
    """How the program stops."""

    NOW = 0
    """Stop at once, without unloading modules."""
    GRACEFULLY = 1
    """Unload the modules first, from the last started to the first."""
    WHEN_CONVENIENT = 2
    """Wait until no module is in use, then stop as with GRACEFULLY."""


class Halt:
    """The request to stop the program, from a command, a signal or the end of input; the main thread obeys."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._changing = threading.Lock()
        self.niceness = Niceness.GRACEFULLY
        self.status = 0
        """The exit status of the program."""
        self.restart = False
        """Whether the program starts again after it has stopped."""
        self.is_under_way = False
        """Whether the stop has begun."""
        self.wakers: list[Callable[[], None]] = []
        """Called after a request, in the requesting thread."""

    def request(self, niceness: Niceness, status: int = 0, *, restart: bool = False) -> None:
        """Request the stop.  A request with a lower niceness replaces an earlier one; others change nothing."""
        with self._changing:
            if self._asked.is_set() and niceness >= self.niceness:
                return
            self.niceness, self.status, self.restart = niceness, status or self.status, restart
            self._asked.set()
        for waker in self.wakers:
            waker()

    def abort(self) -> bool:
        """Cancel a stop that still waits until no module is in use.  Returns False when there is none to cancel."""
        with self._changing:
            if not self._asked.is_set() or self.niceness is not Niceness.WHEN_CONVENIENT or self.is_under_way:
                return False
            self.niceness, self.status, self.restart = Niceness.GRACEFULLY, 0, False
            self._asked.clear()
        return True

    def begin(self) -> bool:
        """Begin the stop, which then cannot be cancelled.  Returns False when it was cancelled before."""
        with self._changing:
            self.is_under_way = self._asked.is_set()
        return self.is_under_way

    @property
    def requested(self) -> bool:
        """Whether a stop was requested."""
        return self._asked.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the request, at most ``seconds``.  Returns whether it was made."""
        return self._asked.wait(seconds)


@dataclass(slots=True)
class Times:
    """Times of events, in seconds since the epoch."""

    started: float = 0.0
    reloaded: float = 0.0
    """The time of the last reload; at first the time of the start, as Asterisk's ``ast_lastreloadtime``."""

    def __post_init__(self) -> None:
        self.reloaded = self.reloaded or self.started


class Core:
    """The state that lives as long as the program runs."""

    settings: Settings
    logger: Logger
    holding: Holding
    """Holds a module while its code runs; set by the loader."""
    doing: Doing
    """Tells the crash handler the current operation of this thread; set by the C API."""
    actions: Registry[Action]
    """The actions of the manager protocol."""
    documentation: Documentation
    """Documentation of applications, functions and actions."""
    events: Hub
    """Distributes events to its listeners, such as the manager's sessions."""
    manager: Manager
    """The manager; set when the program starts one."""
    login_report: Callable[[Report], None]
    """Receives reports of manager logins that succeeded or failed; set by the C API."""
    rotate_logs: Callable[[], Sequence[Fault]]
    """Starts new log files and returns the faults of those that could not be rotated; set with the log files."""
    parts: dict[str, Callable[[], bool]]
    """Reload functions of the core's parts, by name; each rereads its file and returns whether that succeeded."""
    globals: dict[str, str]
    """Global dialplan variables."""
    plans: Plans
    """The dialplan: the contexts that calls run through."""
    phones: Phones
    """Calls that are made by hand."""
    hold: Callable[[Channel], contextlib.AbstractContextManager[object]]
    """Keeps the C data attached to a channel while the body runs; set by the C API."""
    calling: Callable[[], contextlib.AbstractContextManager[object]]
    """Gives this thread's call a number for the log while the body runs; set by the C API."""
    permissions: Permissions
    """The permissions of users and groups for commands over the control socket."""
    config_files: set[tuple[str, str]]
    """Configuration files that modules have read: the path of each and the module's name."""
    doubts: list[Fault]
    """Faults of the configuration files that were read for the start."""
    journal: Journal
    """The running callbacks of modules."""
    booted: threading.Event
    """Set when the start is complete: every selected module was started or refused."""
    forgetters: list[Callable[[str], Iterable[str]]]
    """Functions that remove further registrations of a module, by its name, and describe each in words."""
    loader: ModuleLoader
    """The loader; set before the first module is opened."""

    def __init__(self, settings: Settings, logger: Logger | None = None) -> None:
        self.settings = settings
        self.logger = logger or Logger(settings.options.verbose, settings.options.debug)
        self.journal = Journal()
        self.times = Times(started=time.time())
        self.booted = threading.Event()
        self.halt = Halt()
        self.parts = {}
        self.forgetters = []
        self._read_nothing(settings)
        self._register_nothing()
        self._run_no_calls()
        self._do_without_others()

    def _read_nothing(self, settings: Settings) -> None:
        """Begin without a file read."""
        places = settings.directories
        self.database = Database(places.astdbdir, warn=self._warn)
        self.documentation = Documentation(places.astdatadir, warn=self._warn)
        self.permissions = Permissions()
        self.config_files = set()
        self.doubts = []
        self._missing: list[str] | None = None

    def _register_nothing(self) -> None:
        """Begin with empty registries."""
        self.commands = Table(self._hold)
        self.commands.allows = self._allows
        self.applications: Registry[Application] = Registry("application")
        self.functions: Registry[Function] = Registry("function", exact=True)
        self.actions: Registry[Action] = Registry("action")
        self.events = Hub()
        self.tests = Tests()

    def _run_no_calls(self) -> None:
        """Begin without a dialplan, channels and calls."""
        self.globals = {}
        self.plans = Plans()
        self.channels = Channels()
        self.phones = Phones()

    def _do_without_others(self) -> None:
        """Begin with placeholders for what the loader, the C API, the manager and the log files do."""
        self.holding = unheld
        self.doing = untold
        self.states = States()
        self.manager = NoManager()
        self.login_report = nobody
        self.rotate_logs = tuple
        self.hold = contextlib.nullcontext
        self.calling = contextlib.nullcontext

    def _warn(self, fault: Fault) -> None:
        self.logger.warning(str(fault))

    def _hold(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> contextlib.AbstractContextManager[bool]:
        return self.holding(module, doing, is_there, dialplan=dialplan)

    def _allows(self, client: Client, line: str) -> bool:
        """Whether a client may run a command line; a client without ``credentials`` (user and group) may run any."""
        who: tuple[int | None, int | None] | None = getattr(client, "credentials", None)
        return who is None or self.permissions.allows(*who, line)

    def doubt(self, faults: Iterable[Fault]) -> None:
        """Log the faults of a configuration file.  With ``strict = yes`` they stop a start in progress."""
        for fault in faults:
            (self.logger.warning if fault.severity == "warning" else self.logger.error)(str(fault))
            if not self.booted.is_set():
                self.doubts.append(fault)

    def insist(self) -> None:
        """Stop the start when a configuration file has faults and asterisk.conf says ``strict = yes``.

        Raises:
            AsterismError: all faults of configuration files so far.
        """
        if self.settings.options.strict and self.doubts:
            raise AsterismError(*(replace(fault, severity="error") for fault in self.doubts))

    @contextlib.contextmanager
    def missing_files(self) -> Iterator[list[str]]:
        """Collect the paths of missing configuration files that modules ask for while the body runs."""
        outer, self._missing = self._missing, []
        try:
            yield self._missing
        finally:
            self._missing = outer

    def note_missing(self, path: str) -> None:
        """Record that a module asked for a configuration file that does not exist."""
        if self._missing is not None and path not in self._missing:
            self._missing.append(path)

    def forget_module(self, name: str) -> list[str]:
        """Remove all registrations of a module.  Returns a description of each, for the log."""
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
