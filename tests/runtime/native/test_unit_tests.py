"""Tests that modules bring (asterisk/test.h): they are registered, run from the console, and go with their module."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_boundary_crash import crash, cure

from runtime.cli.argument_kinds import of_tests
from runtime.cli.test_commands import commands
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core
from runtime.modules.module_opening import open_module

FRAMEWORK = "-DTEST_FRAMEWORK=1"

TESTS = """
#include "asterisk/test.h"

AST_TEST_DEFINE(adds_up)
{
	switch (cmd) {
	case TEST_INIT:
		info->name = "adds_up";
		info->category = "/res/sum/";
		info->summary = "Sums are right";
		info->description = "Adds two numbers.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
	ast_test_debug(test, "adding\\n");
	ast_test_validate(test, 2 + 2 == 4);
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(falls)
{
	enum ast_test_result_state rc = AST_TEST_PASS;
	int two = 2;

	switch (cmd) {
	case TEST_INIT:
		info->name = "falls";
		info->category = "/res/sum/wrong/";
		info->summary = "Sums are wrong";
		info->description = "Adds two numbers, wrongly.";
		return AST_TEST_NOT_RUN;
	case TEST_EXECUTE:
		break;
	}
#line 50 "sum.c"
	ast_test_set_result(test, AST_TEST_PASS);
	ast_test_validate_cleanup(test, two == 2, rc, done);
	ast_test_validate_cleanup_custom(test, two == 3, rc, done, "%d is not 3\\n", two);
	rc = AST_TEST_PASS;
done:
	ast_test_set_result(test, rc);
	return AST_TEST_PASS;
}

AST_TEST_DEFINE(asked_for)
{
	struct ast_cli_args *args;

	if (cmd == TEST_INIT) {
		info->name = "asked_for";
		info->category = "/res/sum/";
		info->summary = "Runs by name";
		info->description = "Says what it was asked for.";
		info->explicit_only = 1;
		return AST_TEST_NOT_RUN;
	}
	args = ast_test_get_cli_args(test);
	ast_test_debug(test, "last word: %s\\n", args->argv[args->argc - 1]);
	return AST_TEST_PASS;
}

static int unload_module(void)
{
	AST_TEST_UNREGISTER(adds_up);
	AST_TEST_UNREGISTER(falls);
	AST_TEST_UNREGISTER(asked_for);
	return 0;
}

static int load_module(void)
{
	AST_TEST_REGISTER(adds_up);
	AST_TEST_REGISTER(falls);
	AST_TEST_REGISTER(asked_for);
	return AST_MODULE_LOAD_SUCCESS;
}
"""

Ask = Callable[[str], tuple[str, bool]]


@pytest.fixture
def ask(core: Core) -> Ask:
    """Runs a command: what it printed, every time as 7ms, and whether it did what it was asked to."""
    core.commands.kinds |= of_tests(core)
    core.commands.register(*commands(core))

    def run(line: str) -> tuple[str, bool]:
        client = Transcript()
        ok = core.commands.run(line, client).ok
        return re.sub(r"(<1|\d+)ms\b", "7ms", client.output) + "".join(client.errors), ok

    return run


@pytest.fixture
def summing(opened):
    """A module with three tests, loaded."""
    module = opened("res_sum", TESTS, FRAMEWORK, callbacks="")
    assert module.load() == 0
    return module


RUN = """\
Running all available tests...

START  /res/sum/ - adds_up 
adding
END    /res/sum/ - adds_up Time: 7ms Result: PASS
START  /res/sum/wrong/ - falls 
[sum.c:falls:52]: 2 is not 3
END    /res/sum/wrong/ - falls Time: 7ms Result: FAIL

2 Test(s) Executed  1 Passed  1 Failed
Command 'test execute all' failed.
"""  # noqa: W291 - so does Asterisk


def test_all_tests_run_but_those_that_want_to_be_asked_for(ask: Ask, summing) -> None:
    assert ask("test execute all") == (RUN, False)


def test_a_test_is_run_by_category_or_name_and_reads_the_options(ask: Ask, summing) -> None:
    one = "2 Test(s) Executed"
    assert one in ask("test execute category /res/")[0]
    assert ask("test execute category /res/sum/ name asked_for options slow") == (
        "Running all available tests matching category /res/sum/ and name asked_for...\n\n"
        "START  /res/sum/ - asked_for \nlast word: slow\n"
        "END    /res/sum/ - asked_for Time: 7ms Result: PASS\n"
        "\n1 Test(s) Executed  1 Passed  0 Failed\n",
        True,
    )


def test_a_test_that_is_not_there_is_a_failure_that_names_the_nearest(ask: Ask, summing) -> None:
    assert ask("test execute category /res/sum/ name add_up") == (
        "Running all available tests matching category /res/sum/ and name add_up...\n\n"
        "--- No Tests Found! ---\n\n0 Test(s) Executed  0 Passed  0 Failed\n"
        "Command 'test execute category /res/sum/ name add_up' failed.\n"
        "there is no such test\n    did you mean 'adds_up'?\n",
        False,
    )


def test_what_is_registered_and_what_came_of_it_are_tables(ask: Ask, summing) -> None:
    ask("test execute all")
    rule = f"{'-' * 8:<25} {'-' * 4:<30} {'-' * 7:<40} {'-' * 11}\n"
    assert ask("test show registered category /res/sum/wrong/") == (
        f"{'Category':<25} {'Name':<30} {'Summary':<40} Test Result\n"
        f"{rule}"
        "/res/sum/wrong/           falls                          Sums are wrong                           FAIL\n"
        f"{rule}"
        "\n1 Registered Tests Matched\n",
        True,
    )
    assert ask("test show results all") == (
        "Result   Name                           Category                  Time\n"
        "PASS     adds_up                        /res/sum/                 7ms\n"
        "FAIL     falls                          /res/sum/wrong/           7ms\n"
        "2 Test(s) Executed  1 Passed  1 Failed\n",
        True,
    )
    (failed,) = json.loads(ask("test show results failed json")[0])
    assert {**failed, "milliseconds": 0} == {
        "category": "/res/sum/wrong/",
        "name": "falls",
        "module": "res_sum",
        "summary": "Sums are wrong",
        "description": "Adds two numbers, wrongly.",
        "explicit_only": False,
        "result": "fail",
        "milliseconds": 0,
        "said": "[sum.c:falls:52]: 2 is not 3\n",
    }


def test_results_are_written_as_junit_and_as_text(ask: Ask, summing, tmp_path: Path) -> None:
    ask("test execute all")
    assert ask(f"test generate results xml {tmp_path}/out.xml") == (
        f"Results Generated Successfully: {tmp_path}/out.xml\n",
        True,
    )
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    cases = [(case.get("classname"), case.get("name"), case.findtext("failure")) for case in suite.iter("testcase")]
    assert cases == [("res.sum", "adds_up", None), ("res.sum.wrong", "falls", "[sum.c:falls:52]: 2 is not 3")]
    ask(f"test generate results txt {tmp_path}/out.txt")
    assert "Number of Tests Executed: 2\nPassed Tests:             1\n" in (tmp_path / "out.txt").read_text()


def test_words_are_completed(core: Core, ask: Ask, summing) -> None:
    assert core.commands.complete("test execute ") == ["all", "category"]
    assert core.commands.complete("test execute category ") == ["/res/sum/", "/res/sum/wrong/"]
    assert core.commands.complete("test show registered category /res/sum/ ") == ["json", "name"]
    assert core.commands.complete("test show registered category /res/sum/ name a") == ["adds_up", "asked_for"]


def test_tests_go_with_their_module(core: Core, summing) -> None:
    assert core.tests.names() == ["/res/sum/adds_up", "/res/sum/asked_for", "/res/sum/wrong/falls"]
    assert summing.unload() == 0
    assert core.tests.names() == []
    summing.load()
    left = [f"test {name}" for name in core.tests.names()]
    assert (core.forget_module("res_sum"), len(left)) == (left, 3)
    assert core.tests.names() == []


def test_without_the_framework_nothing_is_registered_and_it_compiles(core: Core, opened) -> None:
    module = opened("res_sum", TESTS, callbacks="")
    assert module.load() == 0
    assert core.tests.names() == []


SHORT = """
#include "asterisk/test.h"

AST_TEST_DEFINE(odd)
{{
	if (cmd == TEST_INIT) {{
		{info}
		return AST_TEST_NOT_RUN;
	}}
	return AST_TEST_PASS;
}}
static int unload_module(void) {{ return AST_TEST_UNREGISTER(odd); }}
static int load_module(void) {{ return AST_TEST_REGISTER(odd); }}
"""
WHOLE = 'info->name = "odd"; info->category = "/a/"; info->summary = "s"; info->description = "d";'


@pytest.mark.parametrize(
    ("info", "result", "said"),
    [
        ("", -1, ["ERROR ast_test_register: the test  has an empty name"]),
        (WHOLE.replace('"s"', "NULL"), -1, ["ERROR ast_test_register: the test /a/odd has an empty summary"]),
        (
            WHOLE.replace('"/a/"', '"a"'),
            0,
            ["WARNING the category of the test aodd does not begin and end with a slash"],
        ),
        (WHOLE.replace('"d"', '"d\\n"'), 0, ["WARNING the description of the test /a/odd ends with a newline"]),
    ],
)
def test_a_test_that_says_too_little_is_refused(
    opened, log: list[str], info: str, result: int, said: list[str]
) -> None:
    module = opened("res_odd", SHORT.format(info=info), FRAMEWORK, callbacks="")
    assert (module.load(), log) == (result, said)


def test_a_test_is_registered_once(opened, log: list[str]) -> None:
    module = opened("res_odd", SHORT.format(info=WHOLE), FRAMEWORK, callbacks="")
    assert (module.load(), module.load(), module.unload(), module.unload()) == (0, -1, 0, -1)
    assert log == [
        "WARNING the test '/a/odd' exists already: module res_odd registered it\n"
        "    give it another name, or unload that module first"
    ]


def test_two_tests_of_a_module_may_have_one_name(core: Core, opened, log: list[str]) -> None:
    one = SHORT.format(info=WHOLE)
    again = one[one.index("AST_TEST_DEFINE") : one.index("static int unload")].replace("odd)", "even)")
    both = one.replace("static int unload", f"{again}static int unload").replace(
        "return AST_TEST_REGISTER(odd)", "return AST_TEST_REGISTER(odd) | AST_TEST_REGISTER(even)"
    )
    module = opened("res_odd", both, FRAMEWORK, callbacks="")
    assert (module.load(), [test.name for test in core.tests], log) == (0, ["/a/odd", "/a/odd (2)"], [])
    assert len(core.tests.chosen("/a/", "odd")) == 2


AROUND = """
static int before(struct ast_test_info *info, struct ast_test *test)
{
	ast_test_debug(test, "before %s\\n", info->name);
	return REFUSE;
}
static int after(struct ast_test_info *info, struct ast_test *test)
{
	ast_test_debug(test, "after %s\\n", info->name);
	return 0;
}
static int unload_module(void) { return AST_TEST_UNREGISTER(odd); }
static int load_module(void)
{
	AST_TEST_REGISTER(odd);
	return ast_test_register_init("/b/", before) - 1 + ast_test_register_init("/a/", before)
		+ ast_test_register_cleanup("/a/", after);
}
"""


@pytest.mark.parametrize(
    ("refuse", "said", "state"), [("0", "before odd\nafter odd\n", "PASS"), ("1", "before odd\n", "FAIL")]
)
def test_functions_are_called_around_each_test_of_a_category(
    opened, ask: Ask, refuse: str, said: str, state: str
) -> None:
    test = SHORT.format(info=WHOLE).partition("static int unload_module")[0]
    module = opened("res_odd", test + AROUND, FRAMEWORK, f"-DREFUSE={refuse}", callbacks="")
    assert module.load() == 0
    assert f"START  /a/ - odd \n{said}END    /a/ - odd Time: 7ms Result: {state}\n" in ask("test execute all")[0]


CAPTURE = r"""
	struct ast_test_capture capture;
	char *cat[] = { "cat", NULL }, *broken[] = { "sh", "-c", "echo no >&2; kill -9 $$", NULL };

	if (cmd == TEST_EXECUTE) {
		ast_test_validate(test, ast_test_capture_command(&capture, "cat", cat, "a\0b", 3) == 1);
		ast_test_validate(test, capture.outlen == 3 && !memcmp(capture.outbuf, "a\0b", 4) && !capture.exitcode);
		ast_test_capture_free(&capture);
		ast_test_validate(test, ast_test_capture_command(&capture, "sh", broken, NULL, 0) == 1);
		ast_test_validate(test, capture.exitcode == 137 && !strcmp(capture.errbuf, "no\n") && capture.pid > 0);
		ast_test_capture_free(&capture);
		ast_test_validate(test, ast_test_capture_command(&capture, "no-such-thing", cat, NULL, 0) == 0);
		ast_test_validate(test, !capture.outbuf && capture.pid == -1);
		ast_test_capture_free(&capture);
		ast_test_suite_event_notify("DONE", "Calls: %d", 3);
		return AST_TEST_PASS;
	}
"""


def test_a_program_is_run_and_what_it_wrote_is_kept_and_events_are_told(
    opened, core: Core, ask: Ask, log: list[str]
) -> None:
    source = SHORT.format(info=WHOLE).replace("{\n\tif", "{\n" + CAPTURE + "\tif", 1)
    module = opened("res_odd", source, FRAMEWORK, callbacks="")
    told: list[str] = []
    core.events.listen(lambda event: told.append(re.sub(r"(?<=AppFile: )\S*/|(?<=AppLine: )\d+", "", event.text)))
    assert module.load() == 0
    assert ask("test execute all")[0].endswith("1 Passed  0 Failed\n")
    assert log[0] == "ERROR ast_test_capture_command: cannot run 'no-such-thing': no such file or directory"
    assert told == [
        "Event: TestEvent\r\nPrivilege: reporting,all\r\nType: StateChange\r\nState: DONE\r\nAppFile: res_odd.c\r\n"
        "AppFunction: odd\r\nAppLine: \r\nCalls: 3\r\n\r\n"
    ]


def test_a_crash_in_a_test_names_the_module_and_the_test(native_directory: Path, compile_module) -> None:
    from native_support import FOOT, HEAD

    source = SHORT.format(info=WHOLE).replace(
        "return AST_TEST_PASS;", "*(volatile int *) 0 = 1;\n\treturn AST_TEST_PASS;"
    )
    module = compile_module("res_odd", HEAD + source + FOOT, FRAMEWORK)
    then = (
        "from runtime.cli.test_commands import commands\nfrom runtime.core.commands.clients import Transcript\n"
        "core.commands.register(*commands(core))\ncore.commands.run('test execute all', Transcript())"
    )
    assert crash(native_directory, module, then) == (
        -11,
        ["asterism: module res_odd crashed in test /a/odd (SIGSEGV, invalid memory access)", cure("res_odd")],
    )


PYTHON = '''
"""A module."""

from runtime.api.module import ModuleInfo
from runtime.api.test import unit_test

MODULE = ModuleInfo("Sums")


@unit_test(category="/py/sum/", summary="Sums are right")
def adds_up(test):
    test.debug("adding")
    assert 2 + 2 == 4


@unit_test("wrong", category="/py/sum/", summary="Sums are wrong", description="It fails.")
def falls(test):
    test.status_update("on the way")
    assert 2 + 2 == 5, "it is 4"


@unit_test(category="/py/sum/", summary="Divides by nothing")
def raises(test):
    1 / 0
'''


def test_tests_of_python_modules_pass_unless_they_raise(core: Core, ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "res_py.py"
    file.write_text(textwrap.dedent(PYTHON).lstrip())
    module = open_module(file)
    assert module.load() == 0
    said = ask("test execute category /py/")[0].replace(f"{tmp_path}/", "")
    trace = said[said.index("Traceback") : said.index("END    /py/sum/ - raises")]
    assert trace.endswith("    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n")
    assert said.replace(trace, "TRACE\n") == (
        "Running all available tests matching category /py/...\n\n"
        "START  /py/sum/ - adds_up \nadding\nEND    /py/sum/ - adds_up Time: 7ms Result: PASS\n"
        "START  /py/sum/ - raises \n[res_py.py:raises:23]: TRACE\nEND    /py/sum/ - raises Time: 7ms Result: FAIL\n"
        "START  /py/sum/ - wrong \n[res_py.py:falls:17]: on the way\n[res_py.py:falls:18]: it is 4\n"
        "END    /py/sum/ - wrong Time: 7ms Result: FAIL\n"
        "\n3 Test(s) Executed  1 Passed  2 Failed\nCommand 'test execute category /py/' failed.\n"
    )
    assert module.unload() == 0
    assert core.tests.names() == []
