"""The manager, driven by clients that others wrote: pystrix, pyst2 and asterisk-ami.

Each logs in, asks for an action, runs a command, and receives an event.
"""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from manager_client import free_port
from waiting import HANG

from runtime.core.commands.command import Command
from runtime.core.core import Core

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Two of them use names of threading that are old."""

ACCOUNT = "[bob]\nsecret = geheim\nread = system,user,dialplan\nwrite = all\n"


@pytest.fixture
def port(core: Core) -> Iterator[int]:
    """Where a manager listens."""
    found = free_port()
    file = Path(core.settings.directories.astetcdir) / "manager.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[general]\nenabled = yes\nport = {found}\n{ACCOUNT}")
    file.chmod(0o600)
    core.commands.register(Command("say", lambda call: call.line_out(call.rest)))
    core.manager.start()
    core.booted.set()
    yield found
    core.manager.stop()


def test_pystrix_logs_in_by_a_challenge_acts_and_hears_an_event(port: int) -> None:
    pystrix = pytest.importorskip("pystrix")
    core: Any = pystrix.ami.core
    heard: queue.Queue[Any] = queue.Queue()
    manager = pystrix.ami.Manager()
    manager.connect("127.0.0.1", port)
    try:
        manager.register_callback("UserEvent", lambda event, _manager: heard.put(event))
        challenge = manager.send_action(core.Challenge())
        login = core.Login("bob", "geheim", challenge=challenge.result["Challenge"])
        assert manager.send_action(login).result["Message"] == "Authentication accepted"
        assert manager.send_action(core.Ping()) is not None
        put = manager.send_action(core.DBPut("family", "key", "value"))
        assert put.result["Message"] == "Updated database successfully"
        output = manager.send_action(core.Command("say hello")).result
        assert output["Message"] == "Command output follows"
        manager.send_action(core.UserEvent(UserEvent="Mine"))
        event = heard.get(timeout=HANG)
        assert (event.name, event["UserEvent"]) == ("UserEvent", "Mine")
    finally:
        manager.close()


def close_pyst2(manager: Any) -> None:
    """Log off and close.

    pyst2's reader closes the socket after the answer to Logoff; when its writer is still in flush(), that raises
    ValueError, and the threads have yet to be joined.
    """
    try:
        manager.close()
    except ValueError:
        manager.close()


def test_pyst2_logs_in_acts_and_hears_an_event(port: int) -> None:
    asterisk = pytest.importorskip("asterisk.manager")
    heard: queue.Queue[Any] = queue.Queue()
    manager = asterisk.Manager()
    manager.connect("127.0.0.1", port)
    try:
        manager.register_event("VarSet", lambda event, _manager: heard.put(event))
        assert manager.login("bob", "geheim").headers["Message"] == "Authentication accepted"
        assert manager.ping().headers["Ping"] == "Pong"
        assert manager.command("say hello").headers["Output"] == "hello"
        assert manager.dbput("family", "key", "value").headers["Response"] == "Success"
        manager.send_action({"Action": "Setvar", "Variable": "COLOUR", "Value": "red"})
        event = heard.get(timeout=HANG)
        assert (event.headers["Variable"], event.headers["Value"]) == ("COLOUR", "red")
        assert manager.status().headers["Message"] == "Channel status will follow"
    finally:
        close_pyst2(manager)


def test_asterisk_ami_logs_in_acts_and_hears_an_event(port: int) -> None:
    ami = pytest.importorskip("asterisk.ami")
    heard: queue.Queue[Any] = queue.Queue()
    client = ami.AMIClient("127.0.0.1", port, timeout=HANG)
    try:
        client.add_event_listener(lambda source, event: heard.put(event), white_list=["UserEvent"])
        assert client.login("bob", "geheim").response.keys["Message"] == "Authentication accepted"
        assert client.send_action(ami.SimpleAction("Ping")).response.keys["Ping"] == "Pong"
        missing = client.send_action(ami.SimpleAction("DBGet", Family="nix", Key="nix")).response
        assert (missing.status, missing.keys["Message"]) == ("Error", "Database entry not found")
        client.send_action(ami.SimpleAction("UserEvent", UserEvent="Mine", Number="7"))
        event = heard.get(timeout=HANG)
        assert (event.name, event.keys["UserEvent"], event.keys["Number"]) == ("UserEvent", "Mine", "7")
        assert client.logoff().response.status == "Goodbye"
    finally:
        client.disconnect()
