"""The loader: opens modules, starts them in order, and stops, reloads and refreshes them while the program runs.

Its decisions and log messages follow main/loader.c; docs/differences.md lists the deliberate differences.
:mod:`runtime.loader.start_order` computes the start order.  :mod:`runtime.modules` turns a file into a module, through
one function, ``open_module``.

The loader uses two locks.  The long lock serializes all changes to modules.  It is held while callbacks run, as
Asterisk holds its module list, and it is re-entrant, since a callback may load another module; no function that a
module's own threads call (references, registrations, logging) takes it.  The short lock guards the list of modules and
their doors: modules are held under it, and the list is read under it; no callback runs meanwhile.  "How a module is
held" in docs/architecture.md has the rule.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism.errors import AsterismError, Fault
from runtime.core.core import Force, Reload
from runtime.core.event_classes import SYSTEM
from runtime.loader import loader_words
from runtime.loader.built_in import running_parts
from runtime.loader.loaded_modules import Door, Loaded
from runtime.loader.modules_conf import Wanted, WantedModule
from runtime.loader.opened_modules import OpenedModules
from runtime.loader.start_order import Candidate, Cause, Refusal, Start, StepResult, key_of
from runtime.model.module_record import SupportLevel, UndefinedSymbolError

_Missed = tuple[WantedModule, AsterismError]
"""A module that could not be opened, and the reason."""

_RESULTS = {0: StepResult.SUCCESS, 1: StepResult.DECLINE, -1: StepResult.FAILURE}
"""The results of a load callback (``enum ast_module_load_result``); 2 and 3 are for the loader's own use."""


class Loader(OpenedModules):
    """The loader: the opened modules, and the operations on them. Arguments are those of :class:`OpenedModules`."""

    # -- the start

    def start(self, wanted: Wanted) -> list[Fault]:
        """Open and start the modules that modules.conf selects.

        Returns:
            The faults of the modules that did not start, in order of occurrence.

        Raises:
            AsterismError: a module stopped the start; its status is 2, as in Asterisk.
        """
        self.logger.verbose(1, "Asterisk Dynamic Loader Starting:")
        if wanted.entries:
            self.logger.notice(f"{len(wanted.entries)} modules will be loaded.")
        with self._busy:
            faults = self._open_all(wanted)
            lost = [entry for entry in wanted.entries if entry.required and entry.key in self.failed]
            if lost:
                self._stop_start([*faults, *(loader_words.required(entry) for entry in lost)])
            return self._start_all(wanted, faults)

    def _stop_start(self, faults: Iterable[Fault]) -> None:
        raise AsterismError(*faults, status=2)

    def _open_all(self, asked: Wanted) -> list[Fault]:
        """Open all modules, in passes while a pass opens more: a symbol may come from a module listed later."""
        waiting = list(asked.entries)
        refused: list[Fault] = []
        while waiting:
            missed: list[_Missed] = []
            for entry in waiting:
                try:
                    self.open(entry)
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
        explained = self.explained([error for _, error in missed], lost, asked)
        for (entry, _), faults in zip(missed, explained, strict=True):
            self.note_failed(entry.key, faults[0])
            found += faults
        return found

    def _start_all(self, wanted: Wanted, before: Sequence[Fault]) -> list[Fault]:
        """Start the opened modules.  Returns all faults, those of ``before`` first."""
        start = Start(self._candidates())
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
            faults.setdefault(one.key, loader_words.refused(self._file(one), refusal, wanted, self.failed, self.files))
            self.note_failed(one.key, faults[one.key])
        if start.stopped:
            self._stop_start([*before, *loader_words.stopping(start.stopped, faults)])
        return [*before, *faults.values()]

    def _candidates(self) -> list[Candidate]:
        """The opened modules as candidates; a module with the name of a part of the core replaces the part."""
        running = running_parts(self.core) - self._modules.keys()
        return [one.candidate(running) for one in self._modules.values()]

    def _take_references(self, one: Loaded, start: Start) -> None:
        for name in start.holds[one.key]:
            self.hold(one, self._modules[key_of(name)])

    def _start_one(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        self.logger.verbose(1, f"Loading {one.file}.")
        result = self._call_load(one, faults)
        if result is StepResult.SUCCESS:
            self._is_running(one)
            self.logger.verbose(2, f"{one.file} => ({one.info.description})")
        return result

    def _call_load(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        """Call the load callback; when it does not succeed, the fault is stored under the module's key."""
        if not one.info.has_load:
            faults[one.key] = loader_words.of_module(self._file(one), "has no load callback", code="no-load")
            return StepResult.DECLINE
        self.set_door(one, Door.AJAR, threading.get_ident())
        result = self._called(one, faults)
        if result is not StepResult.SUCCESS:
            self.set_door(one, Door.SHUT)
        return result

    def _called(self, one: Loaded, faults: dict[str, Fault]) -> StepResult:
        try:
            calling = self.calling(one, "its load callback")
            with calling, self.logger.overhearing() as said, self.core.missing_files() as missing:
                number = one.module.load()
        except AsterismError as error:
            faults[one.key] = error.faults[0]
            return StepResult.DECLINE
        if number in loader_words.UNWILLING:
            faults[one.key] = loader_words.unwilling(self._file(one), number, said, missing)
        elif number not in _RESULTS:
            faults[one.key] = loader_words.of_module(
                self._file(one),
                f"returned {number} from its load callback, which means nothing",
                cure="this is a mistake in the module: it must return 0 (success), 1 (decline) or -1 (failure)",
                code="invalid-result",
            )
        return _RESULTS.get(number, StepResult.INVALID)

    def _is_running(self, one: Loaded) -> None:
        self.failed = {key: fault for key, fault in self.failed.items() if key != one.key}
        self.last(one)
        self.set_door(one, Door.OPEN)
        if one.info.support_level == SupportLevel.DEPRECATED:
            self.logger.warning(f"{one.file} is deprecated: it may be missing in a later version")

    # -- later: load, unload, reload, refresh

    def load(self, name: str) -> str:
        """Open and start one module (``ast_load_resource``); the modules that it needs must run already.

        Returns:
            The module's file name.  :meth:`announce` logs the load, after the caller has logged its own lines.

        Raises:
            AsterismError: the module runs already, cannot be opened, did not start, or needs a module that does not
                run.
        """
        with self._busy, self._telling_of_load(name):
            found = self.find(name)
            if found is not None and found.running:
                raise AsterismError(Fault(f"the module '{found.file}' is running already", code="running"))
            if found is not None:
                self.shut(found)
                self.close(found)  # opened anew, because the file may have changed
            try:
                one = self.open(WantedModule(name))
                self._start_later(one)
            except UndefinedSymbolError as error:
                (faults,) = self.explained([error])
                self.note_failed(key_of(name), faults[0])
                raise AsterismError(*faults) from None
            except AsterismError as error:
                if error.faults[0].code not in ("no-such-file", "module-name"):
                    self.note_failed(key_of(name), error.faults[0])
                raise
            return one.file

    @contextlib.contextmanager
    def _telling_of_load(self, name: str) -> Iterator[None]:
        """Publish the result of a load as a manager event (``publish_load_message``)."""
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
        """Log that a module was loaded."""
        one = self.find(name)
        if one is not None:
            self.logger.verbose(1, f"Loaded {one.file} => ({one.info.description})")

    def _start_later(self, one: Loaded) -> None:
        start = Start(self._candidates())
        start.running = {key: None for key, other in self._modules.items() if other.running}
        candidate = start.known[one.key]
        unmet = [key for key in start.needs(candidate) if key not in start.running]
        missing = [self._modules[key].file if key in self._modules else key for key in unmet]
        if missing:
            raise AsterismError(loader_words.needs_first(one.file, missing))
        for key in start.needs(candidate):
            self.hold(one, self._modules[key])
        one.reason = "loaded later, by name"
        faults: dict[str, Fault] = {}
        result = self._call_load(one, faults)
        if result is not StepResult.SUCCESS:
            cause = {StepResult.DECLINE: Cause.DECLINED, StepResult.INVALID: Cause.INVALID}.get(result, Cause.FAILED)
            raise AsterismError(faults.get(one.key) or loader_words.refused(self._file(one), Refusal(one.file, cause)))
        self._is_running(one)

    def unload(self, name: str, force: Force = Force.SOFT) -> str:
        """Stop and close one module (``ast_unload_resource``); a module that does not run is only closed.

        Returns:
            The module's file name.

        Raises:
            AsterismError: the module is not loaded, is in use, or refuses to be unloaded.  With HARD a refusal is
                reported after the module is closed.
        """
        with self._busy:
            one = self.must_find(name)
            if not one.running:
                self.shut(one, force)
                self.logger.notice(f"Unloading module '{one.file}' that previously declined to load")
                self.close(one)
                self._tell("Unload", name, "Success")
                return one.file
            self.shut(one, force)
            refused = self._call_unload(one)
            if refused and force < Force.HARD:
                self.set_door(one, Door.OPEN)
                raise AsterismError(refused)
            if refused:
                self.logger.warning(f"** Dangerous **: {one.file} is taken out all the same, as was asked")
            self.close(one)
            if refused:
                raise AsterismError(loader_words.taken_out(refused))
            self._tell("Unload", name, "Success")
            return one.file

    def _call_unload(self, one: Loaded) -> Fault | None:
        """Call the unload callback.  Returns the refusal as a fault, or None."""
        if not one.info.has_unload:
            cure = "this module cannot be unloaded; stop the program to be rid of it"
            return loader_words.of_module(self._file(one), "has no unload callback", cure=cure, code="no-unload")
        self.logger.verbose(1, f"Unloading {one.file}")
        try:
            with self.calling(one, "its unload callback"):
                number = one.module.unload()
        except AsterismError as error:
            return error.faults[0]
        if number:
            why = f"its unload callback returned {number}"
            return loader_words.of_module(self._file(one), "refuses to be unloaded", why=why, code="refused")
        return None

    def reload(self, name: str | None = None) -> Reload:
        """Call the reload callback of one module or of all that have one (``ast_module_reload``).

        Parts of the core that read a file of their own (``core.parts``) are reloaded like modules.
        A request made before the start is complete is kept until then; one made while another runs is refused.
        """
        result = self.reloads.reload(name)
        self._tell("Reload", name or "All", int(result))
        return result

    def run_queued_reloads(self) -> None:
        """Carry out the reload requests that were made before the start was complete."""
        for name in self.reloads.queued():
            what = f" for module '{name}'" if name else ""
            self.logger.notice(f"Executing deferred reload request{what}.")
            self.reload(name)

    def refresh(self, name: str, *, recursively: bool = False) -> str:
        """Unload and load one module (``ast_refresh_resource``), ``recursively`` with all modules that depend on it.

        Whether all of them can be unloaded is checked before any is unloaded.

        Returns:
            The module's file name.

        Raises:
            AsterismError: a module could not be unloaded, or could not be loaded again (``code`` is
                ``not-loaded-again``).
        """
        with self._busy:
            one = self.must_find(name)
            dependents = self.dependents(one) if recursively and one.running else []
            self._unload_in_turn([*dependents, one])
            faults = []
            for file in (one.file, *(other.file for other in reversed(dependents))):
                try:
                    self.load(file)
                except AsterismError as error:
                    faults += loader_words.not_again(file, error)
            if faults:
                raise AsterismError(*faults)
            return one.file

    def _unload_in_turn(self, modules: Sequence[Loaded]) -> None:
        """Unload all modules; when one refuses, load the already unloaded ones again."""
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

    def shutdown(self) -> list[str]:
        """Unload the modules from the last started to the first, skipping those in use, until a pass changes nothing.

        Returns:
            File names of the modules that stay because they are in use.
        """
        with self._busy:
            while self._shutdown_pass():
                pass
            return self.names()

    def _shutdown_pass(self) -> bool:
        changed = False
        for one in reversed(list(self._modules.values())):
            was_running = one.running
            if (count := one.module.use_count) or not self.is_shut(one):
                self.logger.debug(1, f"Passing on {one.file}: its use count is {count}")
                continue
            if was_running and one.info.has_unload:
                self.logger.verbose(1, f"Unloading {one.file}")
                with contextlib.suppress(AsterismError), self.calling(one, "its unload callback"):
                    one.module.unload()
            self.close(one)
            changed = True
        return changed

    def _file(self, one: Loaded) -> Path:
        return self.directory / one.file


def _may_come(error: AsterismError) -> bool:
    """Whether opening further modules can cure the error: it is an undefined symbol."""
    return error.faults[0].code == "undefined-symbol"
