"""The loader: opens modules, starts them in order, and stops, reloads, refreshes them while the program runs.

What it decides follows main/loader.c, as do the words it logs; where it is meant to be better than the
original, docs/differences.md says so.  The order of a start is :mod:`runtime.loader.start_order`'s; how a file becomes
a module is :mod:`runtime.modules`', which comes in as one function, ``open_module``.

Two locks.  The long one orders everything that changes modules.  It is held while callbacks run, as Asterisk holds
its module list, and it is re-entrant, since a callback may load another module; nothing a module's own threads call
(references, registrations, logging) takes it.  The short one guards the list of modules and their doors: what is found
is held under it, and the list is read under it; no callback runs meanwhile.  "How a module is held" in
docs/architecture.md has the rule.
"""

from __future__ import annotations

import contextlib
import enum
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile.enums import level_name
from asterism.names import MODULE_SUFFIXES, bare, did_you_mean, is_module_name
from asterism.values import dataclass, field, replace
from asterism.words import agreed, both, counted
from runtime.core.core import Core, Force, Reload
from runtime.core.event_classes import SYSTEM
from runtime.core.journal import Identity
from runtime.core.message_log import Record
from runtime.loader.built_in import BUILT_IN, reload_absent
from runtime.loader.distrust import Trust
from runtime.loader.modules_conf import Wanted, WantedModule, no_name
from runtime.loader.start_order import DEFAULT_RANK, Candidate, Cause, Refusal, Start, StepResult, key_of
from runtime.model.module_record import Flag, Module, ModuleInfo, SupportLevel, UndefinedSymbolError
from runtime.modules.inspection import inspect

Faults = tuple[Fault, ...]


class Door(enum.Enum):
    """Who may enter an opened module, besides the thread that is in its load or unload callback."""

    SHUT = "shut"
    """Nobody: it does not run, or it is being stopped."""
    AJAR = "ajar"
    """Whoever calls its applications and functions: its load callback runs."""
    OPEN = "open"
    """Everybody: it runs."""


class OpenModule(Protocol):
    """How a file becomes a module."""

    def __call__(self, path: Path, *, global_symbols: bool = False) -> Module:
        """Open it.  Raises AsterismError."""


@dataclass(slots=True, eq=False)
class Loaded:
    """A module that is opened."""

    file: str
    """Name of its file, by which people know it."""
    module: Module
    required: bool = False
    preload: bool = False
    door: Door = Door.SHUT
    within: int = 0
    """The thread that is in its load or unload callback; 0 when none is."""
    inside: int = 0
    """How many threads hold it while something of it runs; they are in its use count as well."""
    identity: Identity | None = None
    """Which file it was opened from."""
    reason: str = ""
    """Why it was started when it was."""
    holds: list[Loaded] = field(default_factory=list)
    """Modules it holds a reference on because it needs them."""
    held: int = 0
    """How many modules hold it so: asking all of them takes too long where there are thousands."""
    _build: str | None = None

    @property
    def key(self) -> str:
        """Its name without suffix and case."""
        return key_of(self.file)

    @property
    def info(self) -> ModuleInfo:
        """What it says of itself."""
        return self.module.info

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.door is Door.OPEN

    @property
    def build(self) -> str:
        """What tells its build from others, read from its memory once; only while it is opened."""
        if self._build is None:
            self._build = self.module.build
        return self._build

    def admits(self, thread: int, *, dialplan: bool) -> bool:
        """Whether a thread may enter; for an application or a function it may be early."""
        return self.running or (dialplan and self.door is Door.AJAR) or self.within == thread

    def candidate(self) -> Candidate:
        """The module as a candidate for the start order."""
        info = self.info
        rank = info.load_pri if info.flags & Flag.LOAD_ORDER else DEFAULT_RANK
        return Candidate(self.file, rank, self.preload, self.required, info.requires, info.optional, info.enhances)


_Missed = tuple[WantedModule, AsterismError]
"""A module that was not opened, and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of ``module show``."""

    file: str
    description: str
    use_count: int
    running: bool
    support_level: str
    needs: tuple[str, ...] = ()
    """File names of the modules it holds a reference on."""
    build: str = ""
    """Which build of it is in memory."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of ``module show order``: a module that runs, in the order of starting."""

    file: str
    reason: str
    needs: tuple[str, ...]


_RESULTS = {0: StepResult.SUCCESS, 1: StepResult.DECLINE, -1: StepResult.FAILURE}
"""What a load callback returns (``enum ast_module_load_result``); 2 and 3 are words of the loader, not of a module."""


class Loader:
    """Every opened module, and what can be done with it.

    Args:
        core: the core; the loader reads its settings and logger and tidies its registries.
        open_module: how a file becomes a module.
        directory: the module directory.
        buildopts: the core's own build-option sum and options, which modules must share.
        trust: which modules are left out; by default none is.
    """

    def __init__(
        self,
        core: Core,
        open_module: OpenModule,
        directory: Path,
        buildopts: tuple[str, Sequence[str]] = ("", ()),
        trust: Trust | None = None,
    ) -> None:
        self.core = core
        self.logger = core.logger
        self.directory = directory
        self.probe: Callable[[Path], Fault | None] = _unprobed
        """Tries a module before it is opened; why it must not be, or None."""
        self.instead: dict[str, Path] = {}
        """Files that are opened instead of those in the module directory, by key."""
        self.stock: dict[str, Path] = {}
        """Files that are opened when the module directory has none of that name, by key."""
        self.listed: frozenset[str] = frozenset()
        """Names of the parts of the core that modules.conf lists like modules."""
        self.trust = trust or Trust(None, directory)
        self.failed: dict[str, Fault] = {}
        """Why modules do not run, by key; kept until they do.  Replaced, never changed: readers need no lock."""
        self._open_module = open_module
        self._buildopts = buildopts
        self._modules: dict[str, Loaded] = {}  # in the order of opening, started ones moved to the end
        self._busy = threading.RLock()
        self._doors = threading.RLock()  # the short lock; taken inside of the long one, never the other way round
        self._reloading = threading.Lock()
        self._queued: list[str | None] = []
        self.around: Callable[[str, str], contextlib.AbstractContextManager[None]] = _unwatched
        """Surrounds each load, unload and reload callback: the module's name and the callback."""
        core.holding = self.holding
        self.not_reloaded: tuple[str, ...] = ()
        """What failed when everything was reloaded for the last time: parts of the core, files of modules."""

    # -- looking

    def find(self, name: str) -> Loaded | None:
        """The opened module of that name, with or without suffix, in any case."""
        with self._doors:
            return self._modules.get(key_of(name))

    def _must_find(self, name: str) -> Loaded:
        found = self.find(name)
        if found is None:
            cure = did_you_mean(name, self.names()) or "'module show' lists those that are loaded"
            raise AsterismError(Fault(f"the module '{name}' is not loaded", cure=cure, code="not-loaded"))
        return found

    def is_running(self, name: str) -> bool:
        """Whether a module of that name runs."""
        found = self.find(name)
        return found is not None and found.running

    def names(self, *, running: bool | None = None) -> list[str]:
        """File names of the opened modules, sorted without regard to case."""
        with self._doors:
            chosen = [one.file for one in self._modules.values() if running is None or one.running is running]
        return sorted(chosen, key=str.lower)

    def rows(self) -> list[Row]:
        """All opened modules, as ``module show`` lists them."""
        with self._doors:  # none of them is closed meanwhile, so their memory can be read
            rows = [_row(one) for one in self._modules.values()]
        return sorted(rows, key=lambda row: row.file.lower())

    def reloadable(self) -> list[str]:
        """File names of the modules that run and can be reloaded, sorted."""
        found = map(self.find, self.names(running=True))
        return [one.file for one in found if one is not None and one.info.has_reload]

    def order(self) -> list[Turn]:
        """The modules that run, in the order in which they were started, each with the reason for its place."""
        with self._doors:
            running = [one for one in self._modules.values() if one.running]
            return [Turn(one.file, one.reason, _files(one.holds)) for one in running]

    def files(self) -> list[str]:
        """Names of the files in the module directory that can be modules, sorted; none when it cannot be read."""
        try:
            names = os.listdir(self.directory)
        except OSError:
            return []
        return sorted(name for name in names if name.lower().endswith(MODULE_SUFFIXES) and is_module_name(bare(name)))

    # -- holding

    @contextlib.contextmanager
    def holding(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> Iterator[bool]:
        """Keep a module from being unloaded while something of it runs (:class:`runtime.core.holding.Holding`)."""
        if module is None:
            with self.core.doing("", doing):
                yield True
            return
        one = self._entered(module, is_there, dialplan=dialplan)
        if one is None:
            yield False
            return
        try:
            with self._entering(one, doing, patient=dialplan):
                yield True
        finally:
            self._left(one)

    def _entered(self, module: str, is_there: Callable[[], bool], *, dialplan: bool) -> Loaded | None:
        """Find a module and hold it, if it admits this thread and what is wanted of it is still registered."""
        with self._doors:
            one = self._modules.get(key_of(module))
            if one is None or not one.admits(threading.get_ident(), dialplan=dialplan) or not is_there():
                return None
            one.inside += 1
            one.module.use(1)
            return one

    def _left(self, one: Loaded) -> None:
        with self._doors:
            one.inside -= 1
            one.module.use(-1)

    def _set_door(self, one: Loaded, door: Door, within: int = 0) -> None:
        with self._doors:
            one.door, one.within = door, within
            one.module.set_running(door is Door.OPEN)

    def _shut(self, one: Loaded, force: Force = Force.SOFT) -> None:
        """Let nobody in any more but this thread, which is about to stop the module.

        Raises:
            AsterismError: it is in use, and force is SOFT; the door is as it was.
        """
        with self._doors:
            was_running = one.running
            one.module.set_running(False)  # before the count is looked at: see native/module.c
            # A callback of it may want to unload its own module.
            count = (one.module.use_count if was_running else one.inside) or int(one.within != 0)
            if not count or force is not Force.SOFT:
                one.door, one.within = Door.SHUT, threading.get_ident()
            else:
                one.module.set_running(was_running)
        if count and force is Force.SOFT:
            raise AsterismError(self._in_use(one, count))
        if count:
            self.logger.warning(f"Forcing removal of module '{one.file}' with use count {count}")

    def _entering(
        self, one: Loaded, callback: str, *, patient: bool = False
    ) -> contextlib.AbstractContextManager[None]:
        return self._noting(one.info.name, callback, one.identity, patient=patient)

    @contextlib.contextmanager
    def _noting(
        self, module: str, callback: str, identity: Identity | None, *, patient: bool = False
    ) -> Iterator[None]:
        """Note that something of a module runs: in the journal, and for the crash handler."""
        noted = self.core.journal.entering(module, callback, patient=patient, identity=identity)
        with noted, self.core.doing(module, callback):
            yield

    @contextlib.contextmanager
    def _calling(self, one: Loaded, callback: str) -> Iterator[None]:
        with self._entering(one, callback), self.around(one.info.name, callback):
            yield

    # -- the start

    def start(self, wanted: Wanted) -> list[Fault]:
        """Open and start what modules.conf asks for.

        Returns:
            Why modules did not start, in the order in which that came out.

        Raises:
            AsterismError: a module stopped the start; its status is 2, as Asterisk's.
        """
        self.logger.verbose(1, "Asterisk Dynamic Loader Starting:")
        if wanted.entries:
            self.logger.notice(f"{len(wanted.entries)} modules will be loaded.")
        with self._busy:
            faults = self._open_all(wanted)
            lost = [entry for entry in wanted.entries if entry.required and entry.key in self.failed]
            if lost:
                self._stop_start([*faults, *(_required(entry) for entry in lost)])
            return self._start_all(wanted, faults)

    def _stop_start(self, faults: Iterable[Fault]) -> None:
        raise AsterismError(*faults, status=2)

    def _open_all(self, asked: Wanted) -> list[Fault]:
        """Open all, again and again as long as that opens more: a symbol may come from a module listed later."""
        waiting = list(asked.entries)
        refused: list[Fault] = []
        while waiting:
            missed: list[_Missed] = []
            for entry in waiting:
                try:
                    self._open(entry)
                except AsterismError as error:
                    missed.append((entry, error))
            again = [entry for entry, error in missed if _may_come(error)]
            if not again or len(missed) == len(waiting):
                refused += self._give_up(missed, asked)
                break
            refused += self._give_up([pair for pair in missed if not _may_come(pair[1])], asked)
            waiting = again
        return refused

    def _give_up(self, missed: Sequence[_Missed], asked: Wanted) -> list[Fault]:
        lost = {entry.key for entry, _ in missed}
        found: list[Fault] = []
        explained = self._explained([error for _, error in missed], lost, asked)
        for (entry, _), faults in zip(missed, explained, strict=True):
            self._note_failed(entry.key, faults[0])
            found += faults
        return found

    def _note_failed(self, key: str, fault: Fault) -> None:
        self.failed = {**self.failed, key: fault}

    def _explained(
        self, errors: Sequence[AsterismError], lost: Collection[str] = (), asked: Wanted | None = None
    ) -> list[Faults]:
        """The faults of modules that were not opened; of undefined symbols with the modules that would provide them."""
        if not any(isinstance(error, UndefinedSymbolError) for error in errors):
            return [error.faults for error in errors]
        from asterism.modulefile.reader import providers  # only a fault should pay for these
        from runtime.modules import missing_symbols

        told = [(missing_symbols.told(one),) if isinstance(one, UndefinedSymbolError) else one.faults for one in errors]
        wanted = {name for faults in told for fault in faults for name in fault.names}
        found = providers((self.directory / name for name in self.files()), wanted)
        cures = {file: self._how_to_share(file, lost, asked) for files in found.values() for file in files}
        return [tuple(missing_symbols.with_providers(fault, found, cures) for fault in faults) for faults in told]

    def _how_to_share(self, name: str, lost: Collection[str], asked: Wanted | None) -> str:
        """What to do so that a module's symbols are there for others."""
        key = key_of(name)
        if key in self._modules:
            return f"'{name}' is opened, but keeps its symbols to itself: give it AST_MODFLAG_GLOBAL_SYMBOLS"
        if key in lost or key in self.failed:
            return f"'{name}' could not be opened; see what is said of it"
        if asked is None:
            return f"load '{name}' first"
        barred = f"modules.conf says 'noload = {name}'"
        return barred if key in asked.barred else f"add 'load = {name}' to modules.conf"

    def _start_all(self, wanted: Wanted, before: Sequence[Fault]) -> list[Fault]:
        """Start what is opened; all faults, after those ``before``."""
        start = Start(one.candidate() for one in self._modules.values())
        faults: dict[str, Fault] = {}
        steps = start.run()
        step = next(steps, None)
        while step is not None:
            one = self._modules[step.candidate.key]
            self._take_references(one, start)
            one.reason = step.reason
            try:
                step = steps.send(self._start_one(one, faults))
            except StopIteration:
                break
        for refusal in start.refusals:
            one = self._modules[key_of(refusal.name)]
            self._take_references(one, start)
            faults.setdefault(one.key, self._why(refusal, wanted))
            self._note_failed(one.key, faults[one.key])
        if start.stopped:
            self._stop_start([*before, *_stopping(start.stopped, faults)])
        return [*before, *faults.values()]

    def _take_references(self, one: Loaded, start: Start) -> None:
        for name in start.holds[one.key]:
            self._hold(one, self._modules[key_of(name)])

    def _start_one(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        self.logger.verbose(1, f"Loading {one.file}.")
        result = self._call_load(one, faults)
        if result is StepResult.SUCCESS:
            self._is_running(one)
            self.logger.verbose(2, f"{one.file} => ({one.info.description})")
        return result

    def _call_load(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        """Call the load callback; why it did not succeed is noted under the module's key."""
        if not one.info.has_load:
            faults[one.key] = self._fault(one.file, "has no load callback", code="no-load")
            return StepResult.DECLINE
        self._set_door(one, Door.AJAR, threading.get_ident())
        result = self._called(one, faults)
        if result is not StepResult.SUCCESS:
            self._set_door(one, Door.SHUT)
        return result

    def _called(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        try:
            calling = self._calling(one, "its load callback")
            with calling, self.logger.overhearing() as said, self.core.missing_files() as missing:
                number = one.module.load()
        except AsterismError as error:
            faults[one.key] = error.faults[0]
            return StepResult.DECLINE
        if number in _UNWILLING:
            faults[one.key] = self._unwilling(one, number, said, missing)
        elif number not in _RESULTS:
            faults[one.key] = self._fault(
                one.file,
                f"returned {number} from its load callback, which means nothing",
                cure="this is a mistake in the module: it must return 0 (success), 1 (decline) or -1 (failure)",
                code="invalid-result",
            )
        return _RESULTS.get(number, StepResult.INVALID)

    def _is_running(self, one: Loaded) -> None:
        self.failed = {key: fault for key, fault in self.failed.items() if key != one.key}
        with self._doors:
            self._modules[one.key] = self._modules.pop(one.key)  # at the end: the last started is the first stopped
        self._set_door(one, Door.OPEN)
        if one.info.support_level == SupportLevel.DEPRECATED:
            self.logger.warning(f"{one.file} is deprecated: it may be missing in a later version")

    def _hold(self, holder: Loaded, held: Loaded) -> None:
        with self._doors:
            if held not in holder.holds:
                holder.holds.append(held)
                held.held += 1
                held.module.use(1)

    def _let_go(self, holder: Loaded) -> None:
        with self._doors:
            for held in holder.holds:
                held.held -= 1
                held.module.use(-1)
            holder.holds.clear()

    # -- opening and closing

    def _open(self, entry: WantedModule) -> Loaded:
        path = self._path(entry)
        fault = self.trust.against(entry.name) or self.probe(path)
        if fault is not None:
            raise AsterismError(fault)
        identity = _identity(path)
        with self._noting(path.stem, "its constructor (it was being opened)", identity):
            module = self._open_module(path)
            if module.info.flags & Flag.GLOBAL_SYMBOLS:
                module.close()
                module = self._open_module(path, global_symbols=True)
        fault = inspect(module.info, os.fspath(path), *self._buildopts)
        if fault is not None:
            module.close()
            raise AsterismError(fault)
        one = Loaded(path.name, module, entry.required, entry.preload, identity=identity)
        with self._doors:
            self._modules[one.key] = one
        return one

    def _path(self, entry: WantedModule) -> Path:
        """The file a name means.  A name without suffix means the shared object, or else the Python file."""
        name = entry.name
        if not is_module_name(bare(name)):
            raise AsterismError(no_name(entry))
        if entry.key in self.instead:
            return self.instead[entry.key]
        names = [name] if name.lower().endswith(MODULE_SUFFIXES) else [f"{name}{suffix}" for suffix in MODULE_SUFFIXES]
        for candidate in names:
            if os.path.lexists(self.directory / candidate):  # a link to nowhere is told when it is opened
                return self.directory / candidate
        if entry.key in self.stock:
            return self.stock[entry.key]
        raise AsterismError(self._no_file(entry))

    def _no_file(self, entry: WantedModule) -> Fault:
        files = self.files()
        hint = did_you_mean(entry.name, files) or did_you_mean(entry.name, map(bare, files))
        cure = hint or "build and install it, or look with 'ls' for its right name"
        what = f"there is no module '{entry.name}'"
        return Fault(what, entry.place, why=f"no such file in {self.directory}", cure=cure, code="no-such-file")

    def _close(self, one: Loaded) -> None:
        """Take a module out: what it left registered, its references on others, those others have on it, its memory.

        Its door is shut: nobody but this thread can enter it.
        """
        for left in self.core.forget_module(one.info.name):
            self.logger.warning(f"{one.file} left its {left} registered; it has been removed")
        self._let_go(one)
        with self._doors:
            for holder in self._holders(one):  # it goes by force: nobody may drop a reference on it later
                holder.holds.remove(one)
                one.held -= 1
                one.module.use(-1)
            self._modules.pop(one.key, None)
        try:
            with self._entering(one, "its destructor (it was being closed)"):
                one.module.close()
        except AsterismError as error:
            self.logger.warning(str(error))

    # -- later: load, unload, reload, refresh

    def load(self, name: str) -> str:
        """Open and start one module (``ast_load_resource``); what it needs must run already.

        Returns:
            Its file name.  :meth:`announce` says it to the log, after the caller has said what he has to say.

        Raises:
            AsterismError: it is running, cannot be opened, its needs do not run, or it did not start.
        """
        with self._busy, self._telling_of_load(name):
            found = self.find(name)
            if found is not None and found.running:
                raise AsterismError(Fault(f"the module '{found.file}' is running already", code="running"))
            if found is not None:
                self._shut(found)
                self._close(found)  # opened afresh, since its file may be a new one
            try:
                one = self._open(WantedModule(name))
                self._start_later(one)
            except UndefinedSymbolError as error:
                (faults,) = self._explained([error])
                self._note_failed(key_of(name), faults[0])
                raise AsterismError(*faults) from None
            except AsterismError as error:
                if error.faults[0].code not in ("no-such-file", "module-name"):
                    self._note_failed(key_of(name), error.faults[0])
                raise
            return one.file

    @contextlib.contextmanager
    def _telling_of_load(self, name: str) -> Iterator[None]:
        """Tell the manager's clients what became of it (``publish_load_message``)."""
        try:
            yield
        except AsterismError as error:
            code = error.faults[0].code
            if code != "running":
                self._tell("Load", name, "Failure" if code == Cause.FAILED.value else "Decline")
            raise
        self._tell("Load", name, "Success")

    def _tell(self, event: str, name: str, status: object) -> None:
        self.core.events.publish(event, SYSTEM, (("Module", name), ("Status", status)))

    def announce(self, name: str) -> None:
        """Tell the log that a module was loaded."""
        one = self.find(name)
        if one is not None:
            self.logger.verbose(1, f"Loaded {one.file} => ({one.info.description})")

    def _start_later(self, one: Loaded) -> None:
        start = Start(other.candidate() for other in self._modules.values())
        start.running = {key: None for key, other in self._modules.items() if other.running}
        candidate = one.candidate()
        unmet = [key for key in start.needs(candidate) if key not in start.running]
        missing = [self._modules[key].file if key in self._modules else key for key in unmet]
        if missing:
            raise AsterismError(_needs_first(one, missing))
        for key in start.needs(candidate):
            self._hold(one, self._modules[key])
        one.reason = "loaded later, by name"
        faults: dict[str, Fault] = {}
        result = self._call_load(one, faults)
        if result is not StepResult.SUCCESS:
            cause = {StepResult.DECLINE: Cause.DECLINED, StepResult.INVALID: Cause.INVALID}.get(result, Cause.FAILED)
            raise AsterismError(faults.get(one.key) or self._why(Refusal(one.file, cause), None))
        self._is_running(one)

    def unload(self, name: str, force: Force = Force.SOFT) -> str:
        """Stop and close one module (``ast_unload_resource``); one that does not run is just closed.

        Returns:
            Its file name.

        Raises:
            AsterismError: it is not loaded, is in use, or will not be unloaded.  After HARD it is gone all the same.
        """
        with self._busy:
            one = self._must_find(name)
            if not one.running:
                self._shut(one, force)
                self.logger.notice(f"Unloading module '{one.file}' that previously declined to load")
                self._close(one)
                self._tell("Unload", name, "Success")
                return one.file
            self._shut(one, force)
            refused = self._call_unload(one)
            if refused and force < Force.HARD:
                self._set_door(one, Door.OPEN)
                raise AsterismError(refused)
            if refused:
                self.logger.warning(f"** Dangerous **: {one.file} is taken out all the same, as was asked")
            self._close(one)
            if refused:
                raise AsterismError(replace(refused, cure="it was taken out all the same, as was asked"))
            self._tell("Unload", name, "Success")
            return one.file

    def _in_use(self, one: Loaded, count: int) -> Fault:
        holders = sorted(other.file for other in self._modules.values() if one in other.holds)
        others = count - len(holders)
        parts = [f"{', '.join(holders)} {agreed(len(holders), 'needs', 'need')} it"] if holders else []
        if others > 0:
            parts.append(f"{counted(others, 'other reference')} on it" if holders else "something uses it")
        cure = f"unload {both(holders)} first, or use 'module refresh {one.file} recursively'" if holders else ""
        return Fault(f"{one.file} has use count {count}", why="; ".join(parts), cure=cure, code="in-use")

    def _call_unload(self, one: Loaded) -> Fault | None:
        """Call the unload callback; a refusal comes back as a fault."""
        if not one.info.has_unload:
            cure = "this module cannot be unloaded; stop the program to be rid of it"
            return self._fault(one.file, "has no unload callback", cure=cure, code="no-unload")
        self.logger.verbose(1, f"Unloading {one.file}")
        try:
            with self._calling(one, "its unload callback"):
                number = one.module.unload()
        except AsterismError as error:
            return error.faults[0]
        if number:
            why = f"its unload callback returned {number}"
            return self._fault(one.file, "refuses to be unloaded", why=why, code="refused")
        return None

    def reload(self, name: str | None = None) -> Reload:
        """Call the reload callback of one module or of all that have one (``ast_module_reload``).

        Parts of the core that read a file of their own (``core.parts``) are reloaded like modules.
        A request made before the start is complete is kept until then; one made while another runs is refused.
        """
        result = self._try_to_reload(name)
        self._tell("Reload", name or "All", int(result))
        return result

    def _try_to_reload(self, name: str | None) -> Reload:
        if not self.core.booted.is_set():
            self._queue(name)
            return Reload.QUEUED
        if not self._reloading.acquire(blocking=False):
            self.logger.verbose(3, "The previous reload command didn't finish yet")
            return Reload.IN_PROGRESS
        try:
            with self._busy:
                return self._reload(name)
        finally:
            self._reloading.release()

    def _queue(self, name: str | None) -> None:
        if name is None:
            self._queued[:] = [None]
        elif None not in self._queued and key_of(name) not in map(_key_or_none, self._queued):
            self._queued.append(name)

    def run_queued_reloads(self) -> None:
        """Do what was asked for before the start was complete."""
        queued, self._queued[:] = self._queued[:], []
        for name in queued:
            what = f" for module '{name}'" if name else ""
            self.logger.notice(f"Executing deferred reload request{what}.")
            self.reload(name)

    def _reload(self, name: str | None) -> Reload:
        self.core.times.reloaded = time.time()
        if name is None:
            results = {part: self._reload_part(part) for part in self.core.parts}
            results |= {one.file: self._reload_one(one) for one in list(self._modules.values())}
            self.not_reloaded = tuple(name for name, result in results.items() if result is Reload.ERROR)
            return (
                next(iter(results.values()), Reload.SUCCESS)
                if Reload.SUCCESS not in results.values()
                else Reload.SUCCESS
            )
        key, found = key_of(name), self.find(name)
        if found is None and key in self.core.parts:
            return self._reload_part(key)
        if found is None and key in BUILT_IN:
            return reload_absent(BUILT_IN[key])
        return self._reload_one(found) if found else Reload.NOT_FOUND

    def _reload_part(self, name: str) -> Reload:
        return Reload.SUCCESS if self.core.parts[name]() else Reload.ERROR

    def _reload_one(self, one: Loaded) -> Reload:
        if not one.running:
            return Reload.UNINITIALIZED
        if not one.info.has_reload:
            return Reload.NOT_IMPLEMENTED
        self.logger.verbose(3, f"Reloading module '{one.file}' ({one.info.description})")
        try:
            with self._calling(one, "its reload callback"):
                return Reload.ERROR if one.module.reload() else Reload.SUCCESS
        except AsterismError as error:
            self.logger.error(str(error))
            return Reload.ERROR

    def refresh(self, name: str, *, recursively: bool = False) -> str:
        """Unload and load one module (``ast_refresh_resource``), with all that depend on it when asked.

        Whether they all can be unloaded is checked before anything is touched.

        Returns:
            Its file name.

        Raises:
            AsterismError: it could not be unloaded, or not be loaded again; then its ``code`` is ``not-loaded-again``.
        """
        with self._busy:
            one = self._must_find(name)
            dependents = self._dependents(one) if recursively and one.running else []
            self._unload_in_turn([*dependents, one])
            faults = []
            for file in (one.file, *(other.file for other in reversed(dependents))):
                try:
                    self.load(file)
                except AsterismError as error:
                    faults += _not_again(file, error)
            if faults:
                raise AsterismError(*faults)
            return one.file

    def _dependents(self, target: Loaded) -> list[Loaded]:
        """All that hold a reference on a module, by way of others too, in the order they must be unloaded.

        Raises:
            AsterismError: a module among them is in use by something that is no module.
        """
        ordered: list[Loaded] = []
        visited = {target.key}
        stack = [(target, iter(self._holders(target)))]
        while stack:
            one, holders = stack[-1]
            following = next((holder for holder in holders if holder.key not in visited), None)
            if following is not None:
                visited.add(following.key)
                stack.append((following, iter(self._holders(following))))
                continue
            stack.pop()
            ordered.append(one)
        for one in ordered:
            extra = one.module.use_count - one.held
            if extra > 0:
                raise AsterismError(_still_used(one, extra, target))
        return ordered[:-1]

    def _holders(self, one: Loaded) -> list[Loaded]:
        return [other for other in self._modules.values() if one in other.holds] if one.held else []

    def _unload_in_turn(self, modules: Sequence[Loaded]) -> None:
        """Unload all, or load again those that were unloaded before one that refused."""
        done: list[str] = []
        for one in modules:
            try:
                done.append(self.unload(one.file))
            except AsterismError as error:
                for file in reversed(done):
                    with contextlib.suppress(AsterismError):
                        self.load(file)
                raise error from None

    # -- the end

    def is_idle(self) -> bool:
        """Whether nothing but other modules uses any module."""
        with self._doors:
            return all(one.module.use_count <= one.held for one in self._modules.values())

    def shutdown(self) -> list[str]:
        """Unload everything from the last started to the first, passing over what is in use, until nothing changes.

        Returns:
            File names of those that stayed because they are in use.
        """
        with self._busy:
            while self._shutdown_pass():
                pass
            return self.names()

    def _shutdown_pass(self) -> bool:
        changed = False
        for one in reversed(list(self._modules.values())):
            was_running = one.running
            if (count := one.module.use_count) or not self._is_shut(one):
                self.logger.debug(1, f"Passing on {one.file}: its use count is {count}")
                continue
            if was_running and one.info.has_unload:
                self.logger.verbose(1, f"Unloading {one.file}")
                with contextlib.suppress(AsterismError), self._calling(one, "its unload callback"):
                    one.module.unload()
            self._close(one)
            changed = True
        return changed

    def _is_shut(self, one: Loaded) -> bool:
        """Shut a module's door unless somebody is inside."""
        try:
            self._shut(one)
        except AsterismError:
            return False
        return True

    # -- words

    def _fault(self, file: str, what: str, *, why: str = "", cure: str = "", code: str = "") -> Fault:
        return Fault(what, Place(os.fspath(self.directory / file)), why, cure, code)

    def _unwilling(self, one: Loaded, number: int, said: Sequence[Record], missing: Sequence[str]) -> Fault:
        """Why a module declined or failed: what it said itself, the worst and the last of it."""
        cause, name = _UNWILLING[number]
        what, _ = _REFUSED[cause]
        if missing and cause is Cause.DECLINED:
            why = f"it found no {' and no '.join(map(os.path.basename, missing))}"
            cure = f"write {' or '.join(missing)}, then 'module load {one.file}'"
            return self._fault(one.file, what, why=why, cure=cure, code="no-configuration")
        if not said:
            why = f"its load callback returned {name} and said nothing"
            cure = f"with 'core set debug 5', 'module load {one.file}' may say more"
            return self._fault(one.file, what, why=why, cure=cure, code=cause.value)
        worst = max(said, key=lambda record: record.level.value).level
        words = [record.text for record in said if record.level == worst][-1].strip().split("\n")[0]
        cure = f"mend that, then 'module load {one.file}'"
        if len(said) > 1:
            cure += f"; the log has all {len(said)} lines it said"
        return self._fault(one.file, what, why=f"it said: {words}", cure=cure, code=cause.value)

    def _why(self, refusal: Refusal, wanted: Wanted | None) -> Fault:
        what, cure = _REFUSED[refusal.cause]
        names = (" -> " if refusal.cause is Cause.CYCLE else ", ").join(refusal.names)
        many = len(refusal.names) > 1
        if refusal.cause is Cause.ABSENT and wanted is not None:
            cure = "; ".join(self._where_is(name, wanted) for name in refusal.names)
        what = what.format(names, "are" if many else "is", "do" if many else "does")
        return self._fault(refusal.name, what, cure=cure, code=refusal.cause.value)

    def _where_is(self, name: str, wanted: Wanted) -> str:
        """What to do about a module that is needed and not opened."""
        key = key_of(name)
        if key in self.failed:
            return f"'{name}' could not be opened; see what is said of it"
        if key in wanted.barred:
            return f"modules.conf says 'noload = {name}'"
        if key in map(key_of, self.files()):
            return f"add 'load = {name}' to modules.conf"
        return f"build and install '{name}'"


_UNWILLING = {1: (Cause.DECLINED, "AST_MODULE_LOAD_DECLINE"), -1: (Cause.FAILED, "AST_MODULE_LOAD_FAILURE")}
"""Results of a load callback that say it will not run."""
_REFUSED = {
    Cause.DECLINED: ("declined to load", ""),
    Cause.INVALID: ("returned a result that means nothing", "this is a mistake in the module"),
    Cause.FAILED: ("failed to load", ""),
    Cause.ABSENT: ("needs {0}, which {1} not there", ""),
    Cause.NEED: ("needs {0}, which {2} not run", ""),
    Cause.CYCLE: ("needs itself: {0}", "take one of these modules out of the others' needs"),
}
"""What is said of a module that does not run, and what to do, by cause."""


def _unprobed(_path: Path) -> None:
    """Nobody asked for a trial."""


def _unwatched(_name: str, _callback: str) -> contextlib.AbstractContextManager[None]:
    """Nobody compares the state of the process."""
    return contextlib.nullcontext()


def _identity(path: Path) -> Identity | None:
    try:
        status = os.stat(path)
    except OSError:
        return None  # opening it will tell
    return status.st_size, status.st_mtime_ns


def _row(one: Loaded) -> Row:
    name = level_name(one.info.support_level)
    description, uses, needs = one.info.description or "", one.module.use_count, _files(one.holds)
    return Row(one.file, description, uses, one.running, name, needs, one.build)


def _files(modules: Iterable[Loaded]) -> tuple[str, ...]:
    return tuple(one.file for one in modules)


def _may_come(error: AsterismError) -> bool:
    """Whether opening other modules can cure it."""
    return error.faults[0].code == "undefined-symbol"


def _required(entry: WantedModule) -> Fault:
    cure = "mend that, or list the module with 'load' instead of 'require'"
    return Fault(f"the required module '{entry.name}' cannot be loaded", entry.place, cure=cure, code="required")


def _stopping(stopped: Refusal, faults: dict[str, Fault]) -> list[Fault]:
    """All faults of a start that stopped, the one that stopped it last."""
    last = faults.pop(key_of(stopped.name))
    reason = "modules.conf requires this module" if stopped.required else "that is a failure, not a decline"
    why = f"{last.why}; {reason}" if last.why else reason
    return [*faults.values(), Fault(last.what, last.place, f"{why}: the start stops", last.cure, last.code)]


def _needs_first(one: Loaded, missing: Sequence[str]) -> Fault:
    verb = agreed(len(missing), "does", "do")
    cure = f"load {both(missing)} first"
    return Fault(f"{one.file} needs {', '.join(missing)}, which {verb} not run", cure=cure, code="need")


def _still_used(one: Loaded, extra: int, target: Loaded) -> Fault:
    why = f"{counted(extra, 'reference')} on {one.file} would be left"
    return Fault(f"{target.file} cannot be unloaded", why=why, cure="nothing was changed", code="in-use")


def _not_again(file: str, error: AsterismError) -> list[Fault]:
    first, *rest = error.faults
    what = f"{file} was unloaded and could not be loaded again: {first.what}"
    return [Fault(what, first.place, first.why, first.cure, "not-loaded-again"), *rest]


def _key_or_none(name: str | None) -> str | None:
    return key_of(name) if name else None
