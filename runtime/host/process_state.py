"""The state of the process that module callbacks must preserve: user, signals, directory, umask, limits, descriptors.

The state is recorded before each callback and compared after it (runtime/native/modules/process.c).  A change is undone
as far as the system allows, and reported with the module's name.  When the program cannot go on, because it lost its
rights or its descriptors, it stops, and the next start leaves the module out.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping

from asterism.errors import Fault
from asterism.light.types import NamedTuple
from asterism.values import TYPE_CHECKING
from runtime.core.core import Core, Niceness

if TYPE_CHECKING:
    from typing import Any

ROOM = 2048
"""The size in bytes of the buffer for the description of one callback's changes."""

_SAME, _MENDED, _CHANGED, _RUINED = range(4)
"""The values of ``enum asterism_process_change``."""

_CURES = {
    _MENDED: "all of that was put back; this is a mistake in the module",
    _CHANGED: "what could be put back was; this is a mistake in the module",
    _RUINED: "the program stops, and its next start leaves the module out until it is built again or trusted",
}


Passing = Mapping[int, object]
"""The program's temporary descriptors, each with its holder: equal holders mean the same open file."""


class _Noted(NamedTuple):
    """The state before a callback."""

    state: Any
    """A ``struct asterism_process``; NULL when memory ran out."""
    lent: Passing
    """The temporary descriptors, which are compared as well."""


class ProcessState:
    """Compares the state of the process before and after callbacks.

    Args:
        core: the core; its logger receives the reports, its ``halt`` a request to stop.
        ffi: cffi's object of core_types.py.
        lib: libasterism.so.
        passing: returns the program's temporary descriptors: connections and log files.
        steady: returns a context in which the program itself opens and closes no temporary descriptor.
    """

    def __init__(
        self,
        core: Core,
        ffi: Any,
        lib: Any,
        passing: Callable[[], Passing],
        steady: Callable[[], contextlib.AbstractContextManager[object]],
    ) -> None:
        self._core = core
        self._ffi = ffi
        self._lib = lib
        self._passing = passing
        self._steady = steady
        self._pid = os.getpid()
        self._kept: _Noted | None = None
        self._is_starting = False
        self._entry: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
        self.ruin: Fault | None = None
        """Why the program cannot go on; None while it can."""

    def begin(self) -> None:
        """Record the descriptors that are open now as the program's own."""
        if self._lib.asterism_process_begin():
            self._core.logger.warning("child processes that modules make cannot be watched")
        for name in os.listdir("/proc/self/fd"):
            self._lib.asterism_process_own(int(name))

    def refresh(self) -> None:
        """Close duplicates of descriptors that the program has closed: the reader at the other end waits for that."""
        self._lib.asterism_process_refresh()

    def end(self) -> None:
        """Forget the program's own descriptors, since the program is about to close them."""
        self._lib.asterism_process_disown()

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """While the body starts modules in sequence, use the state after one as the state before the next."""
        self._is_starting = True
        try:
            yield
        finally:
            self._is_starting = False
            self._finish()

    def _finish(self) -> None:
        """Make the full comparison that was omitted between callbacks for a fast start."""
        kept, self._kept = self._kept, None
        if kept is not None:
            self._compare(kept, "", "")

    @contextlib.contextmanager
    def around(self, module: str, callback: str) -> Iterator[None]:
        """Compare the state before and after the body, which calls a module.

        Args:
            module: the module's name.
            callback: the callback in words: ``its load callback``.
        """
        noted, self._kept = self._kept or self._note(), None
        try:
            yield
        finally:
            self._end_child(module, callback)
            self._compare(noted, module, callback)

    def _note(self) -> _Noted:
        with self._steady():
            lent = self._passing()
            state = self._lib.asterism_process_note()
            for descriptor in lent:
                self._lib.asterism_process_lend(descriptor)
        return _Noted(state, lent)

    def _compare(self, noted: _Noted, module: str, callback: str) -> None:
        room = self._ffi.new("char[]", ROOM)
        is_thorough = int(not self._is_starting)
        change = _SAME
        with self._steady():
            still = self._passing()
            for descriptor, holder in noted.lent.items():
                if still.get(descriptor) != holder:  # the program itself has closed or reopened the descriptor
                    self._lib.asterism_process_take_back(descriptor)
            if noted.state:
                change = int(self._lib.asterism_process_compare(noted.state, is_thorough, room, ROOM))
        if self._is_starting and change <= _MENDED:
            self._kept = noted
        else:
            self._forget(noted)
        if change != _SAME:
            self._tell(change, self._ffi.string(room).decode("utf-8", "replace"), module, callback)

    def _forget(self, noted: _Noted | None) -> None:
        if noted is None:
            return
        for descriptor in noted.lent:
            self._lib.asterism_process_take_back(descriptor)
        if noted.state:
            self._lib.asterism_process_forget(noted.state)

    def _end_child(self, module: str, callback: str) -> None:
        """End a child process that a Python module forked and that returned; process.c does this for C."""
        if os.getpid() != self._pid:
            said = f"asterism: module {module} forked in {callback}, and the child process returned: the child ends\n"
            with contextlib.suppress(OSError):
                os.write(2, said.encode())
            os._exit(1)

    def _tell(self, change: int, changes: str, module: str, callback: str) -> None:
        who = f"module {module} changed the state of the process in {callback}"
        what = who if module else "the state of the process was changed while the modules were started"
        why = "; ".join(changes.splitlines())
        fault = Fault(what, why=why, cure=_CURES[change], code="process-state")
        self._core.logger.error(str(fault))
        if change == _RUINED:
            self._stop(fault, module, callback)

    def _stop(self, fault: Fault, module: str, callback: str) -> None:
        self.ruin = self.ruin or fault
        # The context is never left, so that the next start finds the callback in the journal, as after a crash.
        self._entry = self._core.journal.entering(module, callback)
        self._entry.__enter__()
        self._core.halt.request(Niceness.GRACEFULLY, 1)
