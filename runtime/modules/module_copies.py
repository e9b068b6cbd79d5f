"""Private copies of module files: the dynamic linker maps the copies, so that running code cannot be changed.

Writing into a mapped file (``cp -f new.so res_x.so``, ``: > res_x.so``) changes or removes the code of the running
program.  Therefore each module is copied before it is opened, under its own name, into a directory of this process;
debuggers and backtraces find the copy there.  The directory is in astrundir when that is in memory (tmpfs, as /run
usually is), otherwise in :data:`SHARED_MEMORY`: writing to a disk takes twenty times the processor time, and the copies
are useless after the program's end.  Where the copy cannot be executed (a file system mounted ``noexec``) or would fill
the file system, it is a sealed memory file, and a symbolic link takes the file's place.

The directory is locked while its process lives.  The next process removes the directory of a killed one.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import mmap
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.files import file_fault
from asterism.values import dataclass

PREFIX = "modules."
"""The prefix of the directories of copies in astrundir; the process number follows."""
SHARED_MEMORY, SHARED_PREFIX = "/dev/shm", "asterism-modules."  # noqa: S108  (only a directory of our own in it)
"""A file system in memory that all users share, and the prefix of the directories of copies in it."""
_IN_MEMORY = ("tmpfs", "ramfs")
"""The types of file systems in memory."""
_TRIES = 5
"""How often making a directory is tried: another process may remove a new directory before it is locked."""


@dataclass(slots=True, eq=False)
class Copy:
    """A private copy of a module's file."""

    target: str
    """The path that the dynamic linker opens."""
    directory: str = ""
    """The directory made for this copy alone; empty when there is none."""
    descriptor: int | None = None
    """The descriptor of the memory file; None when the copy is an ordinary file."""

    def remove(self) -> None:
        """Remove the copy, which must not be mapped any more."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
        with contextlib.suppress(OSError):
            if self.directory:
                _remove_tree(self.directory)
            elif not self.target.startswith(_DESCRIPTORS):
                os.unlink(self.target)


_DESCRIPTORS = "/proc/self/fd/"


class Copies:
    """The copies that this process makes in a run directory.

    Args:
        run_directory: where the directory of copies is made; when it cannot be used, copies are memory files.
        shared_memory: used instead when the run directory is on a disk, if possible.
    """

    def __init__(self, run_directory: str, shared_memory: str = SHARED_MEMORY) -> None:
        self._run_directory = run_directory
        self._shared_memory = shared_memory
        self._room = ""
        self._lock = -1
        self._numbers = itertools.count(1)
        self._is_tried = False
        self._is_asked = False
        self._can_execute = True
        self._allowance = 0

    def make(self, file: Path, data: bytes) -> Copy:
        """Make a copy of a module's file.

        Args:
            file: the module's file.
            data: its bytes.

        Raises:
            AsterismError: the copy cannot be written anywhere.
        """
        if not self._is_tried:
            self._is_tried = True
            self._open_room()
        try:
            if not self._room:
                return _in_memory(file.name, data, "", "")
            place, directory = self._place(file, data)
            if self._can_execute and self._has_room(len(data)) and self._is_file(place, data):
                return Copy(place, directory)
            return _in_memory(file.name, data, place, directory)
        except OSError as error:
            raise AsterismError(file_fault(file, error, "copy")) from error

    def close(self) -> None:
        """Remove the directory of copies, unless code in it is still mapped: then the next process removes it."""
        if self._lock >= 0:
            with contextlib.suppress(OSError):
                os.rmdir(self._room)
            with contextlib.suppress(OSError):  # a module may have closed it
                os.close(self._lock)
        self._room, self._lock, self._is_tried = "", -1, False

    def _open_room(self) -> None:
        with contextlib.suppress(OSError):
            places = [(self._run_directory, PREFIX)]
            if not is_in_memory(self._run_directory) and _is_sticky(self._shared_memory):
                places.insert(0, (self._shared_memory, SHARED_PREFIX))
            for directory, prefix in places:
                sweep(directory, prefix)
            any(self._is_room_made(*place) for place in places)

    def _is_room_made(self, directory: str, prefix: str) -> bool:
        """Make and lock a directory for copies.  Returns whether that succeeded."""
        for _ in range(_TRIES):
            room = os.path.join(directory, f"{prefix}{os.getpid()}-{next(self._numbers)}")
            with contextlib.suppress(OSError):
                os.mkdir(room, 0o700)
                lock = _locked(room)
                if lock is not None:
                    self._room, self._lock = room, lock
                    return True
        return False

    def _place(self, file: Path, data: bytes) -> tuple[str, str]:
        """The path to write the copy to, and the directory to make for this copy alone (empty for none)."""
        origins = _origins(file, data)
        place = os.path.join(self._room, file.name)
        if not origins and not os.path.lexists(place):
            return place, ""
        directory = os.path.join(self._room, str(next(self._numbers)))
        return os.path.join(_mirrored(directory, file, origins), file.name), directory

    def _has_room(self, size: int) -> bool:
        """Whether ``size`` bytes fit; the file system is asked only now and then.  Raises OSError."""
        self._allowance -= size
        if self._allowance < 0:
            self._allowance = _allowance(os.path.dirname(self._room), size)
        return self._allowance >= 0

    def _is_file(self, place: str, data: bytes) -> bool:
        """Write the copy as a file.  Returns whether it was written and can be executed."""
        return _is_written(place, data) and self._is_executable(place)

    def _is_executable(self, place: str) -> bool:
        """Whether the system maps files of this directory as code; tested once."""
        if self._is_asked:
            return True
        with open(place, "rb") as copy:
            try:
                mmap.mmap(copy.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC).close()
            except PermissionError:
                self._can_execute = False
                os.unlink(place)
        self._is_asked = True
        return self._can_execute


def sweep(directory: str, prefix: str = PREFIX) -> None:
    """Remove the copies left by processes of this user that have ended.  Raises OSError."""
    with os.scandir(directory) as found:
        rooms = [entry.path for entry in found if entry.name.startswith(prefix)]
    for room in rooms:
        with contextlib.suppress(OSError):
            lock = _locked(room)
            if lock is not None:
                _remove_tree(room)
                os.close(lock)


def is_in_memory(directory: str) -> bool:
    """Whether a directory is on a file system in memory; False when that cannot be found out.  Raises OSError."""
    device = os.stat(directory).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    with contextlib.suppress(AsterismError):
        for line in files.read_text(_MOUNTS).splitlines():
            fields = line.split(" ")
            if fields[2] == number:
                return fields[fields.index("-") + 1] in _IN_MEMORY
    return False


_MOUNTS = "/proc/self/mountinfo"


def _is_sticky(directory: str) -> bool:
    """Whether a directory is sticky and belongs to root or this user, so that other users cannot remove files in it."""
    with contextlib.suppress(OSError):
        status = os.stat(directory)
        return (
            stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX) and status.st_uid in (0, os.geteuid())
        )
    return False


def _locked(room: str) -> int | None:
    """Open and lock a directory of copies.  Returns the descriptor.

    The result is None when the directory belongs to a running process or to another user, or has just been removed.
    Raises OSError when it cannot be opened.
    """
    handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        status = os.fstat(handle)
        if status.st_uid == os.geteuid() and os.path.samestat(status, os.stat(room)):
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _remove_tree(directory: str) -> None:
    with os.scandir(directory) as found:
        entries = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in found]
    for path, is_directory in entries:
        if is_directory:
            _remove_tree(path)
        else:
            os.unlink(path)
    os.rmdir(directory)


def _allowance(directory: str, size: int) -> int:
    """How many bytes may be written after the next ``size`` bytes before asking again; negative when those do not fit.

    A tenth of the file system is left free.  Raises OSError.
    """
    found = os.statvfs(directory)
    free = found.f_bavail * found.f_frsize - found.f_blocks * found.f_frsize // 10 - size
    return min(free, free // 100) if free >= 0 else -1


def _is_written(place: str, data: bytes) -> bool:
    """Write a copy.  Returns False when it does not fit; then no part of the file is left."""
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            _write_all(handle, data)
        finally:
            os.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(place)
        return False
    return True


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _in_memory(name: str, data: bytes, place: str, directory: str) -> Copy:
    """Make a copy in memory, with a symbolic link at ``place`` unless that is empty.  Raises OSError."""
    handle = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        _write_all(handle, data)
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(handle, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(handle)
        raise
    with contextlib.suppress(OSError):
        if place:
            # Debuggers find the file by this name; /proc/self in their own process would name their own descriptor.
            os.symlink(f"/proc/{os.getpid()}/fd/{handle}", place)
            return Copy(place, directory, handle)
    return Copy(f"{_DESCRIPTORS}{handle}", directory, handle)


# ---- $ORIGIN -----------------------------------------------------------------------------------------


def _origins(file: Path, data: bytes) -> list[str]:
    """The directories of a module's run path that are relative to the module's own, such as ``../lib``."""
    if b"ORIGIN" not in data:
        return []
    from asterism.modulefile.reader import runpath_of  # 15 ms: few modules need it

    named = (each.replace("${ORIGIN}", "$ORIGIN") for each in runpath_of(data, str(file)))
    return [os.path.normpath(f"./{each.removeprefix('$ORIGIN')}") for each in named if each.startswith("$ORIGIN")]


def _mirrored(directory: str, file: Path, origins: Iterable[str]) -> str:
    """Make a directory in which ``$ORIGIN`` leads to the same places as in the file's own.  Returns its path."""
    ups = max((_ups(each) for each in origins), default=0)
    place = os.path.join(directory, *[".up"] * ups)
    os.makedirs(place, 0o700)
    origin = os.path.dirname(os.path.abspath(file))
    for each in origins:
        _link(os.path.realpath(os.path.join(origin, each)), os.path.normpath(os.path.join(place, each)), file.name)
    return place


def _ups(path: str) -> int:
    return path.split(os.sep).count(os.pardir)


def _link(target: str, link: str, but: str) -> None:
    """Link a name to a directory; if the name is a directory already, link the target's entries in it but one."""
    if os.path.isdir(link) and not os.path.islink(link):
        for name in _names(target):
            if name != but and not os.path.lexists(os.path.join(link, name)):
                os.symlink(os.path.join(target, name), os.path.join(link, name))
    elif not os.path.lexists(link):
        os.makedirs(os.path.dirname(link), 0o700, exist_ok=True)
        os.symlink(target, link)


def _names(directory: str) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(directory) as found:
        yield from (entry.name for entry in found)


_by_directory: dict[str, Copies] = {}


def copies_in(run_directory: str) -> Copies:
    """The copies of this process in a run directory."""
    return _by_directory.setdefault(run_directory, Copies(run_directory))


def close_all() -> None:
    """Remove the directories of copies of this process, unless code in them is still mapped."""
    for copies in _by_directory.values():
        copies.close()
