"""The project's functions and applications tried from the command line, as a dialplan author tries them."""

from __future__ import annotations

from module_runtime import Answer, Runtime


def evaluated(value: str, *log: str) -> Answer:
    return Answer(f"Return Value: Success (0)\nResult: {value}\n", "", 0, log)


def test_function_is_evaluated(runtime: Runtime) -> None:
    assert runtime.ask("dialplan eval function MD5(hello)") == evaluated("5d41402abc4b2a76b9719d911017c592")


def test_functions_stand_in_each_other(runtime: Runtime) -> None:
    line = "dialplan eval function TOUPPER(${BASE64_DECODE(${BASE64_ENCODE(hello)})})"
    assert runtime.ask(line) == evaluated("HELLO")


def test_function_without_its_arguments_fails(runtime: Runtime) -> None:
    line = "dialplan eval function SHA1()"
    assert runtime.ask(line) == Answer(
        "Return Value: Failure (-1)\nResult: \n",
        f"reading the function 'SHA1' failed\n    the log may say why\nCommand '{line}' failed.\n",
        1,
        ("WARNING SHA1 needs the text to hash: SHA1(text)",),
    )


def test_global_variable_is_cut_and_counted(runtime: Runtime) -> None:
    assert runtime.ask("dialplan set global list a-b-41").status == 0
    assert runtime.ask("dialplan eval function CUT(list,-,3)") == evaluated("41")
    assert runtime.ask("dialplan set global count 41").status == 0
    assert runtime.ask("dialplan eval function INC(count)") == evaluated("42")


def test_application_is_executed(runtime: Runtime) -> None:
    line = "dialplan exec application Verbose(1,${MATH(6*7,int)})"
    assert runtime.ask(line) == Answer("Return Value: Success (0)\n", "", 0, ("VERBOSE 42",))


def test_variables_of_an_application_are_shown(runtime: Runtime) -> None:
    line = "dialplan exec application TryExec(Nothing)"
    out = "Return Value: Success (0)\nTRYSTATUS=NOAPP\n"
    assert runtime.ask(line) == Answer(out, "", 0, ("WARNING No such application 'Nothing'",))


def test_application_that_hangs_up_is_a_failure(runtime: Runtime) -> None:
    answer = runtime.ask("dialplan exec application ExecIf(1?Nothing)")
    assert (answer.out.splitlines()[0], answer.status) == ("Return Value: Failure (-1)", 1)
    assert answer.log == ("WARNING No such application 'Nothing'",)
