"""The manager over real sockets: who gets in, what is answered, and clients that are slow, many, rude or gone."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from manager_client import Client, free_port
from waiting import until

from asterism.errors import AsterismError, Fault
from runtime.cli import argument_kinds
from runtime.cli.manager_commands import commands as manager_commands
from runtime.cli.module_commands import commands as module_commands
from runtime.core.actions import Action
from runtime.core.commands.clients import Transcript
from runtime.core.commands.command import Command, CommandCall
from runtime.core.core import Core, Reload
from runtime.core.event_classes import SYSTEM, USER
from runtime.core.login_reports import Report
from runtime.core.message_log import Level
from runtime.core.registry import Function
from runtime.loader.loader import Loader
from runtime.manager import throttle
from runtime.manager.request import Request
from runtime.model.emulated_channel import Channel, Variables

ACCOUNTS = """\
[bob]
secret = geheim
read = system,user
write = system,command,config,user,call
[reader]
secret = r
read = system
write =
[single]
secret = s
allowmultiplelogin = no
[far]
secret = f
deny = 0.0.0.0/0
[quiet]
secret = q
read = all
eventfilter = !Noise
"""


class Log(Protocol):
    """What the fixture ``journal`` gives."""

    def lines(self, *levels: Level) -> list[str]: ...


class Shelf(Protocol):
    """What the fixture ``shelf`` gives."""

    def add(self, name: str, *, results: dict[str, int] | None = None, **said: object) -> None: ...


class Manager:
    """A core with a manager that listens."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.port = free_port()
        Path(core.manager.path).parent.mkdir(parents=True, exist_ok=True)
        core.commands.kinds |= argument_kinds.of_the_manager(core.manager)
        core.commands.register(
            *manager_commands(core.manager),
            Command("say", lambda call: call.line_out(call.rest)),
            Command("fail", _fail),
            Command("big", _big),
        )

    def write(self, accounts: str = ACCOUNTS, general: str = "") -> None:
        path = Path(self.core.manager.path)
        path.write_text(f"[general]\nenabled = yes\nport = {self.port}\n{general}{accounts}")
        path.chmod(0o600)

    def connect(self) -> Client:
        return Client(self.port)

    @contextlib.contextmanager
    def bob(self, name: str = "bob", secret: str = "geheim", **headers: object) -> Iterator[Client]:
        """A client that has logged in."""
        with self.connect() as client:
            assert client.login(name, secret, **headers)["Response"] == "Success"
            yield client

    def cli(self, line: str) -> Transcript:
        shown = Transcript()
        self.core.commands.run(line, shown)
        return shown


def _fail(call: CommandCall) -> None:
    call.write("almost\n")
    raise AsterismError(Fault("it did not work"))


def _big(call: CommandCall) -> None:
    for number in range(2000):
        call.write(f"{number:04} {'x' * 1000}\n")


@pytest.fixture
def manager(core: Core, loader: Loader) -> Iterator[Manager]:
    made = Manager(core)
    made.write()
    core.manager.start()
    assert core.manager.is_running
    yield made
    core.manager.stop()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed logins wait for a moment only."""
    monkeypatch.setattr(throttle, "FIRST", 0.01)


# ---- getting in --------------------------------------------------------------------------------


def test_nothing_listens_until_the_file_says_so(core: Core, loader: Loader) -> None:
    made = Manager(core)
    for text in ("", "[general]\nport = 1\n", "[general]\nenabled = no\n[bob]\nsecret = enabled\n"):
        Path(core.manager.path).write_text(text)
        core.manager.start()
        assert not core.manager.is_running
        assert core.manager.reload()
    with pytest.raises(ConnectionRefusedError):
        made.connect()


def test_a_plain_login_is_answered_with_its_action_id_and_then_fully_booted(manager: Manager) -> None:
    manager.core.booted.set()
    with manager.connect() as client:
        assert client.login(ActionID="7") == {
            "Response": "Success",
            "ActionID": "7",
            "Message": "Authentication accepted",
        }
        booted = client.reply()
        assert {**booted, "Uptime": "", "LastReload": ""} == {
            "Event": "FullyBooted",
            "Privilege": "system,all",
            "Uptime": "",
            "LastReload": "",
            "Status": "Fully Booted",
        }
        assert client.ask(Action="Login") == {"Response": "Success", "Message": "Already authenticated"}
        assert client.ask(Action="Ping", ActionID="x y")["Ping"] == "Pong"


def test_a_login_by_challenge_never_sends_the_secret(manager: Manager) -> None:
    with manager.connect() as client:
        client.line()
        assert client.ask(Action="Challenge", AuthType="sha")["Message"] == "Must specify AuthType"
        challenge = client.ask(Action="Challenge", AuthType="MD5")["Challenge"]
        assert client.ask(Action="Challenge", AuthType="md5")["Challenge"] == challenge
        key = hashlib.md5(f"{challenge}geheim".encode()).hexdigest()
        assert client.ask(Action="Login", AuthType="MD5", Username="BOB", Key=key)["Response"] == "Success"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Username": "bob", "Secret": "falsch"}, "the secret was wrong for 'bob'"),
        ({"Username": "bob"}, "the secret was wrong for 'bob'"),
        ({"Username": "eve", "Secret": "x"}, "there is no account 'eve'"),
        ({}, "it gave no Username"),
        ({"Username": "far", "Secret": "f"}, "the account 'far' may not log in from there"),
        ({"Username": "bob", "AuthType": "MD5", "Key": "0"}, "the answer to the challenge was wrong for 'bob'"),
    ],
)
def test_a_failed_login_tells_the_client_nothing_and_the_log_why(
    manager: Manager, journal: Log, at_once: None, headers: dict[str, str], why: str
) -> None:
    with manager.connect() as client:
        client.line()
        assert client.ask(Action="Login", **headers) == {"Response": "Error", "Message": "Authentication failed"}
        assert client.line() == ""
        host, port = client.sock.getsockname()
    assert f"{host}:{port} could not log in to the manager: {why}" in journal.lines()
    assert not [line for line in journal.lines() if "falsch" in line or "geheim" in line]


def test_a_failed_login_waits_for_its_answer_and_nobody_else_does(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "FIRST", 30.0)
    monkeypatch.setattr(throttle, "LONGEST", 30.0)
    with contextlib.ExitStack() as stack:
        guessing = [stack.enter_context(manager.connect()) for _ in range(20)]
        for client in guessing:
            client.line()
            client.send(Action="Login", Username="bob", Secret="falsch")
        with manager.bob() as bob:
            assert bob.ask(Action="Ping")["Ping"] == "Pong"
        for client in guessing:
            client.sock.settimeout(0.01)
            with pytest.raises(TimeoutError):
                client.line()


def test_an_account_for_one_session_has_one(manager: Manager, at_once: None) -> None:
    with manager.bob("single", "s"):
        with manager.connect() as second:
            assert second.login("single", "s")["Message"] == "Login Already In Use"
            assert second.line() == ""
        with manager.connect() as third:
            assert third.login("single", "falsch")["Message"] == "Authentication failed"
    until(lambda: not manager.core.manager.server.sessions)
    with manager.bob("single", "s"):
        pass


def test_before_the_login_nothing_but_the_login_is_answered(manager: Manager) -> None:
    with manager.connect() as client:
        client.line()
        assert client.ask(Action="Ping", ActionID=1) == {
            "Response": "Error",
            "ActionID": "1",
            "Message": "Permission denied",
        }
        assert client.ask(Action="Nonsense")["Message"] == "Permission denied"
        assert client.ask(Nonsense="x")["Message"] == "Missing action in request"
        assert client.ask(Action="Logoff")["Response"] == "Goodbye"
        assert client.line() == ""


def test_whoever_does_not_log_in_in_time_is_let_go(core: Core, loader: Loader, journal: Log) -> None:
    made = Manager(core)
    made.write(general="authtimeout = 1\n")
    core.manager.start()
    try:
        with made.connect() as client:
            assert client.line() != ""
            assert client.line() == ""
        assert [line for line in journal.lines() if line.endswith("did not log in within 1 seconds")]
    finally:
        core.manager.stop()


def test_no_more_strangers_than_authlimit_and_it_is_said_once(manager: Manager, journal: Log) -> None:
    manager.write(general="authlimit = 3\n")
    assert manager.core.manager.reload()
    with contextlib.ExitStack() as stack:
        strangers = [stack.enter_context(manager.connect()) for _ in range(3)]
        assert all(one.line() for one in strangers)
        for _ in range(5):
            with manager.connect() as late:
                assert late.line() == ""
        said = [line for line in journal.lines() if "turns connections away" in line]
        assert [line.rpartition(": ")[2] for line in said] == ["3 connections have not logged in yet (authlimit)"]
        strangers.pop().sock.close()
        until(lambda: len(manager.core.manager.server.sessions) == 2)
        with manager.bob():
            pass


def test_whoever_comes_and_asks_is_reported_and_no_secret_with_him(manager: Manager, at_once: None) -> None:
    told: list[Report] = []
    manager.core.login_report = told.append
    for name, headers in (
        ("eve", {}),
        ("far", {}),
        ("bob", {"Secret": "falsch"}),
        ("bob", {"AuthType": "MD5", "Key": "0"}),
    ):
        with manager.connect() as client:
            client.line()
            assert client.ask(Action="Login", Username=name, **headers)["Response"] == "Error"
    with manager.connect() as client:
        client.line()
        client.ask(Action="Ping")
        client.ask(Nonsense="")
    with manager.bob("single", "s") as client:
        client.ask(Action="Command", Command="say")
        client.ask(Action="Pingg")
        with manager.connect() as second:
            second.login("single", "s")
        host, port = client.sock.getsockname()
    until(lambda: len(told) >= 10)
    assert [(one.kind, one.account, dict(one.details)) for one in told] == [
        ("InvalidAccountID", "eve", {}),
        ("FailedACL", "far", {}),
        ("InvalidPassword", "bob", {}),
        ("ChallengeResponseFailed", "bob", {"challenge": "", "response": "0", "expected_response": "<hidden>"}),
        ("RequestNotAllowed", "", {"request_type": "Action: Ping"}),
        ("RequestBadFormat", "", {"request_type": "Action: NONE"}),
        ("SuccessfulAuth", "single", {}),
        ("RequestNotAllowed", "single", {"request_type": "Action: Command"}),
        ("RequestBadFormat", "single", {"request_type": "Action: Pingg"}),
        ("SessionLimit", "single", {}),
    ]
    assert (told[6].remote, told[6].local) == (f"{host}:{port}", f"127.0.0.1:{manager.port}")
    assert len({one.session for one in told[6:9]}) == 1


# ---- what is asked for ---------------------------------------------------------------------------


def test_an_unknown_action_is_told_with_what_is_near(manager: Manager) -> None:
    with manager.bob() as client:
        assert client.ask(Action="Pingg", ActionID="5") == {
            "Response": "Error",
            "ActionID": "5",
            "Message": "Invalid/unknown command: Pingg. Use Action: ListCommands to show available commands.",
            "Cure": "did you mean 'Ping'?",
        }


def test_an_action_needs_a_right_of_its_class(manager: Manager) -> None:
    with manager.bob("reader", "r") as client:
        assert client.ask(Action="Command", Command="say hi") == {"Response": "Error", "Message": "Permission denied"}
        listed = client.ask(Action="ListCommands")
        assert "Ping" in listed
        assert "Command" not in listed


def test_each_line_of_a_command_is_a_header_and_a_failure_an_error(manager: Manager) -> None:
    with manager.bob() as client:
        client.send(Action="Command", Command='say "a  b"', ActionID="1")
        assert [client.line() for _ in range(5)] == [
            "Response: Success\r\n",
            "ActionID: 1\r\n",
            "Message: Command output follows\r\n",
            "Output: a  b\r\n",
            "\r\n",
        ]
        client.send(Action="Command", Command="fail")
        assert [client.line() for _ in range(6)] == [
            "Response: Error\r\n",
            "Message: Command output follows\r\n",
            "Output: almost\r\n",
            "Output: Command 'fail' failed.\r\n",
            "Reason: it did not work\r\n",
            "\r\n",
        ]
        unknown = client.ask(Action="Command", Command="nix")
        assert (unknown["Response"], list(unknown)) == ("Error", ["Response", "Message", "Output"])
        assert client.ask(Action="Command")["Message"] == "No command provided"
        assert client.ask(Action="Command", Command="module  LOAD x")["Message"] == "Command blacklisted"


def test_modules_are_loaded_reloaded_checked_and_unloaded(manager: Manager, shelf: Shelf) -> None:
    shelf.add("res_a", has_reload=True)
    shelf.add("res_b", results={"load": 1})
    manager.core.booted.set()
    Path(manager.core.settings.directories.astmoddir).mkdir(parents=True, exist_ok=True)
    with manager.bob(Events="off") as client:

        def ask(**headers: str) -> tuple[str, str]:
            reply = client.ask(**headers)
            return reply["Response"], reply.get("Message", "")

        assert ask(Action="ModuleCheck", Module="res_a") == ("Error", "Module not loaded")
        assert ask(Action="ModuleLoad", LoadType="load", Module="res_a") == ("Success", "Module loaded.")
        assert ask(Action="ModuleCheck", Module="res_a.so") == ("Success", "")
        assert ask(Action="ModuleLoad", LoadType="reload", Module="res_a") == ("Success", "Module reloaded.")
        assert ask(Action="ModuleLoad", LoadType="reload") == ("Success", "All modules reloaded")
        assert ask(Action="Reload", Module="res_a") == ("Success", "Module Reloaded")
        assert ask(Action="Reload", Module="res_x") == ("Error", "No such module")
        assert ask(Action="ModuleLoad", LoadType="refresh", Module="res_a") == (
            "Success",
            "Module unloaded and loaded.",
        )
        assert ask(Action="ModuleLoad", LoadType="unload", Module="res_a") == ("Success", "Module unloaded.")
        assert ask(Action="ModuleLoad", LoadType="load") == ("Error", "Need module name")
        assert ask(Action="ModuleLoad", Module="res_a") == ("Error", "Incomplete ModuleLoad action.")
        for kind in ("load", "unload", "refresh", "reload"):
            refused = client.ask(Action="ModuleLoad", LoadType=kind, Module="../res_a")
            cure = "did you mean 'res_a.so'?"
            assert refused == {"Response": "Error", "Message": "Module not found.", "Cure": cure}
            outside = ask(Action="ModuleLoad", LoadType=kind, Module="..")
            assert outside == ("Error", "Module must be in the configured modules directory.")


def test_loading_reloading_and_unloading_are_events(manager: Manager, shelf: Shelf) -> None:
    shelf.add("res_a", has_reload=True)
    shelf.add("res_b", results={"load": 1})
    shelf.add("res_c", results={"load": -1})
    loader = manager.core.loader
    with manager.bob("quiet", "q") as client:
        manager.core.booted.set()
        loader.load("res_a")
        loader.reload("res_a")
        loader.reload()
        loader.unload("res_a.so")
        for name in ("res_b", "res_c", "res_x"):
            with pytest.raises(AsterismError):
                loader.load(name)
        said = [client.reply() for _ in range(7)]
    assert [(one["Event"], one["Privilege"], one["Module"], one["Status"]) for one in said] == [
        ("Load", "system,all", "res_a", "Success"),
        ("Reload", "system,all", "res_a", "0"),
        ("Reload", "system,all", "All", "0"),
        ("Unload", "system,all", "res_a.so", "Success"),
        ("Load", "system,all", "res_b", "Decline"),
        ("Load", "system,all", "res_c", "Failure"),
        ("Load", "system,all", "res_x", "Decline"),
    ]


def test_a_user_event_reaches_those_who_may_read_it(manager: Manager) -> None:
    with manager.bob() as bob, manager.bob("reader", "r") as reader:
        bob.send(Action="UserEvent", UserEvent="Hello", ActionID="9", Some="thing: else")
        assert bob.reply() == {"Response": "Success", "ActionID": "9", "Message": "Event Sent"}
        assert bob.reply() == {
            "Event": "UserEvent",
            "Privilege": "user,all",
            "UserEvent": "Hello",
            "ActionID": "9",
            "Some": "thing: else",
        }
        manager.core.events.publish("Other", SYSTEM, [("A", 1)])
        assert reader.reply() == {"Event": "Other", "Privilege": "system,all", "A": "1"}


def test_a_session_chooses_among_the_classes_it_may_read(manager: Manager) -> None:
    publish = manager.core.events.publish
    with manager.bob(Events="user") as client:
        publish("System", SYSTEM)
        publish("User", USER)
        assert client.reply()["Event"] == "User"
        assert client.ask(Action="Events", EventMask="")["Message"] == "Invalid event mask"
        assert client.ask(Action="Events", EventMask="nonsense") == {"Response": "Success", "Events": "Off"}
        assert client.ask(Action="Events", EventMask="system,call") == {"Response": "Success", "Events": "On"}
        publish("User", USER)
        publish("System", SYSTEM)
        assert client.reply()["Event"] == "System"
        assert client.ask(Action="Events", EventMask="off") == {"Response": "Success", "Events": "Off"}
        publish("System", SYSTEM)
        assert client.ask(Action="Ping")["Ping"] == "Pong"
    with manager.bob("quiet", "q") as client:
        publish("Noise", SYSTEM)
        publish("Sound", SYSTEM)
        assert client.reply()["Event"] == "Sound"


def test_a_filter_can_be_added_to_a_session(manager: Manager) -> None:
    with manager.bob() as client:
        asked = {"Action": "Filter", "Operation": "Add", "Filter": "b", "MatchCriteria": "header(X),method(exact)"}
        assert client.ask(**asked)["Message"] == "Success"
        manager.core.events.publish("E", SYSTEM, [("X", "a")])
        manager.core.events.publish("E", SYSTEM, [("X", "b")])
        assert client.reply()["X"] == "b"
        wrong = "Filter was formatted incorrectly.  Check the syntax of the filter given."
        refused = client.ask(**{**asked, "MatchCriteria": "x(y)"})
        assert (refused["Message"], refused["Reason"]) == (wrong, "unknown criterion 'x'")
        for filtered in ({"Filter": ""}, {"Filter": "!"}, {"MatchCriteria": "name(E)"}):
            assert client.ask(**{**asked, **filtered})["Message"] == wrong
        broken = client.ask(Action="Filter", Operation="Add", Filter="XX[X")
        assert broken["Message"] == "Filter did not compile.  Check the syntax of the filter given."
        assert client.ask(Action="Filter", Operation="Drop")["Message"] == "Unknown operation"


def test_waiting_for_an_event_ends_with_one_with_time_or_with_the_next_message(manager: Manager) -> None:
    with manager.bob() as client:
        client.send(Action="WaitEvent", ActionID="1")
        until(lambda: [one for one in threading.enumerate() if one.name == "manager WaitEvent"])
        manager.core.events.publish("Come", SYSTEM)
        assert client.reply() == {"Response": "Success", "ActionID": "1", "Message": "Waiting for Event completed."}
        assert client.reply()["Event"] == "Come"
        assert client.reply() == {"Event": "WaitEventComplete", "ActionID": "1"}
        client.send(Action="WaitEvent", Timeout="0")
        assert [client.reply().get("Event") for _ in range(2)] == [None, "WaitEventComplete"]
        client.send(Action="WaitEvent")
        client.send(Action="Ping")
        assert [client.reply().get("Event") for _ in range(2)] == [None, "WaitEventComplete"]
        assert client.reply()["Ping"] == "Pong"
        client.send(Action="WaitEvent")
    until(lambda: not [one for one in threading.enumerate() if one.name == "manager WaitEvent"])


def test_what_is_published_while_an_action_answers_comes_after_its_answer(manager: Manager) -> None:
    def handler(request: Request) -> None:
        request.list_start("three follow")
        for number in range(3):
            request.core.events.publish("Between", SYSTEM)
            request.list_item("Entry", [("Number", number)])
        request.list_complete("EntriesComplete", 3)

    manager.core.actions.add(Action("Entries", handler))
    with manager.bob() as client:
        client.send(Action="Entries", ActionID="e")
        assert [client.reply() for _ in range(6)] == [
            {"Response": "Success", "ActionID": "e", "EventList": "start", "Message": "three follow"},
            {"Event": "Entry", "ActionID": "e", "Number": "0"},
            {"Event": "Entry", "ActionID": "e", "Number": "1"},
            {"Event": "Entry", "ActionID": "e", "Number": "2"},
            {"Event": "EntriesComplete", "ActionID": "e", "EventList": "Complete", "ListItems": "3"},
            {"Event": "Between", "Privilege": "system,all"},
        ]


def test_an_action_that_raises_says_nothing_or_leaves_its_answer_open_is_answered_all_the_same(
    manager: Manager, journal: Log
) -> None:
    def broken(request: Request) -> None:
        raise ZeroDivisionError("by zero")

    def refuse(request: Request) -> None:
        raise AsterismError(Fault("no", why="never"), Fault("and no"))

    manager.core.actions.add(Action("Broken", broken))
    manager.core.actions.add(Action("Refuse", refuse))
    manager.core.actions.add(Action("Silent", lambda request: None))
    manager.core.actions.add(Action("Open", lambda request: request.append("Response: Success\r\n")))
    with manager.bob() as client:
        names = ("Broken", "Refuse", "Silent", "Open")
        assert [client.ask(Action=name) for name in names] == [
            {"Response": "Error", "Message": "The action raised ZeroDivisionError; the log has more"},
            {"Response": "Error", "Message": "no; and no", "Detail": "never"},
            {"Response": "Error", "Message": "The action gave no answer"},
            {"Response": "Success"},
        ]
    said = [line for line in journal.lines() if "the action 'Broken' raised ZeroDivisionError" in line]
    assert len(said) == 1
    assert "the action 'Open' did not end its answer with an empty line" in journal.lines()


def test_channels_are_a_list_and_their_calls_can_be_ended(manager: Manager) -> None:
    channel = Channel("Local/100@default-1;1", caller_number="7", variables=Variables())
    channel.variables.set("A", "1")
    manager.core.channels.add(channel)
    with manager.bob() as client:
        client.send(Action="CoreShowChannels", ActionID="c")
        assert client.reply()["EventList"] == "start"
        shown = client.reply()
        assert (shown["Event"], shown["ActionID"], shown["Channel"]) == ("CoreShowChannel", "c", channel.name)
        assert (shown["ChannelStateDesc"], shown["CallerIDNum"], shown["Duration"]) == ("Up", "7", "00:00:00")
        assert client.reply() == {
            "Event": "CoreShowChannelsComplete",
            "ActionID": "c",
            "EventList": "Complete",
            "ListItems": "1",
        }
        assert client.ask(Action="CoreStatus")["CoreCurrentCalls"] == "1"
        asked = {"Action": "Getvar", "Channel": channel.uniqueid}
        assert client.ask(**asked, Variable="A") == {"Response": "Success", "Variable": "A", "Value": "1"}
        assert client.ask(Action="Setvar", Channel=channel.name, Variable="A", Value="2")["Message"] == "Variable Set"
        assert client.ask(**asked, Variable="A")["Value"] == "2"
        assert client.ask(Action="Hangup", Channel="Local/1")["Message"] == "No such channel"
        assert client.ask(Action="Hangup", Channel=channel.name)["Message"] == "Channel Hungup"
    assert channel.is_hung_up


def test_functions_that_can_do_more_need_the_right_to_more(manager: Manager) -> None:
    seen: list[str] = []
    manager.core.functions.add(
        Function("SHELL", lambda _c, text: f"<{text}>", lambda _c, _a, v: seen.append(v), read_escalates=True)
    )
    manager.write("[some]\nsecret = s\nwrite = call\n[more]\nsecret = m\nwrite = call,system\n")
    manager.core.manager.reload()
    with manager.bob("some", "s") as some, manager.bob("more", "m") as more:
        asked = {"Action": "Getvar", "Variable": "SHELL(id)"}
        assert some.ask(**asked)["Message"] == "GetVar Access Forbidden: Variable"
        assert more.ask(**asked)["Value"] == "<id>"
        assert some.ask(Action="Setvar", Variable="SHELL(x)", Value="v")["Message"] == "Variable Set"
        assert some.ask(Action="Setvar", Variable="G", Value="g")["Message"] == "Variable Set"
        assert some.ask(Action="Getvar", Variable="G")["Value"] == "g"
        assert some.ask(Action="Getvar")["Message"] == "No variable specified"
    assert seen == ["v"]


# ---- rude clients ------------------------------------------------------------------------------


def test_lines_and_headers_beyond_the_limits_are_refused_and_the_next_message_is_heeded(manager: Manager) -> None:
    with manager.bob() as client:
        client.sock.sendall(b"Action: Ping\r\nActionID: 1\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n")
        assert client.reply() == {
            "Response": "Error",
            "ActionID": "1",
            "Message": "Failed to parse message: line too long",
        }
        client.sock.sendall(b"Action: Ping\r\n" + b"X: 1\r\n" * 200 + b"\r\n")
        assert client.reply()["Message"] == "Too many lines in message or allocation failure"
        client.sock.sendall(b"\xff\x00\r\n\r\n")
        assert client.reply()["Message"] == "Missing action in request"
        assert client.ask(Action="Ping")["Ping"] == "Pong"


def test_thousands_of_messages_at_once_are_answered_in_order(manager: Manager) -> None:
    with manager.bob() as client:
        count = 3000
        data = "".join(
            f"Action: {'Ping' if n % 10 else 'Command'}\r\nCommand: say {n}\r\nActionID: {n}\r\n\r\n"
            for n in range(count)
        )
        threading.Thread(target=client.sock.sendall, args=(data.encode(),), daemon=True).start()
        assert [client.reply()["ActionID"] for _ in range(count)] == [str(n) for n in range(count)]


def test_a_client_that_never_reads_is_dropped_and_others_hear_everything(manager: Manager, journal: Log) -> None:
    with manager.bob() as deaf, manager.bob() as keen:
        heard: list[str] = []
        listening = threading.Thread(target=lambda: heard.extend(keen.reply()["N"] for _ in range(3000)))
        listening.start()
        port = deaf.sock.getsockname()[1]
        for number in range(3000):
            manager.core.events.publish("E", SYSTEM, [("N", number), ("X", "x" * 5000)])
            if number % 50 == 0:
                until(lambda seen=number: len(heard) > seen - 200)
        listening.join()
        assert heard == [str(number) for number in range(3000)]
        until(lambda: len(manager.core.manager.server.sessions) == 1)
    dropped = f"The manager dropped 'bob' at 127.0.0.1:{port}: it did not take the events it asked for"
    assert dropped in journal.lines()


def test_a_client_that_leaves_a_long_answer_unread_is_dropped(manager: Manager, journal: Log) -> None:
    manager.write(ACCOUNTS.replace("secret = geheim", "secret = geheim\nwritetimeout = 100"))
    manager.core.manager.reload()
    with manager.bob() as client:
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(10):
            client.send(Action="Command", Command="big")
        until(lambda: not manager.core.manager.server.sessions)
    assert [line for line in journal.lines() if line.endswith("it did not read what was sent to it")]


def test_a_long_answer_is_read_whole_by_whoever_takes_his_time(manager: Manager) -> None:
    with manager.bob() as client:
        client.send(Action="Command", Command="big")
        client.send(Action="Ping")
        lines = list(iter(client.line, "\r\n"))
        assert lines[:2] == ["Response: Success\r\n", "Message: Command output follows\r\n"]
        assert lines[2:] == [f"Output: {number:04} {'x' * 1000}\r\n" for number in range(2000)]
        assert client.reply()["Ping"] == "Pong"


def test_a_client_that_dies_in_the_middle_leaves_nothing_behind(manager: Manager) -> None:
    gate = threading.Event()
    manager.core.actions.add(Action("Hang", lambda request: gate.wait(20)))
    for _ in range(20):
        with manager.bob() as client:
            client.send(Action="Hang")
            client.sock.sendall(b"Action: Pi")
    with manager.connect() as client:
        client.sock.sendall(b"Action: Lo")
    until(lambda: not manager.core.manager.server.sessions)
    gate.set()
    until(lambda: not [one for one in threading.enumerate() if one.name == "manager Hang"])
    with manager.bob() as client:
        assert client.ask(Action="Ping")["Ping"] == "Pong"


def test_many_clients_at_once_each_get_their_own_answers(manager: Manager) -> None:
    wrong: list[object] = []

    def one(number: int) -> None:
        with manager.bob(Events="off") as client:
            for turn in range(10):
                reply = client.ask(Action="Command", Command=f"say {number} {turn}", ActionID=f"{number}-{turn}")
                if (reply["Output"], reply["ActionID"]) != (f"{number} {turn}", f"{number}-{turn}"):
                    wrong.append(reply)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    until(lambda: not manager.core.manager.server.sessions)


# ---- changes -------------------------------------------------------------------------------------


def test_sessions_of_accounts_that_are_gone_or_changed_their_secret_end(manager: Manager, journal: Log) -> None:
    with manager.bob() as bob, manager.bob("reader", "r") as reader, manager.bob("quiet", "q") as quiet:
        manager.write(
            ACCOUNTS.replace("[bob]", "[robert]")
            .replace("secret = r\n", "secret = rr\n")
            .replace("read = all", "read = user")
        )
        manager.core.booted.set()
        assert manager.core.loader.reload("manager") is Reload.SUCCESS
        assert (bob.reply(), reader.reply()) == ({}, {})
        manager.core.events.publish("Not", SYSTEM)
        manager.core.events.publish("Yes", USER)
        assert quiet.reply()["Event"] == "Yes"
    ended = [line.rpartition(": ")[2] for line in journal.lines() if line.startswith("The session of")]
    assert ended == ["its account is gone", "its secret was changed"]


def test_another_port_is_listened_on_and_the_sessions_stay(manager: Manager) -> None:
    with manager.bob() as client:
        before, manager.port = manager.port, free_port()
        manager.write()
        assert manager.core.manager.reload()
        assert client.ask(Action="Ping")["Ping"] == "Pong"
        with manager.bob():
            pass
        with pytest.raises(ConnectionRefusedError):
            Client(before)


def test_a_port_that_is_taken_is_told_and_does_not_stop_anything(manager: Manager, journal: Log) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, manager.bob() as client:
        manager.port = taken.getsockname()[1]
        manager.write()
        assert manager.core.manager.reload() is False
        assert client.ask(Action="Ping")["Ping"] == "Pong"
    what = f"the manager cannot listen on 127.0.0.1, port {manager.port}: address already in use"
    assert [line for line in journal.lines() if line.startswith(what)]


def test_switched_off_it_says_goodbye_to_everybody(manager: Manager) -> None:
    with manager.bob() as client:
        manager.write(general="enabled = no\n")
        assert manager.core.manager.reload()
        assert client.reply() == {}
        assert not manager.core.manager.is_running
        with pytest.raises(ConnectionRefusedError):
            manager.connect()


def test_a_wildcard_address_is_used_and_said_to_be_one(core: Core, loader: Loader, journal: Log) -> None:
    made = Manager(core)
    made.write(general="bindaddr = ::\n")
    core.manager.start()
    try:
        with Client(made.port, "127.0.0.1") as old, Client(made.port, "::1") as new:
            assert (old.login()["Response"], new.login()["Response"]) == ("Success", "Success")
            assert [one.peer.rpartition(":")[0] for one in core.manager.server.sessions] == ["127.0.0.1", "[::1]"]
        warned = [line for line in journal.lines() if "not on the loopback address alone" in line]
        assert len(warned) == 1
    finally:
        core.manager.stop()


# ---- commands --------------------------------------------------------------------------------------


def test_the_console_shows_who_is_connected_and_kicks(manager: Manager) -> None:
    assert manager.cli("manager show connected").output == (
        f"  {'Username':15}  {'IP Address':55}  {'Start':10}  {'Elapsed':10}  {'FileDes':8}  {'HttpCnt':8}"
        f"  {'ReadPerms':10}  WritePerms\n"
        "0 users connected.\n"
    )
    with manager.bob() as client:
        (session,) = manager.core.manager.server.sessions
        shown = manager.cli("manager show connected").output.splitlines()
        began, number = int(session.began), session.descriptor
        elapsed = shown[1].split()[3]
        assert shown[1:] == [
            f"  {'bob':15}  {'127.0.0.1':55}  {began:<10}  {elapsed:10}  {number:<8}  {0:<8}  0000000065  0000000211",
            "1 users connected.",
        ]
        (told,) = json.loads(manager.cli("manager show connected json").output)
        assert (told["Read"], told["Write"]) == ("system,user", "system,call,command,user,config")
        assert manager.core.commands.complete("manager kick session ") == [str(session.descriptor)]
        kicked = manager.cli(f"manager kick session {session.descriptor}")
        assert kicked.output == f"Kicking the manager session of 'bob' at {session.peer}\n"
        assert client.reply() == {}
    assert manager.cli("manager kick session 99999").errors[:1] == [
        "no manager session uses file descriptor 99999\n    'manager show connected' lists the sessions; "
        "FileDes is the number to give\n"
    ]


def test_the_console_shows_accounts_without_their_secrets(manager: Manager) -> None:
    assert manager.cli("manager show users").output == (
        "\nusername\n--------\nbob\nreader\nsingle\nfar\nquiet\n-------------------\n5 manager users configured.\n"
    )
    assert manager.cli("manager show user far").output == (
        "\n"
        "          username: far\n"
        "            secret: <Set>\n"
        "               ACL: yes\n"
        "         read perm: <none>\n"
        "        write perm: <none>\n"
        "   displayconnects: yes\n"
        "allowmultiplelogin: yes\n"
        "         Variables: \n"
        "ACL: (unnamed)\n"
        "---------------------------------------------\n"
        "  0:  deny - 0.0.0.0/0.0.0.0\n"
    )
    assert json.loads(manager.cli("manager show user far json").output) == {
        "username": "far",
        "secret": "<Set>",
        "ACL": "yes",
        "read perm": "<none>",
        "write perm": "<none>",
        "displayconnects": "yes",
        "allowmultiplelogin": "yes",
        "Variables": {},
        "rules": [{"name": "", "rules": [" deny - 0.0.0.0/0.0.0.0"]}],
        "filters": [],
        "writetimeout": 20000,
    }
    assert json.loads(manager.cli("manager show users json").output)[3]["username"] == "far"
    assert json.loads(manager.cli("manager show connected json").output) == []
    assert json.loads(manager.cli("manager show commands json").output)[0]["Action"] == "AbsoluteTimeout"
    assert "did you mean 'bob'?" in manager.cli("manager show user bobb").errors[0]
    assert manager.core.commands.complete("manager show user s") == ["single"]


def test_the_console_shows_the_settings_in_the_lines_of_asterisk(manager: Manager) -> None:
    shown = manager.cli("manager show settings").output
    listening = manager.core.manager.server.where
    assert shown == (
        "\nGlobal Settings:\n----------------\n"
        "  Manager (AMI):             Yes\n"
        "  Web Manager (AMI/HTTP):    No\n"
        f"  TCP Bindaddress:           {listening}\n"
        "  HTTP Timeout (seconds):    60\n"
        "  TLS Enable:                No\n"
        "  TLS Bindaddress:           Disabled\n"
        "  TLS Certfile:\n"
        "  TLS Privatekey:\n"
        "  TLS Cipher:\n"
        "  Allow multiple login:      Yes\n"
        "  Display connects:          Yes\n"
        "  Timestamp events:          No\n"
        "  Channel vars:\n"
        "  Disabled events:\n"
        "  Debug:                     No\n"
        "  Login timeout (seconds):   30\n"
        "  Most without a login:      50\n"
    )


def test_debugging_adds_number_and_place_to_every_event(manager: Manager) -> None:
    assert manager.cli("manager set debug").output == "manager debug is off\n"
    assert manager.cli("manager set debug on").output == "manager debug is on\n"
    with manager.bob() as client:
        manager.core.events.publish("E", SYSTEM, [("A", 1)], place=("x.c", 7, "f"))
        assert client.reply() == {
            "Event": "E",
            "Privilege": "system,all",
            "SequenceNumber": "0",
            "File": "x.c",
            "Line": "7",
            "Func": "f",
            "A": "1",
        }
    assert manager.cli("manager set debug off").output == "manager debug is off\n"


def test_actions_and_events_explain_themselves(manager: Manager) -> None:
    assert manager.cli("manager show command ping").output == (
        "\n  -= Info about Manager Command 'Ping' =- \n\n[Synopsis]\nKeep the connection alive.\n\n"
        "[Provided By]\nthe core\n\n[Description]\nNot available\n\n[Syntax]\nAction: Ping\n\n"
        "[Privilege]\n<none>\n\n"
    )
    assert "did you mean 'Ping'?" in manager.cli("manager show command Pin").errors[0]
    assert manager.cli("manager show event unload").output == (
        "\n  -= Info about Manager Event 'Unload' =- \n\n[Synopsis]\nA module was unloaded.\n\n"
        "[Syntax]\nEvent: Unload\nModule: its name, as it was asked for\nStatus: Success\n\n[Privilege]\nsystem,all\n\n"
    )
    assert manager.core.commands.complete("manager show command Mod") == ["ModuleCheck", "ModuleLoad"]
    listed = manager.cli("manager show commands").output.splitlines()
    assert [line.split()[0] for line in listed] == ["Action", "------", *manager.core.actions.names()]


def test_the_manager_is_a_part_that_module_reload_knows(manager: Manager) -> None:
    manager.core.booted.set()
    manager.core.commands.kinds |= argument_kinds.of_modules(manager.core.loader)
    manager.core.commands.register(*module_commands(manager.core.loader))
    assert manager.core.commands.complete("module reload ma") == ["manager"]
    with manager.bob(Events="off") as client:
        manager.write(general="enabled = no\n")
        manager.cli("module reload manager")
        assert client.reply() == {}
    assert not manager.core.manager.is_running


def test_the_name_of_a_core_action_is_taken_even_while_there_is_no_manager(core: Core, loader: Loader) -> None:
    with pytest.raises(AsterismError) as caught:
        core.actions.add(Action("ping", lambda request: None, module="res_a"))
    assert caught.value.faults[0].what == "the action 'Ping' exists already"


def test_an_action_that_is_being_carried_out_is_answered_before_the_manager_stops(manager: Manager) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def stay(request: Request) -> None:
        begun.set()
        go_on.wait()
        request.send("Success", (("Message", "stayed"),))

    def is_refused() -> bool:
        try:
            socket.create_connection(("127.0.0.1", manager.port)).close()
        except ConnectionRefusedError:
            return True
        return False

    manager.core.actions.add(Action("Stay", stay, SYSTEM, "Stay"))
    with manager.bob() as client:
        client.send(Action="Stay", ActionID=1)
        begun.wait()
        stopping = threading.Thread(target=manager.core.manager.stop)
        stopping.start()
        until(is_refused)
        go_on.set()
        answer = client.reply()
        stopping.join()
    assert answer == {"Response": "Success", "ActionID": "1", "Message": "stayed"}
