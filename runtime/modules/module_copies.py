"""Private copies of module files: the dynamic linker maps these, so nobody can change code that runs.

Whoever writes into a file that is mapped (``cp -f new.so res_x.so``, ``: > res_x.so``) changes or takes away the code
of the running program.  So each module is written once more before it is opened, into a directory that belongs to this
process, under the name it has; debuggers and backtraces find it there.  That directory is made in astrundir where that
is in memory (tmpfs, as /run usually is), else in :data:`SHARED_MEMORY`: a file on a disk takes twenty times the
processor time, and nobody needs it after the program's end.  Where such a file cannot be executed (a file system
mounted ``noexec``) or would fill the file system, the copy is a memory file, sealed against changes, and a link stands
for it.

The directory is locked while its process lives.  What a killed one left is removed by the next.
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
"""How the directories of copies begin, in astrundir; the number of the process follows."""
SHARED_MEMORY, SHARED_PREFIX = "/dev/shm", "asterism-modules."  # noqa: S108  (only a directory of our own in it)
"""A file system in memory that all users share, and how the directories of copies begin there."""
_IN_MEMORY = ("tmpfs", "ramfs")
"""File systems without a disk."""
_TRIES = 5
"""How often a new directory may be swept away by another process before it is locked."""


@dataclass(slots=True, eq=False)
class Copy:
    """A copy of a module's file."""

    target: str
    """What the dynamic linker opens."""
    directory: str = ""
    """A directory of its own, empty when it has none."""
    descriptor: int | None = None
    """The copy in memory, if it is there."""

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
        run_directory: where the directory of copies is made; one that cannot be used leaves memory.
        shared_memory: where it is made when the run directory is on a disk, if that can be used.
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
        """A copy of a module's file.

        Args:
            file: the module's file.
            data: its bytes.

        Raises:
            AsterismError: it can be kept nowhere.
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
        """Remove the directory, unless code of it is still mapped: then the next process does."""
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
        """Make a directory for copies, if that can be done."""
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
        """Where the copy is written, and the directory that is made for it alone, if any."""
        origins = _origins(file, data)
        place = os.path.join(self._room, file.name)
        if not origins and not os.path.lexists(place):
            return place, ""
        directory = os.path.join(self._room, str(next(self._numbers)))
        return os.path.join(_mirrored(directory, file, origins), file.name), directory

    def _has_room(self, size: int) -> bool:
        """Whether so many bytes fit, asked of the system once in a while.  Raises OSError."""
        self._allowance -= size
        if self._allowance < 0:
            self._allowance = _allowance(os.path.dirname(self._room), size)
        return self._allowance >= 0

    def _is_file(self, place: str, data: bytes) -> bool:
        """Write the copy as a file, if that can be."""
        return _is_written(place, data) and self._is_executable(place)

    def _is_executable(self, place: str) -> bool:
        """Whether the system maps files of this directory as code; asked once."""
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
    """Remove the copies that processes of this user left behind that are no more.  Raises OSError."""
    with os.scandir(directory) as found:
        rooms = [entry.path for entry in found if entry.name.startswith(prefix)]
    for room in rooms:
        with contextlib.suppress(OSError):
            lock = _locked(room)
            if lock is not None:
                _remove_tree(room)
                os.close(lock)


def is_in_memory(directory: str) -> bool:
    """Whether a directory is on a file system without a disk, as far as the system tells.  Raises OSError."""
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
    """Whether a directory lets nobody remove or rename what is another's."""
    with contextlib.suppress(OSError):
        status = os.stat(directory)
        return (
            stat.S_ISDIR(status.st_mode) and bool(status.st_mode & stat.S_ISVTX) and status.st_uid in (0, os.geteuid())
        )
    return False


def _locked(room: str) -> int | None:
    """The directory, opened and locked.

    None when it belongs to a process that lives or to another user, or has just been removed.
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
    """How many bytes may be written behind the next ``size``, a part of what is free; negative when those do not fit.

    A tenth of the file system is left to the others that live there.  Raises OSError.
    """
    found = os.statvfs(directory)
    free = found.f_bavail * found.f_frsize - found.f_blocks * found.f_frsize // 10 - size
    return min(free, free // 100) if free >= 0 else -1


def _is_written(place: str, data: bytes) -> bool:
    """Write a copy; False when it does not fit, and then nothing is left of it."""
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
    """A copy in memory, with a link at ``place`` where there is one.  Raises OSError."""
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
            # Debuggers find it by this name; by that of the descriptor they would look into their own.
            os.symlink(f"/proc/{os.getpid()}/fd/{handle}", place)
            return Copy(place, directory, handle)
    return Copy(f"{_DESCRIPTORS}{handle}", directory, handle)


# ---- $ORIGIN -----------------------------------------------------------------------------------------


def _origins(file: Path, data: bytes) -> list[str]:
    """The directories of a module's run path that are counted from its own, such as ``../lib``."""
    if b"ORIGIN" not in data:
        return []
    from asterism.modulefile.reader import runpath_of  # 15 ms: few modules need it

    named = (each.replace("${ORIGIN}", "$ORIGIN") for each in runpath_of(data, str(file)))
    return [os.path.normpath(f"./{each.removeprefix('$ORIGIN')}") for each in named if each.startswith("$ORIGIN")]


def _mirrored(directory: str, file: Path, origins: Iterable[str]) -> str:
    """Make a directory in which ``$ORIGIN`` leads where it leads from the file's own; the place for the copy."""
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
    """Let a name lead to a directory; where a directory of that name is, all that is in the other is linked there."""
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
    """Remove the directories of this process, as far as no code of them is mapped."""
    for copies in _by_directory.values():
        copies.close()
