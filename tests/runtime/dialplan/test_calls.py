"""Calls through the dialplan on channels without media, with applications that are plain Python."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from waiting import until

from asterism.errors import AsterismError
from runtime.cli import (
    argument_kinds,
    channel_commands,
    dialplan_commands,
    dialplan_edit_commands,
    dialplan_show_commands,
)
from runtime.conf import conf_file
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.core.message_log import Level
from runtime.core.registry import Application
from runtime.dialplan import core_applications, dialplan_file, dialplan_text, extensions_conf, pbx_run
from runtime.model.emulated_channel import Channel, ChannelState, Hangup
from runtime.model.extensions import Dialplan

Call = Callable[..., list[str]]
Journal = Any


@pytest.fixture
def ready(core: Core) -> Core:
    """A core with the applications of the core, NoOp and Fail."""
    core.applications.provide(lambda: core_applications.applications(core))
    core.applications.add(Application("NoOp", lambda channel, data: 0))
    core.applications.add(Application("Fail", lambda channel, data: -1))
    core.commands.kinds |= argument_kinds.of_the_dialplan(core)
    core.commands.register(
        *channel_commands.commands(core),
        *dialplan_commands.commands(core),
        *dialplan_edit_commands.commands(core),
        *dialplan_show_commands.commands(core),
    )
    return core


@pytest.fixture
def call(ready: Core, journal: Journal) -> Call:
    """Runs a call through the contexts of a text, and gives what was said, without the channel's name."""

    def run(text: str, exten: str = "100", channel: Channel | None = None) -> list[str]:
        reading = extensions_conf.read(conf_file.loads(text, "extensions.conf"))
        assert reading.faults == ()
        ready.plans.change(lambda _: reading.dialplan)
        caller = channel or Channel("C/1", "a", exten)
        pbx_run.run(ready, caller)
        said = [line.replace(" in new stack", "") for line in journal.lines()]
        journal.records.clear()
        return said

    return run


def test_steps_are_taken_one_after_the_other_and_then_the_call_falls_through(call: Call) -> None:
    assert call("[a]\nexten => 100,1,NoOp(${EXTEN} ${PRIORITY})\n same => n,noop(two)\n same => 4,NoOp(never)\n") == [
        'Executing [100@a:1] NoOp("C/1", "100 1")',
        'Executing [100@a:2] NoOp("C/1", "two")',
        "Auto fallthrough, channel 'C/1' status is 'UNKNOWN'",
    ]


def test_application_that_fails_ends_the_call_and_h_runs(call: Call) -> None:
    assert call("[a]\nexten => 100,1,Fail()\n same => n,NoOp(never)\nexten => h,1,NoOp(h)\n same => n,Fail(x)\n") == [
        'Executing [100@a:1] Fail("C/1", "")',
        "Spawn extension (a, 100, 1) exited non-zero on 'C/1'",
        'Executing [h@a:1] NoOp("C/1", "h")',
        'Executing [h@a:2] Fail("C/1", "x")',
        "Spawn extension (a, h, 2) exited non-zero on 'C/1'",
    ]


def test_hangup_says_why(call: Call) -> None:
    text = "[a]\nexten => 100,1,Hangup({})\nexten => h,1,NoOp(${{HANGUPCAUSE}})\n"
    causes = {}
    for given in ("", "17", "USER_BUSY", "ast_cause_user_busy", "nonsense", "0"):
        causes[given] = call(text.format(given))[-1].rpartition('"C/1", ')[2]
    assert causes == {
        "": '"16")',
        "17": '"17")',
        "USER_BUSY": '"17")',
        "ast_cause_user_busy": '"17")',
        "nonsense": '"16")',
        "0": '"16")',
    }


def test_unknown_application_ends_the_call_and_says_where_it_stands(call: Call) -> None:
    assert call("[a]\nexten => 100,1,Nop()\n") == [
        "[100@a:1] (extensions.conf:2): there is no application 'Nop'\n    did you mean 'NoOp'?",
        "Spawn extension (a, 100, 1) exited non-zero on 'C/1'",
    ]


def test_jumps_go_to_priorities_labels_and_other_contexts(call: Call) -> None:
    said = call("""\
[a]
exten => 100,1,Goto(+2)
 same => n,NoOp(passed over)
 same => n,Goto(end)
 same => n,NoOp(passed over)
 same => n(end),GotoIf($[1 = 2]?1:200,1)
exten => 200,1,GotoIf(1?b,s,1)
[b]
exten => s,1,GotoIf(0?5)
 same => n,NoOp(here)
""")
    assert said == [
        'Executing [100@a:1] Goto("C/1", "+2")',
        "Goto (a,100,3)",
        'Executing [100@a:3] Goto("C/1", "end")',
        "Goto (a,100,5)",
        'Executing [100@a:5] GotoIf("C/1", "0?1:200,1")',
        "Goto (a,200,1)",
        'Executing [200@a:1] GotoIf("C/1", "1?b,s,1")',
        "Goto (b,s,1)",
        'Executing [s@b:1] GotoIf("C/1", "0?5")',
        'Executing [s@b:2] NoOp("C/1", "here")',
        "Auto fallthrough, channel 'C/1' status is 'UNKNOWN'",
    ]


def test_jump_to_a_label_that_is_not_there_ends_the_call(call: Call) -> None:
    assert call("[a]\nexten => 100,1(one),Goto(onee)\n")[1:] == [
        "Goto: '100@a' has no priority and no label 'onee'\n    did you mean 'one'?",
        "Spawn extension (a, 100, 1) exited non-zero on 'C/1'",
    ]


def test_what_matches_nothing_goes_to_i_once(call: Call) -> None:
    text = "[a]\nexten => 100,1,Goto(200,1)\nexten => i,1,NoOp(${INVALID_EXTEN})\n same => n,Goto(nowhere,s,1)\n"
    assert call(text)[2:] == [
        "Channel 'C/1' sent to invalid extension: context,exten,priority=a,200,1",
        'Executing [i@a:1] NoOp("C/1", "200")',
        'Executing [i@a:2] Goto("C/1", "nowhere,s,1")',
        "Goto (nowhere,s,1)",
        "Channel 'C/1' sent to invalid extension but no invalid handler: context,exten,priority=nowhere,s,1",
    ]


def test_without_fallthrough_the_call_waits_for_digits(call: Call) -> None:
    general = "[general]\nautofallthrough = no\n[a]\nexten => 100,1,NoOp(one)\n"
    channel = Channel("C/1", "a", "100", response_timeout=0.0)
    assert call(f"{general}exten => t,1,NoOp(t)\n", channel=channel)[1:] == [
        "Timeout on C/1",
        'Executing [t@a:1] NoOp("C/1", "t")',
        "Timeout, but no rule 't' in context 'a'",
    ]


def test_loop_that_never_waits_is_ended(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pbx_run, "MOST_STEPS", 5)
    said = call("[a]\nexten => 100,1(top),NoOp(x)\n same => n,Goto(top)\nexten => h,1,NoOp(h)\n")
    assert said[-2:] == [
        "the call on 'C/1' was ended at a,100,2: it took 5 steps and never waited, so it would go on for ever",
        'Executing [h@a:1] NoOp("C/1", "h")',
    ]


def test_loop_that_waits_may_go_on(call: Call, ready: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pbx_run, "MOST_STEPS", 5)
    rounds = iter(range(20))

    def count(channel: Channel | None, _data: str) -> int:
        return 0 if next(rounds) < 9 else -1

    ready.applications.add(Application("Count", count))
    said = call("[a]\nexten => 100,1(top),Wait(0.001)\n same => n,Count()\n same => n,Goto(top)\n")
    assert said[-1] == "Spawn extension (a, 100, 2) exited non-zero on 'C/1'"


def test_times_decide_where_a_call_goes(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    # Wednesday, 25 November 2026, 22:30 UTC
    monkeypatch.setattr("runtime.dialplan.core_applications.time.time", lambda: 1795645800.0)
    text = """\
[a]
exten => 100,1,GotoIfTime(22:00-6:00,mon-fri,25,nov,UTC?night)
 same => n,NoOp(day)
 same => n(night),ExecIfTime(*,sat&sun,*,*?NoOp(weekend))
 same => n,ExecIfTime(22:30,*,*,*,UTC?NoOp(now (and here)))
"""
    assert call(text) == [
        'Executing [100@a:1] GotoIfTime("C/1", "22:00-6:00,mon-fri,25,nov,UTC?night")',
        "Goto (a,100,3)",
        'Executing [100@a:3] ExecIfTime("C/1", "*,sat&sun,*,*?NoOp(weekend)")',
        'Executing [100@a:4] ExecIfTime("C/1", "22:30,*,*,*,UTC?NoOp(now (and here))")',
        "Auto fallthrough, channel 'C/1' status is 'UNKNOWN'",
    ]


def test_wrong_times_end_the_call_with_all_that_is_wrong(call: Call) -> None:
    assert call("[a]\nexten => 100,1,GotoIfTime(25:00,mun,32,*,Nowhere/X?1)\n")[1:-1] == [
        "GotoIfTime: '25:00' is not a time such as 9:00\n    write a value, a range or *",
        "GotoIfTime: 'mun' is not a day of the week such as mon\n    write a value, a range or *",
        "GotoIfTime: '32' is not a day of the month\n    write a value, a range or *",
        "GotoIfTime: unknown time zone 'Nowhere/X'\n    write one such as Europe/Berlin",
    ]


def test_channel_that_is_hung_up_ends_after_its_step(call: Call, ready: Core) -> None:
    def hang_up(channel: Channel | None, _data: str) -> int:
        assert channel is not None
        channel.hang_up()
        return 0

    ready.applications.add(Application("Leave", hang_up))
    assert call("[a]\nexten => 100,1,Leave()\n same => n,NoOp(never)\nexten => h,1,NoOp(h)\n") == [
        'Executing [100@a:1] Leave("C/1", "")',
        'Executing [h@a:1] NoOp("C/1", "h")',
    ]


# ---- calls made by hand ------------------------------------------------------------------------------


def run(core: Core, line: str) -> str:
    client = Transcript()
    core.commands.run(line, client)
    return "".join([*client.outputs, *client.errors])


def settled(core: Core) -> None:
    until(lambda: not list(core.channels))


def write(core: Core, text: str) -> None:
    file = Path(dialplan_file.path(core))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_near_end_runs_its_application_once_the_far_end_has_answered(ready: Core, journal: Journal) -> None:
    write(ready, "[globals]\nwho=you\n[default]\nexten => 1,1,NoOp(ring)\n same => n,Answer()\n same => n,Answer()\n")
    assert run(ready, "dialplan reload") == "Dialplan reloaded.\n"
    assert run(ready, "channel originate Local/1@default application NoOp for ${who}") == ""
    settled(ready)
    said = sorted(line.replace(" in new stack", "") for line in journal.lines(Level.VERBOSE))
    base = said[0].partition("Local/")[2].partition(";")[0]
    assert said == [
        f"Auto fallthrough, channel 'Local/{base};2' status is 'UNKNOWN'",
        f"Channel Local/{base};1 was answered",
        f'Executing [1@default:1] NoOp("Local/{base};2", "ring")',
        f'Executing [1@default:2] Answer("Local/{base};2", "")',
        f'Executing [1@default:3] Answer("Local/{base};2", "")',
        f"Launching NoOp(for ${{who}}) on Local/{base};1",
    ]


def test_call_that_is_not_answered_says_so(ready: Core, journal: Journal) -> None:
    write(ready, "[default]\nexten => 1,1,NoOp()\n")
    run(ready, "dialplan reload")
    run(ready, "channel originate Local/1 extension 1@default")
    settled(ready)
    last = journal.lines(Level.VERBOSE)[-1]
    assert last.partition(";")[2] == "1 was not answered, so default,1,1 was not run"


def test_what_cannot_be_called_is_refused(ready: Core) -> None:
    write(ready, "[default]\nexten => 100,1,NoOp()\n[other]\n")
    run(ready, "dialplan reload")
    told = {
        line: run(ready, f"channel originate {line}").splitlines()[:2]
        for line in (
            "SIP/1@default application NoOp",
            "Local/101@default application NoOp",
            "Local/1@othr application NoOp",
            "Local/100@default application Noops",
            "Local/100@default extension 7@other",
        )
    }
    assert told == {
        "SIP/1@default application NoOp": [
            "Command 'channel originate SIP/1@default application NoOp' failed.",
            "there is no channel technology 'SIP': channels are emulated here and dial nobody",
        ],
        "Local/101@default application NoOp": [
            "Command 'channel originate Local/101@default application NoOp' failed.",
            "there is no extension '101' in the context 'default'",
        ],
        "Local/1@othr application NoOp": [
            "Command 'channel originate Local/1@othr application NoOp' failed.",
            "there is no extension '1' in the context 'othr'",
        ],
        "Local/100@default application Noops": [
            "Command 'channel originate Local/100@default application Noops' failed.",
            "there is no application 'Noops'",
        ],
        "Local/100@default extension 7@other": [
            "Command 'channel originate Local/100@default extension 7@other' failed.",
            "there is no extension '7' in the context 'other'",
        ],
    }
    assert run(ready, "channel originate Local/100@default").startswith("Usage: channel originate")


def test_channels_are_shown_and_hung_up(ready: Core) -> None:
    write(ready, "[default]\nexten => 1,1,Wait(60)\n")
    run(ready, "dialplan reload")
    run(ready, "channel originate Local/1@default application NoOp")
    until(lambda: any(channel.appl for channel in ready.channels))
    near, far = [channel.name for channel in ready.channels]
    assert run(ready, "core show channels").replace(" ", "") == (
        "ChannelLocationStateApplication(Data)\n"
        f"{near}1@default:1Down(None)\n{far}1@default:1RingWait(60)\n"
        "2activechannels\n1activecall\n2callsprocessed\n"
    )
    assert run(ready, "core show channels count") == "2 active channels\n1 active call\n2 calls processed\n"
    concise = [line.split("!")[:7] for line in run(ready, "core show channels concise").splitlines()]
    assert concise == [
        [near, "default", "1", "1", "Down", "(None)", ""],
        [far, "default", "1", "1", "Ring", "Wait", "60"],
    ]
    assert run(ready, f"core show channel {far}").splitlines()[1:3] == [
        f"            Name: {far}",
        f"        UniqueID: {list(ready.channels)[1].uniqueid}",
    ]
    assert ready.commands.complete("channel request hangup Loc") == [near, far]
    assert run(ready, "channel request hangup nobody").splitlines() == [
        "nobody is not a known channel",
        "there is no channel 'nobody'",
        "    'core show channels' lists the channels",
        "Command 'channel request hangup nobody' failed.",
    ]
    assert run(ready, f"channel request hangup {far}") == f"Requested Hangup on channel '{far}'\n"
    settled(ready)
    assert run(ready, "core show channels count") == "0 active channels\n0 active calls\n2 calls processed\n"


def test_calls_are_ended_when_the_program_stops(ready: Core) -> None:
    write(ready, "[default]\nexten => 1,1,Wait(600)\n")
    run(ready, "dialplan reload")
    pbx_run.originate(ready, "1", "default", pbx_run.Answered("NoOp"))
    pbx_run.hang_up_all(ready, 30)
    assert list(ready.channels) == []


# ---- the commands of the dialplan --------------------------------------------------------------------


def test_dialplan_is_shown_with_the_places_of_its_lines(ready: Core) -> None:
    write(
        ready,
        """\
[default]
exten => 100,1(top),NoOp(a)
 same => n(end),NoOp(b)
exten => _1XX/5,1,NoOp(c)
exten => 7,hint,SIP/7
include => other
ignorepat => 9
[other]
exten => 100,1,NoOp(d)
""",
    )
    run(ready, "dialplan reload")
    assert (
        run(ready, "dialplan show")
        == """\
[ Context 'default' created by 'pbx_config' ]
  '100' =>          1. NoOp(a)                                    [extensions.conf:2]
     [end]          2. NoOp(b)                                    [extensions.conf:3]
  '7' =>            hint: SIP/7                                   [extensions.conf:5]
  '_1XX' (CID match '5') =>  1. NoOp(c)                                    [extensions.conf:4]
  Include =>        'other'                                       [pbx_config]
  Ignore pattern => '9'                                           [pbx_config]

[ Context 'other' created by 'pbx_config' ]
  '100' =>          1. NoOp(d)                                    [extensions.conf:9]

-= 4 extensions (5 priorities) in 2 contexts. =-
"""
    )
    assert (
        run(ready, "dialplan show 100@default")
        == """\
[ Context 'default' created by 'pbx_config' ]
  '100' =>          1. NoOp(a)                                    [extensions.conf:2]
     [end]          2. NoOp(b)                                    [extensions.conf:3]
  '_1XX' (CID match '5') =>  1. NoOp(c)                                    [extensions.conf:4]
[ Included context 'other' created by 'pbx_config' ]
  '100' =>          1. NoOp(d)                                    [extensions.conf:9]


-= 3 extensions (4 priorities) in 2 contexts. =-
"""
    )
    assert run(ready, "dialplan show 5@default").splitlines() == [
        "There is no existence of 5@default extension",
        "Command 'dialplan show 5@default' failed.",
        "nothing matches the extension '5' in the context 'default'",
    ]
    assert run(ready, "dialplan show defualt").splitlines() == [
        "There is no existence of 'defualt' context",
        "Command 'dialplan show defualt' failed.",
        "there is no context 'defualt'",
        "    did you mean 'default'?",
    ]


def test_extensions_are_added_and_removed_until_the_next_reload(ready: Core) -> None:
    write(ready, "[default]\nexten => 100,1,NoOp(file)\n")
    run(ready, "dialplan reload")
    added = run(ready, "dialplan add extension 100,2(b),NoOp(a,b) into default")
    assert added == "Extension '100,2(b),NoOp(a,b)' added into 'default' context\n"
    refused = run(ready, "dialplan add extension 100,1,NoOp(mine) into default").splitlines()
    assert refused[0] == "Extension 100@default with priority 1 already exists"
    assert refused[2] == "the priority 1 of '100@default' is there already: extensions.conf:2 has it as NoOp(file)"
    replaced = run(ready, "dialplan add extension 100,1,NoOp(mine) into default replace")
    assert replaced == "Extension 100@default (1) replace by '100,1,NoOp(mine)'\n"
    assert (
        run(ready, "dialplan show default")
        == """\
[ Context 'default' created by 'pbx_config' ]
  '100' =>          1. NoOp(mine)                                 [pbx_config]
     [b]            2. NoOp(a,b)                                  [pbx_config]

-= 1 extension (2 priorities) in 1 context. =-
"""
    )
    assert run(ready, "dialplan remove extension 100@default 2") == ("Extension 100@default with priority 2 removed\n")
    assert run(ready, "dialplan remove extension 100@default") == "Whole extension 100@default removed\n"
    assert "no extension '100@default'" in run(ready, "dialplan remove extension 100@default")
    run(ready, "dialplan reload")
    assert "NoOp(file)" in run(ready, "dialplan show default")


EDITS = [
    (
        "dialplan add extension 5/12,1,NoOp,x into new",
        "Context 'new' did not exist prior to add extension - the context will be created.\n"
        "Extension '5,1,NoOp(x)' added into 'new' context\n",
    ),
    ("dialplan add extension 5,hint,SIP/5 into new", "Extension '5,hint,SIP/5()' added into 'new' context\n"),
    (
        "dialplan add extension 6,1,Nop() into new",
        "Extension '6,1,Nop()' added into 'new' context\n"
        "warning: there is no application 'Nop' now\n    did you mean 'NoOp'?\n",
    ),
    (
        "dialplan add include other into default",
        "Context 'other' included in 'default' context\n",
    ),
    ("dialplan add ignorepat 9 into default", "Ignore pattern '9' added into 'default' context\n"),
    (
        "dialplan remove extension 5@new 0",
        "If you want to remove whole extension, please omit priority argument\n"
        "Command 'dialplan remove extension 5@new 0' failed.\n",
    ),
    (
        "dialplan remove extension 5@new x",
        "Invalid priority 'x'\nCommand 'dialplan remove extension 5@new x' failed.\n",
    ),
    (
        "dialplan remove extension new",
        "Missing extension or context name in third argument 'new'\nCommand 'dialplan remove extension new' failed.\n",
    ),
    ("dialplan remove extension 5@new hint", "Extension 5@new with priority -1 removed\n"),
    ("dialplan remove extension 5/12@new", "Whole extension 5@new removed\n"),
    ("dialplan remove include other from default", "We are not including 'other' into 'default' now\n"),
    ("dialplan remove ignorepat 9 from default", "Ignore pattern '9' removed from 'default' context\n"),
    ("dialplan remove context new", "Removed context 'new'\n"),
]


def test_the_dialplan_is_edited_in_asterisks_words(ready: Core) -> None:
    write(ready, "[default]\nexten => 100,1,NoOp(file)\n")
    run(ready, "dialplan reload")
    before = ready.plans.current
    assert [(line, run(ready, line)) for line, _ in EDITS] == EDITS
    assert ready.plans.current == before


def test_an_include_is_shown_inside_of_the_context_that_has_it_once_for_each_way_to_it(ready: Core) -> None:
    """As ``show_dialplan_helper`` of main/pbx.c follows them, circles included."""
    write(
        ready,
        "[a]\nexten => 1,1,NoOp(a)\ninclude => b\ninclude => c\n"
        "[b]\ninclude => c\ninclude => b\n[c]\nexten => 1,1,NoOp(c)\ninclude => a\n"
        "include => b,9:00-17:00,*,*,*\n",
    )
    run(ready, "dialplan reload")
    lines = run(ready, "dialplan show 1@a").splitlines()
    heads = [line.split("'")[1] for line in lines if line.startswith("[")]
    assert heads == ["a", "c", "a", "c", "a"]
    assert lines[-1] == "-= 5 extensions (5 priorities) in 5 contexts. =-"
    assert run(ready, "dialplan show 7@").splitlines()[0] == "There is no existence of '7' extension in all contexts"


def test_a_saved_dialplan_reads_as_it_was(ready: Core) -> None:
    text = """\
[general]
static=yes
writeprotect=no
[globals]
A => x\\;y
[default]
exten => 100,1(top),NoOp(a\\;b)
exten => 100,3,Set(X=1)
exten => _2X/5,1,NoOp(c)
exten => 7,hint,SIP/7
include => other,9:00-17:00,mon-fri,*,*
ignorepat => 9
[other]
"""
    write(ready, text)
    run(ready, "dialplan reload")
    run(ready, "dialplan add extension 8,1,NoOp(added) into other")
    before = ready.plans.current
    path = dialplan_file.path(ready)
    assert run(ready, "dialplan save") == f"Dialplan successfully saved into '{path}'\n"
    run(ready, "dialplan reload")
    after = ready.plans.current
    assert without_places(after) == without_places(before)
    assert ready.globals["A"] == "x;y"
    assert "exten => 8,1,NoOp(added)\n" in Path(path).read_text()
    assert (
        run(ready, "dialplan save other.conf") == f"Dialplan successfully saved into '{Path(path).parent}/other.conf'\n"
    )
    refused = run(ready, "dialplan save ../other.conf")
    assert refused.startswith("Command 'dialplan save ../other.conf' failed.\n")
    assert not (Path(path).parent.parent / "other.conf").exists()


def without_places(plan: Dialplan) -> list[str]:
    """A dialplan as text, without the lines it was read from."""
    return dialplan_text.dumps((), (), plan).splitlines()


def test_a_dialplan_that_is_not_static_or_is_protected_is_not_saved(ready: Core) -> None:
    for general in ("", "static=yes\nwriteprotect=yes\n", "static=no\n"):
        text = f"[general]\n{general}[default]\nexten => 1,1,NoOp()\n"
        write(ready, text)
        assert run(ready, "dialplan save").splitlines()[:2] == [
            "I can't save dialplan now, see 'extensions.conf' example file.",
            "Command 'dialplan save' failed.",
        ]
        assert Path(dialplan_file.path(ready)).read_text() == text


def test_reload_tells_applications_nobody_has(ready: Core) -> None:
    write(ready, "[default]\nexten => 1,1,Nop()\n same => n,Nop()\n")
    assert run(ready, "dialplan reload") == (
        "Dialplan reloaded.\nextensions.conf:2: warning: there is no application 'Nop'; it is used 2 times\n"
        "    did you mean 'NoOp'?\n"
    )


def test_file_that_cannot_be_read_changes_nothing(ready: Core) -> None:
    write(ready, "[default]\nexten => 1,1,NoOp(old)\n")
    run(ready, "dialplan reload")
    write(ready, "[default\nexten => 1,1,NoOp(new)\n")
    assert "expected ']' after the section's name" in run(ready, "dialplan reload")
    assert "NoOp(old)" in run(ready, "dialplan show default")
    Path(dialplan_file.path(ready)).unlink()
    assert "no such file" in run(ready, "dialplan reload").lower()
    assert "NoOp(old)" in run(ready, "dialplan show default")


def test_contexts_and_extensions_are_completed(ready: Core) -> None:
    write(ready, "[default]\nexten => 100,1,NoOp()\nexten => _2X,1,NoOp()\n[inner]\n")
    run(ready, "dialplan reload")
    complete = ready.commands.complete
    assert complete("dialplan show ") == ["100@default", "chanvar", "default", "globals", "inner"]
    assert complete("channel originate Lo") == ["Local/100@default"]
    assert complete("channel originate Local/100@default ") == ["application", "extension"]
    assert complete("channel originate Local/100@default application No") == ["NoOp"]
    assert complete("channel originate Local/100@default extension 1") == ["100@default"]
    assert complete("dialplan remove extension _") == ["_2X@default"]
    assert complete("dialplan add extension 5,1,NoOp() into in") == ["inner", "into"]


def test_no_file_means_no_contexts_and_no_word(ready: Core, journal: Journal) -> None:
    dialplan_file.start(ready)
    assert (journal.lines(), dict(ready.plans.current.contexts)) == ([], {})


# ---- channels ----------------------------------------------------------------------------------------


def test_channel_is_answered_once() -> None:
    answered: list[int] = []
    channel = Channel(state=ChannelState.RING, on_answer=lambda: answered.append(1))
    channel.answer()
    channel.answer()
    assert (channel.state, answered) == (ChannelState.UP, [1])


def test_sleeping_channel_wakes_when_it_is_hung_up() -> None:
    channel = Channel()
    slept: list[bool] = []
    thread = threading.Thread(target=lambda: slept.append(channel.sleep(600)))
    thread.start()
    channel.hang_up(Hangup.DEVICE)
    thread.join(30)
    assert slept == [False]


def test_place_is_read_as_the_channel_sees_it(ready: Core) -> None:
    channel = Channel("C/1", "a", "100", 5)
    places = {
        text: str(pbx_run.parse_spot(ready, channel, text))
        for text in ("7", "+2", "-1", "9,1", "b,9,1", ",,3", " b , 9 , 1 ")
    }
    assert places == {
        "7": "a,100,7",
        "+2": "a,100,7",
        "-1": "a,100,4",
        "9,1": "a,9,1",
        "b,9,1": "b,9,1",
        ",,3": "a,100,3",
        " b , 9 , 1 ": "b,9,1",
    }
    for wrong in ("", "0", "9,,", "x"):
        with pytest.raises(AsterismError):
            pbx_run.parse_spot(ready, channel, wrong)
