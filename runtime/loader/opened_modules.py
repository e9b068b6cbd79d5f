"""Opening and closing of modules: a file is found in the module directory, tried, opened and inspected.

:mod:`runtime.modules` turns a file into a module, through one function, ``open_module``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from asterism.light.types import Protocol
from asterism.names import MODULE_SUFFIXES, bare, did_you_mean, is_module_name
from runtime.core.core import Core
from runtime.core.journal import Identity
from runtime.loader.distrust import Trust
from runtime.loader.loaded_modules import Loaded, LoadedModules
from runtime.loader.modules_conf import Wanted, WantedModule, no_name
from runtime.loader.reloads import Reloads
from runtime.loader.start_order import key_of
from runtime.model.module_record import Flag, Module, UndefinedSymbolError
from runtime.modules.inspection import inspect

Faults = tuple[Fault, ...]


class OpenModule(Protocol):
    """The function that turns a file into a module."""

    def __call__(self, path: Path, *, global_symbols: bool = False) -> Module:
        """Open the module in a file.

        Raises:
            AsterismError: the file cannot be opened as a module.
        """


class OpenedModules(LoadedModules):
    """The list of modules, with the operations that open and close them.

    Args:
        core: the core; its settings and logger are read, and its registries cleared of what a closed module left.
        open_module: turns a file into a module.
        directory: the module directory.
        buildopts: the core's own build-option sum and options, which modules must share.
        trust: the distrusted modules; by default there are none.
    """

    def __init__(
        self,
        core: Core,
        open_module: OpenModule,
        directory: Path,
        buildopts: tuple[str, Sequence[str]] = ("", ()),
        trust: Trust | None = None,
    ) -> None:
        super().__init__(core)
        self.directory = directory
        self.probe: Callable[[Path], Fault | None] = _unprobed
        """Tries a module's file before it is opened.  Returns why the file must not be opened, or None."""
        self.instead: dict[str, Path] = {}
        """Files to open instead of those in the module directory, by key."""
        self.stock: dict[str, Path] = {}
        """Files to open when the module directory lacks the module, by key."""
        self.listed: frozenset[str] = frozenset()
        """Names of the built-in parts of the core that modules.conf lists like modules."""
        self.trust = trust or Trust(None, directory)
        self.failed: dict[str, Fault] = {}
        """Why modules do not run, by key; an entry stays until its module runs.

        The mapping is replaced, never changed, so that readers need no lock.
        """
        self._busy = threading.RLock()
        """The long lock: held while modules are opened, started, stopped or reloaded."""
        self.reloads = Reloads(self, self._busy)
        self._open_module = open_module
        self._buildopts = buildopts

    def files(self) -> list[str]:
        """Names of the module files in the module directory, sorted; an unreadable directory counts as empty."""
        try:
            names = os.listdir(self.directory)
        except OSError:
            return []
        return sorted(name for name in names if name.lower().endswith(MODULE_SUFFIXES) and is_module_name(bare(name)))

    def open(self, entry: WantedModule) -> Loaded:
        """Open the file that an entry of modules.conf names, and add the module to the list.

        Raises:
            AsterismError: the module is distrusted, cannot be opened, or was built for another core.
        """
        path = self._path(entry)
        fault = self.trust.against(entry.name) or self.probe(path)
        if fault is not None:
            raise AsterismError(fault)
        identity = _identity(path)
        with self.noting(path.stem, "its constructor (it was being opened)", identity):
            module = self._open_module(path)
            if module.info.flags & Flag.GLOBAL_SYMBOLS:
                module.close()
                module = self._open_module(path, global_symbols=True)
        fault = inspect(module.info, os.fspath(path), *self._buildopts)
        if fault is not None:
            module.close()
            raise AsterismError(fault)
        one = Loaded(path.name, module, entry.required, entry.preload, identity=identity)
        self.put(one)
        return one

    def _path(self, entry: WantedModule) -> Path:
        """The file of an entry.  A name without suffix means the shared object or, without one, the Python file."""
        name = entry.name
        if not is_module_name(bare(name)):
            raise AsterismError(no_name(entry))
        if entry.key in self.instead:
            return self.instead[entry.key]
        names = [name] if name.lower().endswith(MODULE_SUFFIXES) else [f"{name}{suffix}" for suffix in MODULE_SUFFIXES]
        for candidate in names:
            if os.path.lexists(self.directory / candidate):  # opening a dangling link reports the fault
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

    def close(self, one: Loaded) -> None:
        """Remove a module: its registrations, its references on others and theirs on it, and its memory.

        The module's door must be shut, so that only this thread can enter the module.
        """
        for left in self.core.forget_module(one.info.name):
            self.logger.warning(f"{one.file} left its {left} registered; it has been removed")
        self.drop(one)
        try:
            with self.entering(one, "its destructor (it was being closed)"):
                one.module.close()
        except AsterismError as error:
            self.logger.warning(str(error))

    # -- faults

    def note_failed(self, key: str, fault: Fault) -> None:
        """Store the fault that says why a module does not run."""
        self.failed = {**self.failed, key: fault}

    def explained(
        self, errors: Sequence[AsterismError], lost: Collection[str] = (), asked: Wanted | None = None
    ) -> list[Faults]:
        """The faults of modules that were not opened; undefined symbols come with the modules that provide them."""
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
        """The cure that makes a module's symbols available to other modules."""
        key = key_of(name)
        if self.find(key) is not None:
            return f"'{name}' is opened, but keeps its symbols to itself: give it AST_MODFLAG_GLOBAL_SYMBOLS"
        if key in lost or key in self.failed:
            return f"'{name}' could not be opened; see what is said of it"
        if asked is None:
            return f"load '{name}' first"
        barred = f"modules.conf says 'noload = {name}'"
        return barred if key in asked.barred else f"add 'load = {name}' to modules.conf"


def _unprobed(_path: Path) -> None:
    """The probe when trials are off: every module may be opened."""


def _identity(path: Path) -> Identity | None:
    try:
        status = os.stat(path)
    except OSError:
        return None  # opening the file reports the error
    return status.st_size, status.st_mtime_ns
