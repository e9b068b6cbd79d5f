"""extensions.conf: what it says, and everything that is wrong with it."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from asterism.errors import AsterismError
from runtime.conf import conf_file
from runtime.dialplan import extensions_conf
from runtime.dialplan.extensions_conf import Reading
from runtime.model.extensions import Dialplan


def read(text: str) -> Reading:
    return extensions_conf.read(conf_file.loads(text, "extensions.conf"))


def steps(plan: Dialplan) -> list[str]:
    """Every step as ``name@context [label] step (place)``, contexts and extensions in their order."""
    return [
        f"{extension.full_name}@{context.name}{f' [{step.label}]' if step.label else ''} {step} ({step.origin})"
        for context in plan.contexts.values()
        for extension in context.extensions
        for step in extension.steps
    ]


def told(reading: Reading) -> str:
    return "\n".join(map(str, reading.faults))


def test_lines_become_steps() -> None:
    reading = read("""\
[general]
autofallthrough = no
[one]
exten => 100,1,NoOp(a, b) ; a comment
 same => n(again),Set(x=${y})
 same => n+2,Goto(again)
exten => 100,again+1,Answer
exten => _1[1,2]X/5 (55),1,NoOp(a (b)
exten => 100,hint,SIP/${who}(x)
exten = 7,1,NoOp(\\;)
include => two,9:00-17:00,mon-fri,*,*
ignorepat => 9
[two]
exten => s,1,NoOp()
exten => s,s(label),NoOp(again)
[one]
exten => 100,3,NoOp(three)
""")
    assert steps(reading.dialplan) == [
        "100@one hint: SIP/${who}(x) (extensions.conf:9)",
        "100@one 1. NoOp(a, b) (extensions.conf:4)",
        "100@one [again] 2. Set(x=${y}) (extensions.conf:5)",
        "100@one 3. Answer() (extensions.conf:7)",
        "100@one 5. Goto(again) (extensions.conf:6)",
        "7@one 1. NoOp(;) (extensions.conf:10)",
        "_1[1,2]X/555@one 1. NoOp(a (b) (extensions.conf:8)",
        "s@two 1. NoOp() (extensions.conf:14)",
    ]
    one = reading.dialplan.contexts["one"]
    assert [str(include) for include in one.includes] == ["two,9:00-17:00,mon-fri,*,*"]
    assert [note.text for note in one.ignorepats] == ["9"]
    assert reading.dialplan.autofallthrough is False


def test_all_faults_come_together_and_each_line_is_left_out_alone() -> None:
    reading = read("""\
[general]
autofallthru = yes
[one]
same => n,NoOp()
exten => 100
exten => 100,n,NoOp()
exten => 100,1
exten => 100,1,NoOp(first)
exten => 100,1,NoOp(second)
exten => 100,0,NoOp()
exten => 100,nn,NoOp()
exten => 100,n+x,NoOp()
exten => 100,n(a,NoOp()
exten => 100,2(here),NoOp(
exten => 100,3(here),NoOp()
exten => _1[2,1,NoOp()
same => n,NoOp()
exten => 200,2,NoOp()
exten => _9X,2,NoOp()
extension => 100,1,NoOp()
include => tow
include => two
include => two
include => two2,25:00
switch => IAX2/somewhere
[two]
include => one
""")
    assert (
        told(reading)
        == """\
extensions.conf:2:1: warning: [general] has no option 'autofallthru'
    autofallthru = yes
    ^
    did you mean 'autofallthrough'?
extensions.conf:4:1: warning: 'same' has no extension before it
    same => n,NoOp()
    ^
    the first line of a context is an exten => name,1,Application(data)
extensions.conf:5:13: warning: '100' has no priority
    exten => 100
                ^
    write exten => 100,1,Application(data)
extensions.conf:6:14: warning: 'n' has no priority before it
    exten => 100,n,NoOp()
                 ^
    begin '100' with 1
extensions.conf:7:15: warning: priority 1 of '100' has no application
    exten => 100,1
                  ^
    write Application(data) behind it, NoOp() to do nothing
extensions.conf:9:14: warning: '100@one' has a priority 1 already: extensions.conf:8 has it as NoOp(first)
    exten => 100,1,NoOp(second)
                 ^
    the first one counts; write 'n' for the next priority
extensions.conf:10:14: warning: '0' is not a priority
    exten => 100,0,NoOp()
                 ^
    write a number from 1 on, n, n(label), n+2, s, hint or a label that stands above
extensions.conf:11:14: warning: 'nn' is not a priority
    exten => 100,nn,NoOp()
                 ^
    write a number from 1 on, n, n(label), n+2, s, hint or a label that stands above
extensions.conf:12:14: warning: 'n+x' is not a priority
    exten => 100,n+x,NoOp()
                 ^
    write a number from 1 on, n, n(label), n+2, s, hint or a label that stands above
extensions.conf:13:14: warning: the ')' that closes the label of 'n(a' is missing
    exten => 100,n(a,NoOp()
                 ^
extensions.conf:14:27: warning: the ')' that closes 'NoOp(' is missing
    exten => 100,2(here),NoOp(
                              ^
    the arguments were taken to the end of the line
extensions.conf:15:14: warning: the label 'here' of '100@one' is there already: extensions.conf:14 has it at priority 2
    exten => 100,3(here),NoOp()
                 ^
    the first one counts
extensions.conf:16:12: warning: the ']' that closes the set of '_1[2' is missing: it would match nothing
    exten => _1[2,1,NoOp()
               ^
extensions.conf:20:1: warning: a context has no 'extension'
    extension => 100,1,NoOp()
    ^
    did you mean 'exten'?
extensions.conf:23:12: warning: 'one' includes 'two' already
    include => two
               ^
extensions.conf:24:12: warning: '25:00' is not a time such as 9:00
    include => two2,25:00
               ^
    write a value, a range or *; the include was left out
extensions.conf:25:1: warning: 'switch => IAX2/somewhere' changes nothing here: switches are not supported
    switch => IAX2/somewhere
    ^
extensions.conf:21:12: warning: there is no context 'tow' to include
    include => tow
               ^
    did you mean 'two'?
extensions.conf:22:12: warning: 'one' includes itself: 'two' leads back to it
    include => two
               ^
    each is asked once
extensions.conf:18:10: warning: '200@one' has no priority 1
    exten => 200,2,NoOp()
             ^
    a call begins there; give its first line priority 1
extensions.conf:19:10: warning: '_9X@one' has no priority 1
    exten => _9X,2,NoOp()
             ^
    a call begins there; give its first line priority 1
extensions.conf:27:12: warning: 'two' includes itself: 'one' leads back to it
    include => one
               ^
    each is asked once"""
    )


def test_extension_without_a_beginning_is_told_unless_another_one_lends_it() -> None:
    reading = read("[a]\nexten => 12,2,NoOp()\nexten => _1X,1,NoOp()\nexten => _2X,2,NoOp()\nexten => 5,hint,SIP/5\n")
    assert told(reading) == ""
    assert reading.dialplan.find("a", "12", 1) is not None


def test_variables_in_names_are_replaced() -> None:
    text = "[a]\nexten => ${n},1,NoOp(${n})\ninclude => ${n}x\n"
    reading = extensions_conf.read(conf_file.loads(text, "e.conf"), lambda text: text.replace("${n}", "7"))
    assert steps(reading.dialplan) == ["7@a 1. NoOp(${n}) (e.conf:2)"]
    assert [str(include) for include in reading.dialplan.contexts["a"].includes] == ["7x"]


def test_template_lends_its_lines_and_is_no_context() -> None:
    reading = read("[t](!)\nexten => 1,1,NoOp()\n[a](t)\nsame => n,NoOp(more)\n")
    assert steps(reading.dialplan) == [
        "1@a 1. NoOp() (extensions.conf:2)",
        "1@a 2. NoOp(more) (extensions.conf:4)",
    ]


def test_very_long_line_and_ten_thousand_extensions_are_read() -> None:
    long = "x" * 100_000
    many = "".join(f"exten => {number},1,NoOp({number})\n" for number in range(10_000))
    reading = read(f"[a]\nexten => long,1,NoOp({long})\n{many}")
    plan = reading.dialplan
    found = plan.find("a", "long", 1)
    assert (found.step.data if found else None, len(plan.contexts["a"].extensions)) == (long, 10_001)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["exten", "same", "include", "ignorepat", "switch", "hint", "[a]", "[b](+)", "[general]"]),
        st.text(string.ascii_letters[:6] + "019_XnN.,()[]+/$&*:- \\;=", max_size=20),
    ),
    max_size=8,
)


@given(LINES)
def test_any_lines_give_a_dialplan_and_warnings(lines: list[tuple[str, str]]) -> None:
    text = "[a]\n" + "".join(f"{word}\n" if word[0] == "[" else f"{word} => {rest}\n" for word, rest in lines)
    try:
        reading = read(text)
    except AsterismError:
        return  # no configuration file at all
    assert all(fault.severity == "warning" and fault.place for fault in reading.faults)
    for context in reading.dialplan.contexts.values():
        for extension in context.extensions:
            priorities = [step.priority for step in extension.steps]
            assert priorities == sorted(set(priorities))
            assert extension in context.matching(extension.name, extension.cid or "") or extension.cid is not None


# ---- where a call goes -----------------------------------------------------------------------------


PLACES = read("""\
[main]
exten => 100,1,NoOp(plain)
exten => _1XX,1,NoOp(pattern)
exten => _1XX,2(here),NoOp(pattern 2)
exten => 100/55,1,NoOp(caller 55)
include => other
include => main
[other]
exten => 100,1,NoOp(other)
exten => 100,3(there),NoOp(other 3)
exten => 300,1,NoOp(other 300)
include => main
""").dialplan


def at(exten: str, priority: int, caller: str = "") -> str:
    found = PLACES.find("main", exten, priority, caller)
    return found.step.data if found else "nowhere"


def test_closest_extension_that_has_the_priority_answers() -> None:
    assert [at("100", 1), at("100", 1, "55"), at("100", 2), at("100", 3), at("199", 1)] == [
        "plain",
        "caller 55",
        "pattern 2",
        "other 3",
        "pattern",
    ]
    assert [at("300", 1), at("300", 2), at("4", 1)] == ["other 300", "nowhere", "nowhere"]


def test_label_is_looked_for_in_the_same_order() -> None:
    assert [PLACES.labelled("main", "100", label) for label in ("here", "there", "")] == [2, 3, None]


def test_contexts_that_include_each_other_are_asked_once() -> None:
    assert [context.name for context in PLACES.reachable("main")] == ["main", "other"]
