"""The journal of running module callbacks: in memory for the watchdog, on disk for the start after a crash.

The file is memory-mapped: an entry costs a few microseconds, and its content survives every end of the process.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
import re
import threading
import time
from collections.abc import Iterator

from asterism import files
from asterism.errors import AsterismError, Fault
from asterism.light.patterns import pattern
from asterism.light.types import NamedTuple
from asterism.numbers import number
from asterism.values import dataclass

FILE = "journal"
"""The file's name in astrundir."""
SIZE = 16384
"""The size of the file in bytes; callbacks that do not fit are not recorded on disk."""
_MARK = "asterism-journal"
_BOOT = "/proc/sys/kernel/random/boot_id"


Identity = tuple[int, int]
"""Size in bytes and modification time in nanoseconds of a module's file."""


class Suspect(NamedTuple):
    """A callback that ran when the program ended, or that a crash report names."""

    module: str
    """The module's name, without suffix."""
    callback: str
    """The callback in words: ``its load callback``."""
    how: str = ""
    """How the callback ended, in words: ``SIGSEGV, invalid memory access``; empty when unknown."""
    identity: Identity | None = None
    """The file that the module was opened from, if known."""
    trace: str = ""
    """The backtrace from the crash handler."""


@dataclass(slots=True, eq=False)
class RunningCallback:
    """A running callback."""

    module: str
    callback: str
    since: float
    """When the callback was called, by the monotonic clock, in seconds."""
    patient: bool = False
    """Whether the callback may take unlimited time."""
    identity: Identity | None = None
    """The file that the module was opened from."""
    told: int = 0
    """How often the watchdog has warned about the callback."""


class Journal:
    """The running callbacks.  Until :meth:`open`, they are in memory only."""

    def __init__(self) -> None:
        self.busy = threading.Event()
        """Set while any callback runs."""
        self._running: dict[int, RunningCallback] = {}
        self._changing = threading.Lock()
        self._file: mmap.mmap | None = None
        self._heading = b""
        self.warnings: list[Fault] = []
        """Faults about files that :meth:`open` moved aside."""

    def open(self, path: str, crash_log: str = "") -> list[Suspect]:
        """Create the journal file, and return the suspects that the previous program left in it.

        Args:
            path: the file; the caller owns its directory.
            crash_log: the file of the crash handler's reports; reports added since the last start count as well.

        Returns:
            The callbacks that were running when the previous program ended without closing the journal: the one that a
                crash report names, otherwise all.  The list is empty after a restart of the machine.

        A damaged file, and a path that is not a regular file (such as a planted link), is moved aside.

        Raises:
            OSError: the file cannot be used, or another program uses it.
        """
        handle, left = self._begun(path)
        try:
            suspects = _suspects(left, crash_log)
            size = os.path.getsize(crash_log) if crash_log and os.path.exists(crash_log) else 0
            self._heading = f"{_MARK} {_boot()} {size}\n".encode()
            # Written, not only extended: a page without a disk block would end the process when the disk is full.
            os.pwrite(handle, bytes(SIZE), 0)
            self._file = mmap.mmap(handle, SIZE)  # the mapping keeps its own descriptor, and with it the lock
        finally:
            os.close(handle)
        self._write()
        return suspects

    def _begun(self, path: str) -> tuple[int, _Left | None]:
        """Open and lock the file.  Returns its descriptor and its content."""
        try:
            return _held(path)
        except ValueError:
            pass
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.EISDIR, errno.EINVAL):
                raise
        self.warnings.append(files.set_aside(path))
        handle = files.opened(path, _FLAGS | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle, None

    def close(self) -> None:
        """Empty the file at a regular end of the program, so that the next start finds no suspects."""
        with self._changing:
            if self._file is not None:
                self._file[:] = bytes(SIZE)
                self._file.close()
                self._file = None

    @contextlib.contextmanager
    def entering(
        self, module: str, callback: str, *, patient: bool = False, identity: Identity | None = None
    ) -> Iterator[None]:
        """Record a callback while the body calls it."""
        entry = RunningCallback(module, callback, time.monotonic(), patient, identity)
        with self._changing:
            self._running[id(entry)] = entry
            self.busy.set()
            self._write()
        try:
            yield
        finally:
            with self._changing:
                del self._running[id(entry)]
                if not self._running:
                    self.busy.clear()
                self._write()

    def running(self) -> list[RunningCallback]:
        """The running callbacks, the longest-running first."""
        with self._changing:
            return list(self._running.values())

    def _write(self) -> None:
        if self._file is None:
            return
        lines = "".join(map(_line, self._running.values()))
        data = (self._heading + lines.encode("utf-8", "replace"))[: SIZE - 1] + b"\0"
        self._file[: len(data)] = data


def _line(entry: RunningCallback) -> str:
    size, changed = entry.identity or ("", "")
    return f"{entry.module}\t{entry.callback}\t{size}\t{changed}\n"


def _parsed(line: str) -> Suspect:
    module, callback, *numbers = line.split("\t")
    size, changed, *_ = [*map(number, numbers), None, None]
    known = None if size is None or changed is None else (size, changed)
    return Suspect(module, callback, identity=known)


def _boot() -> str:
    """The identifier of this run of the machine, as the kernel gives it."""
    try:
        return files.read_text(_BOOT).strip()
    except AsterismError:
        return "-"


class _Left(NamedTuple):
    """The content of a journal file."""

    crash_log_size: int
    suspects: tuple[Suspect, ...]


_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW


def _held(path: str) -> tuple[int, _Left | None]:
    """Open and lock a journal.  Returns its descriptor and its content.

    Raises:
        OSError: the file cannot be used, or another program uses it.
        ValueError: the file is damaged.
    """
    handle = files.opened(path, _FLAGS, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle, _read(os.pread(handle, SIZE, 0))
    except BaseException:
        os.close(handle)
        raise


def _read(data: bytes) -> _Left | None:
    """Parse a journal; None when it is new, was closed, or was written before the machine restarted.

    Raises:
        ValueError: the data is damaged.
    """
    text = data.partition(b"\0")[0].decode("utf-8", "replace")
    if not text:
        return None
    heading, end, rest = text.partition("\n")
    mark, boot, size, *more = [*heading.split(" "), "", ""]
    began = number(size)
    if mark != _MARK or began is None or any(more) or not end:
        raise ValueError("the heading is not a journal's")
    if boot != _boot():
        return None
    return _Left(began, tuple(_parsed(line) for line in rest.split("\n") if "\t" in line))


_CRASH = pattern(r"^asterism: module (\S+) (?:crashed|ended the program) in (.*) \((.*)\)$\n?", re.MULTILINE)
"""The form of a crash report (runtime/native/modules/crash.c)."""
_OUTSIDE = pattern(
    r"^asterism: the program crashed outside of a module's callback, in (\S+)\.so \((.*)\)$\n?", re.MULTILINE
)
_CORE = pattern(r"^asterism: the core crashed in .*?(?:, in (\S+?)(?:\.so)?)? \((SIG.*)\)$\n?", re.MULTILINE)
"""The report of a crash while the core was running; the library in it may still be a module's."""


def _suspects(left: _Left | None, crash_log: str) -> list[Suspect]:
    if left is None:
        return []
    told = _added(crash_log, left.crash_log_size)
    files = {suspect.module: suspect.identity for suspect in left.suspects}
    for found in reversed(list(_CRASH.finditer(told))):
        return [Suspect(found[1], found[2], found[3], files.get(found[1]), told[found.end() :])]
    for found in reversed(list(_CORE.finditer(told))):
        return [
            Suspect(found[1] or "", "something the core called", found[2], files.get(found[1]), told[found.end() :])
        ]
    if left.suspects:
        return list(left.suspects)
    for found in reversed(list(_OUTSIDE.finditer(told))):
        return [Suspect(found[1], "a thread of its own", found[2], None, told[found.end() :])]
    return []


def _added(path: str, since: int) -> str:
    try:
        handle = files.opened(path)
    except OSError:
        return ""
    try:
        return os.pread(handle, 65536, since).decode("utf-8", "replace")
    except OSError:  # the journal has an offset that the file does not reach
        return ""
    finally:
        os.close(handle)
