"""Reloads of a module, a part of the core, or everything: one at a time, and none before the start is complete."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager

from asterism.errors import AsterismError
from runtime.core.core import Core, Reload
from runtime.loader.built_in import BUILT_IN, reload_absent
from runtime.loader.loaded_modules import Loaded, LoadedModules
from runtime.loader.start_order import key_of


class Reloads:
    """Carries out and queues requests to reload modules and parts of the core.

    Args:
        modules: the opened modules.
        busy: the loader's long lock, which serializes all changes to modules.
    """

    def __init__(self, modules: LoadedModules, busy: AbstractContextManager[object]) -> None:
        self.core: Core = modules.core
        self.logger = modules.logger
        self.modules = modules
        self.failed: tuple[str, ...] = ()
        """The parts of the core and files of modules that failed in the last reload of everything."""
        self._busy = busy
        self._one_at_a_time = threading.Lock()
        self._queued: list[str | None] = []

    def reload(self, name: str | None = None) -> Reload:
        """Reload one module or all; queued before the start is complete, refused while another reload runs."""
        if not self.core.booted.is_set():
            self._queue(name)
            return Reload.QUEUED
        if not self._one_at_a_time.acquire(blocking=False):
            self.logger.verbose(3, "The previous reload command didn't finish yet")
            return Reload.IN_PROGRESS
        try:
            with self._busy:
                return self._reload(name)
        finally:
            self._one_at_a_time.release()

    def _queue(self, name: str | None) -> None:
        if name is None:
            self._queued[:] = [None]
        elif None not in self._queued and key_of(name) not in map(_key_or_none, self._queued):
            self._queued.append(name)

    def queued(self) -> list[str | None]:
        """Empty the queue of requests made before the start was complete, and return it; None stands for everything."""
        queued, self._queued[:] = self._queued[:], []
        return queued

    def _reload(self, name: str | None) -> Reload:
        self.core.times.reloaded = time.time()
        if name is None:
            results = {part: self._reload_part(part) for part in self.core.parts}
            results |= {one.file: self._reload_one(one) for one in self.modules.all()}
            self.failed = tuple(name for name, result in results.items() if result is Reload.ERROR)
            return (
                next(iter(results.values()), Reload.SUCCESS)
                if Reload.SUCCESS not in results.values()
                else Reload.SUCCESS
            )
        key, found = key_of(name), self.modules.find(name)
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
            with self.modules.calling(one, "its reload callback"):
                return Reload.ERROR if one.module.reload() else Reload.SUCCESS
        except AsterismError as error:
            self.logger.error(str(error))
            return Reload.ERROR


def _key_or_none(name: str | None) -> str | None:
    return key_of(name) if name else None
