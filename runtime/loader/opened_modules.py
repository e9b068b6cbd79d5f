"""Files become opened modules: found in the module directory, tried, opened, inspected; and closed again.

How a file becomes a module is :mod:`runtime.modules`', which comes in as one function, ``open_module``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from asterism.errors import AsterismError, Fault
from asterism.names import MODULE_SUFFIXES, bare, did_you_mean, is_module_name
from runtime.core.core import Core
from runtime.core.journal import Identity
from runtime.loader.distrust import Trust
from runtime.loader.loaded_modules import Loaded, LoadedModules
from runtime.loader.modules_conf import Wanted, WantedModule, no_name
from runtime.loader.start_order import key_of
from runtime.model.module_record import Flag, Module, UndefinedSymbolError
from runtime.modules.inspection import inspect

Faults = tuple[Fault, ...]


class OpenModule(Protocol):
    """How a file becomes a module."""

    def __call__(self, path: Path, *, global_symbols: bool = False) -> Module:
        """Open it.  Raises AsterismError."""


class OpenedModules(LoadedModules):
    """The list of modules, with what opens and closes them.

    Args:
        core: the core.
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
        super().__init__(core)
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

    def files(self) -> list[str]:
        """Names of the files in the module directory that can be modules, sorted; none when it cannot be read."""
        try:
            names = os.listdir(self.directory)
        except OSError:
            return []
        return sorted(name for name in names if name.lower().endswith(MODULE_SUFFIXES) and is_module_name(bare(name)))

    def open(self, entry: WantedModule) -> Loaded:
        """Open the file that an entry of modules.conf means, and add the module.

        Raises:
            AsterismError: the module is left out, cannot be opened, or was built for another core.
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

    def close(self, one: Loaded) -> None:
        """Take a module out: what it left registered, its references on others, those others have on it, its memory.

        Its door is shut: nobody but this thread can enter it.
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
        """Note why a module does not run."""
        self.failed = {**self.failed, key: fault}

    def explained(
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
        if self.find(key) is not None:
            return f"'{name}' is opened, but keeps its symbols to itself: give it AST_MODFLAG_GLOBAL_SYMBOLS"
        if key in lost or key in self.failed:
            return f"'{name}' could not be opened; see what is said of it"
        if asked is None:
            return f"load '{name}' first"
        barred = f"modules.conf says 'noload = {name}'"
        return barred if key in asked.barred else f"add 'load = {name}' to modules.conf"


def _unprobed(_path: Path) -> None:
    """Nobody asked for a trial."""


def _identity(path: Path) -> Identity | None:
    try:
        status = os.stat(path)
    except OSError:
        return None  # opening it will tell
    return status.st_size, status.st_mtime_ns
