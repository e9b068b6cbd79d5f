"""'asterism test': everything that can be tested of modules, in one run, told in one way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import HANG

from asterism import junit
from asterism.errors import Fault, Place
from asterism_testing import coverage, outcome
from asterism_testing.module_tests import crash_fault
from asterism_testing.outcome import Outcome

MODULE = r"""/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
#include "asterisk/test.h"
#include "asterisk/utils.h"

static volatile int big = 0x7fffffff;

static int never(int number)
{
	return number + 1;
}

#define TEST(name_, body) AST_TEST_DEFINE(name_) { if (cmd == TEST_INIT) { info->name = #name_; \
	info->category = "/res/many/"; info->summary = "s"; info->description = "d"; return AST_TEST_NOT_RUN; \
} body return AST_TEST_PASS; }

TEST(a_fine, )
TEST(b_overflows, { volatile char *p = ast_malloc(4); volatile int four = 4; p[four] = 1; ast_free((char *) p); })
TEST(c_undefined, { big = big + 1; })
TEST(d_crashes, { *(volatile int *) 0 = 1; })
TEST(e_fails, { ast_test_validate(test, big == 3, the number is wrong); })
TEST(f_skips, { if (big == 3) { big = never(big); } })

static int unload_module(void)
{
	AST_TEST_UNREGISTER(a_fine);
	return 0;
}

static int load_module(void)
{
	AST_TEST_REGISTER(a_fine);
	AST_TEST_REGISTER(b_overflows);
	AST_TEST_REGISTER(c_undefined);
	AST_TEST_REGISTER(d_crashes);
	AST_TEST_REGISTER(e_fails);
	AST_TEST_REGISTER(f_skips);
	return AST_MODULE_LOAD_SUCCESS;
}
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Many tests");
"""
TESTS = ("b_overflows", "c_undefined", "d_crashes", "e_fails")
LINES = {name: 1 + MODULE[: MODULE.index(f"TEST({name}")].count("\n") for name in TESTS}

PYTEST = """
import pytest

def test_passes(runtime):
    runtime.load("res_many")

def test_fails(runtime):
    runtime.load("res_none")

@pytest.mark.skip(reason="not today")
def test_waits(runtime):
    pass
"""

Test = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("needs gcc")
    top = tmp_path_factory.mktemp("workshop")
    (top / "res_many.c").write_text(MODULE)
    return top


@pytest.fixture
def run(workshop: Path, tree: Path) -> Test:
    """Runs 'asterism test' of the installed program there."""
    names = ("MAKEFLAGS", "MFLAGS", "CC", "CFLAGS")
    clean = {name: value for name, value in os.environ.items() if name not in names and not name.startswith("PYTEST")}

    def test(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(tree / "sbin/asterism"), "test", *words]
        environment = clean | {"VIRTUAL_ENV": str(Path(sys.executable).parents[1])}
        return subprocess.run(
            command, cwd=workshop, env=environment, capture_output=True, text=True, timeout=HANG, check=False
        )

    return test


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in json.loads(done.stdout)["tests"]}


GOOD = {"is loaded, unloaded and loaded again": "passed", "/res/many/a_fine": "passed"}


def test_unit_tests_are_run_each_to_its_end_whatever_the_others_do(run: Test) -> None:
    done = run("--json")
    assert done.returncode == 1
    assert states(done) == GOOD | {
        "/res/many/b_overflows": "passed",
        "/res/many/c_undefined": "passed",
        "/res/many/d_crashes": "crashed",
        "/res/many/e_fails": "failed",
        "/res/many/f_skips": "passed",
    }
    assert (
        f"res_many.c:{LINES['d_crashes']}: res_many: /res/many/d_crashes: the program was ended by SIGSEGV"
        in done.stderr
    )
    assert "module res_many crashed in test /res/many/d_crashes (SIGSEGV, invalid memory access)" in done.stderr
    assert (
        f"res_many.c:{LINES['e_fails']}: unit test /res/many/e_fails fails: the number is wrong: big == 3"
        in done.stderr
    )


def test_sanitizers_make_failures_with_their_places(run: Test) -> None:
    done = run("--json", "--sanitize=address,undefined")
    if "cannot build with --sanitize" in done.stderr:
        pytest.skip("needs the address sanitizer")
    assert states(done) == GOOD | {
        "/res/many/b_overflows": "crashed",
        "/res/many/c_undefined": "crashed",
        "/res/many/d_crashes": "crashed",
        "/res/many/e_fails": "failed",
        "/res/many/f_skips": "passed",
    }
    assert f"res_many.c:{LINES['b_overflows']}: res_many: /res/many/b_overflows: " in done.stderr
    assert "ERROR: AddressSanitizer: heap-buffer-overflow" in done.stderr
    assert (
        f"res_many.c:{LINES['c_undefined']}: res_many: /res/many/c_undefined: a sanitizer found something"
        in done.stderr
    )
    assert "runtime error: signed integer overflow" in done.stderr


def test_coverage_counts_the_lines_of_the_modules_own_code(run: Test) -> None:
    done = run("--json", "--coverage", "-k", "a_fine")
    assert done.returncode == 0
    (file,) = json.loads(done.stdout)["coverage"]
    assert file["file"] == "res_many.c"
    assert file["lines"] > file["reached"] > 0
    never = 1 + MODULE[: MODULE.index("return number + 1")].count("\n")
    assert never in file["missing"]


def test_pytest_files_and_transcripts_belong_to_the_run_and_to_the_xml(
    run: Test, workshop: Path, tmp_path: Path
) -> None:
    (workshop / "test_res_many.py").write_text(textwrap.dedent(PYTEST))
    (workshop / "res_many.test").write_text("*CLI> core show help no such thing\n...\n")
    try:
        listed = run("--list", "-k", "many.test")
        assert listed.stdout == "res_many res_many.test\n"
        done = run("--junit", str(tmp_path / "out.xml"), "-k", "es")
        assert done.returncode == 1
        suites = {
            suite.get("name"): {case.get("name"): [child.tag for child in case] for case in suite}
            for suite in ElementTree.parse(tmp_path / "out.xml").getroot()
        }
        assert suites["test_res_many.py"] == {"test_passes": [], "test_fails": ["failure"], "test_waits": ["skipped"]}
        assert suites["res_many"]["/res/many/d_crashes"] == ["error"]
        assert suites["res_many"]["res_many.test"] == []
        assert "there is no module 'res_none'" in done.stderr
        assert "1 skipped" in done.stdout
    finally:
        (workshop / "test_res_many.py").unlink()
        (workshop / "res_many.test").unlink()


def test_modules_that_do_not_build_are_data_beside_the_tests_of_the_others(run: Test, workshop: Path) -> None:
    broken, lost = workshop / "res_broken.c", workshop / "res_lost.c"
    lost.write_text(MODULE.replace("\t<support_level>", "\t<depend>ss7</depend>\n\t<support_level>", 1))
    broken.write_text(MODULE.replace("static int load_module", "error here;\nstatic int load_module", 1))
    some, none = run("--json", "-k", "a_fine"), run("--json", "res_broken")
    broken.unlink()
    lost.unlink()
    unbuilt = [[fault["what"] for fault in json.loads(done.stdout)["unbuilt"]] for done in (some, none)]
    assert unbuilt == [
        ["it needs ss7, which was not found", "module res_broken does not compile"],
        ["module res_broken does not compile"],
    ]
    assert (some.returncode, states(some)) == (1, {"/res/many/a_fine": "passed"})
    assert (none.returncode, states(none)) == (1, {})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("res_mnay",), "asterism: there is no module 'res_mnay' here\n    did you mean 'res_many'?\n"),
        (("--sanitize=addres",), "asterism: unknown sanitizer 'addres'\n    did you mean 'address'?\n"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(run: Test, words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stderr) == (2, said)


def test_a_module_of_the_source_tree_is_tested_by_name(
    built_sources: Path, tmp_path: Path, asterism: Callable[..., object]
) -> None:
    top = shutil.copytree(built_sources, tmp_path / "asterism", symlinks=True)
    done = asterism(top, "test", "test_vector", "--json")
    assert done.returncode == 0, done.stderr
    assert states(done)["/main/vector/keeps_order"] == "passed"


# ---- values --------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8") | st.characters(categories=["Cc", "Cs"]))


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["passed", "failed", "crashed", "skipped"]))
def test_any_text_stays_well_formed_xml_that_says_what_came_of_it(group: str, name: str, said: str, state: str) -> None:
    made = Outcome(group, name, state, 0.5, (Fault(said or "it failed"),), said)  # type: ignore[arg-type]
    root = ElementTree.fromstring(outcome.as_junit([made]).encode())
    case = root.find("testsuite/testcase")
    assert case is not None
    assert case.get("name") == junit.speakable(name)
    kinds = {"failed": "failure", "crashed": "error", "skipped": "skipped"}
    assert [child.tag for child in case if child.tag != "system-out"] == ([kinds[state]] if state in kinds else [])
    counts = [root[0].get(kind) for kind in ("tests", "failures", "errors", "skipped")]
    assert counts == ["1", *(str(int(state == each)) for each in kinds)]


def test_what_cannot_be_said_in_xml_is_shown() -> None:
    assert junit.speakable("a\x1b[0m\tb\ud800\n") == "a\\x1b[0m\tb\\xd800\n"


def test_a_table_has_a_line_for_each_group_and_a_sentence_for_all() -> None:
    made = [outcome.of("res_a", "x", []), outcome.of("res_long", "y", [Fault("no")]), outcome.of("res_long", "z", [])]
    assert outcome.table(made, 8) == ["ok     res_a     1 test", "FAILED res_long  1 of 2 tests failed"]
    assert outcome.summary(made) == "1 of 3 tests failed"
    assert outcome.summary(made[:1]) == "1 test passed"


def test_lines_are_counted_over_all_runs_and_told_in_ranges() -> None:
    def document(file: str, **counts: int) -> str:
        lines = [{"line_number": int(line[1:]), "count": count} for line, count in counts.items()]
        return json.dumps({"files": [{"file": file, "lines": lines}]})

    text = "\n".join(
        [document("res_x.c", _1=1, _2=0, _3=0), document("res_x.c", _3=0, _5=0), document("/usr/a.h", _1=1)]
    )
    (file,) = coverage.merged(text)
    assert (file.file, file.reached, file.missing) == ("res_x.c", 1, (2, 3, 5))
    assert coverage.table([file]) == [
        "file     lines  reached        not reached",
        "res_x.c      4        1   25 %  2-3, 5",
        "total        4        1   25 %",
    ]


def test_a_report_of_a_sanitizer_names_the_place_in_the_source() -> None:
    said = "a sanitizer found something\nres_x.c:16:1: runtime error: overflow\n    #0 0x7ff in run res_x.c:16"
    fault = crash_fault("res_x: /res/x/it", said)
    assert (fault.place, fault.code) == (Place("res_x.c", 16), "crashed")
    assert str(fault).splitlines()[:2] == [
        "res_x.c:16: res_x: /res/x/it: a sanitizer found something",
        "    res_x.c:16:1: runtime error: overflow",
    ]
