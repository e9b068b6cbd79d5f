"""The process: its run directory, background start, signals, and rights."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import select
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from asterism import numbers
from asterism.errors import AsterismError, Fault, Place
from asterism.files import file_fault, opened, read_text
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn

LOCK = "asterisk.lock"
PID = "asterisk.pid"
CRASH_LOG = "crash.log"
"""The file in astlogdir that receives the crash handler's reports."""


# ---- the run directory ---------------------------------------------------------------------------


@contextlib.contextmanager
def run_directory(path: str, mode: int = 0o700) -> Iterator[None]:
    """Own a run directory while the body runs: create it, lock it, and write the process number into it.

    The lock is the kernel's, so that it ends with the process in every case; the directory of a crashed process is
    taken over.

    Args:
        path: the directory.
        mode: its permissions when it is created.

    Raises:
        AsterismError: another process owns the directory, or it cannot be used.
    """
    lock = _locked(path, mode)
    pid = os.path.join(path, PID)
    try:
        with _told(pid, "write"):
            _write_pid(pid)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.unlink(pid)
        with contextlib.suppress(OSError):  # a module may have closed it
            os.close(lock)


@contextlib.contextmanager
def _told(path: str, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AsterismError(file_fault(path, error, doing)) from None


def _locked(path: str, mode: int) -> int:
    file = os.path.join(path, LOCK)
    with _told(path, "use"):
        os.makedirs(path, mode=mode, exist_ok=True)
    with _told(file, "lock"):
        handle = opened(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise AsterismError(_already_running(path)) from None
    return handle


def _already_running(path: str) -> Fault:
    pid = ""
    with contextlib.suppress(AsterismError):
        pid = str(numbers.number(read_text(os.path.join(path, PID)).strip(), 1, numbers.INT) or "")
    return Fault(
        "asterism is running already",
        Place(path),
        why=f"process {pid} uses this run directory" if pid else "another process uses this run directory",
        cure="connect to it with 'asterism -r', or stop it with: asterism -rx 'core stop gracefully'",
        code="already-running",
    )


def _write_pid(path: str) -> None:
    temporary = f"{path}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(handle, "w", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    os.replace(temporary, path)


# ---- the background ------------------------------------------------------------------------------


class Background:
    """The write end of the pipe to the process that waits for the start.

    The pipe is the standard error of the start, so that the waiting process also shows the messages of the C library
    and the crash handler.  A NUL byte and the exit status end the data.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def is_there(self) -> bool:
        """Whether a process waits for the start, which then continues in the background."""
        return self._handle >= 0

    def ready(self) -> None:
        """Report success to the waiting process."""
        self.failed(0, "")

    def failed(self, status: int, text: str) -> None:
        """Report an exit status and a message to the waiting process, and close the pipe."""
        if self._handle < 0:
            return
        with contextlib.suppress(OSError):
            _write_all(self._handle, text.encode("utf-8", "surrogateescape") + bytes([0, status]))
        os.close(self._handle)
        self._handle = -1
        _to_nowhere(2)


def go_to_background() -> Background:
    """Continue in a new session without a terminal (like ``daemon(3)``), while the calling process waits.

    The calling process exits with the result of the start, so that a failed start is visible to its caller.  Call this
    before threads are started.
    """
    reading, writing = os.pipe2(os.O_CLOEXEC)
    if os.fork():
        os.close(writing)
        _wait_and_exit(reading)
    os.close(reading)
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    _to_nowhere(0, 1)
    os.dup2(writing, 2)
    return Background(writing)


def _wait_and_exit(reading: int) -> NoReturn:
    with open(reading, "rb") as pipe:
        told = pipe.read()
    text, status = told[:-2], told[-1:]
    if told[-2:-1] != b"\0":
        text, status = told + b"asterism: it ended during the start\n", b"\1"
    _write_all(2, text)
    os._exit(status[0])


def _to_nowhere(*handles: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for handle in handles:
        os.dup2(null, handle)
    if null > 2:
        os.close(null)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


# ---- starting again ------------------------------------------------------------------------------


AGAIN = -1
"""An exit status that no program has; it stands for a restart."""


def working_directory() -> str:
    """The working directory, which relative paths on the command line refer to; ``/`` when it was removed."""
    try:
        return os.getcwd()
    except OSError:
        return "/"  # the directory was removed


def start_again(place: str) -> NoReturn:
    """Replace this process by the same program with the same command line, in a directory; all threads end."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os.chdir(place)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


# ---- signals ---------------------------------------------------------------------------------------


class Signals:
    """Runs an action for each signal, in a thread of its own.

    The interpreter's C handler writes the signal numbers to a descriptor (``set_wakeup_fd``), so that a signal is
    handled even while the main thread is inside a module.  While the prompt is open, its event loop owns that
    descriptor; then the Python handler forwards the signal.
    """

    def __init__(self, actions: Mapping[int, Callable[[], None]]) -> None:
        self._actions = dict(actions)
        self._reading, self._writing = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._writing, False)
        self._armed = False
        for number in actions:
            signal.signal(number, self._pass_on)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        self.arm()
        threading.Thread(target=self._listen, name="signals", daemon=True).start()

    def arm(self) -> None:
        """Take the wakeup descriptor back from the event loop, after a prompt."""
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._armed = True

    def disarm(self) -> None:
        """Leave the wakeup descriptor to an event loop."""
        self._armed = False

    def _pass_on(self, number: int, _frame: object) -> None:
        if not self._armed:
            with contextlib.suppress(OSError):
                os.write(self._writing, bytes([number]))

    def _listen(self) -> None:
        while received := os.read(self._reading, 64):
            for number in received:
                action = self._actions.get(number)
                if action is not None:
                    action()


# ---- rights, limits, readiness -------------------------------------------------------------------------


def input_has_ended() -> bool:
    """Whether standard input has nothing to read and never will: ``/dev/null``, an empty file, a closed pipe.

    Such an input asks for nothing, so its end is no request to stop.  Call this at the beginning of a start: a pipe
    that is closed later stops the program, however early.  The function reads nothing.
    """
    try:
        about = os.fstat(0)
        if stat.S_ISREG(about.st_mode):
            return os.lseek(0, 0, os.SEEK_CUR) >= about.st_size
        if stat.S_ISCHR(about.st_mode):
            return os.path.samestat(about, os.stat(os.devnull))
        poll = select.poll()
        poll.register(0, select.POLLIN)
        return [events for _, events in poll.poll(0)] == [select.POLLHUP]
    except OSError:
        return True


def allow_core_dumps() -> str:
    """Raise the limit on core files to its maximum (``-g``).  Returns why that is not possible; empty on success."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    except (OSError, ValueError) as error:
        return f"cannot lift the limit on core files: {error}"
    return "" if hard else "core files are not possible: the hard limit is 0"


def limit_files(most: int) -> str:
    """Set the limit of open descriptors (``maxfiles``).  Returns why that is not possible; empty on success."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, max(most, hard) if hard != resource.RLIM_INFINITY else hard))
    except (OSError, ValueError) as error:
        return f"maxfiles = {most} is not possible: {error}; the hard limit is {hard}"
    return ""


def user_number(name: str) -> int | None:
    """The number of a user, or None when the system does not know the name."""
    import pwd  # 0.4 ms: only -U and astctlowner need it

    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def group_number(name: str) -> int | None:
    """The number of a group, or None when the system does not know the name."""
    import grp  # 0.7 ms: only -G and astctlgroup need it

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def become(user: str, group: str, run_directory: str) -> None:
    """Change to another user and group (``-U``, ``-G``); only root may.

    The run directory is created and given to them first: the new user could not create lock and socket in root's.

    Raises:
        AsterismError: the user or group does not exist, or this process may not change to it.
    """
    import pwd  # 0.4 ms: only -U and -G need it

    for kind, name, look_up in (("user", user, user_number), ("group", group, group_number)):
        if name and look_up(name) is None:
            cure = f"give a name that 'getent {'passwd' if kind == 'user' else kind}' knows"
            raise AsterismError(Fault(f"No such {kind} '{name}'!", cure=cure, code=f"unknown-{kind}"))
    entry = pwd.getpwnam(user) if user else None
    number = group_number(group) if group else entry.pw_gid if entry else None
    gid = os.getegid() if number is None else number
    if (entry is None or entry.pw_uid == os.geteuid()) and gid == os.getegid():
        return
    try:
        if os.geteuid() == 0:
            os.makedirs(run_directory, mode=0o700, exist_ok=True)
            os.chown(run_directory, entry.pw_uid if entry else -1, gid, follow_symlinks=False)
            os.initgroups(entry.pw_name, gid) if entry else os.setgroups([gid])
        os.setgid(gid)
        if entry:
            os.setuid(entry.pw_uid)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        what = f"cannot become user '{user}'" if user else f"cannot become group '{group}'"
        raise AsterismError(Fault(what, why=why, cure="only root can; leave out -U and -G", code="rights")) from None
    if not os.access(os.__file__, os.R_OK):
        cure = "install asterism with a Python outside of anybody's home directory"
        raise AsterismError(Fault(f"user '{user}' may not read it", Place(os.__file__), cure=cure, code="rights"))


def crash_log(directory: str) -> int | None:
    """A descriptor of the file for the crash handler's reports, or None when the file cannot be opened."""
    try:
        os.makedirs(directory, exist_ok=True)
        return opened(os.path.join(directory, CRASH_LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    except OSError:
        return None


def notify(state: str) -> None:
    """Send a state such as ``READY=1`` to the service manager (``sd_notify``), if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        sock.sendall(state.encode())


def reloading() -> str:
    """The message to the service manager at the beginning of a reload, as ``Type=notify-reload`` requires it."""
    return f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}"


def leave(status: int) -> NoReturn:
    """Flush the output and end the process at once.

    The process does not return from main: threads of modules may still call the core, which needs the interpreter
    intact.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
