"""Files: read when they are regular and of a sensible size, written completely or not at all.

All programs read files through this module. So a FIFO, a device, a directory, a socket, a broken link and an endless
file give one fault in every program, and no program waits for them forever.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from itertools import count

from asterism.errors import AsterismError, Fault, Place
from asterism.light import contexts
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
"""The size limit of a text in bytes: fifty times the largest file of Asterisk's sources."""
BINARY = 1024 * MIB
"""The size limit of a shared object in bytes; debug information and static libraries make them large."""


def file_fault(path: str | os.PathLike[str], error: OSError, doing: str) -> Fault:
    """The fault for an error of the operating system.

    Args:
        path: the file concerned.
        error: the error of the system.
        doing: the verb of the operation that failed, such as ``write`` or ``read``.
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
    """The kind of file an operation expects: ``file`` or ``directory``."""
    if error.errno == errno.EISDIR:
        return "file"
    return "directory" if doing == "make" or os.path.isdir(path) else "file"


@contexts.contextmanager
def told(path: str | os.PathLike[str], doing: str) -> Iterator[None]:
    """Turn an ``OSError`` of the body into an :class:`AsterismError` that names the file."""
    try:
        yield
    except OSError as error:
        raise AsterismError(file_fault(path, error, doing)) from error


def read_bytes(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = True) -> bytes:
    """The content of a file as bytes.

    Args:
        path: a regular file, the null device, or a pipe made by the shell: ``/dev/stdin``, ``<(command)``.
        most: the size limit in bytes.
        pipes: whether such a pipe is accepted; false where a program must not wait.

    Raises:
        AsterismError: the file cannot be read, is not a regular file, or is too large.
    """
    with told(path, "read"):
        return _bytes(path, most, pipes=pipes)


def read_text(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = True) -> str:
    """The content of a file as text, as :func:`read_bytes`; bytes outside of UTF-8 become lone surrogates."""
    return read_bytes(path, most, pipes=pipes).decode("utf-8", "surrogateescape")


def text_or_empty(path: str | os.PathLike[str]) -> str:
    """The content of a file as text; empty for a file that cannot be read, when that is reported elsewhere."""
    try:
        return read_text(path)
    except AsterismError:
        return ""


def _bytes(path: str | os.PathLike[str], most: int = TEXT, *, pipes: bool = False) -> bytes:
    handle = opened(path, pipes=pipes)
    try:
        return _content(handle, most)
    finally:
        os.close(handle)


def _content(handle: int, most: int) -> bytes:
    """All bytes from a descriptor; files in /proc and pipes have size 0, and a file may grow meanwhile."""
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
    """Open a regular file or the null device without blocking; returns a file descriptor.

    Args:
        path: the file.
        flags: the flags of ``os.open``.
        mode: the permission bits of a new file.
        pipes: whether a pipe made by the shell is accepted.

    Raises:
        OSError: the file cannot be opened, or is not a regular file.
    """
    if "\0" in os.fsdecode(path):
        raise OSError(errno.EINVAL, "has a NUL in its name")
    status = _status(path)
    if status is not None:
        _check_kind(path, status, pipes)  # before it is opened, since opening alone activates some devices
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
"""The device number of /dev/null; a configuration file linked to it is an empty one."""
_HANDED = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""The prefixes of paths by which a shell passes a pipe, whose writer closes it in the end."""


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
    """The paths that match a pattern such as ``res/*.c``, sorted; none for a pattern that no name can match."""
    import glob  # 1 ms: only patterns need it

    try:
        return sorted(glob.glob(pattern, root_dir=directory))
    except (OSError, ValueError):  # a NUL, or a name that is too long
        return []


def age(path: str | os.PathLike[str]) -> int:
    """When a file was last changed, in nanoseconds since 1970; 0 when it cannot be looked at."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def is_other_kind(error: AsterismError) -> bool:
    """Whether a file could not be read because of its kind: directory, device, socket, FIFO, a link to itself."""
    kinds = (errno.EISDIR, errno.EINVAL, errno.ELOOP)
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in kinds


def is_refused(error: AsterismError) -> bool:
    """Whether a file was refused because reading might not end: a device, a FIFO, a socket, too large a file."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in (errno.EINVAL, errno.EFBIG)


def is_missing(error: AsterismError) -> bool:
    """Whether a file could not be read because it is missing."""
    return isinstance(error.__cause__, (FileNotFoundError, NotADirectoryError))


def set_aside(path: str | os.PathLike[str]) -> Fault:
    """Rename a damaged file to ``NAME.damaged``, replacing an earlier one; returns a warning.

    The name of the file is free afterwards. When the system refuses to rename it, the warning gives the reason.
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


def write(
    path: str | os.PathLike[str], content: str | bytes, mode: int | None = None, *, is_lasting: bool = True
) -> bool:
    """Write a file atomically, and only when its content changes.

    The bytes go to a temporary file in the same directory and to disk; then the file is renamed. So a reader, a crash
    or a full disk sees the old file or the new one. Parent directories are created. A symbolic link is followed, and
    the file it names is replaced. A file that is not regular (``/dev/null``, ``/dev/stdout``, a named pipe) is not
    replaced: the bytes are written to it.

    Args:
        path: the file.
        content: the new content; text is written as UTF-8, surrogates as the bytes they stand for.
        mode: the permission bits; None keeps those of an existing file, and applies the umask to a new one.
        is_lasting: whether the bytes are on the disk before the file is renamed. Without that, a machine that loses
            its power may leave an empty file: for files that are made anew in that case.

    Returns:
        True when the file was written, False when it already had this content and mode.

    Raises:
        AsterismError: the file cannot be written; nothing is changed.
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
        _replace(target, data, wanted, is_lasting)
        return True


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """The status of a file, with links followed; None when it is missing."""
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
"""The umask is read once, at import: reading it changes it for a moment, which other threads would see."""


def _replace(target: str, data: bytes, mode: int, is_lasting: bool) -> None:
    handle, name = _temporary(target)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if is_lasting:
                os.fsync(file.fileno())
            # Rename before closing: while the file is locked, no other run takes it for a leftover.
            os.replace(name, target)
    except BaseException:
        with contexts.suppress(OSError):
            os.unlink(name)
        raise


def _temporary(target: str) -> tuple[int, str]:
    """Create a locked temporary file beside the target, readable by its owner; returns descriptor and name."""
    # tempfile.mkstemp is not used, since importing it takes as long as starting Python.
    sweep(target)
    for number in count():
        name = f"{_stem(target)}{os.getpid()}-{number}"
        with contexts.suppress(FileExistsError):
            handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with contexts.suppress(OSError):  # on a file system without locks, no file is taken for a leftover
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_named(handle, name):
                return handle, name
            os.close(handle)  # removed by the sweep of another run
    raise AssertionError("counting ends never")


def _stem(target: str) -> str:
    """The common prefix of the paths of a target's temporary files on this host."""
    directory, own = os.path.split(target)
    return os.path.join(directory, f".{os.fsdecode(os.fsencode(own)[:150])}.{os.uname().nodename[:64]}.")


def sweep(target: str | os.PathLike[str]) -> None:
    """Remove a target's temporary files that killed runs on this host have left; :func:`write` does so first."""
    directory, begin = os.path.split(_stem(os.fspath(target)))
    with contexts.suppress(OSError):
        for name in os.listdir(directory or "."):
            if name.startswith(begin):
                _remove_leftover(os.path.join(directory, name))


def _remove_leftover(name: str) -> None:
    """Remove a temporary file unless it is locked; the kernel releases the locks of a killed process."""
    with contexts.suppress(OSError):
        handle = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_named(handle, name):
                os.unlink(name)
        finally:
            os.close(handle)


def _is_named(handle: int, name: str) -> bool:
    """Whether an open file still has the given name."""
    status = _status(name)
    return status is not None and os.path.samestat(status, os.fstat(handle))


def inside(root: str | os.PathLike[str], relative: str) -> Path:
    """The path of :func:`name_inside` as a ``Path``."""
    from pathlib import Path  # as long as starting Python; callers that need a name only do without

    return Path(name_inside(root, relative))


def name_inside(root: str | os.PathLike[str], relative: str) -> str:
    """The path ``root/relative``, which must not lead out of ``root`` by ``..`` or by a link.

    Raises:
        AsterismError: the path leads out of ``root``.
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


@contexts.contextmanager
def locked(
    path: str | os.PathLike[str],
    *,
    wait: bool = True,
    fleeting: bool = False,
    waiting: Callable[[str], None] = lambda _holder: None,
    make_parents: Callable[[], None] | None = None,
) -> Iterator[Callable[[], None]]:
    """Hold an exclusive lock file while the body runs; the kernel releases it when the process dies.

    Args:
        path: the lock file, created when missing.
        wait: whether to wait for another holder; otherwise a held lock is a fault.
        fleeting: whether to write the process into the file, and to remove the file afterwards.
        waiting: called once before a wait, with a description of the holder: ``process 7``.
        make_parents: creates the directory of the file, again when the last holder removes it; None creates it here.

    Yields:
        A function that removes the file while the lock is held, so that its directory can be removed, too.

    Raises:
        AsterismError: another process holds the lock and ``wait`` is false, or the file cannot be created.
    """
    handle = _held(path, wait, waiting, make_parents or (lambda: _make_parents(path)))
    is_named = fleeting

    def vanish() -> None:
        nonlocal is_named
        if is_named:
            with contexts.suppress(OSError):
                os.unlink(path)
        is_named = False

    try:
        if fleeting:
            with contexts.suppress(OSError):  # on a full disk, the holder is not written
                os.ftruncate(handle, 0)
                os.pwrite(handle, b"%d\n" % os.getpid(), 0)
        yield vanish
    finally:
        vanish()
        os.close(handle)


_TRIES = 100
"""The number of attempts when a lock file is removed between being opened and being locked."""


def _make_parents(path: str | os.PathLike[str]) -> None:
    with told(path, "lock"):
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)


def _held(
    path: str | os.PathLike[str], wait: bool, waiting: Callable[[str], None], make_parents: Callable[[], None]
) -> int:
    """Open and lock the lock file; returns its descriptor."""
    for left in reversed(range(_TRIES)):
        try:
            make_parents()
            with told(path, "lock"):
                handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except AsterismError as error:
            # The last holder may be removing the directories at this moment.
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
        # The last holder has removed the file; the next process creates and locks another one.
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
