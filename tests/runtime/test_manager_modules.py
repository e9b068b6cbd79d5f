"""Modules and the manager in an installed program: their actions, their events, and what becomes of them."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from manager_client import Client, free_port
from runtime_support import Place

MODULE = """\
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/manager.h"
#include <unistd.h>
static int hang(struct mansession *s, const struct message *m)
{{
    manager_event(EVENT_FLAG_USER, "Hanging", NO_EXTRA_FIELDS);
    usleep(1000 * 1500);
    astman_send_ack(s, m, "awake");
    return 0;
}}
static int crash(struct mansession *s, const struct message *m)
{{
    *(volatile int *) 8 = 1;
    return 0;
}}
static int unload_module(void)
{{
    return 0; /* What it leaves registered is taken away. */
}}
static int load_module(void)
{{
    {load}{before}
    ast_manager_register("Hang", EVENT_FLAG_USER, hang, "Hangs");
    return ast_manager_register("Crash", 0, crash, "Crashes");
}}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,);
"""


class Session:
    """A running program and a client that has logged in."""

    def __init__(self, process: subprocess.Popen[str], port: int, stack: contextlib.ExitStack) -> None:
        self.process = process
        self.stack = stack
        self.port = port
        self.client = self.another()

    def another(self) -> Client:
        """One more client."""
        client = self.stack.enter_context(Client(self.port))
        assert client.login()["Message"] == "Authentication accepted"
        assert client.reply()["Event"] == "FullyBooted"
        return client


@pytest.fixture
def begin(place: Place) -> Iterator[Callable[[], Session]]:
    """Starts the program, and logs a client in."""
    port = free_port()
    file = place.root / "etc/manager.conf"
    file.write_text(
        f"[general]\nenabled = yes\nport = {port}\n[bob]\nsecret = geheim\nread = system,user\nwrite = all\n"
    )
    file.chmod(0o600)
    with contextlib.ExitStack() as stack:
        yield lambda: Session(stack.enter_context(place.running()), port, stack)


def test_the_limits_are_a_list_and_a_change_of_one_is_an_event(place: Place, begin: Callable[[], Session]) -> None:
    place.take("res_limit.so")
    client = begin().client
    client.send(Action="Limits", ActionID="L")
    assert client.reply() == {
        "Response": "Success",
        "ActionID": "L",
        "EventList": "start",
        "Message": "Limits will follow",
    }
    entries = list(
        iter(client.reply, {"Event": "LimitsComplete", "ActionID": "L", "EventList": "Complete", "ListItems": "10"})
    )
    assert [(one["Event"], one["ActionID"]) for one in entries] == [("Limit", "L")] * 10
    assert sorted(one["Limit"] for one in entries)[:3] == ["core", "data", "descriptors"]
    assert client.ask(Action="Command", Command="ulimit core 0")["Response"] == "Success"
    assert client.reply() == {"Event": "LimitChanged", "Privilege": "system", "Limit": "core", "Bound": "0"}


def test_the_clock_is_an_action_of_a_python_module(place: Place, begin: Callable[[], Session]) -> None:
    place.take("res_clock.py")
    client = begin().client
    told = client.ask(Action="Clock", Zone="europe/berlin", ActionID="1")
    assert datetime.fromisoformat(told.pop("Time")).utcoffset() is not None
    assert told == {"Response": "Success", "ActionID": "1", "Zone": "Europe/Berlin"}
    assert client.ask(Action="Clock", Zone="Europe/Berlyn")["Message"] == "there is no time zone 'Europe/Berlyn'"
    assert client.ask(Action="ModuleLoad", LoadType="unload", Module="res_clock")["Response"] == "Success"
    assert client.reply()["Event"] == "Unload"
    assert client.ask(Action="Clock")["Message"].startswith("Invalid/unknown command: Clock.")


def test_a_module_is_held_while_an_action_of_it_runs_and_then_takes_it_along(
    begin: Callable[[], Session], compiled: Callable[..., None]
) -> None:
    compiled("res_act", "", source=MODULE)
    session = begin()
    slow, other = session.client, session.another()
    slow.send(Action="Hang")
    assert other.reply()["Event"] == "Hanging"
    refused = other.ask(Action="ModuleLoad", LoadType="unload", Module="res_act")
    assert (refused["Reason"], refused["Detail"]) == ("res_act.so has use count 1", "something uses it")
    assert slow.reply() == {"Response": "Success", "Message": "awake"}
    assert other.ask(Action="ModuleLoad", LoadType="unload", Module="res_act")["Response"] == "Success"
    assert other.reply()["Event"] == "Unload"
    assert other.ask(Action="Hang")["Message"].startswith("Invalid/unknown command: Hang.")


def test_an_action_that_crashes_is_named_with_its_module(
    begin: Callable[[], Session], compiled: Callable[..., None]
) -> None:
    compiled("res_act", "", source=MODULE)
    session = begin()
    session.client.send(Action="Crash")
    assert session.client.reply() == {}
    _, said = session.process.communicate(timeout=20)
    assert session.process.returncode == -signal.SIGSEGV
    assert "module res_act crashed in action Crash (SIGSEGV, a wrong memory access)" in said
    assert "module trust res_act" in said
