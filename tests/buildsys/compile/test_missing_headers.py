"""What is said of a source that does not compile for want of a header, or of the right order of headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import Fault, Place, Setting
from buildsys.compile.failures import missing_headers
from buildsys.compile.failures.failed_steps import Failure
from buildsys.compile.failures.missing_headers import explained
from buildsys.settled import packages


def failure(why: str, *excerpt: str, file: str = "res_x.c") -> Failure:
    fault = Fault("module res_x does not compile", Place(file, 1), why, "all of it is in the log", "compile")
    return Failure("res_x", fault, excerpt)


def test_a_header_in_a_directory_of_its_package_is_found_by_pkg_config_or_by_a_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("libgood-2.0/good/all.h", "other/bare.h"):
        (tmp_path / "usr" / name).parent.mkdir(parents=True)
        (tmp_path / "usr" / name).write_text("")
    monkeypatch.setattr(missing_headers, "SYSTEM", tmp_path / "usr")
    monkeypatch.setattr(packages, "names", lambda: ("libgood-2.0",))
    good = explained(tmp_path / "here", failure("good/all.h: No such file or directory")).fault
    assert (good.why, good.cure, good.settings) == (
        f"good/all.h lies in {tmp_path}/usr/libgood-2.0",
        'write packages = ["libgood-2.0"] below [modules.res_x] in asterism.toml',
        (Setting("res_x", "packages", ("libgood-2.0",)),),
    )
    bare = explained(tmp_path / "here", failure("'bare.h' file not found")).fault
    assert bare.settings == (Setting("res_x", "cflags", (f"-I{tmp_path}/usr/other",)),)


@pytest.mark.parametrize(
    ("included", "is_told"),
    [
        ('#include <stdio.h>\n#include "asterisk/utils.h"\n', True),
        ('#include "asterisk.h"\n#include "asterisk/utils.h"\n', False),
        ("#include <stdio.h>\n", False),
    ],
)
def test_a_source_that_includes_asterisk_h_too_late_is_named(tmp_path: Path, included: str, is_told: bool) -> None:
    (tmp_path / "more.c").write_text(included)
    said = (
        "In file included from /usr/include/asterisk/utils.h:26,",
        "                 from more.c:3:",
        "/usr/include/asterisk/network.h:57:2: error: #error no network here",
    )
    before = failure("#error no network here", *said, file="/usr/include/asterisk/network.h")
    after = explained(tmp_path, before)
    if not is_told:
        assert after == before
        return
    assert (after.fault.why, after.fault.settings) == (
        "more.c includes a header of Asterisk before asterisk.h",
        (Setting("res_x", "cflags", ("-include", "asterisk.h")),),
    )


def test_a_header_that_calls_what_asterisk_forbids_is_told_how_asterisk_allows_it(tmp_path: Path) -> None:
    said = "'Do_not_use_malloc__use_ast_malloc' undeclared (first use in this function)"
    after = explained(tmp_path, failure(said, f"/usr/include/asterisk/astmm.h:158:9: error: {said}"))
    assert after.fault.settings == (Setting("res_x", "cflags", ("-DASTMM_LIBC=ASTMM_IGNORE",)),)


@pytest.mark.parametrize(
    "said",
    [
        "implicit declaration of function 'ast_getformatname'",
        "call to undeclared function 'ast_getformatname'; ISO C99 and later do not support it",
        "'ast_getformatname' undeclared (first use in this function)",
        "use of undeclared identifier 'ast_getformatname'",
    ],
)
def test_a_name_that_newer_branches_lack_is_told_with_what_took_its_place(tmp_path: Path, said: str) -> None:
    assert explained(tmp_path, failure(said)).fault.cure == (
        "use ast_format_get_name; since 13 functions of formats are named after their object: 'asterism port' changes "
        "sources, 'asterism port --explain format-names' says more\n    all of it is in the log"
    )


def test_any_other_failure_stays_as_it_is(tmp_path: Path) -> None:
    other = failure("expected ';' before '}' token", "res_x.c:1:1: error: expected ';' before '}' token")
    assert explained(tmp_path, other) == other


def test_a_source_that_calls_what_asterisk_forbids_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "more.c").write_text("void other(void) { free(x); }\nstatic int go(int a)\n{\n\tfree(a);\n}\n")
    said = "'Do_not_use_free__use_ast_free_or_ast_std_free' undeclared (first use in this function)"
    after = explained(
        tmp_path, failure(said, "more.c: In function 'go':", f"/usr/include/astmm.h:158:9: error: {said}")
    )
    assert str(after.fault) == (
        "more.c:4: module res_x does not compile: it calls free(), which Asterisk replaces\n"
        "    call ast_free(), or ast_std_free() for memory that a library has allocated; or write "
        'cflags = "-DASTMM_LIBC=ASTMM_IGNORE" below [modules.res_x] in asterism.toml'
    )
    assert after.fault.settings == (Setting("res_x", "cflags", ("-DASTMM_LIBC=ASTMM_IGNORE",)),)


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("CFLAGS += -DSIZE=199", "-DSIZE=199"),
        ("CFLAGS += -Wall -DSIZE -O2", "-DSIZE"),
        ("SIZE ?= 7\nCFLAGS = -DSIZE=$(SIZE)", "-DSIZE=7"),
        ('CFLAGS = -DSIZE="a b"', ""),
        ("SIZE = 7\nSIZE = 8\nCFLAGS = -DSIZE=$(SIZE)", ""),
        ("CFLAGS = -DSIZE=$(shell wc)", ""),
    ],
)
def test_a_macro_that_the_makefile_of_the_repository_defines_is_named(tmp_path: Path, line: str, flag: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/Makefile").write_text(f"# -DSIZE=3\n{line}\n")
    after = explained(tmp_path, failure("'SIZE' undeclared here (not in a function)", file="src/res_x.h")).fault
    number = line.count("\n") + 2
    assert after.why == (
        f"'SIZE' undeclared here (not in a function): src/Makefile:{number} defines it for this repository's own build"
    )
    assert after.settings == ((Setting("res_x", "cflags", (flag,)),) if flag else ())


@pytest.mark.parametrize(
    ("file", "text", "cure"),
    [
        (
            "Makefile",
            "CFLAGS = -g\nall: made.h\nmade.h: made.sh\n\tsh made.sh\n",
            "run 'make made.h' in this directory",
        ),
        (
            "CMakeLists.txt",
            "project(x)\n\nconfigure_file(made.h.in\n  include/made.h)\n",
            'run that build once, and write cflags = "-IDIR" with the directory that it is made in',
        ),
        ("make.sh", "#!/bin/sh\n\necho '#define X' > made.h\n", "run that build once"),
    ],
)
def test_a_header_that_the_build_of_the_repository_makes_is_named(
    tmp_path: Path, file: str, text: str, cure: str
) -> None:
    (tmp_path / file).write_text(text)
    after = explained(tmp_path, failure("made.h: No such file or directory", file="src/res_x.c")).fault
    assert (after.what, after.why) == (
        "module res_x does not compile: there is no made.h",
        f"{file}:3 makes it, which is this repository's own build",
    )
    assert after.cure.startswith(cure)


def test_a_common_name_is_not_looked_for_in_the_directories_of_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usr/other").mkdir(parents=True)
    (tmp_path / "usr/other/config.h").write_text("")
    monkeypatch.setattr(missing_headers, "SYSTEM", tmp_path / "usr")
    before = failure("config.h: No such file or directory")
    assert explained(tmp_path / "here", before) == before


@pytest.mark.parametrize(
    ("said", "added"),
    [
        ("'ast_format_new' undeclared (first use in this function)", "+extern struct ast_format *ast_format_new;"),
        ("asterisk/new.h: No such file or directory", "+++ b/include/asterisk/new.h\n@@ -0,0 +1 @@"),
    ],
)
def test_a_patch_of_the_repository_that_adds_what_is_missing_to_asterisk_is_named(
    tmp_path: Path, said: str, added: str
) -> None:
    (tmp_path / "patches").mkdir()
    (tmp_path / "patches/asterisk.patch").write_text(f"--- a\n{added}\n")
    after = explained(tmp_path, failure(said)).fault
    assert (after.why, after.cure.splitlines()[0]) == (
        f"{said}: patches/asterisk.patch:2 adds it to Asterisk",
        "build with --target for the sources of an Asterisk with that patch",
    )


def test_a_call_that_threads_cannot_share_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "more.c").write_text("static int go(char *a)\n{\n\n\treturn !strtok(a, 0);\n}\n")
    said = "implicit declaration of function '__PLEASE_USE_strtok_r_INSTEAD_OF_strtok__'"
    after = explained(
        tmp_path, failure(said, "more.c: In function 'go':", f"/usr/include/asterisk.h:52:9: error: {said}")
    )
    assert str(after.fault) == (
        "more.c:4: module res_x does not compile: it calls strtok(), which Asterisk forbids: threads disturb each "
        "other's calls\n    call strtok_r()\n    all of it is in the log"
    )
