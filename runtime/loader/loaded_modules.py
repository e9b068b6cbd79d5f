"""The list of opened modules, with the references on each module and the threads that may enter it.

The short lock guards the list and the doors of the modules: modules are held under it, and the list is read under it;
no callback runs meanwhile.  It is taken inside the loader's long lock, never the other way round.  "How a module is
held" in docs/architecture.md has the rule.
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
    """Which threads may enter an opened module, besides the thread that runs its load or unload callback."""

    SHUT = "shut"
    """No thread: the module does not run, or is being stopped."""
    AJAR = "ajar"
    """Threads that call the module's applications and functions: its load callback runs."""
    OPEN = "open"
    """Every thread: the module runs."""


@dataclass(slots=True, eq=False)
class Loaded:
    """An opened module."""

    file: str
    """The name of the module's file, which commands and messages show."""
    module: Module
    required: bool = False
    preload: bool = False
    door: Door = Door.SHUT
    within: int = 0
    """Identifier of the thread that runs the module's load or unload callback; 0 when none does."""
    inside: int = 0
    """The number of threads that hold the module while its code runs; its use count includes them."""
    identity: Identity | None = None
    """Size and modification time of the file that the module was opened from."""
    reason: str = ""
    """Why the module started at its place in the order."""
    holds: list[Loaded] = field(default_factory=list)
    """The modules on which this module holds a reference because it needs them."""
    held: int = 0
    """The number of modules that hold a reference on this one; counting takes too long with thousands of modules."""
    _build: str | None = None

    @property
    def key(self) -> str:
        """The module's name without suffix, in lower case."""
        return key_of(self.file)

    @property
    def info(self) -> ModuleInfo:
        """The module's description of itself (``struct ast_module_info``)."""
        return self.module.info

    @property
    def running(self) -> bool:
        """Whether the module runs."""
        return self.door is Door.OPEN

    @property
    def build(self) -> str:
        """The build identifier of the module, read from its memory once; valid only while the module is opened."""
        if self._build is None:
            self._build = self.module.build
        return self._build

    def admits(self, thread: int, *, dialplan: bool) -> bool:
        """Whether a thread may enter the module; ``dialplan`` calls may enter during the load callback already."""
        return self.running or (dialplan and self.door is Door.AJAR) or self.within == thread

    def candidate(self, running: Collection[str] = ()) -> Candidate:
        """The module as a candidate for the start order.

        Args:
            running: keys of parts of the core, which the module may require without waiting for them.
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
    """File names of the modules on which this module holds a reference."""
    build: str = ""
    """The build identifier of the code in memory."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of ``module show order``: a running module at its place in the start order."""

    file: str
    reason: str
    needs: tuple[str, ...]


class LoadedModules:
    """The list of opened modules; the loader adds opening, starting and stopping.

    Args:
        core: the core; its ``holding`` becomes this list's :meth:`holding`.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.logger = core.logger
        self._modules: dict[str, Loaded] = {}  # in order of opening; a module that starts moves to the end
        self._doors = threading.RLock()
        self.around: Callable[[str, str], contextlib.AbstractContextManager[None]] = _unwatched
        """Makes the context around a load, unload or reload callback, from the module's name and the callback."""
        core.holding = self.holding

    # -- looking

    def find(self, name: str) -> Loaded | None:
        """The opened module of that name, with or without suffix, in any case; None when it is not opened."""
        with self._doors:
            return self._modules.get(key_of(name))

    def must_find(self, name: str) -> Loaded:
        """The opened module of that name.

        Raises:
            AsterismError: no opened module has the name.
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
        """File names of the opened modules, sorted without regard to case; ``running`` selects by whether they run."""
        with self._doors:
            chosen = [one.file for one in self._modules.values() if running is None or one.running is running]
        return sorted(chosen, key=str.lower)

    def rows(self) -> list[Row]:
        """All opened modules, as ``module show`` lists them, sorted by file name."""
        with self._doors:  # no module is closed meanwhile, so its memory can be read
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
        """All opened modules in order of opening; a module that starts moves to the end."""
        with self._doors:
            return list(self._modules.values())

    def is_idle(self) -> bool:
        """Whether only other modules hold references on modules."""
        with self._doors:
            return all(one.module.use_count <= one.held for one in self._modules.values())

    # -- holding and entering

    @contextlib.contextmanager
    def holding(
        self, module: str | None, doing: str, is_there: Callable[[], bool], *, dialplan: bool = False
    ) -> Iterator[bool]:
        """Keep a module from being unloaded while its code runs (:class:`runtime.core.holding.Holding`)."""
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
        """Find a module and hold it, if it admits this thread and ``is_there`` confirms the registration."""
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
        """Change which threads may enter a module, and update its record for C code."""
        with self._doors:
            one.door, one.within = door, within
            one.module.set_running(door is Door.OPEN)

    def shut(self, one: Loaded, force: Force = Force.SOFT) -> None:
        """Let only this thread enter the module, which it is about to stop.

        Raises:
            AsterismError: the module is in use and ``force`` is SOFT; the door is unchanged.
        """
        with self._doors:
            was_running = one.running
            one.module.set_running(False)  # before the use count is read: see native/module.c
            # A callback of the module may unload the module itself.
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
        """Shut a module's door unless the module is in use.  Returns whether the door is shut."""
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
        """Note that code of a module runs: in the journal, and for the crash handler."""
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
        """Take a module's reference on another module that it needs; a second call changes nothing."""
        with self._doors:
            if held not in holder.holds:
                holder.holds.append(held)
                held.held += 1
                held.module.use(1)

    def let_go(self, holder: Loaded) -> None:
        """Drop a module's references on other modules."""
        with self._doors:
            for held in holder.holds:
                held.held -= 1
                held.module.use(-1)
            holder.holds.clear()

    def holders(self, one: Loaded) -> list[Loaded]:
        """The modules that hold a reference on a module because they need it."""
        return [other for other in self._modules.values() if one in other.holds] if one.held else []

    def dependents(self, target: Loaded) -> list[Loaded]:
        """All modules that hold a reference on a module, directly or through others, in the order of unloading.

        Raises:
            AsterismError: something other than a module uses one of them.
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
        """Move a module to the end of the list: the last started is the first stopped."""
        with self._doors:
            self._modules[one.key] = self._modules.pop(one.key)

    def drop(self, one: Loaded) -> None:
        """Remove a module from the list, with its references on other modules and theirs on it."""
        self.let_go(one)
        with self._doors:
            for holder in self.holders(one):
                holder.holds.remove(one)
                one.held -= 1
                one.module.use(-1)
            self._modules.pop(one.key, None)


def _unwatched(_name: str, _callback: str) -> contextlib.AbstractContextManager[None]:
    """The context around a callback when the state of the process is not compared: it does nothing."""
    return contextlib.nullcontext()


def _row(one: Loaded) -> Row:
    name = level_name(one.info.support_level)
    description, uses, needs = one.info.description or "", one.module.use_count, _files(one.holds)
    return Row(one.file, description, uses, one.running, name, needs, one.build)


def _files(modules: Iterable[Loaded]) -> tuple[str, ...]:
    return tuple(one.file for one in modules)
