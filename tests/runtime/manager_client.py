"""A client of the manager, by hand: a socket, bytes in, messages out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import TracebackType

from waiting import HANG

from runtime.core.core import Core
from runtime.core.manager_message import ManagerMessage
from runtime.manager.request import Request, perform

Reply = dict[str, str]


def free_port() -> int:
    """A port nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


class Client:
    """A connection; every wait ends after a while, so that a test fails and does not hang."""

    def __init__(self, port: int, host: str = "127.0.0.1", seconds: float = HANG) -> None:
        self.sock = socket.create_connection((host, port), timeout=seconds)
        self.rest = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sock.close()

    def line(self) -> str:
        """The next line; empty when the connection has ended."""
        while b"\n" not in self.rest:
            try:
                data = self.sock.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return ""
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode("utf-8", "surrogateescape") + "\n"

    def reply(self) -> Reply:
        """The next message; empty when the connection has ended."""
        return dict(
            line.rstrip("\r\n").split(": ", 1) if ": " in line else (line.strip(), "") for line in self._lines()
        )

    def _lines(self) -> Iterator[str]:
        while (line := self.line()) not in ("\r\n", ""):
            yield line

    def send(self, **headers: object) -> None:
        """Ask for something."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.sock.sendall(f"{lines}\r\n".encode())

    def ask(self, **headers: object) -> Reply:
        """Ask for something; the next message."""
        self.send(**headers)
        return self.reply()

    def login(self, name: str = "bob", secret: str = "geheim", **headers: object) -> Reply:
        """Read the greeting and log in."""
        assert self.line() == "Asterisk Call Manager/13.0.0\r\n"
        return self.ask(Action="Login", Username=name, Secret=secret, **headers)


def answered(core: Core, *lines: str) -> str:
    """What an action answers, asked without a connection and with all rights; lines end with a line feed alone."""
    message = ManagerMessage(lines)
    action = core.actions.find(message.action)
    assert action is not None
    request = Request(core, message)
    perform(request, action)
    return request.answer.replace("\r\n", "\n")
