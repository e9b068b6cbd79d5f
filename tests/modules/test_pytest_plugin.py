"""The plugin of pytest: each test has an asterism of its own, and whatever goes wrong in it is that test's failure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from module_runtime import compile_module
from waiting import HANG, until

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("ASTERISM_", "PYTEST_"))}

MODULE = r"""
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/cli.h"
#include "asterisk/config.h"
#include "asterisk/pbx.h"
#include "asterisk/test.h"

static int greet(struct ast_channel *chan, const char *cmd, char *data, char *buf, size_t len)
{
	struct ast_flags flags = { 0 };
	struct ast_config *cfg = ast_config_load("greet.conf", flags);
	const char *word = cfg && cfg != CONFIG_STATUS_FILEINVALID ? ast_variable_retrieve(cfg, "general", "word") : NULL;

	(void) chan;
	snprintf(buf, len, "%s, %s!", S_OR(word, "Hello"), data);
	ast_config_destroy(cfg);
	ast_log(LOG_WARNING, "%s greets %s\n", cmd, data);
	ast_test_suite_event_notify("GREETED", "Who: %s", data);
	return 0;
}

static struct ast_custom_function greet_function = { .name = "GREET", .read = greet };

static char *misbehave(struct ast_cli_entry *e, int cmd, struct ast_cli_args *a)
{
	switch (cmd) {
	case CLI_INIT:
		e->command = "misbehave {crash|hang|fail}";
		e->usage = "Usage: misbehave";
		return NULL;
	case CLI_GENERATE:
		return NULL;
	}
	if (!strcmp(a->argv[1], "hang")) {
		sleep(60);
	} else if (!strcmp(a->argv[1], "crash")) {
		*(volatile int *) 0 = 1;
	}
	return CLI_FAILURE;
}

static struct ast_cli_entry commands[] = { AST_CLI_DEFINE(misbehave, "Misbehave") };

static int unload_module(void)
{
	if (getenv("CRASH_AT_UNLOAD")) {
		abort();
	}
	ast_cli_unregister_multiple(commands, ARRAY_LEN(commands));
	return ast_custom_function_unregister(&greet_function);
}

static int load_module(void)
{
	ast_cli_register_multiple(commands, ARRAY_LEN(commands));
	return ast_custom_function_register(&greet_function);
}

AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "Greetings");
"""

Pytest = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def workshop(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a built module, as 'asterism build' leaves it."""
    top = tmp_path_factory.mktemp("workshop")
    (top / "res_greet.c").write_text(MODULE)
    (top / "build/modules").mkdir(parents=True)
    compile_module(tree, top / "res_greet.c", top / "build/modules", "-DTEST_FRAMEWORK=1")
    return top


@pytest.fixture
def run(workshop: Path, tree: Path) -> Pytest:
    """Runs a test file there with a pytest of its own."""

    def pytest_of(source: str, seconds: float = HANG, **environment: str) -> subprocess.CompletedProcess[str]:
        (workshop / "test_greet.py").write_text(textwrap.dedent(source))
        return subprocess.run(words_of(tree, seconds), **options(workshop, environment), timeout=HANG, check=False)

    return pytest_of


def words_of(tree: Path, seconds: float = HANG) -> list[str]:
    words = [
        "--asterism",
        str(tree / "sbin/asterism"),
        "-o",
        f"asterism_timeout={seconds}",
        "-q",
        "--tb=short",
        "-p",
        "no:cacheprovider",
    ]
    return [sys.executable, "-m", "pytest", *words]


def options(workshop: Path, environment: dict[str, str]) -> dict[str, object]:
    return {"cwd": workshop, "env": CLEAN | environment, "capture_output": True, "text": True}


def processes(workshop: Path) -> list[str]:
    """The asterisms that run below a directory of pytest's."""
    done = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "asterism -cn -C" in line and str(workshop) in line]


def test_a_module_is_loaded_asked_configured_and_overheard(run: Pytest) -> None:
    done = run(
        """
        import pytest
        from asterism_testing.running import CommandError, Event

        def test_greets(runtime):
            runtime.config("greet.conf", "[general]\\nword = Ahoy\\n")
            runtime.load("res_greet", "app_verbose")
            assert runtime.evaluate("GREET(you)") == "Ahoy, you!"
            warned = [record for record in runtime.log if record.level == "WARNING"]
            assert [(one.module, one.text) for one in warned] == [("res_greet", "GREET greets you")]
            assert (warned[0].file, warned[0].line > 0) == ("res_greet.c", True)
            assert [(event.state, event.text) for event in runtime.events] == [("GREETED", "Who: you")]
            assert "res_greet.so" in runtime.cli("module show")
            done = runtime.execute("Verbose(1,hi)")
            assert (done.result, [f"{one.level} {one.text}" for one in done.log]) == (0, ["VERBOSE hi"])
            runtime.set("NAME", "a b")
            assert (runtime.get("NAME"), runtime.get("OTHER")) == ("a b", None)
            with pytest.raises(CommandError, match="misbehave fail"):
                runtime.cli("misbehave fail")
            assert runtime.ask("misbehave fail").status == 1
            runtime.unload("res_greet")
            assert "res_greet" not in runtime.cli("module show")

        def test_starts_anew(runtime):
            assert runtime.get("NAME") is None
            assert "3 modules loaded" in runtime.cli("module show")
        """
    )
    assert (done.returncode, done.stdout.splitlines()[-1].split(" in ")[0]) == (0, "2 passed"), done.stdout


def test_a_crash_is_the_failure_of_its_test_with_module_backtrace_and_console(run: Pytest) -> None:
    done = run(
        """
        def test_crashes(runtime):
            runtime.load("res_greet")
            runtime.cli("misbehave crash")

        def test_goes_on(runtime):
            runtime.load("res_greet")
        """
    )
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "CrashedError: the program was ended by SIGSEGV at 'misbehave crash'" in done.stdout
    assert "module res_greet crashed in" in done.stdout
    assert "res_greet.so(" in done.stdout
    assert "asterism: console" in done.stdout
    assert "*CLI> misbehave crash" in done.stdout


def test_a_crash_at_the_stop_fails_the_test_that_has_run(run: Pytest) -> None:
    done = run("def test_it(runtime):\n    runtime.load('res_greet')\n", CRASH_AT_UNLOAD="yes")
    assert "1 failed" in done.stdout
    assert "module res_greet crashed in its unload callback (SIGABRT" in done.stdout


def test_a_hang_is_a_failure_and_leaves_nothing_running(run: Pytest) -> None:
    done = run("def test_it(runtime):\n    runtime.load('res_greet')\n    runtime.cli('misbehave hang')\n", 10)
    assert "HangingError: 'misbehave hang' was not answered in 10 seconds" in done.stdout
    assert "1 failed" in done.stdout


def test_nothing_is_left_running_when_pytest_is_killed(workshop: Path, tree: Path, tmp_path: Path) -> None:
    source = "import time\ndef test_it(runtime):\n    runtime.load('res_greet')\n    print('up')\n    time.sleep(60)\n"
    (workshop / "test_greet.py").write_text(source)
    words = [*words_of(tree), "-s", f"--basetemp={tmp_path}/base"]
    with subprocess.Popen(words, cwd=workshop, env=CLEAN, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "up" not in process.stdout.readline():
            assert process.poll() is None
        assert len(processes(tmp_path)) == 1
        process.send_signal(signal.SIGKILL)
    until(lambda: not processes(tmp_path))


def test_a_missing_program_is_told_with_what_to_do(workshop: Path) -> None:
    (workshop / "test_greet.py").write_text("def test_it(runtime):\n    pass\n")
    words = [sys.executable, "-m", "pytest", "-q", "--asterism", "/no/such/bin/asterism"]
    done = subprocess.run(words, **options(workshop, {}), timeout=HANG, check=False)
    assert "/no/such/bin/asterism is not an installed asterism; name one with --asterism PROGRAM" in done.stdout


def test_pytest_loads_nothing_of_asterism_where_nobody_uses_it() -> None:
    program = "import sys, asterism_testing.plugin; print([name for name in sys.modules if name.startswith('runtime')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
