"""Calls that are typed: what is heard is a line, and time passes only as far as it is let."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runtime.cli import argument_kinds, call_commands
from runtime.conf import conf_file
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.core.registry import Application
from runtime.dialplan import core_applications, extensions_conf

Typing = Callable[..., str]


@pytest.fixture
def typing(core: Core) -> Typing:
    """Runs console lines one after the other in a dialplan; what they show, each failure with its reason."""
    core.applications.provide(lambda: core_applications.applications(core))
    core.applications.add(Application("NoOp", lambda channel, data: 0))
    core.commands.kinds |= argument_kinds.of_the_dialplan(core)
    core.commands.register(*call_commands.commands(core))

    def run(text: str, *lines: str) -> str:
        core.plans.change(lambda _: extensions_conf.read(conf_file.loads(f"[a]\n{text}", "extensions.conf")).dialplan)
        client = Transcript()
        for line in lines:
            core.commands.run(line, client)
            client.outputs += client.errors
            client.errors.clear()
        return client.output

    return run


MENU = """\
exten => 700,1,Answer()
 same => n,Background(menu&or-zero)
 same => n,WaitExten(5)
exten => 1,1,SayDigits(12#)
exten => _2X,1,Wait(600)
 same => n,SayNumber(21)
exten => t,1,Background(too-late)
exten => i,1,SayAlpha(${INVALID_EXTEN})
"""


def test_call_goes_on_until_it_is_the_callers_turn(typing: Typing) -> None:
    assert typing(MENU, "call dial 700@a") == "answered\nheard menu\nheard or-zero\n"


def test_digit_goes_on_at_its_extension(typing: Typing) -> None:
    assert typing(MENU, "call dial 700@a", "call press 1") == (
        "answered\nheard menu\nheard or-zero\n"
        "heard digits/1\nheard digits/2\nheard digits/pound\nhung up 16 Normal clearing\n"
    )


def test_digits_are_collected_and_ten_minutes_take_no_time(typing: Typing) -> None:
    said = typing(MENU, "call dial 700@a", "call press 2", "call press 4")
    assert said.splitlines()[3:] == ["heard digits/20", "heard digits/1", "hung up 16 Normal clearing"]


def test_time_stands_still_while_a_sound_is_heard(typing: Typing) -> None:
    assert typing(MENU, "call dial 700@a paused", "call hear menu", "call press 1", "call show") == (
        "Console/1\nanswered\nheard menu\n"
        "heard digits/1\nheard digits/2\nheard digits/pound\nhung up 16 Normal clearing\n"
        "Console/1        ended    1@a:2\n1 call\n"
    )


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("call wait 4.9", []),
        ("call wait 5", ["heard too-late"]),
        ("call hear too-late", ["heard too-late"]),
        ("call finish", ["heard too-late", "hung up 16 Normal clearing"]),
        ("call press 9", ["heard digits/9", "hung up 16 Normal clearing"]),
        ("call hangup", ["hung up 16 Normal clearing"]),
    ],
)
def test_time_for_a_digit_is_that_of_the_call(typing: Typing, line: str, heard: list[str]) -> None:
    assert typing(MENU, "call dial 700@a", line).splitlines()[3:] == heard


def test_digits_wait_until_the_call_listens(typing: Typing) -> None:
    text = "exten => 100,1,Wait(60)\n same => n,WaitDigit(1,5)\n same => n,SayDigits(${WAITDIGITRESULT})\n"
    said = typing(text, "call dial 100@a paused", "call press 345 paused", "call finish")
    assert said == "Console/1\nheard digits/5\nhung up 16 Normal clearing\n"


def test_hangup_ends_whatever_the_call_does(typing: Typing) -> None:
    text = "exten => 100,1,{}\n same => n,SayDigits(1)\nexten => h,1,SayDigits(2)\n"
    for application in ("Wait(600)", "Background(x)", "WaitExten(600)", "WaitDigit()", "Busy()", "SayDigits(1234)"):
        said = typing(text.format(application), "call dial 100@a paused", "call hangup").splitlines()
        assert [line for line in said if not line.startswith(("Console", "heard", "answered", "busy"))] == [
            "hung up 16 Normal clearing"
        ], application


def test_what_is_not_heard_is_told_with_what_was(typing: Typing) -> None:
    assert typing(MENU, "call dial 700@a paused", "call hear nothing").splitlines()[1:] == [
        "Command 'call hear nothing' failed.",
        "'nothing' was not heard: the call has ended; noticed: answered, heard menu, heard or-zero, heard too-late, "
        "hung up 16 Normal clearing",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("call press x", "'x' is not a digit\n    write some of 0123456789ABCD*#"),
        ("call press 1 on Console/7", "there is no call 'Console/7'\n    did you mean 'Console/1'?"),
        (
            "call dial 999@a",
            "there is no extension '999' in the context 'a'\n    'dialplan show a' lists those that are",
        ),
        ("call wait soon", "'soon' is not a length of time\n    write one such as 2, 0.5, 10m or 200ms"),
    ],
)
def test_mistakes_are_told(typing: Typing, line: str, why: str) -> None:
    said = typing(MENU, "call dial 700@a", line)
    assert said.partition("failed.\n")[2].rstrip() == why


def test_nothing_is_pressed_after_the_end(typing: Typing) -> None:
    text = "exten => 100,1,NoOp()\n"
    assert typing(text, "call dial 100@a", "call press 1").splitlines()[1:] == [
        "Command 'call press 1' failed.",
        "a digit was pressed after the end of the call",
    ]


def test_call_that_waits_for_ever_is_told(typing: Typing) -> None:
    text = "exten => 100,1,WaitDigit()\n"
    said = typing(text, "call dial 100@a", "call finish", "call hear x")
    assert said.splitlines() == [
        "Command 'call finish' failed.",
        "the call has not ended: the call waits for a digit",
        "Command 'call hear x' failed.",
        "'x' was not heard: the call waits for a digit; noticed: nothing",
    ]
