"""Exec, TryExec and ExecIf: which application runs, and what they return."""

from __future__ import annotations

import pytest
from module_runtime import Runtime

USAGE = "ERROR ExecIf has no application to run: ExecIf(condition?application(arguments)[:application(arguments)])"
LONG = "x" * 20_000


def nothing(name: str = "Nothing") -> str:
    return f"WARNING No such application '{name}'"


def out_of_use(call: str) -> str:
    return f"WARNING ExecIf with commas is obsolete; write ExecIf(condition?{call})"


CALLS = [
    ("Verbose(1,hi)", "0\nVERBOSE hi", "SUCCESS"),
    ("verbose(1,hi)", "0\nVERBOSE hi", "SUCCESS"),
    (" Verbose (1,hi)", "0\nVERBOSE hi", "SUCCESS"),
    ("Verbose(1,a (b) c)", "0\nVERBOSE a (b) c", "SUCCESS"),
    ("Verbose(1,hi) and more", "0\nVERBOSE hi", "SUCCESS"),
    ("Verbose", "0", "SUCCESS"),
    ("Verbose()", "0", "SUCCESS"),
    ("Verbose(1,${LEN(abc)} ${name})", "0\nVERBOSE 3 Ada", "SUCCESS"),
    (f"Verbose(1,{LONG})", f"0\nVERBOSE {LONG}", "SUCCESS"),
    ("Verbose(1,a\udcffb)", "0\nVERBOSE a\udcffb", "SUCCESS"),
    ("Verbose(1,hi", "0\nWARNING 'Verbose(1,hi' has no closing parenthesis\nVERBOSE hi", "SUCCESS"),
    ("Exec(Nothing(x))", f"-1\n{nothing()}", "FAILED"),
    ("Nothing(x)", f"-1\n{nothing()}", "NOAPP"),
    ("(x)", f"-1\n{nothing('')}", "NOAPP"),
]


@pytest.fixture(params=["somebody", "nobody"])
def who(request: pytest.FixtureRequest, runtime: Runtime) -> str:
    """A channel with a variable, or none while the variable is global."""
    who: str = request.param
    runtime.set("name", "Ada", who)
    runtime.set("TRYSTATUS", "not set", who)
    return who


@pytest.mark.parametrize(("data", "expected", "_status"), CALLS, ids=[data[:20] for data, _, _ in CALLS])
def test_exec_returns_what_the_application_returns(
    runtime: Runtime, data: str, expected: str, _status: str, who: str
) -> None:
    assert runtime.execute("Exec", data, who) == expected


@pytest.mark.parametrize(("data", "expected", "status"), CALLS, ids=[data[:20] for data, _, _ in CALLS])
def test_tryexec_goes_on_and_says_how_it_went(
    runtime: Runtime, data: str, expected: str, status: str, who: str
) -> None:
    said = expected.partition("\n")[1:]
    assert runtime.execute("TryExec", data, who) == "0" + "".join(said)
    assert runtime.get("TRYSTATUS", who) == status


@pytest.mark.parametrize("data", [None, ""])
def test_no_application_at_all_is_none_of_that_name(runtime: Runtime, data: str | None, who: str) -> None:
    assert (runtime.execute("Exec", data, who), runtime.get("TRYSTATUS", who)) == ("0", "not set")
    assert (runtime.execute("TryExec", data, who), runtime.get("TRYSTATUS", who)) == ("0", "NOAPP")


CHOICES = [
    ("1?Verbose(1,yes)", "0\nVERBOSE yes"),
    ("1?Verbose(1,yes):Verbose(1,no)", "0\nVERBOSE yes"),
    ("0?Verbose(1,yes):Verbose(1,no)", "0\nVERBOSE no"),
    ("0?Verbose(1,yes)", "0"),
    ("0?Verbose(1,yes):", "0"),
    ("?Verbose(1,yes)", "0"),
    ("text?Verbose(1,yes)", "0\nVERBOSE yes"),
    ("-1?Verbose(1,yes)", "0\nVERBOSE yes"),
    ("00?Verbose(1,yes):Verbose(1,no)", "0\nVERBOSE no"),
    ("1? Verbose (1,yes)", "0\nVERBOSE yes"),
    ("1?Verbose(1,a:b?c):Verbose(1,no)", "0\nVERBOSE a:b?c"),
    ("1?Verbose(1,${name})", "0\nVERBOSE ${name}"),
    ("0?Nothing:Verbose(1,no)", "0\nVERBOSE no"),
    ("1?Nothing(x)", f"-1\n{nothing()}"),
    ("0?Verbose:Nothing(x)", f"-1\n{nothing()}"),
    ("1?:Verbose(1,no)", f"-1\n{nothing('')}"),
    ("1?", f"-1\n{USAGE}"),
    ("1", f"-1\n{USAGE}"),
    ("1,", f"-1\n{USAGE}"),
    ("", f"-1\n{USAGE}"),
    (None, f"-1\n{USAGE}"),
    ("1,Verbose,1,hi", f"0\n{out_of_use('Verbose(1,hi)')}\nVERBOSE hi"),
    ("0,Verbose,hi", f"0\n{out_of_use('Verbose(hi)')}"),
    ("1,Verbose", f"0\n{out_of_use('Verbose()')}"),
    ("1,Verbose,why?", f"0\n{out_of_use('Verbose(why?)')}\nVERBOSE why?"),
    (f"1?Verbose(1,{LONG})", f"0\nVERBOSE {LONG}"),
]


@pytest.mark.parametrize(("data", "expected"), CHOICES, ids=[str(data)[:30] for data, _ in CHOICES])
def test_execif_runs_what_the_condition_chooses(runtime: Runtime, data: str | None, expected: str, who: str) -> None:
    assert runtime.execute("ExecIf", data, who) == expected


def test_applications_run_each_other(runtime: Runtime) -> None:
    data = "Exec(" * 20 + "Verbose(1,deep)" + ")" * 20
    assert runtime.execute("Exec", data) == "0\nVERBOSE deep"


def test_application_that_runs_itself_without_an_end_is_stopped(runtime: Runtime) -> None:
    data = "Exec(" * 300 + "Verbose(1,deep)" + ")" * 300
    too_deep = "'Exec' is nested more than 50 deep\n    does an application or a function call itself without an end?"
    assert runtime.execute("Exec", data) == f"-1\nWARNING {too_deep}"
