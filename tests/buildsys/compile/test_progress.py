"""What ninja says while it works."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterism.errors import Fault, Place
from buildsys.compile.failures.failed_steps import complaints, failures
from buildsys.compile.progress import MARK, Ended, Reader, log_text

GCC = """\
In file included from res/res_x.c:6:
include/asterisk.h:3:10: warning: this is no error [-Wcpp]
res/res_x.c: In function 'load_module':
res/res_x.c:12:2: error: 'frob' undeclared (first use in this function)
   12 |  frob = 1;
      |  ^~~~
res/res_x.c:12:2: note: each undeclared identifier is reported only once for each function it appears in
res/res_x.c:14:1: error: expected ';' before '}' token
   14 | }
      | ^
""".splitlines()

LINKER = """\
/usr/bin/ld: build/obj/res_x/res_x.c.o: in function `load_module':
/src/res/res_x.c:9: undefined reference to `frobnicate'
collect2: error: ld returned 1 exit status
""".splitlines()


def read(text: str) -> tuple[list[Ended], list[str]]:
    reader = Reader()
    return list(reader.read(io.StringIO(text))), reader.said


def test_steps_come_with_what_they_printed() -> None:
    steps, said = read(
        f"{MARK}1 3 0.100 res_x CC res/res_x.c\n"
        f"{MARK}2 3 0.200 res_y CC res/a b.c\nres/a b.c:1:1: warning: odd\n   1 | x\n"
        f"{MARK}3 3 0.300 res_y LD build/modules/res_y.so\n"
    )
    assert steps == [
        Ended("res_x", "CC", "res/res_x.c", 1, 3, 0.1),
        Ended("res_y", "CC", "res/a b.c", 2, 3, 0.2, output=("res/a b.c:1:1: warning: odd", "   1 | x")),
        Ended("res_y", "LD", "build/modules/res_y.so", 3, 3, 0.3),
    ]
    assert said == []


def test_a_failed_step_has_its_status_and_command() -> None:
    text = f"{MARK}1 2 0.1 res_x CC res/res_x.c\nFAILED: [code=4] x.o \ngcc -c x.c\nx.c:1:1: error: no\n"
    steps, said = read(text + "ninja: build stopped: subcommand failed.\n")
    assert steps == [Ended("res_x", "CC", "res/res_x.c", 1, 2, 0.1, 4, "gcc -c x.c", ("x.c:1:1: error: no",))]
    assert said == ["build stopped: subcommand failed."]


def test_what_ninja_says_of_itself_is_kept() -> None:
    assert read("ninja: error: loading 'build/build.ninja'\n") == ([], ["error: loading 'build/build.ninja'"])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(st.characters(blacklist_characters="\n\r\x1e"), max_size=30), max_size=6))
def test_any_output_is_kept_line_by_line(lines: list[str]) -> None:
    printed = [line for line in lines if not line.startswith(("ninja: ", "FAILED: "))]
    (step,) = Reader().read([f"{MARK}1 1 0.1 res_x CC a.c\n", *(f"{line}\n" for line in printed)])
    assert step.output == tuple(printed)


def test_an_error_comes_with_its_function_its_source_and_its_notes() -> None:
    first, second = complaints(GCC)
    assert first.place == Place("res/res_x.c", 12, 2)
    assert first.what == "'frob' undeclared (first use in this function)"
    assert list(first.lines) == GCC[2:7]
    assert list(second.lines) == GCC[7:]


def test_a_missing_symbol_is_an_error_of_the_linker() -> None:
    (found,) = complaints(LINKER)
    assert found.what == "undefined reference to `frobnicate'"


def failed(output: list[str], status: int = 1, label: str = "CC") -> Ended:
    file = "res/res_x.c" if label == "CC" else "build/modules/res_x.so"
    return Ended("res_x", label, file, 1, 1, 0.1, status, "gcc -c res/res_x.c", tuple(output))


def test_a_failure_is_its_first_error_and_where_to_find_the_others() -> None:
    (failure,) = failures([failed(GCC)])
    assert str(failure.fault) == (
        "res/res_x.c:12:2: module res_x does not compile: 'frob' undeclared (first use in this function)\n"
        "    1 more error; 'asterism log res_x' shows all of it (build/log/res_x.log)"
    )
    assert list(failure.excerpt) == GCC[2:7]


@pytest.mark.parametrize(
    "line",
    [
        "res/res_x.c:5:10: fatal error: asterisk/dsp.h: No such file or directory",
        "res/res_x.c:5:10: fatal error: 'asterisk/dsp.h' file not found",
    ],
    ids=["gcc", "clang"],
)
def test_a_header_that_is_not_here_is_named_with_its_reason(line: str) -> None:
    (failure,) = failures([failed([line, '    5 | #include "asterisk/dsp.h"', "compilation terminated."])])
    assert failure.fault == Fault(
        "module res_x does not compile: there is no asterisk/dsp.h",
        Place("res/res_x.c", 5, 10),
        "in Asterisk it holds detection of tones and silence: Asterism carries no media",
        "leave out what plays, records or changes sound, or build this module with Asterisk\n"
        "    'asterism log res_x' shows all of it (build/log/res_x.log)",
        "no-header",
    )


def test_a_header_that_nobody_has_is_named_with_the_nearest_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "asterisk").mkdir()
    for name in ("strings", "stringfields", "lock"):
        (tmp_path / "asterisk" / f"{name}.h").touch()
    line = "res/res_x.c:5:10: fatal error: asterisk/string.h: No such file or directory"
    step = replace(failed([line]), command=f"gcc -I{tmp_path} -I /nowhere -c res/res_x.c")
    assert str(failures([step])[0].fault) == (
        "res/res_x.c:5:10: module res_x does not compile: there is no asterisk/string.h: "
        "no header of Asterisk that is known here has that name\n"
        "    did you mean 'asterisk/strings.h'?\n"
        "    'asterism log res_x' shows all of it (build/log/res_x.log)"
    )


def test_a_link_that_fails_says_so() -> None:
    (failure,) = failures([failed(LINKER, label="LD")])
    assert str(failure.fault).startswith("build/modules/res_x.so: module res_x does not link: undefined reference to")


def test_a_compiler_that_crashes_is_not_the_modules_fault() -> None:
    for output, status in (
        (["gcc: internal compiler error: Segmentation fault signal terminated program cc1"], 4),
        (["gcc: fatal error: Killed signal terminated program cc1"], 1),
        ([], -11),
    ):
        (failure,) = failures([failed(output, status)])
        assert failure.fault.code == "compiler-crash"
        assert str(failure.fault).startswith("res/res_x.c: the compiler crashed on this file\n    'asterism log res_x'")


def test_a_compiler_that_cannot_be_run_sends_back_to_configure() -> None:
    (failure,) = failures([failed(["/bin/sh: 1: gcc: not found"], 127)])
    assert str(failure.fault) == "gcc cannot be run\n    run ./configure again, so that it looks for the compiler"


def test_a_module_that_fails_twice_is_one_failure() -> None:
    assert len(failures([failed(GCC), failed(GCC)])) == 1


def test_the_log_has_each_command_its_output_and_its_end() -> None:
    step = Ended("res_x", "CC", "a.c", 1, 2, 0.1, output=("a.c:1: warning: odd",))
    assert log_text([step, failed(["no"])], {"CC a.c": "gcc a.c"}) == (
        "$ gcc a.c\na.c:1: warning: odd\n= exit status 0\n$ gcc -c res/res_x.c\nno\n= exit status 1\n"
    )


def test_the_time_left_is_guessed_from_the_time_gone() -> None:
    assert Ended("a", "CC", "a.c", 1, 4, 2.0).remaining == 6.0


def test_a_function_of_another_header_is_named_with_that_header(tmp_path: Path) -> None:
    (tmp_path / "asterisk").mkdir()
    (tmp_path / "asterisk/app.h").write_text("/* before ast_streamfile() */\n#define x ast_streamfile(1)\n")
    (tmp_path / "asterisk/file.h").write_text("int ast_streamfile(struct ast_channel *c, const char *filename);\n")
    said = "app_play.c:7:39: error: implicit declaration of function 'ast_streamfile' [-Werror]"
    step = Ended("app_play", "CC", "app_play.c", 1, 1, 0.1, 1, f"gcc -I{tmp_path} -c app_play.c", (said,))
    (fault,) = [failure.fault for failure in failures([step])]
    assert (fault.what, fault.why, fault.cure.splitlines()[0]) == (
        "module app_play does not compile: there is no function ast_streamfile in the headers that it includes",
        "asterisk/file.h declares it",
        'write #include "asterisk/file.h" into app_play.c',
    )
