"""The list of opened modules: what each is, who holds it, and who may enter it.

The short lock guards the list and the doors of the modules: what is found is held under it, and the list is read under
it; no callback runs meanwhile.  It is taken inside of the loader's long lock, never the other way round.  "How a module
is held" in docs/architecture.md has the rule.
"""

from __future__ import annotations

import contextlib
import enum
import threading
from collections.abc import Callable, Collection, Iterable, Iterator

from asterism.errors import AsterismError, Fault
from asterism.modulefile.enums import level_name
from asterism.names import did_you_mean
from asterism.values import dataclass, field
from runtime.core.core import Core, Force
from runtime.core.journal import Identity
from runtime.loader import loader_words
from runtime.loader.start_order import DEFAULT_RANK, Candidate, key_of
from runtime.model.module_record import Flag, Module, ModuleInfo


class Door(enum.Enum):
    """Who may enter an opened module, besides the thread that is in its load or unload callback."""

    SHUT = "shut"
    """Nobody: it does not run, or it is being stopped."""
    AJAR = "ajar"
    """Whoever calls its applications and functions: its load callback runs."""
    OPEN = "open"
    """Everybody: it runs."""


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

    def candidate(self, running: Collection[str] = ()) -> Candidate:
        """The module as a candidate for the start order.

        Args:
            running: keys of parts of the core, which it may require and need not wait for.
        """
        info = self.info
        rank = info.load_pri if info.flags & Flag.LOAD_ORDER else DEFAULT_RANK
        needs = ((name for name in some if key_of(name) not in running) for some in (info.requires, info.enhances))
        requires, enhances = map(tuple, needs)
        return Candidate(self.file, rank, self.preload, self.required, requires, info.optional, enhances)


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


class LoadedModules:
    """Every opened module; the loader adds opening, starting and stopping.

    Args:
        core: the core, whose way of holding modules this becomes.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.logger = core.logger
        self._modules: dict[str, Loaded] = {}  # in the order of opening, started ones moved to the end
        self._doors = threading.RLock()
        self.around: Callable[[str, str], contextlib.AbstractContextManager[None]] = _unwatched
        """Surrounds each load, unload and reload callback: the module's name and the callback."""
        core.holding = self.holding

    # -- looking

    def find(self, name: str) -> Loaded | None:
        """The opened module of that name, with or without suffix, in any case."""
        with self._doors:
            return self._modules.get(key_of(name))

    def must_find(self, name: str) -> Loaded:
        """The opened module of that name.

        Raises:
            AsterismError: there is none.
        """
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

    def all(self) -> list[Loaded]:
        """All opened modules: those that run last, in the order in which they were started."""
        with self._doors:
            return list(self._modules.values())

    def is_idle(self) -> bool:
        """Whether nothing but other modules uses any module."""
        with self._doors:
            return all(one.module.use_count <= one.held for one in self._modules.values())

    # -- holding and entering

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
            with self.entering(one, doing, patient=dialplan):
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

    def set_door(self, one: Loaded, door: Door, within: int = 0) -> None:
        """Change who may enter a module; the record of a module in C follows."""
        with self._doors:
            one.door, one.within = door, within
            one.module.set_running(door is Door.OPEN)

    def shut(self, one: Loaded, force: Force = Force.SOFT) -> None:
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
            holders = sorted(holder.file for holder in self.holders(one))
            raise AsterismError(loader_words.in_use(one.file, count, holders))
        if count:
            self.logger.warning(f"Forcing removal of module '{one.file}' with use count {count}")

    def is_shut(self, one: Loaded) -> bool:
        """Shut a module's door unless somebody is inside."""
        try:
            self.shut(one)
        except AsterismError:
            return False
        return True

    def entering(self, one: Loaded, callback: str, *, patient: bool = False) -> contextlib.AbstractContextManager[None]:
        """Note that a callback of a module runs."""
        return self.noting(one.info.name, callback, one.identity, patient=patient)

    @contextlib.contextmanager
    def noting(self, module: str, callback: str, identity: Identity | None, *, patient: bool = False) -> Iterator[None]:
        """Note that something of a module runs: in the journal, and for the crash handler."""
        noted = self.core.journal.entering(module, callback, patient=patient, identity=identity)
        with noted, self.core.doing(module, callback):
            yield

    @contextlib.contextmanager
    def calling(self, one: Loaded, callback: str) -> Iterator[None]:
        """Surround a load, unload or reload callback."""
        with self.entering(one, callback), self.around(one.info.name, callback):
            yield

    # -- modules that hold others

    def hold(self, holder: Loaded, held: Loaded) -> None:
        """Take the reference that one module has on another because it needs it."""
        with self._doors:
            if held not in holder.holds:
                holder.holds.append(held)
                held.held += 1
                held.module.use(1)

    def let_go(self, holder: Loaded) -> None:
        """Drop the references that a module has on others."""
        with self._doors:
            for held in holder.holds:
                held.held -= 1
                held.module.use(-1)
            holder.holds.clear()

    def holders(self, one: Loaded) -> list[Loaded]:
        """The modules that need a module."""
        return [other for other in self._modules.values() if one in other.holds] if one.held else []

    def dependents(self, target: Loaded) -> list[Loaded]:
        """All that hold a reference on a module, by way of others too, in the order they must be unloaded.

        Raises:
            AsterismError: a module among them is in use by something that is no module.
        """
        ordered: list[Loaded] = []
        visited = {target.key}
        stack = [(target, iter(self.holders(target)))]
        while stack:
            one, holders = stack[-1]
            following = next((holder for holder in holders if holder.key not in visited), None)
            if following is not None:
                visited.add(following.key)
                stack.append((following, iter(self.holders(following))))
                continue
            stack.pop()
            ordered.append(one)
        for one in ordered:
            extra = one.module.use_count - one.held
            if extra > 0:
                raise AsterismError(loader_words.still_used(one.file, extra, target.file))
        return ordered[:-1]

    # -- changes of the list

    def put(self, one: Loaded) -> None:
        """Add a module that was opened."""
        with self._doors:
            self._modules[one.key] = one

    def last(self, one: Loaded) -> None:
        """Move a module to the end: the last started is the first stopped."""
        with self._doors:
            self._modules[one.key] = self._modules.pop(one.key)

    def drop(self, one: Loaded) -> None:
        """Take a module out, with all references that it has on others and others on it."""
        self.let_go(one)
        with self._doors:
            for holder in self.holders(one):
                holder.holds.remove(one)
                one.held -= 1
                one.module.use(-1)
            self._modules.pop(one.key, None)


def _unwatched(_name: str, _callback: str) -> contextlib.AbstractContextManager[None]:
    """Nobody compares the state of the process."""
    return contextlib.nullcontext()


def _row(one: Loaded) -> Row:
    name = level_name(one.info.support_level)
    description, uses, needs = one.info.description or "", one.module.use_count, _files(one.holds)
    return Row(one.file, description, uses, one.running, name, needs, one.build)


def _files(modules: Iterable[Loaded]) -> tuple[str, ...]:
    return tuple(one.file for one in modules)
