"""``asterism test --target`` with the stand-in: life, transcripts, pytest files and unit tests in a real program."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from asterism_testing.running import HangingError, NotStartedError
from asterism_testing.target_running import TargetProgram, TargetRunning

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]

SOURCE = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"
#include "asterisk/test.h"
%s
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "A module");
"""
CRASHING = SOURCE % (
    "static const char *answer(void) { return (const char *) (long) *(volatile int *) 0; }\n"
    'static int load_module(void) { stand_in_command("fall", answer); return 0; }\n'
    "static int unload_module(void) { return 0; }"
)
DECLINING = SOURCE % (
    'static int load_module(void) { ast_log("ERROR", "res_no.c", "no luck"); return AST_MODULE_LOAD_DECLINE; }\n'
    "static int unload_module(void) { return 0; }"
)
TESTED = SOURCE % (
    '#define INIT(n) if (cmd == TEST_INIT) { info->name = n; info->category = "/res/units/of/a/very/long/name/"; '
    "return AST_TEST_NOT_RUN; }\n"
    'AST_TEST_DEFINE(fine) { INIT("fine") return AST_TEST_PASS; }\n'
    'AST_TEST_DEFINE(bad) { INIT("bad") ast_test_status_update(test, "2 is not 3"); return AST_TEST_FAIL; }\n'
    "static int load_module(void) { AST_TEST_REGISTER(fine); AST_TEST_REGISTER(bad); return 0; }\n"
    "static int unload_module(void) { AST_TEST_UNREGISTER(fine); AST_TEST_UNREGISTER(bad); return 0; }"
)
PYTEST = """\
import pytest
from asterism_testing.running import CommandError


def test_greets(runtime):
    runtime.load("res_greet")
    assert runtime.cli("greet") == "hello\\n"
    runtime.unload("res_greet")
    with pytest.raises(CommandError, match="No such command 'greet'"):
        runtime.cli("greet")


def test_fails(runtime):
    runtime.load("res_grete")


def test_wants_events(runtime):
    assert runtime.events == []


def test_wants_a_value(runtime):
    assert runtime.evaluate("MD5(hello)")
"""


def without_time(text: str) -> str:
    """A text without how long it took."""
    return re.sub(r" in \d+\.\d s$", "", text, flags=re.MULTILINE)


def program_of(stand_in: Path, **modules: Path) -> TargetProgram:
    """The stand-in for a test that starts it itself."""
    return TargetProgram("small", f"{stand_in}/sbin/asterisk", "", None, modules, dict.fromkeys(modules, ()))


def left_of(stand_in: Path) -> list[str]:
    """The processes of the stand-in that still run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        found += [process.name] if words[0] == f"{stand_in}/sbin/asterisk".encode() else []
    return found


UNDOCUMENTED = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"
static const char *lacking(void) { return "\\n[Synopsis]\\nNot available"; }
static const char *core(void) { return ANSWER; }
static int load_module(void)
{
	stand_in_command("core show application Greet", lacking);
	stand_in_command("core show application Answer", core);
	return 0;
}
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Without documentation");
"""


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        ('"\\n[Synopsis]\\nNot available"', ["passed", "passed", "skipped"]),
        ('"\\n[Synopsis]\\nAnswer a channel"', ["passed", "failed"]),
    ],
)
def test_a_transcript_of_documentation_is_skipped_where_the_asterisk_has_none(
    mine: Path, stand_in: Path, asterism: Asterism, answer: str, states: list[str]
) -> None:
    (mine / "res_greet.c").unlink()
    (mine / "app_plain.c").write_text(UNDOCUMENTED.replace("ANSWER", answer))
    (mine / "app_plain.test").write_text("*CLI> core show application Greet\n\n[Synopsis]\nGreets\n")
    done = asterism(mine, "test", "--target", str(stand_in), "--json")
    said = json.loads(done.stdout)["tests"]
    assert [each["state"] for each in said] == states
    skipped = [each["faults"][0]["why"] for each in said if each["state"] == "skipped"]
    assert skipped == ["this Asterisk has no XML documentation"] * states.count("skipped")


def test_a_module_passes_its_life_its_transcript_and_its_pytest_file(
    mine: Path, stand_in: Path, asterism: Asterism
) -> None:
    (mine / "res_greet.test").write_text(
        "*CLI> greet\nhello\n\n*CLI> dialplan eval function MD5(hello)\nResult: 5d41\n\n*CLI> nothing\n"
    )
    (mine / "test_res_greet.py").write_text(PYTEST)
    done = asterism(mine, "test", "--target", str(stand_in), "--json")
    said = json.loads(done.stdout)
    assert [(each["group"], each["name"], each["state"]) for each in said["tests"]] == [
        ("res_greet", "is loaded, unloaded and loaded again", "passed"),
        ("res_greet", "res_greet.test", "passed"),
        ("res_greet", "res_greet.test: dialplan eval function MD5(hello)", "skipped"),
        ("test_res_greet.py", "test_greets", "passed"),
        ("test_res_greet.py", "test_fails", "failed"),
        ("test_res_greet.py", "test_wants_events", "skipped"),
        ("test_res_greet.py", "test_wants_a_value", "skipped"),
    ]
    reasons = [each["faults"][0] for each in said["tests"] if each["state"] == "skipped"]
    assert reasons[0]["why"] == "this Asterisk has no command 'dialplan eval function'"
    assert "a real Asterisk tells of test events to its manager only" in reasons[1]["what"]
    assert (done.returncode, left_of(stand_in)) == (1, [])


def test_a_module_that_registers_under_a_name_of_its_own_is_tested(
    mine: Path, stand_in: Path, asterism: Asterism
) -> None:
    text = (mine / "res_greet.c").read_text()
    (mine / "res_greet.c").write_text(
        text.replace("#include", '#undef AST_MODULE\n#define AST_MODULE "Greet"\n#include', 1)
    )
    done = asterism(mine, "test", "--target", str(stand_in))
    assert (done.returncode, without_time(done.stdout), done.stderr) == (
        0,
        "ok     res_greet  1 test\n1 test passed\n",
        "",
    )


def test_a_module_that_declines_is_told_with_what_it_has_logged(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    (mine / "res_no.c").write_text(DECLINING)
    done = asterism(mine, "test", "--target", str(stand_in))
    assert (done.returncode, without_time(done.stdout), done.stderr) == (
        1,
        "ok     res_greet  1 test\nFAILED res_no     1 of 1 test failed\n1 of 2 tests failed\n",
        "res_no: the module fails when it is loaded with the others: no luck; res_no declined to load.\n"
        f"    'asterism run --target {stand_in}' shows what it says\n",
    )


@pytest.mark.skipif(shutil.which("gdb") is None, reason="needs gdb")
@pytest.mark.skipif(
    "/" in Path("/proc/sys/kernel/core_pattern").read_text(), reason="needs core files beside the program"
)
def test_a_crash_is_named_with_its_line_and_the_next_module_is_tested(
    mine: Path, stand_in: Path, asterism: Asterism
) -> None:
    (mine / "res_fall.c").write_text(CRASHING)
    (mine / "res_fall.test").write_text("*CLI> fall\n")
    done = asterism(mine, "test", "--target", str(stand_in))
    line = 1 + CRASHING[: CRASHING.index("static const char *answer")].count("\n")
    assert (done.returncode, without_time(done.stdout)) == (
        1,
        "FAILED res_fall   1 of 2 tests failed\nok     res_greet  1 test\n1 of 3 tests failed\n",
    )
    said = done.stderr.splitlines()
    assert said[:2] == [
        f"res_fall.c:{line}: res_fall: res_fall.test: the program was ended by SIGSEGV at 'fall'",
        f"    module res_fall: answer() at res_fall.c:{line}",
    ]
    assert re.search(rf"^    #0  res_fall\.so\+0x[0-9a-f]+  answer\(\)  res_fall\.c:{line}$", done.stderr, re.MULTILINE)
    assert left_of(stand_in) == []


def test_unit_tests_run_where_the_asterisk_has_the_framework(
    mine: Path, stand_in: Path, tmp_path: Path, asterism: Asterism
) -> None:
    framed = tmp_path / "framed"
    shutil.copytree(stand_in, framed)
    with (framed / "include/asterisk/buildopts.h").open("a") as options:
        options.write("#define TEST_FRAMEWORK 1\n")
    (mine / "res_units.c").write_text(TESTED)
    ran = asterism(mine, "test", "res_units", "--target", str(framed))
    line = 1 + TESTED[: TESTED.index("AST_TEST_DEFINE(bad)")].count("\n")
    assert (ran.returncode, without_time(ran.stdout), ran.stderr) == (
        1,
        "FAILED res_units  1 of 3 tests failed\n1 of 3 tests failed\n",
        f"res_units.c:{line}: unit test /res/units/of/a/very/long/name/bad fails: 2 is not 3\n",
    )
    skipped = json.loads(asterism(mine, "test", "res_units", "--json", "--target", str(stand_in)).stdout)["tests"]
    assert [(each["name"], each["state"]) for each in skipped] == [
        ("is loaded, unloaded and loaded again", "passed"),
        ("unit test fine", "skipped"),
        ("unit test bad", "skipped"),
    ]
    assert skipped[1]["faults"][0]["why"] == "this Asterisk was built without TEST_FRAMEWORK"


def test_all_is_a_matrix_of_modules_by_targets(mine: Path, stand_in: Path, tmp_path: Path, asterism: Asterism) -> None:
    other = tmp_path / "other"
    shutil.copytree(stand_in, other)
    (other / "include/asterisk/cli.h").write_text("#error not for modules\n")
    (mine / "res_no.c").write_text(DECLINING)
    (mine / "asterism.toml").write_text(
        f'[targets.small]\ndirectory = "{stand_in}"\n[targets.other]\ndirectory = "{other}"\n'
        f'[targets.headers]\ndirectory = "{stand_in}/include/none"\n'
    )
    done = asterism(mine, "test", "--target", "all", "--junit", "report.xml")
    assert (done.returncode, without_time(done.stdout).partition("\n\n")[2]) == (
        1,
        "           small   other      headers\n"
        "res_greet  ok      not built  FAILED\n"
        "res_no     FAILED  not built  FAILED\n"
        "\n5 of 6 tests failed\n",
    )
    assert f"{stand_in}/include/none: headers: there are no headers of Asterisk here" in done.stderr
    suites = ElementTree.parse(mine / "report.xml").getroot().findall("testsuite")
    assert [(each.get("name"), each.find("properties/property").get("value")) for each in suites] == [  # type: ignore[union-attr]
        ("res_greet (small)", "small"),
        ("res_no (small)", "small"),
        ("res_greet (other)", "other"),
        ("res_no (other)", "other"),
        ("res_greet (headers)", "headers"),
        ("res_no (headers)", "headers"),
    ]


def test_a_shard_is_a_part_of_the_matrix(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    (mine / "asterism.toml").write_text(
        f'[targets.a]\ndirectory = "{stand_in}"\n[targets.b]\ndirectory = "{stand_in}"\n'
    )
    tested = [
        [(each["target"], each["row"], each["state"]) for each in json.loads(done.stdout)["cells"]]
        for done in (asterism(mine, "test", "--target", "all", "--json", "--shard", f"{part}/2") for part in (1, 2))
    ]
    assert tested == [[("a", "res_greet", "ok")], [("b", "res_greet", "ok")]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "3/2", "--target", "all"], "'3/2' is not a shard\n    write I/N with I from 1 to N"),
        (["--shard", "1/2"], "--shard splits the tests of targets\n    name targets: --target NAME|DIR|all"),
        (["--coverage", "--target", "x"], "--coverage works in Asterism's own runtime alone\n    leave --coverage out"),
        (["--target", "/nowhere"], "/nowhere: there are no headers of Asterisk here"),
    ],
)
def test_options_that_cannot_be_heeded_are_refused(
    mine: Path, stand_in: Path, asterism: Asterism, words: list[str], said: str
) -> None:
    (mine / "asterism.toml").write_text(f'[targets.a]\ndirectory = "{stand_in}"\n')
    done = asterism(mine, "test", *words)
    assert (done.returncode in (1, 2), done.stdout, said in done.stderr) == (True, "", True)


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("crash", "the Asterisk was ended by SIGABRT at its start"),
        ("wounded", "the Asterisk ended with status 3 at its start\nERROR: it cannot go on"),
        ("deaf", "the Asterisk was not ready in 0.2 s at its start"),
    ],
)
def test_a_program_that_does_not_start_is_told_and_ended(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mood: str, said: str
) -> None:
    monkeypatch.setenv("STAND_IN", mood)
    running = TargetRunning(program_of(stand_in), tmp_path / "home", seconds=0.2 if mood == "deaf" else 30)
    with pytest.raises(NotStartedError) as raised:
        running.start()
    running.abandon()
    assert (str(raised.value)[: len(said)], left_of(stand_in)) == (said, [])


def test_an_instance_is_started_without_the_libraries_of_the_build() -> None:
    """The plugin of pytest runs in any Python that has pytest."""
    names = ("cffi", "elftools", "jinja2", "lark", "textual")
    script = f"import sys, asterism_testing.target_running; print([n for n in {names} if n in sys.modules])"
    project = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_command_that_hangs_ends_the_program(stand_in: Path, mine: Path, tmp_path: Path) -> None:
    source = mine / "res_hang.c"
    source.write_text(
        SOURCE % "#include <unistd.h>\n"
        "static const char *answer(void) { pause(); return NULL; }\n"
        'static int load_module(void) { stand_in_command("hang", answer); return 0; }\n'
        "static int unload_module(void) { return 0; }"
    )
    built = mine / "res_hang.so"
    flags = ["-shared", "-fPIC", f"-I{stand_in}/include", '-DAST_MODULE="res_hang"']
    subprocess.run(["cc", *flags, "-o", str(built), str(source)], check=True)
    running = TargetRunning(program_of(stand_in, res_hang=built), tmp_path / "home", ["res_hang"])
    running.start()
    running.seconds = 0.2
    with pytest.raises(HangingError, match=r"'hang' was not answered in 0\.2 seconds"):
        running.ask("hang")
    assert left_of(stand_in) == []
    running.abandon()


def test_a_program_that_never_starts_is_told_once_for_all_modules(
    mine: Path, stand_in: Path, asterism: Asterism
) -> None:
    shutil.copy(mine / "res_greet.c", mine / "res_other.c")
    done = asterism(mine, "test", "--target", str(stand_in), environment={"STAND_IN": "wounded"})
    assert (done.returncode, without_time(done.stdout), done.stderr) == (
        1,
        "FAILED res_greet  1 of 1 test failed\nFAILED res_other  1 of 1 test failed\n2 of 2 tests failed\n",
        f"{stand_in} does not start, even without modules: the Asterisk ended with status 3 at its start\n"
        "    ERROR: it cannot go on\n"
        f"    'asterism run --target {stand_in}' shows what it says\n",
    )
