"""Gosub, GosubIf, Return, StackPop and LOCAL: subroutines of the dialplan."""

from __future__ import annotations

from module_runtime import Runtime
from test_dialplan_calls import call, values


def test_subroutine_gets_arguments_and_gives_a_value_back(runtime: Runtime) -> None:
    said = call(
        runtime,
        """\
[default]
exten => 100,1,Gosub(greet,s,1(Ada,"a, b",${EXTEN}))
 same => n,Verbose(# ${GOSUB_RETVAL} [${ARG1}] [${ARGC}])
[greet]
exten => s,1,Verbose(# ${ARGC}: ${ARG1} ${ARG2} ${ARG3} ${ARG4})
 same => n,Return(Hello ${ARG1})
""",
    )
    assert values(said) == ["3: Ada a, b 100 ", "Hello Ada [] []"]  # Verbose takes the quotes out


def test_subroutines_call_each_other_and_keep_their_variables(runtime: Runtime) -> None:
    said = call(
        runtime,
        """\
[default]
exten => 100,1,Set(x=outside)
 same => n,Gosub(fac(4))
 same => n,Verbose(# ${GOSUB_RETVAL} ${x})
 same => n,Hangup()
 same => n(fac),Set(LOCAL(x)=${ARG1})
 same => n,GosubIf($[${x} > 1]?fac($[${x} - 1]):one)
 same => n,Return($[${LOCAL(x)} * ${GOSUB_RETVAL}])
 same => n(one),Return(1)
""",
    )
    assert values(said) == ["24 outside"]


def test_arguments_of_the_caller_are_not_seen(runtime: Runtime) -> None:
    said = call(
        runtime,
        """\
[default]
exten => 100,1,Gosub(a(1,2))
 same => n,Hangup()
 same => n(a),Gosub(b(3))
 same => n,Verbose(# a ${ARG1} ${ARG2})
 same => n,Return()
 same => n(b),Verbose(# b ${ARG1} [${ARG2}])
 same => n,StackPop()
 same => n,Verbose(# popped ${ARG1} ${ARG2})
 same => n,Return()
""",
    )
    assert values(said) == ["b 3 []", "popped 1 2"]


def test_what_cannot_be_called_or_returned_from_ends_the_call(runtime: Runtime) -> None:
    faults = {}
    for step in ("Gosub(nowhere,s,1)", "Gosub()", "Return()", "StackPop()", "GosubIf(1)", "Set(LOCAL(x)=1)"):
        said = call(runtime, f"[default]\nexten => 100,1,{step}\n same => n,Verbose(# on)\n")
        faults[step] = (
            [line.split("\n")[0] for line in said if not line.startswith(("Exec", "Spawn", "Auto", "Local"))],
            values(said),
        )
    assert faults == {
        "Gosub(nowhere,s,1)": (["cannot call nowhere,s,1: the step does not exist"], []),
        "Gosub()": (["a jump needs a place to go to"], []),
        "Return()": (["Return is used outside of a subroutine"], []),
        "StackPop()": (["StackPop is used outside of a subroutine"], []),
        "GosubIf(1)": (["GosubIf needs a condition and a place"], []),
        "Set(LOCAL(x)=1)": (["LOCAL can be set in a subroutine only", "# on"], ["on"]),
    }


def test_subroutine_that_calls_itself_without_an_end_is_stopped(runtime: Runtime) -> None:
    said = call(runtime, "[default]\nexten => 100,1,Gosub(1)\n")
    assert [line.split(" on Local")[0] for line in said if "deep" in line] == [
        "subroutines are nested more than 1000 levels deep"
    ]
