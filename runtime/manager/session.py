"""A connection: a client's requests, in sequence, and the answers and events sent to it.

The code runs in the thread of the server's event loop, except actions that may take time: each has its own thread.
Events published meanwhile wait, so that they never interrupt an answer; the next message is handled after the answer to
the previous one.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Protocol, cast

from asterism.names import did_you_mean
from runtime.core.actions import Action
from runtime.core.event_classes import names_of
from runtime.core.login_reports import Report
from runtime.core.manager_message import GREETING, ManagerMessage, Parser, encode
from runtime.manager.filters import NO_FILTERS
from runtime.manager.manager_conf import Account, Address, ManagerSettings, address_of
from runtime.manager.pending import Pending
from runtime.manager.request import Request, perform

if TYPE_CHECKING:
    from runtime.core.core import Core
    from runtime.core.events import Event
    from runtime.manager.throttle import Throttle

MOST_WAITING = 64
"""The limit of queued messages of one client; above it, reading pauses until some are handled."""
HIGH_WATER = 256 << 10
"""The number of unsent bytes above which a session counts as slow."""

_SECRET = ("secret", "key")
_NOWHERE = ("0.0.0.0", 0)  # noqa: S104 (of a client that is gone before it is met)


class Host(Protocol):
    """The server as a session uses it."""

    core: Core
    settings: ManagerSettings
    throttle: Throttle
    loop: asyncio.AbstractEventLoop

    def admit(self, session: Session) -> bool:
        """Register a new connection.  Returns whether it may stay."""

    def leave(self, session: Session) -> None:
        """Remove a connection that has ended."""

    def has_session_of(self, name: str) -> bool:
        """Whether a session is logged in with that account."""

    def tell(self, report: Report) -> None:
        """Pass on a login report, without waiting for its receivers."""


class Session(asyncio.Protocol):
    """A client's connection."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.account: Account | None = None
        """The client's account; None until it has logged in."""
        self.wants = 0
        """The classes of events that the client wants and may read."""
        self.filters = NO_FILTERS
        self.challenge = ""
        self.began = time.time()
        """When the client connected or logged in, in seconds since the epoch."""
        self.pending = Pending()
        self.address: Address = address_of(_NOWHERE[0])
        self.peer = self.local = ""
        """The client's address and the server's, with ports: ``127.0.0.1:40000``."""
        self.transport = "TCP"
        """The transport: ``TCP``, or ``TLS`` over TLS."""
        self.descriptor = -1
        self._logger = host.core.logger
        self._parser = Parser()
        self._inbox: deque[ManagerMessage] = deque()
        self._request: Request | None = None
        self._transport: asyncio.Transport
        self._deadline: asyncio.TimerHandle | None = None
        """The timer of the login deadline."""
        self._watching: asyncio.TimerHandle | None = None
        """The timer of the write timeout."""
        self._is_slow = False
        self._is_closing = False
        self._is_admitted = False
        self._is_hurried = False
        self._end = ""
        """How the connection ended, for the log."""

    # -- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client, if one more session is accepted."""
        self._transport = cast("asyncio.Transport", transport)
        self.transport = "TLS" if transport.get_extra_info("ssl_object") is not None else "TCP"
        sock: socket.socket = transport.get_extra_info("socket")
        peer = transport.get_extra_info("peername") or _NOWHERE
        self.address, self.descriptor = address_of(peer[0]), sock.fileno()
        self.peer, self.local = _place(*peer[:2]), _place(*(transport.get_extra_info("sockname") or _NOWHERE)[:2])
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._is_admitted = self.host.admit(self)
        if not self._is_admitted:
            self._is_closing = True
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self._deadline = self.host.loop.call_later(self.host.settings.authtimeout, self._too_late)
        self._write(GREETING)

    def connection_lost(self, _error: Exception | None) -> None:
        """Clean up after the connection."""
        self._is_closing = True
        self._stop(self._deadline, self._watching)
        self.pending.disturb()
        if not self._is_admitted:
            return
        self.host.leave(self)
        if self.account is not None and self.account.displayconnects:
            self._logger.verbose(2, f"Manager '{self.account.name}' {self._end or 'logged off'} from {self.peer}")
        elif self.account is None and self.host.settings.displayconnects:
            self._logger.verbose(2, f"Connection from {self.peer} ended without a login")

    def data_received(self, data: bytes) -> None:
        """Handle received bytes."""
        self._inbox.extend(self._parser.feed(data))
        self.pending.disturb()
        if len(self._inbox) > MOST_WAITING:
            self._transport.pause_reading()
        self._next()

    def pause_writing(self) -> None:
        """Start the write timeout of a client that does not read."""
        self._is_slow = True
        self._watch(self._transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Continue after the client has caught up."""
        self._is_slow = False
        self._stop(self._watching)
        self._flush()
        self._next()

    def _write(self, text: str) -> None:
        if text and not self._transport.is_closing():
            self._transport.write(encode(text))

    # -- time

    @staticmethod
    def _stop(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()

    def _too_late(self) -> None:
        self._logger.notice(f"{self.peer} did not log in within {self.host.settings.authtimeout} seconds")
        self._transport.abort()

    def _watch(self, before: int) -> None:
        """Check again later; a client that has read nothing by then is disconnected."""
        seconds = (self.account.writetimeout if self.account else 20_000) / 1000
        self._stop(self._watching)
        self._watching = self.host.loop.call_later(seconds, self._look_again, before)

    def _look_again(self, before: int) -> None:
        left = self._transport.get_write_buffer_size()
        if left < before:
            self._watch(left)
        else:
            self.drop("did not read what was sent to it")

    # -- the end

    def drop(self, why: str) -> None:
        """Disconnect the client at once, and log the reason."""
        self._logger.warning(f"The manager dropped {self.known_as}: it {why}")
        self._is_closing, self._end = True, "was dropped"
        self._transport.abort()

    def finish(self, end: str = "") -> None:
        """Disconnect the client after the unsent output."""
        self._is_closing = True
        self._end = self._end or end
        self.pending.disturb()
        if not self._transport.is_closing():  # a transport of TLS that is closed twice has no buffer any more
            self._transport.close()
        if self._transport.get_write_buffer_size():
            self._watch(self._transport.get_write_buffer_size())

    def abort(self) -> None:
        """Disconnect the client without its pending output, which it does not read."""
        self._is_closing = True
        self._transport.abort()

    def end(self) -> None:
        """Disconnect the client after its pending events and output."""
        self._write(self.taken())
        self.finish("was logged off")

    def hurry(self) -> None:
        """Have an action that waits for events answer now."""
        self._is_hurried = True
        self.pending.disturb()

    @property
    def is_answering(self) -> bool:
        """Whether an action is being carried out whose answer the client waits for."""
        return self._request is not None and not (self._request.ends or self._is_closing)

    @property
    def known_as(self) -> str:
        """The account and address of the client, for the log."""
        return f"'{self.account.name}' at {self.peer}" if self.account else self.peer

    @property
    def unsent(self) -> int:
        """The number of bytes that the socket has not taken."""
        return self._transport.get_write_buffer_size()

    # -- logging in

    def enter(self, account: Account, mask: int) -> None:
        """Log the session in with an account."""
        self._stop(self._deadline)
        self.account = account
        self.filters = account.filters
        self.wants = account.read & mask
        self.challenge = ""
        self.began = time.time()
        self.host.throttle.succeeded(str(self.address))
        if account.displayconnects:
            self._logger.verbose(2, f"Manager '{account.name}' logged on from {self.peer}")
        self._report("SuccessfulAuth")

    def refused(self, request: Request, kind: str, why: str, **details: str) -> None:
        """Record a failed login; its answer is delayed, and ends the session.

        Args:
            request: the login.
            kind: the kind of security event; empty for none.
            why: the reason, for the log.
            details: further values of the security event.
        """
        request.ends = True
        request.delay = self.host.throttle.failed(str(self.address), time.monotonic())
        self._logger.notice(f"{self.peer} could not log in to the manager: {why}")
        if kind:
            self._report(kind, request.get("Username"), **details)

    def _report(self, kind: str, account: str = "", **details: str) -> None:
        name = account or (self.account.name if self.account else "")
        self.host.tell(Report(kind, name, self.peer, self.local, f"{id(self):#x}", details, self.began, self.transport))

    def renew(self, account: Account | None) -> None:
        """Apply the reread account of the session; end the session when the account or its secret has changed."""
        if self.account is None:
            return
        if account is None or account.secret != self.account.secret:
            why = "its account is gone" if account is None else "its secret was changed"
            self._logger.notice(f"The session of {self.known_as} ends: {why}")
            self.finish("was logged off")
            return
        if account.filters != self.account.filters:
            self.filters = account.filters
        self.wants &= account.read
        self.account = account

    # -- what it asks for

    def _next(self) -> None:
        """Handle the next message, unless an answer is due or the client is slow."""
        while self._inbox and self._request is None and not (self._is_slow or self._is_closing):
            message = self._inbox.popleft()
            if len(self._inbox) <= MOST_WAITING // 2:
                self._transport.resume_reading()
            self._begin(message)

    def _begin(self, message: ManagerMessage) -> None:
        self._request = request = Request(self.host.core, message, self)
        if self._logger.debugging or self.host.settings.debug:
            self._logger.debug(1, f"{self.known_as} asks: {_shown(message)}")
        action = self._permitted(request)
        if action is None:
            self._done(request)
        elif action.is_quick:
            perform(request, action)
            self._done(request)
        else:
            threading.Thread(
                target=self._work, args=(request, action), name=f"manager {action.name}", daemon=True
            ).start()

    def _permitted(self, request: Request) -> Action | None:
        """The requested action, if it is permitted; otherwise answer with an error and return None."""
        message, core = request.message, self.host.core
        name = message.action
        action = core.actions.find(name) if name else None
        if message.trouble or not name:
            self._misunderstood(request, message.trouble or "Missing action in request")
        elif core.halt.requested:
            request.error("Asterisk is shutting down")
        elif self.account is None and not (action and action.before_login):
            self._forbidden(request)
        elif action is None:
            self._misunderstood(request, _UNKNOWN.format(name), *_near(name, core.actions.names()))
        elif action.authority and not action.authority & (self.account.write if self.account else 0):
            self._logger.debug(1, f"{self.known_as} may not ask for {name}, which needs {names_of(action.authority)}")
            self._forbidden(request)
        else:
            return action
        return None

    def _misunderstood(self, request: Request, why: str, *fields: tuple[str, object]) -> None:
        request.error(why, *fields)
        self._report("RequestBadFormat", request_type=f"Action: {request.message.action or 'NONE'}")

    def _forbidden(self, request: Request) -> None:
        request.error("Permission denied")
        self._report("RequestNotAllowed", request_type=f"Action: {request.message.action}")

    def _work(self, request: Request, action: Action) -> None:
        perform(request, action)
        try:
            self.host.loop.call_soon_threadsafe(self._done, request)
        except RuntimeError:
            return  # the server is gone, and no client can be answered

    def _done(self, request: Request) -> None:
        if request.delay:
            delay, request.delay = request.delay, 0.0
            self.host.loop.call_later(delay, self._done, request)
            return
        self._request = None
        self._write(request.answer)
        if request.ends:
            self.finish()
        elif not request.get("SuppressEvents"):
            self._flush()
        # Not called directly: thousands of quick actions would nest as many calls.
        self.host.loop.call_soon(self._next)

    # -- what it is told

    def offer(self, event: Event) -> None:
        """Queue an event; any thread may call this."""
        if (self.wants & event.category) == event.category and self.account is not None and self.pending.put(event):
            try:
                self.host.loop.call_soon_threadsafe(self._flush)
            except RuntimeError:
                return

    def _flush(self) -> None:
        if self.pending.is_full and not self._is_closing:
            self.drop("did not take the events it asked for")
        elif self._request is None and not self._is_slow:
            self._write(self.taken())

    def wait_event(self, seconds: float | None) -> str:
        """Wait for an event, a timeout, another message of the client, or its end.  Returns the queued events."""
        self.pending.wait(seconds, lambda: bool(self._inbox) or self._is_closing or self._is_hurried)
        return self.taken()

    def taken(self) -> str:
        """Take the queued events that are wanted, as text."""
        return "".join([event.text for event in self.pending.take() if self._is_wanted(event)])

    def _is_wanted(self, event: Event) -> bool:
        wanted = (self.wants & event.category) == event.category
        return wanted and (not self.filters or self.filters.let_through(event))


def _place(host: str, port: int) -> str:
    address = address_of(host)
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def _shown(message: ManagerMessage) -> str:
    """A message for the log, with secrets hidden."""
    return " | ".join(
        f"{line.partition(':')[0]}: <hidden>" if line.partition(":")[0].strip().lower() in _SECRET else line
        for line in message.lines
    )


_UNKNOWN = "Invalid/unknown command: {}. Use Action: ListCommands to show available commands."


def _near(name: str, known: list[str]) -> tuple[tuple[str, object], ...]:
    hint = did_you_mean(name, known)
    return (("Cure", hint),) if hint else ()
