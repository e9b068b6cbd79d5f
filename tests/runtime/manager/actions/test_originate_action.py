"""Calls that a client of the manager makes."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from manager_client import answered
from waiting import HANG, until

from runtime.core.core import Core
from runtime.core.event_classes import CLASSES, SYSTEM
from runtime.core.events import Event
from runtime.core.registry import Application
from runtime.dialplan import core_applications, dialplan_file
from runtime.manager.actions.originate_action import caller_id, may_run
from runtime.model.emulated_channel import Channel

EXTENSIONS = """\
[default]
exten => up,1,Answer()
 same => n,Wait(60)
exten => no,1,NoOp()
exten => ring,1,Wait(60)
exten => note,1(here),Note(${A}${B})
"""


@pytest.fixture
def notes(core: Core) -> Iterator[queue.Queue[tuple[Channel, str]]]:
    """What the application Note was run on, in a core with a dialplan."""
    told: queue.Queue[tuple[Channel, str]] = queue.Queue()

    def note(channel: Channel | None, data: str) -> int:
        assert channel is not None
        told.put((channel, data))
        return -1

    etc = Path(core.settings.directories.astetcdir)
    etc.mkdir(parents=True, exist_ok=True)
    (etc / "extensions.conf").write_text(EXTENSIONS)
    core.applications.provide(lambda: core_applications.applications(core))
    core.applications.add(Application("Note", note))
    dialplan_file.load(core)
    yield told
    for channel in core.channels:
        channel.hang_up()
    until(lambda: len(core.channels) == 0)


QUEUED = "Response: Success\nMessage: Originate successfully queued\n\n"
Notes = queue.Queue[tuple[Channel, str]]


def ask(core: Core, *lines: str) -> str:
    return answered(core, "Action: Originate", *lines)


def test_an_application_runs_on_the_call_once_it_is_answered(core: Core, notes: Notes) -> None:
    more = ("Variable: A=1,C=x", "Variable: B=2", 'CallerID: "Bob" <7>', "Account: acc", "ChannelId: mine")
    assert ask(core, "Channel: Local/up@default", "Application: Note", "Data: ${A}${B}", *more) == QUEUED
    channel, data = notes.get(timeout=HANG)
    assert (data, channel.caller_name, channel.caller_number, channel.accountcode, channel.uniqueid) == (
        *("12", "Bob", "7", "acc"),
        "mine",
    )
    assert [one.uniqueid for one in core.channels if one is not channel] == ["mine;2"]


def test_a_call_goes_to_a_place_once_it_is_answered(core: Core, notes: Notes) -> None:
    to = ("Context: default", "Exten: note", "Priority: here", "Variable: A=go")
    assert ask(core, "Channel: Local/up@default", *to) == QUEUED
    assert notes.get(timeout=HANG)[1] == "go"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", "Channel not specified"),
        ("Channel: Local", "Invalid channel"),
        ("Channel: Local/up|Priority: nix", "Invalid priority"),
        ("Channel: Local/up|Timeout: soon", "Invalid timeout"),
        ("Channel: Local/up|Context: default|Exten: nix|Priority: 1", "Extension does not exist."),
        ("Channel: Local/up", "Originate with 'Exten' requires 'Context' and 'Priority'"),
        (f"Channel: Local/up|ChannelId: {'x' * 150}", "Uniqueid length exceeds maximum of 149"),
        ("Channel: SIP/7|Application: NoOp", "Originate failed"),
        ("Channel: Local/nix@default|Application: NoOp", "Originate failed"),
        ("Channel: Local/no@default|Application: NoOp", "Originate failed"),
        ("Channel: Local/ring@default|Application: NoOp|Timeout: 10", "Originate failed"),
    ],
)
def test_a_call_that_is_not_answered_is_an_error_in_asterisks_words(
    core: Core, notes: Notes, asked: str, words: str
) -> None:
    answer = ask(core, *filter(None, asked.split("|")))
    assert answer.splitlines()[:2] == ["Response: Error", f"Message: {words}"]


@pytest.mark.parametrize(
    ("channel", "response", "reason"),
    [("up@default", "Success", 4), ("no@default", "Failure", 1), ("nix@default", "Failure", 0)],
)
def test_the_outcome_of_a_call_that_is_not_waited_for_is_an_event(
    core: Core, notes: Notes, channel: str, response: str, reason: int
) -> None:
    told: queue.Queue[Event] = queue.Queue()
    core.events.listen(told.put)
    to = ("Context: default", "Exten: note", "Priority: 1", "CallerID: 7")
    more = ("Async: yes", "ActionID: 5")
    answer = ask(core, f"Channel: Local/{channel}", *to, *more)
    assert answer == "Response: Success\nActionID: 5\nMessage: Originate successfully queued\n\n"
    while (event := told.get(timeout=HANG)).name != "OriginateResponse":
        pass
    lines = event.text.split("\r\n")
    name = lines[4].removeprefix(f"Channel: Local/{channel}")
    assert (name == "", lines[:4]) == (
        reason == 0,
        ["Event: OriginateResponse", "Privilege: call,all", "ActionID: 5", f"Response: {response}"],
    )
    assert lines[5:8] == ["Context: default", "Exten: note", f"Reason: {reason}"]
    assert (lines[8] == "Uniqueid: <unknown>", lines[9:]) == (
        reason == 0,
        ["CallerIDNum: 7", "CallerIDName: <unknown>", "", ""],
    )


@pytest.mark.parametrize(
    ("application", "data", "rights", "may"),
    [
        ("NoOp", "x", 0, True),
        ("TrySystem", "", 0, False),
        ("Exec", "", SYSTEM, True),
        ("NoOp", "${SHELL(id)}", 0, False),
        ("NoOp", "${SHELL(id)}", SYSTEM, True),
        ("NoOp", "${shell}", 0, True),
        ("Queue", "q,C,url,a,100,,sub", 0, True),
        ("Queue", "q,C,url,a,100,agi,sub", 0, False),
        ("Queue", "q,C,url,a,100,agi,sub", CLASSES["agi"], True),
    ],
)
def test_what_not_every_user_may_do_is_not_originated(application: str, data: str, rights: int, may: bool) -> None:
    assert may_run(application, data, rights) is may


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ('"Bob B" <(12) 34-5>', ("Bob B", "12345")),
        ("Bob <7>", ("Bob", "7")),
        ("<7>", ("", "7")),
        ("12-34", ("", "1234")),
        ("Bob", ("Bob", "")),
        ("", ("", "")),
    ],
)
def test_a_caller_is_a_name_and_a_number(text: str, pair: tuple[str, str]) -> None:
    assert caller_id(text) == pair
