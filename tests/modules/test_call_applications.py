"""Calls that are typed in a running program: applications in C and in Python, through the fixture of authors."""

from __future__ import annotations

from pathlib import Path

import pytest
from module_runtime import Runtime

from asterism_testing.running import CommandError

DIALPLAN = """\
[default]
exten => 100,1,Read(PIN,vm-enter&beep,4,,2,5)
 same => n,Set(GLOBAL(GOT)=${READSTATUS}:${PIN})
 same => n,Playback(vm-goodbye)
 same => n,Hangup(17)
exten => 200,1,Read(X,one&two,3,t(*#)e)
 same => n,Set(GLOBAL(GOT)=${READSTATUS}:${X})
exten => 300,1,Playback(/nowhere/x&there,noanswer)
 same => n,Set(GLOBAL(GOT)=${PLAYBACKSTATUS})
 same => n,MusicOnHold(jazz,600)
 same => n,PlayTones(dial)
 same => n,StopPlayTones()
exten => 400,1,Read(X,x,1,s)
 same => n,Set(GLOBAL(GOT)=${READSTATUS})
 same => n,Read(X,dial,2,i)
exten => h,1,Set(GLOBAL(ENDED)=${HANGUPCAUSE}:${READSTATUS})
"""
ENDED = "hung up 16 Normal clearing"


@pytest.fixture
def dialed(runtime: Runtime) -> Runtime:
    """The program with the dialplan."""
    Path(runtime.home / "etc" / "extensions.conf").write_text(DIALPLAN)
    runtime.cli("dialplan reload")
    return runtime


def globals_of(runtime: Runtime) -> dict[str, str]:
    """The global variables of the program."""
    pairs = (line.strip().partition("=") for line in runtime.cli("dialplan show globals").splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def test_digits_are_read_and_the_call_goes_on(dialed: Runtime) -> None:
    call = dialed.call("100@default", caller="5551234")
    assert call.heard("vm-enter") == ["answered", "heard vm-enter"]
    call.press("42#")
    assert call.hung_up() == ["heard vm-goodbye", "hung up 17 User busy"]
    assert globals_of(dialed) == {"GOT": "OK:42", "ENDED": "17:OK"}


def test_prompt_is_played_again_when_nothing_is_pressed(dialed: Runtime) -> None:
    call = dialed.call("100")
    call.heard("vm-goodbye")
    assert call.sounds == ["vm-enter", "beep", "vm-enter", "beep", "vm-goodbye"]
    assert globals_of(dialed)["GOT"] == "TIMEOUT:"


def test_last_digit_and_terminators_end_the_input(dialed: Runtime) -> None:
    for pressed, got in {"123": "OK:123", "1*": "OK:1", "#": "OK:*#"}.items():
        call = dialed.call("200")
        call.heard("two")
        call.press(pressed)
        assert (call.hung_up(), globals_of(dialed)["GOT"]) == ([ENDED], got)


def test_hangup_of_the_caller_ends_the_input(dialed: Runtime) -> None:
    call = dialed.call("100")
    call.heard("vm-enter")
    assert call.hang_up() == [ENDED]
    assert globals_of(dialed)["ENDED"] == "0:HANGUP"


def test_missing_sound_is_told_and_music_takes_no_time(dialed: Runtime) -> None:
    call = dialed.call("300")
    assert call.hung_up() == ["heard there", "music jazz", "music stops", "tone dial", "tone stops", ENDED]
    assert globals_of(dialed)["GOT"] == "FAILED"


def test_tone_is_heard_in_place_of_a_prompt(dialed: Runtime) -> None:
    call = dialed.call("400")
    assert call.heard("tone dial") == ["answered", "tone dial"]
    assert globals_of(dialed)["GOT"] == "SKIPPED"
    call.press("7")
    assert call.wait(4.5) == []
    assert call.wait(0.5) == ["tone stops", ENDED]


def test_what_is_not_heard_fails_with_what_was(dialed: Runtime) -> None:
    call = dialed.call("300")
    with pytest.raises(CommandError) as caught:
        call.heard("vm-enter")
    assert str(caught.value).splitlines()[1] == (
        "'vm-enter' was not heard: the call has ended; noticed: heard there, music jazz, music stops, tone dial, "
        f"tone stops, {ENDED}"
    )
