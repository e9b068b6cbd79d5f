"""Whole calls through extensions.conf in a running program, with the project's own modules."""

from __future__ import annotations

import pytest
from module_runtime import Runtime


def call(runtime: Runtime, text: str, then: str = "application NoOp") -> list[str]:
    """Run ``100@default`` of a text to its end: what was said at verbosity 3, the channel's name left out."""
    (runtime.home / "etc" / "extensions.conf").write_text(text)
    reloaded = runtime.ask("dialplan reload")
    warnings = reloaded.err.replace(f"{runtime.home}/etc/", "")
    assert (reloaded.out, warnings, reloaded.status) == ("Dialplan reloaded.\n", WARNINGS.get(text, ""), 0)
    before = len(runtime.log)
    assert runtime.ask(f"channel originate Local/100@default {then}").status == 0
    all_ended(runtime)
    return said_since(runtime, before)


def all_ended(runtime: Runtime) -> None:
    runtime.wait_for(lambda: "0 active channels" in runtime.ask("core show channels count").out, "the end of all calls")


def said_since(runtime: Runtime, before: int) -> list[str]:
    return [record.text for record in runtime.log[before:]]


def values(said: list[str]) -> list[str]:
    """What Verbose said."""
    return [line.removeprefix("# ") for line in said if line.startswith("# ")]


INCLUDED = """\
[default]
exten => 100,1,While(0)
 same => 2,Verbose(# never)
include => rest
[rest]
exten => _1XX,3,EndWhile
exten => _1XX,4,Verbose(# after)
include => default
"""
WARNINGS = {
    INCLUDED: """\
extensions.conf:4:12: warning: 'default' includes itself: 'rest' leads back to it
    include => rest
               ^
    each is asked once
extensions.conf:8:12: warning: 'rest' includes itself: 'default' leads back to it
    include => default
               ^
    each is asked once
"""
}
"""What a reload says of a text on standard error; nothing of the others."""

CALLS: dict[str, list[str]] = {
    # as long as the condition holds
    """\
[default]
exten => 100,1,Set(i=3)
 same => n,While($[${i} > 0])
 same => n,Verbose(# ${i})
 same => n,Set(i=$[${i} - 1])
 same => n,EndWhile()
 same => n,Verbose(# after ${i})
""": ["3", "2", "1", "after 0"],
    # a loop that never begins, with one inside
    """\
[default]
exten => 100,1,While(0)
 same => n,While(1)
 same => n,Verbose(# never)
 same => n,EndWhile
 same => n,EndWhile
 same => n,Verbose(# after)
""": ["after"],
    # in each other, left and continued
    """\
[default]
exten => 100,1,Set(i=0)
 same => n,While($[${i} < 3])
 same => n,Set(i=$[${i} + 1])
 same => n,Set(j=0)
 same => n,While($[${j} < 3])
 same => n,Set(j=$[${j} + 1])
 same => n,ExecIf($[${j} = 2]?ContinueWhile)
 same => n,ExecIf($[${i} = 2]?ExitWhile)
 same => n,Verbose(# ${i}${j})
 same => n,EndWhile
 same => n,EndWhile
 same => n,Verbose(# after)
""": ["11", "13", "31", "33", "after"],
    # left by a jump and entered again
    """\
[default]
exten => 100,1,Set(i=0)
 same => n(outer),While($[${i} < 2])
 same => n,Set(i=$[${i} + 1])
 same => n,While(1)
 same => n,Verbose(# ${i})
 same => n,Goto(next)
 same => n,EndWhile
 same => n(next),EndWhile
 same => n,Verbose(# after)
""": ["1", "2", "after"],
    # variables that others may see
    """\
[default]
exten => 100,1,Set(SHARED(a)=one)
 same => n,Set(SHARED(b)=two)
 same => n,Set(SHARED(a)=three)
 same => n,Verbose(# ${SHARED(a)} ${SHARED(b)} ${SHARED(b,${CHANNEL})} ${SHARED(c)})
""": ["three two two "],
    # an end in an included context
    INCLUDED: ["after"],
}


@pytest.mark.parametrize("text", CALLS)
def test_call_says_what_its_steps_say(runtime: Runtime, text: str) -> None:
    assert values(call(runtime, text)) == CALLS[text]


def test_loop_without_an_end_and_an_end_without_a_loop_are_told(runtime: Runtime) -> None:
    said = call(
        runtime, "[default]\nexten => 100,1,EndWhile\n same => n,ExitWhile\n same => n,While(0)\n same => n,NoOp(x)\n"
    )
    assert [line for line in said if "While" in line and not line.startswith("Executing")] == [
        "EndWhile at 100@default:1 has no While",
        "ExitWhile at 100@default:2 has no While",
        "the While at 100@default:3 has no EndWhile",
    ]


def test_loops_and_shared_variables_end_with_their_channel(runtime: Runtime) -> None:
    call(
        runtime, "[default]\nexten => 100,1,While(1)\n same => n,Set(SHARED(a)=b)\n same => n,Verbose(# ${SHARED(a)})\n"
    )
    for module in ("app_while", "func_global"):
        assert runtime.ask(f"module unload {module}").status == 0, module
        assert runtime.ask(f"module load {module}").status == 0


def test_channels_see_each_others_variables(runtime: Runtime) -> None:
    said = call(
        runtime,
        """\
[default]
exten => 100,1,Set(name=Ada)
 same => n,Set(SHARED(greeting)=Hello)
 same => n,Set(GLOBAL(far)=${CHANNEL})
 same => n,Answer()
 same => n,Wait(0.5)
exten => 200,1,Verbose(# ${SHARED(greeting,${far})} ${IMPORT(${far},name)})
""",
        "extension 200@default",
    )
    assert values(said) == ["Hello Ada"]


def test_module_without_its_application_ends_the_call(runtime: Runtime) -> None:
    runtime.ask("module unload app_set")
    try:
        (runtime.home / "etc" / "extensions.conf").write_text("[default]\nexten => 100,1,NoOp()\n")
        assert runtime.ask("dialplan reload").err.startswith(
            "extensions.conf:2: warning: there is no application 'NoOp'"
        )
    finally:
        runtime.ask("module load app_set")


def test_hung_up_channel_leaves_what_it_waits_for(runtime: Runtime) -> None:
    (runtime.home / "etc" / "extensions.conf").write_text(
        "[default]\nexten => 100,1,Wait(1h)\nexten => h,1,Verbose(# h)\n"
    )
    runtime.ask("dialplan reload")
    before = len(runtime.log)
    runtime.ask("channel originate Local/100@default application NoOp")
    runtime.wait_for(lambda: "Wait(1h)" in runtime.ask("core show channels").out, "the call")
    assert runtime.ask("channel request hangup all").status == 0
    all_ended(runtime)
    assert values(said_since(runtime, before)) == ["h"]


@pytest.mark.parametrize("depth", [40, 4000])
def test_text_of_any_depth_is_expanded_or_told(runtime: Runtime, depth: int) -> None:
    said = call(
        runtime, f"[default]\nexten => 100,1,Verbose(# {'${LEN(' * depth}x{')}' * depth})\n same => n,NoOp(end)\n"
    )
    assert any("NoOp" in line for line in said)
