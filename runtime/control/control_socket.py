"""The control socket: a UNIX socket for remote consoles and ``-rx``, private unless asterisk.conf opens it.

Each client has a thread that reads and runs its requests.  No client can hold up the program: a client that leaves
output unread for SECONDS is disconnected, and log lines for a client wait in a bounded queue; those that overflow it
are counted and dropped.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import queue
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

from asterism.numbers import INT, number
from asterism.values import dataclass
from runtime.control import socket_frames
from runtime.control.socket_address import reachable
from runtime.core.commands.command_table import Table

SECONDS = 20
"""How long a client may leave output unread, in seconds."""
MOST_CLIENTS = 128
"""The limit of clients, as in Asterisk; a further client gets a refusal."""
LOG_LINES = 2000
"""The number of log lines that are queued for a slow client."""


class Connection:
    """A connected client: a :class:`runtime.core.commands.clients.Client` at the other end of a socket."""

    def __init__(self, sock: socket.socket, table: Table, hello: str) -> None:
        process, user, group = _peer(sock)
        self.who = f"process {process} at the control socket"
        self.credentials = (user, group)
        self.verbose = 0
        self.muted = True
        self.hidden: set[str] = set()
        self.attached: Callable[[Connection], None] = _nobody
        """Called when the client asks for the log."""
        self.busy = False
        """Whether the client's command is running."""
        self._sock = sock
        self._table = table
        self._hello = hello
        self._sending = threading.Lock()
        self._alive = True
        self._lines: queue.Queue[str | None] = queue.Queue(LOG_LINES)
        self._lost = 0

    # -- a client of the command table

    def out(self, text: str) -> None:
        """Send output."""
        self.send("out", text)

    def err(self, text: str) -> None:
        """Send the reason of a failure."""
        self.send("err", text)

    def log(self, text: str) -> None:
        """Queue log lines; a thread that logs must never wait for a console."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._lost += 1

    def send(self, kind: str, text: str = "") -> None:
        """Send a frame; a client that does not read it in time is disconnected."""
        with self._sending:
            if not self._alive:
                return
            try:
                self._sock.sendall(socket_frames.pack(kind, text))
            except OSError:
                self._alive = False

    # -- its life

    @property
    def descriptor(self) -> int:
        """The descriptor of the connection, or -1 when it is closed."""
        return self._sock.fileno()

    @property
    def is_gone(self) -> bool:
        """Whether the client has closed its end of the connection, as far as can be told while its command runs."""
        if not self._alive:
            return True
        watched = select.poll()
        watched.register(self._sock, select.POLLRDHUP)
        return bool(watched.poll(0))

    def serve(self) -> None:
        """Answer requests until the client leaves or is disconnected."""
        # A timeout of the socket object would end the wait for the next command as well.
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SECONDS, 0))
        with contextlib.suppress(OSError, socket_frames.WireError):
            reader = socket_frames.Reader(self._sock)
            while self._alive and (frame := reader.read()) is not None:
                self._answer(*frame)
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(None)
        self.close()

    def _answer(self, kind: str, text: str) -> None:
        action = {
            "hello": self._greet,
            "attach": self._attach,
            "run": self._run,
            "complete": self._complete,
        }.get(kind)
        if action is None:
            raise socket_frames.WireError(f"unexpected '{kind}'")
        action(text)

    def _greet(self, version: str) -> None:
        self.send("hello", self._hello)
        if version != socket_frames.VERSION:
            self.send(
                "bye", f"this asterism speaks version {socket_frames.VERSION} of the console protocol, not {version}\n"
            )
            raise socket_frames.WireError("another version")

    def _attach(self, verbose: str) -> None:
        self.verbose = number(verbose, 0, INT) or 0
        self.muted = False
        threading.Thread(target=self._show_log, name="console log", daemon=True).start()
        self.attached(self)

    def _show_log(self) -> None:
        while (text := self._lines.get()) is not None and self._alive:
            self.send("out", text)
            if self._lost:
                lost, self._lost = self._lost, 0
                self.send("out", f"({lost} log lines are missing here: this console did not keep up)\n")

    def _run(self, line: str) -> None:
        self.busy = True
        try:
            outcome = self._table.run(line, self)
            self.send("end", "0" if outcome.ok else "1")
        finally:
            self.busy = False

    def _complete(self, line: str) -> None:
        self.send("words", "\n".join(self._table.complete(line)))

    def close(self, text: str | None = None) -> None:
        """End the connection, with a last message if one is given."""
        if text is not None:
            self.send("bye", text)
        self._alive = False
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


def _nobody(_connection: Connection) -> None:
    """Ignore a connection: the default of the callbacks."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may connect to the socket: the program's user, root, and those whom mode, owner and group permit."""

    mode: int = 0o600
    """The permission bits of the socket."""
    owner: int = -1
    """The user that owns the socket; -1 for the program's user."""
    group: int = -1
    """The group of the socket; -1 for the program's group."""

    def admits(self, user: int, group: int) -> bool:
        """Whether a client may connect; the system applies the same rule to the socket itself."""
        if user in (0, os.geteuid(), self.owner) or self.mode & 0o002:
            return True
        own = os.getegid() if self.group < 0 else self.group
        return bool(self.mode & 0o020) and (group == own or own in _groups(user))


PRIVATE = Access()
"""Access for the program's user and root only."""


def _groups(user: int) -> list[int]:
    """The groups of a user, from the system's database."""
    try:
        entry = pwd.getpwuid(user)
        return os.getgrouplist(entry.pw_name, entry.pw_gid)
    except (KeyError, OSError):
        return []


class ControlServer:
    """The listening socket and its clients.

    Args:
        path: the path of the socket; a stale one is replaced.  The caller holds the lock of its directory.
        table: the commands.
        hello: the program's description, which a remote console shows.
        access: who may connect, besides the socket's owner and root.
    """

    def __init__(self, path: str, table: Table, hello: str, access: Access = PRIVATE) -> None:
        self.path = path
        self._access = access
        self.on_attach: Callable[[Connection], None] = _nobody
        self.on_leave: Callable[[Connection], None] = _nobody
        self._table = table
        self._hello = hello
        self._clients: set[Connection] = set()
        self.steady = threading.Lock()
        """Held by callers that need the :meth:`descriptors` to stay open."""
        self._changing = threading.Lock()
        self._closing = False
        self._socket = _listen(path, access)
        self._thread = threading.Thread(target=self._accept, name="control socket", daemon=True)

    def start(self) -> None:
        """Begin to accept clients."""
        self._thread.start()

    @property
    def clients(self) -> list[Connection]:
        """The connected clients."""
        with self._changing:
            return list(self._clients)

    def descriptors(self) -> dict[int, Connection]:
        """The connections by descriptor."""
        return {client.descriptor: client for client in self.clients}

    def _accept(self) -> None:
        while not self._closing:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                time.sleep(0.0 if self._closing else 0.2)  # no descriptor is free: wait until some are
                continue
            refusal = self._refusal(sock) or self._begin(sock)
            if refusal:
                _turn_away(sock, refusal)

    def _refusal(self, sock: socket.socket) -> str:
        """Why a client may not connect; empty when it may."""
        if not self._access.admits(*_peer(sock)[1:]):
            return "asterisk.conf does not let you connect (astctlpermissions)"
        if len(self.clients) >= MOST_CLIENTS:
            return f"{MOST_CLIENTS} clients are connected already"
        return ""

    def _begin(self, sock: socket.socket) -> str:
        """Serve a client in a thread of its own.  Returns why no thread can be started; empty on success."""
        try:
            threading.Thread(target=self._serve, args=(sock,), name="console", daemon=True).start()
        except RuntimeError as error:
            return str(error)
        return ""

    def _serve(self, sock: socket.socket) -> None:
        connection = Connection(sock, self._table, self._hello)
        connection.attached = self.on_attach
        with self._changing:
            self._clients.add(connection)
        try:
            connection.serve()
        finally:
            self.on_leave(connection)
            with self.steady:
                with self._changing:
                    self._clients.discard(connection)
                with contextlib.suppress(OSError):  # a module may have closed it
                    sock.close()

    def close(self, text: str = "") -> None:
        """Remove the socket and disconnect the clients, after their running commands or 2 seconds for each."""
        self._closing = True
        with contextlib.suppress(OSError):
            os.unlink(self.path)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self.clients:
            _wait_while(lambda one=connection: one.busy, 2.0)  # type: ignore[misc]
            connection.close(text)


def _turn_away(sock: socket.socket, why: str) -> None:
    with contextlib.suppress(OSError), sock:
        sock.send(socket_frames.pack("bye", f"{why}\n"), socket.MSG_DONTWAIT)


def _wait_while(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while condition() and time.monotonic() < deadline:
        time.sleep(0.005)


@contextlib.contextmanager
def _private(directory: str) -> Iterator[str]:
    """A name in a new private directory; both are removed after the body.

    Written by hand, because importing tempfile takes a twentieth of a start.
    """
    place = os.path.join(directory, f".ctl-{os.urandom(8).hex()}")
    name = os.path.join(place, "s")
    os.mkdir(place, 0o700)
    try:
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        os.rmdir(place)


def _listen(path: str, access: Access) -> socket.socket:
    """A listening socket at ``path``.

    The socket is created in a directory of mode 0700, gets its owner and mode, and is then renamed to its path.
    Therefore other users can open it at no moment before, and an old one is replaced atomically.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _private(os.path.dirname(path)) as temporary:
            with reachable(temporary) as name:
                sock.bind(name)
            if (access.owner, access.group) != (-1, -1):
                os.chown(temporary, access.owner, access.group)
            os.chmod(temporary, access.mode)
            sock.listen(64)
            os.replace(temporary, path)
    except OSError:
        sock.close()
        raise
    return sock


def _peer(sock: socket.socket) -> tuple[int, int, int]:
    """Process, user and group at the other end."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, gid = struct.unpack("3i", credentials)
    return pid, uid, gid
