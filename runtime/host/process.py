"""The process itself: its run directory, its background, its signals, its rights."""

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
from typing import NoReturn

from asterism import numbers
from asterism.errors import AsterismError, Fault, Place
from asterism.files import file_fault, opened, read_text

LOCK = "asterisk.lock"
PID = "asterisk.pid"
CRASH_LOG = "crash.log"
"""What the crash handler says, in astlogdir."""


# ---- the run directory ---------------------------------------------------------------------------


@contextlib.contextmanager
def run_directory(path: str, mode: int = 0o700) -> Iterator[None]:
    """Own a run directory while the body runs: make it, lock it, note the process in it.

    The lock is the kernel's, so that it ends with the process however that ends; what a crashed one left is taken over.

    Args:
        path: the directory.
        mode: what it gets when it is made.

    Raises:
        AsterismError: another process owns it, or it cannot be used.
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
    """The far end of the pipe to the process that waits for the start.

    It is the standard error of the start, so that the waiting process shows what the C library or the crash
    handler has to say as well.  A NUL and the exit status close it.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def is_there(self) -> bool:
        """Whether a process waits for the start, which then goes on in the background."""
        return self._handle >= 0

    def ready(self) -> None:
        """Let the waiting process end well."""
        self.failed(0, "")

    def failed(self, status: int, text: str) -> None:
        """Let it end with a status, and say why."""
        if self._handle < 0:
            return
        with contextlib.suppress(OSError):
            _write_all(self._handle, text.encode("utf-8", "surrogateescape") + bytes([0, status]))
        os.close(self._handle)
        self._handle = -1
        _to_nowhere(2)


def go_to_background() -> Background:
    """Go on in a process of its own session, without a terminal (``daemon(3)``, with one thing more).

    The process that was called waits until the start is complete, and ends with its result: whoever starts it
    sees a start that failed.  Must be called before there are threads.
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
"""A status that no program ends with: it is to start again."""


def working_directory() -> str:
    """Where the program was started, which relative paths on its command line count from."""
    try:
        return os.getcwd()
    except OSError:
        return "/"  # it was removed


def start_again(place: str) -> NoReturn:
    """Replace this process by the same program with the same command line; all threads end."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os.chdir(place)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


# ---- signals ---------------------------------------------------------------------------------------


class Signals:
    """Runs an action for each signal, in a thread of its own.

    The bytes come from the interpreter's C handler by way of ``set_wakeup_fd``, so that a signal is heeded even
    while the main thread is inside a module.  While the prompt is open its event loop owns that descriptor; then
    the Python handler passes the signal on.
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
        """Take the descriptor back, after a prompt."""
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._armed = True

    def disarm(self) -> None:
        """Leave the descriptor to an event loop."""
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

    It asks for nothing then, not even for a stop.  Ask at the beginning of a start: a pipe that is closed later stops
    the program, however early that is.  Nothing is read.
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
    """Lift the limit on core files (``-g``); returns why that was not possible, or nothing."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    except (OSError, ValueError) as error:
        return f"cannot lift the limit on core files: {error}"
    return "" if hard else "core files are not possible: the hard limit is 0"


def limit_files(most: int) -> str:
    """Set how many descriptors may be open (``maxfiles``); returns why that was not possible, or nothing."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, max(most, hard) if hard != resource.RLIM_INFINITY else hard))
    except (OSError, ValueError) as error:
        return f"maxfiles = {most} is not possible: {error}; the hard limit is {hard}"
    return ""


def user_number(name: str) -> int | None:
    """The number of a user; None when the system knows no such name."""
    import pwd  # 0.4 ms: only -U and astctlowner need it

    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def group_number(name: str) -> int | None:
    """The number of a group; None when the system knows no such name."""
    import grp  # 0.7 ms: only -G and astctlgroup need it

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def become(user: str, group: str, run_directory: str) -> None:
    """Go on as another user and group (``-U``, ``-G``); only root may.

    The run directory is made and given to them before: root's own would take neither lock nor socket from them.

    Raises:
        AsterismError: there is no such user or group, or this process may not become it.
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
    """A descriptor of the file that keeps what the crash handler says, or None when there can be none."""
    try:
        os.makedirs(directory, exist_ok=True)
        return opened(os.path.join(directory, CRASH_LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    except OSError:
        return None


def notify(state: str) -> None:
    """Tell the service manager, when there is one (``sd_notify``): ``READY=1``."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        sock.sendall(state.encode())


def reloading() -> str:
    """What to tell the service manager at the beginning of a reload, as ``Type=notify-reload`` wants it."""
    return f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}"


def leave(status: int) -> NoReturn:
    """End the process at once, after what was printed is out.

    Not by returning from main: modules may have threads that call into the core, and the interpreter must not be
    taken apart beneath them.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
