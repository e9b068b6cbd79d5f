"""Files: read only when they are files of a sensible size, written whole or not at all.

Every reader of the programs takes its text from here, so that a FIFO, a device, a directory, a socket, a link to
nowhere and an endless file get one sentence, in every program, and never a wait without an end.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from itertools import count

from asterism.errors import AsterismError, Fault, Place
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CURES = {
    errno.ENOSPC: "free some room on that disk and try again; the old file is unchanged",
    errno.EDQUOT: "your disk quota is used up; free some room and try again; the old file is unchanged",
    errno.EROFS: "that file system is mounted read-only; choose another directory",
    errno.EACCES: "you have no permission there; use another directory, or sudo if it belongs to the system",
    errno.EPERM: "you have no permission there; use another directory, or sudo if it belongs to the system",
    errno.ENOENT: "check the path",
    errno.EEXIST: "a file is where a directory is expected; move it elsewhere",
    errno.ENOTDIR: "a part of that path is a file where a directory is expected",
    errno.EISDIR: "a directory is in the way; move it elsewhere",
    errno.ENAMETOOLONG: "use a shorter path",
    errno.ELOOP: "a symbolic link in that path leads to itself",
    errno.EINVAL: "name a regular file",
    errno.EFBIG: "look whether this is the right file",
}

MIB = 1 << 20
TEXT = 64 * MIB
"""Bytes that a text may have: fifty times the largest file of Asterisk's sources."""
BINARY = 1024 * MIB
"""Bytes that a shared object may have: those with debug information and static libraries are large."""


def file_fault(path: str | os.PathLike[str], error: OSError, doing: str) -> Fault:
    """An operating system's refusal as a fault.

    Args:
        path: the file it is about.
        error: what the system said.
        doing: the verb phrase that failed, such as ``write`` or ``read``.
    """
    why = error.strerror or str(error)
    is_read = doing == "read" and error.errno == errno.EISDIR
    return Fault(
        what=f"cannot {doing} the {_kind(path, error, doing)}",
        why=why[:1].lower() + why[1:],
        place=Place(os.fspath(path)),
        cure=_CURES.get(errno.EINVAL if is_read else error.errno or 0, ""),
        code="file",
    )


def _kind(path: str | os.PathLike[str], error: OSError, doing: str) -> str:
    """Which of ``file`` and ``directory`` an operation was meant for."""
    if error.errno == errno.EISDIR:
        return "file"
    return "directory" if doing == "make" or os.path.isdir(path) else "file"


@contextlib.contextmanager
def told(path: str | os.PathLike[str], doing: str) -> Iterator[None]:
    """Turn an ``OSError`` of the body into an :class:`AsterismError` that names the file."""
    try:
        yield
    except OSError as error:
        raise AsterismError(file_fault(path, error, doing)) from error


def read_bytes(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = True) -> bytes:
    """The bytes of a file.

    Args:
        path: a regular file, the null device, or a pipe that the shell made: ``/dev/stdin``, ``<(command)``.
        most: how many bytes it may have.
        pipes: whether such a pipe will do; false where nobody expects the program to wait for one.

    Raises:
        AsterismError: it cannot be read, is no regular file, or is too large.
    """
    with told(path, "read"):
        return _bytes(path, most, pipes=pipes)


def read_text(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = True) -> str:
    """The text of a file, as :func:`read_bytes`; bytes that are not UTF-8 are lone surrogates, and survive writing."""
    return read_bytes(path, most, pipes=pipes).decode("utf-8", "surrogateescape")


def _bytes(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = False) -> bytes:
    handle = opened(path, pipes=pipes)
    try:
        return _content(handle, most)
    finally:
        os.close(handle)


def _content(handle: int, most: int) -> bytes:
    """Everything from a descriptor; /proc and pipes have a size of 0, and a file may grow meanwhile."""
    size = os.fstat(handle).st_size
    parts: list[bytes] = []
    count = 0
    while size <= most and count <= most:
        part = os.read(handle, min(max(size - count, 0), 16 * MIB) + 65536)
        if not part:
            return b"".join(parts)
        parts.append(part)
        count += len(part)
    raise OSError(errno.EFBIG, f"is larger than {most // MIB} MiB" if most >= MIB else f"is larger than {most} bytes")


def opened(path: str | os.PathLike[str], flags: int = os.O_RDONLY, mode: int = 0o666, *, pipes: bool = False) -> int:
    """A descriptor of a regular file or the null device, opened without waiting.

    Args:
        path: the file.
        flags: as of ``os.open``.
        mode: permission bits of a file that is made.
        pipes: whether a pipe that the shell made will do.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    if "\0" in os.fsdecode(path):
        raise OSError(errno.EINVAL, "has a NUL in its name")
    status = _status(path)
    if status is not None:
        _check_kind(path, status, pipes)  # before it is opened: that alone wakes some devices
    try:
        handle = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, mode)
    except FileNotFoundError:
        if os.path.islink(path):
            why = f"is a symbolic link to '{os.readlink(path)}', which does not exist"
            raise FileNotFoundError(errno.ENOENT, why) from None
        raise
    try:
        _check_kind(path, os.fstat(handle), pipes)
        os.set_blocking(handle, True)
    except BaseException:
        os.close(handle)
        raise
    return handle


_KINDS = {
    stat.S_IFIFO: "is a named pipe (FIFO)",
    stat.S_IFSOCK: "is a socket",
    stat.S_IFCHR: "is a device",
    stat.S_IFBLK: "is a device",
}
_NULL = os.makedev(1, 3)
"""The number of /dev/null: who links a configuration there wants an empty one."""
_HANDED = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""How the paths begin by which a shell hands over a pipe: somebody writes into it, and closes it."""


def _check_kind(path: str | os.PathLike[str], status: os.stat_result, pipes: bool) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFREG or (kind == stat.S_IFCHR and status.st_rdev == _NULL):
        return
    if kind == stat.S_IFIFO and pipes and os.fsdecode(path).startswith(_HANDED):
        return
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EINVAL, _KINDS.get(kind, "is not a file"))


def matching(pattern: str, directory: str | os.PathLike[str] | None = None) -> list[str]:
    """The paths that a pattern such as ``res/*.c`` matches, sorted; a pattern that no name can match has none."""
    import glob  # 1 ms: only patterns need it

    try:
        return sorted(glob.glob(pattern, root_dir=directory))
    except (OSError, ValueError):  # a NUL, or a name that is too long
        return []


def is_other_kind(error: AsterismError) -> bool:
    """Whether what could not be read is no file at all: a directory, a device, a socket, a FIFO, a link to itself."""
    kinds = (errno.EISDIR, errno.EINVAL, errno.ELOOP)
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in kinds


def is_refused(error: AsterismError) -> bool:
    """Whether reading would have had no end, or none to be expected: a device, a FIFO, a socket, too large a file."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in (errno.EINVAL, errno.EFBIG)


def is_missing(error: AsterismError) -> bool:
    """Whether what could not be read is not there."""
    return isinstance(error.__cause__, (FileNotFoundError, NotADirectoryError))


def set_aside(path: str | os.PathLike[str]) -> Fault:
    """Rename a damaged file to ``NAME.damaged``, in place of an earlier one, and say so in a warning.

    The name of the file is free afterwards, unless the system refuses that; then the warning says why.
    """
    name = os.fspath(path)
    kept = f"{name}.damaged"
    place = Place(name)
    try:
        os.replace(name, kept)
    except OSError as error:
        fault = file_fault(name, error, "rename")
        why = f"{fault.what}: {fault.why}"
        return Fault("the file is damaged", place, why=why, cure=fault.cure, code="damaged", severity="warning")
    cure = "delete it when nothing in it is missed"
    what = f"the file is damaged: it is kept as {kept}, and a new one is begun"
    return Fault(what, place, cure=cure, code="damaged", severity="warning")


def write(path: str | os.PathLike[str], content: str | bytes, mode: int | None = None) -> bool:
    """Write a file atomically, and only when its content changes.

    The bytes go to a temporary file in the same directory, to disk, and then take the file's name,
    so that a reader, a crash or a full disk sees the old file or the new one.  Parent directories
    are made.  A symbolic link is followed: the file it names is replaced, not the link.  What is no
    regular file (``/dev/null``, ``/dev/stdout``, a named pipe) is never replaced: the bytes are poured into it.

    Args:
        path: the file.
        content: its new content; text is written as UTF-8, lone surrogates as the bytes they stand for.
        mode: permission bits; an existing file keeps its own, a new one gets what the umask allows.

    Returns:
        True when the file was written, False when it already had this content (and, if given, this mode).

    Raises:
        AsterismError: it cannot be written; nothing changed.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    with told(path, "write"):
        status = _status(path)
        if status and not stat.S_ISREG(status.st_mode):
            with open(path, "wb") as stream:
                stream.write(data)
            return True
        wanted = _mode(status, mode)
        looks_same = status and stat.S_IMODE(status.st_mode) == wanted and status.st_size == len(data)
        if looks_same and _bytes(path, BINARY) == data:
            return False
        target = os.path.realpath(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _replace(target, data, wanted)
        return True


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """What is there, links followed; None when nothing is."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _mode(status: os.stat_result | None, mode: int | None) -> int:
    if mode is not None:
        return mode
    if status is not None:
        return stat.S_IMODE(status.st_mode)
    return 0o666 & ~_UMASK


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()
"""Read once, at import: asking for it later would change it for a moment under other threads."""


def _replace(target: str, data: bytes, mode: int) -> None:
    handle, name = _temporary(target)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            # Before the file is closed: until then it is held, and no other run takes it for a leftover.
            os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _temporary(target: str) -> tuple[int, str]:
    """A new file beside the target, that only its owner may read, and its name; the file is held until it is closed."""
    # Not tempfile.mkstemp: importing that takes as long as starting Python does.
    sweep(target)
    for number in count():
        name = f"{_stem(target)}{os.getpid()}-{number}"
        with contextlib.suppress(FileExistsError):
            handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with contextlib.suppress(OSError):  # where nothing can be held, nothing is taken for a leftover, either
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_named(handle, name):
                return handle, name
            os.close(handle)  # a sweep was faster
    raise AssertionError("counting ends never")


def _stem(target: str) -> str:
    """How the paths of a target's temporary files on this host begin."""
    directory, own = os.path.split(target)
    return os.path.join(directory, f".{os.fsdecode(os.fsencode(own)[:150])}.{os.uname().nodename[:64]}.")


def sweep(target: str | os.PathLike[str]) -> None:
    """Remove the temporary files of a target that killed runs on this host have left; :func:`write` does it first."""
    directory, begin = os.path.split(_stem(os.fspath(target)))
    with contextlib.suppress(OSError):
        for name in os.listdir(directory or "."):
            if name.startswith(begin):
                _remove_leftover(os.path.join(directory, name))


def _remove_leftover(name: str) -> None:
    """Remove a temporary file unless somebody holds it: the kernel lets go what a killed process held."""
    with contextlib.suppress(OSError):
        handle = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_named(handle, name):
                os.unlink(name)
        finally:
            os.close(handle)


def _is_named(handle: int, name: str) -> bool:
    """Whether an open file still has a name."""
    status = _status(name)
    return status is not None and os.path.samestat(status, os.fstat(handle))


def inside(root: str | os.PathLike[str], relative: str) -> Path:
    """:func:`name_inside` as a path."""
    from pathlib import Path  # as long as starting Python, which those that need a name alone do not pay for

    return Path(name_inside(root, relative))


def name_inside(root: str | os.PathLike[str], relative: str) -> str:
    """``root/relative``, which must not lead out of ``root``, neither by ``..`` nor by a link.

    Raises:
        AsterismError: it does.
    """
    base = os.path.realpath(root)
    name = os.path.join(base, relative)
    if os.path.commonpath((base, os.path.realpath(name))) != base:
        raise AsterismError(
            Fault(
                what=f"'{relative}' leads out of its directory",
                place=Place(os.fspath(root)),
                cure="use a path inside that directory, without '..' and without links that leave it",
                code="path-escape",
            )
        )
    return name


@contextlib.contextmanager
def locked(
    path: str | os.PathLike[str],
    *,
    wait: bool = True,
    fleeting: bool = False,
    waiting: Callable[[str], None] = lambda _holder: None,
    make_parents: Callable[[], None] | None = None,
) -> Iterator[Callable[[], None]]:
    """Hold an exclusive lock file while the body runs; the kernel lets it go when its holder dies.

    Args:
        path: the lock file; it is made when missing.
        wait: wait for another holder; otherwise refuse at once.
        fleeting: note the process in the file, and remove it afterwards; otherwise it stays as it is.
        waiting: called once before a wait, with words for the holder: ``process 7``.
        make_parents: makes the directory of the file, again when its last holder has removed it; None does it here.

    Yields:
        What removes the file at once, while the lock is still held: then its directory can be removed, too.

    Raises:
        AsterismError: somebody else holds it and ``wait`` is false, or the file cannot be made.
    """
    handle = _held(path, wait, waiting, make_parents or (lambda: _make_parents(path)))
    is_named = fleeting

    def vanish() -> None:
        nonlocal is_named
        if is_named:
            with contextlib.suppress(OSError):
                os.unlink(path)
        is_named = False

    try:
        if fleeting:
            with contextlib.suppress(OSError):  # on a full disk it has no name
                os.ftruncate(handle, 0)
                os.pwrite(handle, b"%d\n" % os.getpid(), 0)
        yield vanish
    finally:
        vanish()
        os.close(handle)


_TRIES = 100
"""How often a lock file may vanish between being opened and being held."""


def _make_parents(path: str | os.PathLike[str]) -> None:
    with told(path, "lock"):
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)


def _held(
    path: str | os.PathLike[str], wait: bool, waiting: Callable[[str], None], make_parents: Callable[[], None]
) -> int:
    """The open lock file, held."""
    for left in reversed(range(_TRIES)):
        try:
            make_parents()
            with told(path, "lock"):
                handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except AsterismError as error:
            # Its last holder may be taking the directories away just now.
            if left and isinstance(error.__cause__, FileNotFoundError):
                continue
            raise
        try:
            _take(handle, path, wait, waiting)
        except BaseException:
            os.close(handle)
            raise
        status = _status(path)
        if status and os.path.samestat(status, os.fstat(handle)):
            return handle
        # Its last holder has removed it: who comes now makes another, and would hold that.
        os.close(handle)
    cure = "try again when fewer programs want it at once"
    raise AsterismError(Fault("this lock is always taken away", Place(os.fspath(path)), "", cure, "locked"))


def _take(handle: int, path: str | os.PathLike[str], wait: bool, waiting: Callable[[str], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        number = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        holder = f"process {number}" if number.isdigit() else ""
        if not wait:
            cure = "wait until it has finished, then try again"
            fault = Fault("another program holds this lock", Place(os.fspath(path)), holder, cure, "locked")
            raise AsterismError(fault) from None
        waiting(holder or "another program")
        fcntl.flock(handle, fcntl.LOCK_EX)
