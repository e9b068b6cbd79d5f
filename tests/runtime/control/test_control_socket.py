"""The control socket: frames, answers, and clients that are slow, gone or not wanted."""

from __future__ import annotations

import os
import resource
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waiting import HANG, until

from asterism.errors import AsterismError
from runtime.control import control_socket, remote_client, socket_frames
from runtime.control.control_socket import Connection, ControlServer
from runtime.core.commands.command import Command, CommandCall
from runtime.core.commands.command_table import Table


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["out", "end", "run"]), st.text(max_size=200))))
def test_frames_come_back_as_they_were_sent_whatever_they_hold(frames: list[tuple[str, str]]) -> None:
    sending, receiving = socket.socketpair()
    with sending, receiving:
        sending.sendall(b"".join(socket_frames.pack(*frame) for frame in frames))
        sending.shutdown(socket.SHUT_WR)
        reader = socket_frames.Reader(receiving)
        assert list(iter(reader.read, None)) == frames


@pytest.mark.parametrize("data", [b"out 5\nab", b"out x\n", b"out 99999999\n", b"0 1\nx", b"x" * 100, b"out"])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    sending, receiving = socket.socketpair()
    with sending, receiving:
        sending.sendall(data)
        sending.shutdown(socket.SHUT_WR)
        with pytest.raises(socket_frames.WireError):
            socket_frames.Reader(receiving).read()


def test_a_long_message_goes_in_several_frames() -> None:
    text = "ä" * socket_frames.LARGEST
    frames = socket_frames.pack("out", text)
    assert len(frames) > 2 * socket_frames.LARGEST
    sending, receiving = socket.socketpair()
    with sending, receiving:
        threading.Thread(target=lambda: (sending.sendall(frames), sending.shutdown(socket.SHUT_WR))).start()
        pieces = list(iter(socket_frames.Reader(receiving).read, None))
    assert [len(piece.encode("utf-8", "surrogateescape")) for _, piece in pieces] == [socket_frames.LARGEST] * 2


def long_answer(call: CommandCall) -> None:
    for number in range(200):
        call.write(f"{number:05} {'x' * 10_000}\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ControlServer]:
    table = Table()
    table.register(
        Command("say", lambda call: call.line_out(call.rest)),
        Command("long", long_answer),
        Command("wait", lambda call: threading.Event().wait(0.2) and None),
    )
    made = ControlServer(str(tmp_path / "c.ctl"), table, "hello there\n")
    made.start()
    yield made
    made.close()


def test_the_socket_is_its_owners_alone_and_nothing_else_is_left_beside_it(
    server: ControlServer, tmp_path: Path
) -> None:
    assert os.listdir(tmp_path) == ["c.ctl"]
    assert stat.S_IMODE(os.stat(server.path).st_mode) == 0o600


def test_output_of_any_length_arrives_whole(server: ControlServer, capfd: pytest.CaptureFixture[str]) -> None:
    assert remote_client.execute(server.path, "long") == 0
    assert capfd.readouterr().out == "".join(f"{number:05} {'x' * 10_000}\n" for number in range(200))


def test_a_failed_command_gives_one_and_bytes_pass_through(
    server: ControlServer, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert remote_client.execute(server.path, "say \udcff") == 0
    assert remote_client.execute(server.path, "sya") == 1
    out, err = capfdbinary.readouterr()
    assert out.startswith(b"\xff\nNo such command 'sya'")
    assert err == b"did you mean 'say'?\n"


def test_a_program_that_stops_answers_the_commands_it_is_in(
    server: ControlServer, capfd: pytest.CaptureFixture[str]
) -> None:
    statuses: list[int] = []
    asking = threading.Thread(target=lambda: statuses.append(remote_client.execute(server.path, "wait")))
    asking.start()
    until(lambda: any(client.busy for client in server.clients))
    server.close("it has stopped\n")
    asking.join(HANG)
    assert statuses == [0]
    with pytest.raises(AsterismError) as caught:
        remote_client.execute(server.path, "say x")
    assert caught.value.faults[0].code == "not-running"


def test_a_console_that_does_not_read_never_holds_up_the_log(server: ControlServer) -> None:
    attached: list[Connection] = []
    arrived = threading.Event()
    server.on_attach = lambda connection: (attached.append(connection), arrived.set())[1]
    sock, _, _ = remote_client.connect(server.path)
    with sock:
        sock.sendall(socket_frames.pack("attach", "3"))
        assert arrived.wait(HANG)
        (connection,) = attached
        assert (connection.verbose, connection.muted) == (3, False)
        for _ in range(control_socket.LOG_LINES * 3):
            connection.log("x" * 1000 + "\n")
        assert connection._lost > 0
        assert remote_client.execute(server.path, "wait") == 0


def test_another_version_of_the_protocol_is_told_and_let_go(server: ControlServer) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(server.path)
        client.sendall(socket_frames.pack("hello", "999"))
        reader = socket_frames.Reader(client)
        frames = list(iter(reader.read, None))
    assert frames == [
        ("hello", "hello there\n"),
        ("bye", "this asterism speaks version 1 of the console protocol, not 999\n"),
    ]


def test_one_client_too_many_is_told_why_and_the_next_one_is_served(
    server: ControlServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(control_socket, "MOST_CLIENTS", 2)
    held = [remote_client.connect(server.path)[0] for _ in range(2)]
    with pytest.raises(AsterismError) as caught:
        remote_client.execute(server.path, "say x")
    assert str(caught.value) == f"{server.path}: asterism does not take this client: 2 clients are connected already"
    for sock in held:
        sock.close()
    until(lambda: not server.clients)
    assert (remote_client.execute(server.path, "say x"), capfd.readouterr().out) == (0, "x\n")


def refused(monkeypatch: pytest.MonkeyPatch) -> list[OSError]:
    """Each time from now on that a connection could not be accepted."""
    found: list[OSError] = []
    accept = socket.socket.accept

    def watched(self: socket.socket) -> object:
        try:
            return accept(self)
        except OSError as error:
            found.append(error)
            raise

    monkeypatch.setattr(socket.socket, "accept", watched)
    return found


def test_when_descriptors_run_out_clients_are_served_again_later(
    server: ControlServer, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    waiting = socket.socket(socket.AF_UNIX)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[0] + 1, hard))
    try:
        tries = refused(monkeypatch)
        waiting.connect(server.path)  # the server cannot accept it now
        until(lambda: len(tries) > 1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(taken[0])
        waiting.close()
    assert (remote_client.execute(server.path, "say x"), capfd.readouterr().out) == (0, "x\n")


def test_completions_come_from_the_table(server: ControlServer) -> None:
    sock, reader, hello = remote_client.connect(server.path)
    with sock:
        sock.sendall(socket_frames.pack("complete", "l"))
        assert (hello, reader.read()) == ("hello there\n", ("words", "long"))


def test_one_command_imports_next_to_nothing() -> None:
    heavy = (
        "dataclasses",
        "inspect",
        "asyncio",
        "threading",
        "subprocess",
        "runtime.core.commands.command_table",
        "prompt_toolkit",
    )
    source = "import sys\nfrom runtime.conf import asterisk_conf, install_tree\n"
    source += "from runtime.control import remote_client\nfrom runtime.program import flags\n"
    source += f"print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
