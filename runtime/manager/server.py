"""The manager's sockets, and the single thread that serves all sessions."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from asterism.errors import AsterismError, Fault
from runtime.core.core import Core
from runtime.core.events import Event
from runtime.core.login_reports import Report
from runtime.manager.manager_conf import ManagerSettings
from runtime.manager.session import Session
from runtime.manager.throttle import Throttle
from runtime.manager.tls import TlsSettings

MOST_SESSIONS = 500
"""The limit of connections, logged in or not."""
LAST_SECONDS = 1.0
"""How long the sessions may take to finish when the server closes, in seconds."""

ARRIVAL_SECONDS = 0.1
"""How long a connection that was just accepted may take to become a session then, in seconds."""

MOST_REPORTS = 1000
"""The limit of queued login reports."""

T = TypeVar("T")


class ManagerServer:
    """The manager's server, listening as manager.conf says; a :class:`runtime.manager.session.Host`."""

    def __init__(self, core: Core, settings: ManagerSettings) -> None:
        self.core = core
        self.settings = settings
        self.throttle = Throttle()
        self.loop = asyncio.new_event_loop()
        self.where = ""
        """Address and port of the plain protocol, as text; empty when not listening."""
        self.where_tls = ""
        """Address and port of TLS, as text; empty when not listening."""
        self._sessions: tuple[Session, ...] = ()  # replaced, never changed: any thread may read it
        self._listening: list[asyncio.Server] = []
        self._is_turning_away = False
        self._thread = threading.Thread(target=self._serve, name="manager", daemon=True)
        self._reports: queue.Queue[Report | None] = queue.Queue(MOST_REPORTS)
        self._reporter = threading.Thread(target=self._pass_on, name="manager reports", daemon=True)

    # -- its life

    def start(self) -> None:
        """Begin to listen.

        Raises:
            AsterismError: the address cannot be used.
        """
        self._thread.start()
        self._reporter.start()
        try:
            self._call(self._listen(self.settings))
        except AsterismError:
            self.close()
            raise
        self.core.events.listen(self.publish)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(self._mistake)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    def _mistake(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        detail = f": {type(error).__name__}: {error}" if error else ""
        self.core.logger.error(f"The manager met a mistake: {context['message']}{detail}")

    def _call(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result()

    async def _listen(self, settings: ManagerSettings) -> None:
        sock = _bound(settings.bindaddr, settings.port)
        self._listening.append(await self.loop.create_server(lambda: Session(self), sock=sock))
        self.where = _shown(settings.bindaddr, settings.port)
        self.core.logger.notice(f"The manager listens on {self.where}")
        if settings.tls is not None:
            try:
                await self._listen_tls(settings.tls, settings)
            except AsterismError as error:  # the plain protocol works without TLS
                self.core.logger.error("\n".join(map(str, error.faults)))
        if not settings.is_local:
            why = "whoever reaches this machine can try to log in, and secrets are not encrypted on their way"
            self.core.logger.warning(
                f"The manager listens on {self.where} and not on the loopback address alone: {why}"
            )

    async def _listen_tls(self, tls: TlsSettings, settings: ManagerSettings) -> None:
        context = tls.context()
        host, port = tls.address(settings.bindaddr)
        sock = _bound(host, port)
        patience = float(settings.authtimeout)
        self._listening.append(
            await self.loop.create_server(
                lambda: Session(self), sock=sock, ssl=context, ssl_handshake_timeout=patience, ssl_shutdown_timeout=1
            )
        )
        self.where_tls = _shown(host, port)
        self.core.logger.notice(f"The manager listens on {self.where_tls} over TLS")

    def apply(self, settings: ManagerSettings) -> None:
        """Apply other settings: listen elsewhere if necessary, and end the sessions of removed accounts.

        Raises:
            AsterismError: the new address cannot be used; then the server listens nowhere, and the sessions stay.
        """
        self._call(self._apply(settings))

    async def _apply(self, settings: ManagerSettings) -> None:
        before, self.settings = self.settings, settings
        for session in self._sessions:
            if session.account is not None:
                session.renew(settings.account(session.account.name))
        moves = (before.bindaddr, before.port) != (settings.bindaddr, settings.port)
        if moves or settings.tls is not None or before.tls is not None or not self._listening:
            self._stop_listening()  # a certificate may have changed under the same name
            await self._listen(settings)

    def _stop_listening(self) -> None:
        for listening in self._listening:
            listening.close()
        self._listening, self.where, self.where_tls = [], "", ""

    def close(self) -> None:
        """Stop listening, and end the sessions after their pending output."""
        self.core.events.ignore(self.publish)
        self._call(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        with contextlib.suppress(queue.Full):
            self._reports.put_nowait(None)
        self._reporter.join(LAST_SECONDS)

    async def _close(self) -> None:
        await self._accepted()
        self._stop_listening()
        for session in self._sessions:
            session.hurry()
        await self._until(lambda: not any(session.is_answering for session in self._sessions))
        for session in self._sessions:
            session.end()
        await self._until(lambda: not self._sessions)
        for session in self._sessions:
            session.abort()
        await self._until(lambda: not self._sessions)

    async def _accepted(self) -> None:
        """Accept no more connections, and let those that were accepted become sessions.

        A connection whose server is closed before that never gets a session, and would never be closed.
        """
        for listening in self._listening:
            for sock in listening.sockets:
                self.loop.remove_reader(sock.fileno())
        arriving = asyncio.all_tasks() - {asyncio.current_task()}
        if arriving:
            await asyncio.wait(arriving, timeout=ARRIVAL_SECONDS)

    @staticmethod
    async def _until(is_true: Callable[[], bool]) -> None:
        """Wait for something, at most ``LAST_SECONDS``."""
        end = time.monotonic() + LAST_SECONDS
        while not is_true() and time.monotonic() < end:
            await asyncio.sleep(0.01)

    # -- its sessions

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The connected sessions, in the order of connecting."""
        return self._sessions

    def admit(self, session: Session) -> bool:
        """Register a new connection.  Returns whether it may stay."""
        why = self._why_not()
        if why and not self._is_turning_away:  # logged once, until connections are accepted again
            self.core.logger.warning(f"The manager turns connections away, {session.peer} first: {why}")
        self._is_turning_away = bool(why)
        if not why:
            self._sessions = (*self._sessions, session)
        return not why

    def _why_not(self) -> str:
        """Why no further session is accepted; empty when one is."""
        waiting = sum(one.account is None for one in self._sessions)
        if len(self._sessions) >= MOST_SESSIONS:
            return f"there are {MOST_SESSIONS} sessions already"
        if waiting >= self.settings.authlimit:
            return f"{waiting} connections have not logged in yet (authlimit)"
        return ""

    def leave(self, session: Session) -> None:
        """Remove a session that has ended."""
        self._sessions = tuple(one for one in self._sessions if one is not session)

    def has_session_of(self, name: str) -> bool:
        """Whether a session is logged in with that account."""
        return any(one.account is not None and one.account.name == name for one in self._sessions)

    def tell(self, report: Report) -> None:
        """Queue a login report for modules, so that the event loop does not wait for them."""
        with contextlib.suppress(queue.Full):  # a full queue: the log still has each failed login
            self._reports.put_nowait(report)

    def _pass_on(self) -> None:
        while (report := self._reports.get()) is not None:
            try:
                self.core.login_report(report)
            except Exception as error:  # an exception must not stop later reports
                self.core.logger.error(f"{report.kind} of the manager was not reported: {error}")

    def publish(self, event: Event) -> None:
        """Offer an event to every session."""
        for session in self._sessions:
            session.offer(event)

    def kick(self, descriptor: int) -> Session | None:
        """End the session with a descriptor.  Returns the session, or None when there is none."""
        for session in self._sessions:
            if session.descriptor == descriptor:
                self.loop.call_soon_threadsafe(session.finish, "was kicked")
                return session
        return None


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket.  Raises AsterismError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128, dualstack_ipv6=host == "::")
    except OSError as error:
        why = (os.strerror(error.errno) if error.errno else str(error)).lower()
        what = f"the manager cannot listen on {host}, port {port}"
        cure = "change 'bindaddr' or 'port' in manager.conf, then 'manager reload'"
        raise AsterismError(Fault(what, why=why, cure=cure, code="bind")) from None
