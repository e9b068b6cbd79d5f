"""The manager over TLS: a certificate, the same protocol, and what is wrong with either."""

from __future__ import annotations

import queue
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from manager_client import Client, free_port
from waiting import HANG, until

from runtime.core.core import Core
from runtime.core.login_reports import Report
from runtime.core.message_log import Level
from runtime.manager.manager_conf import loads
from runtime.manager.tls import TlsSettings


class Log(Protocol):
    """What the fixture ``journal`` gives."""

    def lines(self, *levels: Level) -> list[str]: ...


@pytest.fixture
def start(core: Core) -> Iterator[Callable[[str], tuple[int, int]]]:
    """Starts a manager with some lines in [general]; its port and that of TLS."""

    def begin(general: str) -> tuple[int, int]:
        plain, tls = free_port(), free_port()
        file = Path(core.settings.directories.astetcdir) / "manager.conf"
        file.parent.mkdir(parents=True, exist_ok=True)
        general = general.replace("@TLS@", str(tls))
        file.write_text(f"[general]\nenabled = yes\nport = {plain}\n{general}[bob]\nsecret = geheim\n")
        file.chmod(0o600)
        core.manager.start()
        return plain, tls

    yield begin
    core.manager.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own signature with its key, in one file."""
    directory = tmp_path_factory.mktemp("tls")
    made, key = directory / "made.pem", directory / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", key, "-out", made),
        ],
        check=True,
        capture_output=True,
    )
    made.write_text(made.read_text() + key.read_text())
    return made


class TlsClient(Client):
    """A client over TLS that trusts one certificate."""

    def __init__(self, port: int, certificate: Path) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        plain = socket.create_connection(("127.0.0.1", port), timeout=HANG)
        self.sock = context.wrap_socket(plain, server_hostname="localhost")
        self.rest = b""


def test_a_client_over_tls_is_served_as_any_other(
    core: Core, start: Callable[[str], tuple[int, int]], certificate: Path
) -> None:
    told: list[Report] = []
    core.login_report = told.append
    plain, tls = start(f"tlsenable = yes\ntlsbindaddr = 127.0.0.1:@TLS@\ntlscertfile = {certificate}\n")
    with TlsClient(tls, certificate) as client, Client(plain) as other:
        assert client.login()["Message"] == "Authentication accepted"
        assert client.ask(Action="Ping")["Ping"] == "Pong"
        assert other.login()["Message"] == "Authentication accepted"
    until(lambda: len(told) == 2)
    assert [one.transport for one in told] == ["TLS", "TCP"]


def test_a_session_over_tls_may_be_ended_twice(
    core: Core, start: Callable[[str], tuple[int, int]], certificate: Path
) -> None:
    _, tls = start(f"tlsenable = yes\ntlsbindaddr = 127.0.0.1:@TLS@\ntlscertfile = {certificate}\n")
    came: queue.Queue[Exception | None] = queue.Queue()
    with TlsClient(tls, certificate) as client:
        assert client.login()["Message"] == "Authentication accepted"
        assert core.manager.server is not None
        (session,) = core.manager.server.sessions

        def end_twice() -> None:
            try:
                session.finish()
                session.finish()
                came.put(None)
            except AttributeError as error:
                came.put(error)

        session.host.loop.call_soon_threadsafe(end_twice)
        assert came.get(timeout=HANG) is None


def test_without_a_certificate_only_the_plain_protocol_is_there(
    start: Callable[[str], tuple[int, int]], journal: Log, tmp_path: Path
) -> None:
    plain, _ = start("tlsenable = yes\n")
    with Client(plain) as client:
        assert client.login()["Message"] == "Authentication accepted"
    assert [line for line in journal.lines(Level.ERROR) if "TLS" in line] == [
        "the manager is not reached over TLS: there is no certificate\n    name its file with 'tlscertfile'"
    ]


def test_a_certificate_that_cannot_be_used_is_told_with_its_file(
    start: Callable[[str], tuple[int, int]], journal: Log
) -> None:
    start("tlsenable = yes\ntlscertfile = nix.pem\n")
    (said,) = [line for line in journal.lines(Level.ERROR) if "TLS" in line]
    assert said.startswith("the manager is not reached over TLS: '")
    assert "/nix.pem' cannot be used: [Errno 2] No such file or directory" in said


def test_options_of_tls_are_read_and_off_by_default() -> None:
    assert loads("[general]\nenabled = yes\ntlscertfile = a.pem\n").tls is None
    read = loads("[general]\ntlsenable = yes\ntlsbindaddr = [::1]:7\ntlscipher = HIGH\ntlsdisablev1 = yes\n")
    assert read.tls == TlsSettings(tlsbindaddr=("::1", 7), tlscipher="HIGH")
    assert read.warnings == ()
    assert read.tls.address("127.0.0.1") == ("::1", 7)
    assert TlsSettings().address("127.0.0.1") == ("127.0.0.1", 5039)
    unknown = loads("[general]\ntlsenabl = yes\n")
    assert [str(fault.cure) for fault in unknown.warnings] == ["did you mean 'tlsenable' or 'enabled'?"]
