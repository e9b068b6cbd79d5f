"""Modules and the manager in an installed program: their actions, their events, and what becomes of them."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from manager_client import Client, free_port
from runtime_support import Place
from waiting import HANG, until

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
        """A further client."""
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
    assert client.reply() == {"Event": "LimitChanged", "Privilege": "system,all", "Limit": "core", "Bound": "0"}


def test_the_clock_is_an_action_of_a_python_module(place: Place, begin: Callable[[], Session]) -> None:
    place.take("res_clock.py")
    client = begin().client
    told = client.ask(Action="Clock", Zone="europe/berlin", ActionID="1")
    assert datetime.fromisoformat(told.pop("Time")).utcoffset() is not None
    assert told == {"Response": "Success", "ActionID": "1", "Zone": "Europe/Berlin"}
    assert client.ask(Action="Clock", Zone="Europe/Berlyn")["Message"] == "unknown time zone 'Europe/Berlyn'"
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
    _, said = session.process.communicate(timeout=HANG)
    assert session.process.returncode == -signal.SIGSEGV
    assert "module res_act crashed in action Crash (SIGSEGV, invalid memory access)" in said
    assert "module trust res_act" in said


SLOW = """\
#include "asterisk.h"
#include "asterisk/module.h"
#include <unistd.h>
static int load_module(void) {{ {load}{before}usleep(1000 * 1500); return 0; }}
static int unload_module(void) {{ return 0; }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,);
"""


def test_a_client_that_comes_during_the_start_is_told_when_it_is_complete(
    place: Place, compiled: Callable[..., None]
) -> None:
    compiled("res_slow", "", source=SLOW)
    port = free_port()
    file = place.root / "etc/manager.conf"
    file.write_text(f"[general]\nenabled = yes\nport = {port}\n[bob]\nsecret = geheim\nread = system\nwrite = all\n")
    file.chmod(0o600)
    process = subprocess.Popen(place.words("-f"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port))
        with Client(port) as client:
            assert client.login()["Message"] == "Authentication accepted"
            assert client.ask(Action="Reload")["Message"] == "Module Reloaded"
            told = [client.reply() for _ in range(3)]
        assert [(one["Event"], one["Status"]) for one in told] == [
            ("Reload", "1"),
            ("FullyBooted", "Fully Booted"),
            ("Reload", "0"),
        ]
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        Client(port).sock.close()
    except ConnectionRefusedError:
        return False
    return True


THREADS = """\
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/manager.h"
#include "asterisk/utils.h"
#define MOST 8
static void *shout(void *number)
{{
    int i;

    for (i = 0; i < 1000; i++) {{
        manager_event(EVENT_FLAG_USER, "Shout", "Thread: %d\\r\\nTurn: %d\\r\\n", (int) (intptr_t) number, i);
    }}
    return NULL;
}}
static int act(struct mansession *s, const struct message *m)
{{
    pthread_t threads[MOST];
    intptr_t i;

    for (i = 0; i < MOST; i++) {{
        ast_pthread_create(&threads[i], NULL, shout, (void *) i);
    }}
    for (i = 0; i < MOST; i++) {{
        pthread_join(threads[i], NULL);
    }}
    astman_send_ack(s, m, NULL);
    return 0;
}}
static int unload_module(void) {{ return ast_manager_unregister("Shout"); }}
static int load_module(void) {{ {load}{before}return ast_manager_register("Shout", 0, act, "Shouts"); }}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,);
"""


def test_what_eight_threads_of_a_module_raise_at_once_reaches_everybody_in_each_threads_order(
    begin: Callable[[], Session], compiled: Callable[..., None]
) -> None:
    compiled("res_shout", "", source=THREADS)
    session = begin()
    listening = session.another()
    session.client.send(Action="Shout")
    for client in (listening, session.client):
        turns: dict[str, list[int]] = {}
        while sum(map(len, turns.values())) < 8000:
            told = client.reply()
            if "Event" in told:
                turns.setdefault(told["Thread"], []).append(int(told["Turn"]))
        assert turns == {str(thread): list(range(1000)) for thread in range(8)}


def test_logins_are_a_line_each_in_the_log_file_that_names_the_level_of_the_module(
    place: Place, begin: Callable[[], Session]
) -> None:
    place.take("res_security_log.so")
    (place.root / "etc/logger.conf").write_text("[logfiles]\nsecurity.log => security\nmessages => notice,warning\n")
    session = begin()
    other = 'x",RemoteAddress="IPV4/TCP/192.0.2.9/1"'
    for name in ("nobody", other):
        with Client(session.port) as guessing:
            assert guessing.login(name, "falsch")["Message"] == "Authentication failed"
    log = place.root / "log/security.log"
    until(lambda: log.read_text().count("\n") == 4)
    _head, _, lines = log.read_text().partition("\n")
    told = re.sub(
        r'^\[[^]]*\] |\[\d+\]|(EventTV|SessionID|LocalAddress)="[^"]*",|,SessionTV="[^"]*"',
        "",
        lines,
        flags=re.M,
    )
    told = re.sub(r'res_security_log.c:\d+ write_event|/\d+(?="[,\n])', "-", told)
    assert told.splitlines() == [
        'SECURITY -: SecurityEvent="SuccessfulAuth",Severity="Informational",Service="AMI",EventVersion="1",'
        'AccountID="bob",RemoteAddress="IPV4/TCP/127.0.0.1-",UsingPassword="0"',
        'SECURITY -: SecurityEvent="InvalidAccountID",Severity="Error",Service="AMI",EventVersion="1",'
        'AccountID="nobody",RemoteAddress="IPV4/TCP/127.0.0.1-"',
        'SECURITY -: SecurityEvent="InvalidAccountID",Severity="Error",Service="AMI",EventVersion="1",'
        'AccountID="x\\x22,RemoteAddress=\\x22IPV4/TCP/192.0.2.9/1\\x22",RemoteAddress="IPV4/TCP/127.0.0.1-"',
    ]
    assert "unknown level" not in (place.root / "log/messages").read_text()
    assert place.ask("module unload res_security_log").returncode == 0


def test_logins_are_counted_by_a_module_and_sent_as_figures(place: Place, begin: Callable[[], Session]) -> None:
    place.take("res_statsd.so", "res_auth_stats.so")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as figures:
        figures.bind(("127.0.0.1", 0))
        figures.settimeout(20)
        port = figures.getsockname()[1]
        (place.root / "etc/statsd.conf").write_text(f"[general]\nenabled = yes\nserver = 127.0.0.1:{port}\n")
        (place.root / "etc/auth_stats.conf").write_text("[general]\n")
        session = begin()
        with Client(session.port) as guessing:
            assert guessing.login(secret="falsch")["Message"] == "Authentication failed"
        until(lambda: "InvalidPassword" in place.ask("auth stats show").stdout)
        sent = [figures.recv(1000).decode() for _ in range(2)]
    assert sent == ["security.ami.SuccessfulAuth:1|c", "security.ami.InvalidPassword:1|c"]
    counted = place.ask("auth stats show").stdout
    assert sorted(line.split()[:3] for line in counted.splitlines() if line.lower().startswith("ami")) == [
        ["ami", "InvalidPassword", "1"],
        ["ami", "SuccessfulAuth", "1"],
    ], counted


HOSTILE = """\
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/manager.h"
#include "asterisk/cli.h"
#include "asterisk/json.h"
{before}
static const char evil[] = "x\\x1b]0;owned\\x07\\r\\nEvent: Forged";
static int raise_events(struct mansession *s, const struct message *m)
{{
    struct ast_json *blob = ast_json_pack("{{s: s}}", evil, evil);
    struct ast_str *fields = NULL;
    ast_str_append_event_header(&fields, "Caller", evil);
    manager_event(EVENT_FLAG_USER, "Heard", "%s", ast_str_buffer(fields));
    ast_manager_publish_event("Packed", EVENT_FLAG_USER, blob);
    ast_json_unref(blob);
    ast_free(fields);
    ast_log(LOG_NOTICE, "%s\\n", evil);
    astman_send_ack(s, m, (char *) evil);
    return 0;
}}
static char *paint(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{{
    if (cmd == CLI_INIT) {{
        e->command = "paint";
        e->usage = "Usage: paint\\n";
        return NULL;
    }}
    if (cmd == CLI_GENERATE) {{
        return NULL;
    }}
    ast_cli(a->fd, "\\x1b[32mgreen\\x1b[0m %s\\n", evil);
    return CLI_SUCCESS;
}}
static struct ast_cli_entry entry = AST_CLI_DEFINE(paint, "Paints");
static int unload_module(void) {{ return 0; }}
static int load_module(void)
{{
    {load}
    ast_cli_register(&entry);
    return ast_manager_register("Evil", 0, raise_events, "Raises events");
}}
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "Test module", .load = load_module, .unload = unload_module,);
"""


def test_what_strangers_say_through_a_module_forges_neither_headers_nor_log_lines(
    place: Place, begin: Callable[[], Session], compiled: Callable[..., None]
) -> None:
    compiled("res_evil", "", source=HOSTILE)
    (place.root / "etc/logger.conf").write_text("[logfiles]\nfull => notice,verbose\n")
    client = begin().client
    assert client.ask(Action="Evil") == {"Response": "Success", "Message": "x\x1b]0;owned\x07  Event: Forged"}
    assert [client.reply() for _ in range(2)] == [
        {"Event": "Heard", "Privilege": "user,all", "Caller": "x\\x1b]0;owned\\x07  Event: Forged"},
        {
            "Event": "Packed",
            "Privilege": "user,all",
            "x\\x1b]0;owned\\x07  Event": "Forged: x\\x1b]0;owned\\x07  Event: Forged",
        },
    ]
    assert client.ask(Action="UserEvent", UserEvent="Mine", Said="\x1b[2J\x9b")["Response"] == "Success"
    assert client.reply()["Said"] == "\\x1b[2J\\x9b"
    client.send(Action="Command", Command="paint")
    assert [client.line() for _ in range(4)][2:] == [
        "Output: green x\\x1b]0;owned\\x07\\x0d\r\n",
        "Output: Event: Forged\r\n",
    ]
    client.reply()
    client.ask(Action="Command", Command="dialplan set global G \x1b]0;y\x07")
    shown = place.ask("dialplan show globals").stdout
    assert "   G=\\x1b]0;y\\x07\n" in shown
    log = (place.root / "log/full").read_text()
    assert "raise_events: x\\x1b]0;owned\\x07\\x0d\n    Event: Forged\n" in log
    assert [char for char in log if char != "\n" and not char.isprintable()] == []
