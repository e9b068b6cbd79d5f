"""Repositories of modules as they lie: any layout, no MODULEINFO block, headers and sources of their own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import Fault, Place
from buildsys.settled import packages
from buildsys.settled.configuration import Flags

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


HEAD = """\
/*** MODULEINFO
	<support_level>core</support_level>
 ***/
"""
BODY = """\
#include "asterisk.h"
#include "asterisk/module.h"
@
static int load_module(void) { return %; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""
CXX = """\
#include "asterisk.h"
#include "asterisk/module.h"
static int load_module(void) { return AST_MODULE_LOAD_SUCCESS; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "In C++",
	.support_level = AST_MODULE_SUPPORT_CORE, .load = load_module, .unload = unload_module);
"""


def module(top: str = "", result: str = "0", head: str = HEAD) -> str:
    return head + BODY.replace("@", top).replace("%", result)


def put(top: Path, **texts: str) -> Path:
    """Write files; two underscores stand for a slash, ``_dot_`` for a dot."""
    for name, text in texts.items():
        path = top / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def test_modules_are_found_in_any_layout_by_what_their_sources_say(tmp_path: Path, asterism: Asterism) -> None:
    put(
        tmp_path,
        app_top_dot_c=module(),
        res__res_overlay_dot_c=module(),
        src__deep__func_deep_dot_c=module(),
        src__helper_dot_c="int helper(void) { return 0; }\n",
        old__app_top_dot_c=module(),
        tests__test_x_dot_py="import pytest\n\n\ndef test_x():\n    assert '/*** MODULEINFO'\n",
        build_tools__get_deps="#!/bin/sh\n",
    )
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    built = sorted(path.name for path in (tmp_path / "build/modules").iterdir())
    assert built == ["app_top.so", "func_deep.so", "res_overlay.so"]
    assert [line.split()[1] for line in asterism(tmp_path, "list").stdout.splitlines()] == [
        "res_overlay",
        "app_top",
        "func_deep",
    ]
    passed = "old/app_top.c is passed over: app_top.c has its name\n"
    assert asterism(tmp_path, "build").stdout == f"{passed}nothing to do: every chosen module is built\n"
    assert asterism(tmp_path, "check").stdout == f"{passed}3 files: 0 errors\n"
    assert (tmp_path / "build/.gitignore").read_text() == "*\n"
    assert not (tmp_path / "compile_commands.json").exists()


def test_a_directory_without_modules_names_what_it_holds(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, src__app_x_dot_cpp='#include "asterisk.h"\nint x;\n')
    done = asterism(tmp_path, "build")
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path}: no modules of your own here: src/app_x.cpp: it has neither AST_MODULE_INFO nor a "
        "MODULEINFO block\n    'asterism new NAME' writes a module\n",
    )


def test_no_block_is_a_warning_and_check_writes_it(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, app_x_dot_c=module(head="/* A licence. */\n"))
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr.partition(":")[0]) == (0, "app_x.c")
    assert (tmp_path / "build/modules/app_x.so").exists()
    fixed = asterism(tmp_path, "check", "--fix")
    assert (fixed.returncode, fixed.stdout, fixed.stderr) == (
        0,
        "1 file: 0 errors\n",
        "wrote a MODULEINFO block into app_x.c\n",
    )
    assert (tmp_path / "app_x.c").read_text().startswith("/* A licence. */\n\n/*** MODULEINFO\n\t<support_level>core")


def test_headers_of_the_repository_come_before_those_of_asterisk(tmp_path: Path, asterism: Asterism) -> None:
    put(
        tmp_path,
        res__res_x_dot_c=module(
            '#include "asterisk/res_x.h"\n#include "own.h"\n#include "beside.h"', "X + OWN + BESIDE"
        ),
        include__asterisk__res_x_dot_h="#define X 0\n",
        own_dot_h="#define OWN 0\n",
        res__beside_dot_h="#define BESIDE 0\n",
    )
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_header_that_lies_elsewhere_is_named_with_the_line_that_finds_it(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_x_dot_c=module('#include "more.h"'), src__inc__more_dot_h="\n")
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (
        1,
        "res_x.c:6:10: module res_x does not compile: there is no more.h where headers are looked for: "
        "it lies in src/inc/more.h\n"
        '    write cflags = "-Isrc/inc" below [modules.res_x] in asterism.toml\n',
    )


def test_a_header_that_is_included_as_one_of_asterisk_is_found_where_it_lies(
    tmp_path: Path, asterism: Asterism
) -> None:
    put(
        tmp_path,
        src__res_x_dot_c=module('#include "asterisk/res_y.h"\n#include <asterisk/sub/more.h>', "Y + Z + MORE"),
        src__deep__res_y_dot_h='#include "asterisk/res_z.h"\n#define Y 0\n',
        res_z_dot_h="#define Z 0\n",
        own__sub__more_dot_h="#define MORE 0\n",
        old__module_dot_h="#error this hides the header of Asterisk\n",
    )
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    made = tmp_path / "build/include/asterisk"
    assert {path.relative_to(made).as_posix(): path.read_text().splitlines()[3] for path in made.rglob("*.h")} == {
        "res_y.h": '#include "../../../src/deep/res_y.h"',
        "res_z.h": '#include "../../../res_z.h"',
        "sub/more.h": '#include "../../../../own/sub/more.h"',
    }
    (tmp_path / "src/deep/res_y.h").rename(tmp_path / "res_y.h")
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "res_z.h").write_text("#error changed\n")
    assert asterism(tmp_path, "build", "--quiet").returncode == 1


def test_two_headers_that_may_be_meant_as_one_of_asterisk_are_both_named(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_x_dot_c=module('#include "asterisk/y.h"'), a__y_dot_h="\n", b__y_dot_h="\n")
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (
        1,
        "res_x.c:6:10: module res_x does not compile: there is no asterisk/y.h where headers are looked for: "
        "'a/y.h' and 'b/y.h' have its name\n    copy the one that is meant to include/asterisk/y.h\n",
    )


def test_an_undefined_symbol_is_told_with_its_caller_and_the_source_that_defines_it(
    tmp_path: Path, asterism: Asterism
) -> None:
    put(
        tmp_path,
        res_two_dot_c=module("int helper(void);", "helper()"),
        helper_dot_c="int more(void);\nint helper(void);\nint helper(void)\n{\n\treturn more();\n}\n",
        more_dot_c="int more(void);\nint more(void)\n{\n\treturn 0;\n}\n",
    )
    told = (
        "res_two.c:7: module res_two cannot be loaded: it needs 'helper', which nobody provides: "
        "'helper.c' and 'more.c' define it\n"
        "    write to asterism.toml:\n"
        "    [modules.res_two]\n"
        '    sources = ["helper.c", "more.c"]\n'
    )
    for _ in range(2):  # nothing is compiled the second time, and it is told again
        done = asterism(tmp_path, "build", "--quiet")
        assert (done.returncode, done.stderr) == (1, told)
    put(tmp_path, asterism_dot_toml='[modules.res_two]\nsources = ["helper.c", "more.c"]\n')
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_build_of_another_module_keeps_what_is_known_of_the_first(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_two_dot_c=module("int nowhere_at_all(void);", "nowhere_at_all()"), res_ok_dot_c=module())
    first = asterism(tmp_path, "build", "--quiet")
    alone = asterism(tmp_path, "build", "--quiet", "res_ok")
    again = asterism(tmp_path, "build", "--quiet")
    assert "needs 'nowhere_at_all', which nobody provides" in first.stderr
    assert (alone.returncode, alone.stderr) == (0, "")
    assert (again.returncode, again.stderr) == (1, first.stderr)


def test_a_source_that_another_one_includes_is_not_compiled_by_itself(tmp_path: Path, asterism: Asterism) -> None:
    put(
        tmp_path,
        res_x_dot_c=module("int outer(void);", "outer()"),
        res_x__outer_dot_c='int outer(void);\n#include "inner.c"\nint outer(void)\n{\n\treturn inner();\n}\n',
        res_x__inner_dot_c="static int inner(void)\n{\n\treturn 0;\n}\n",
    )
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "build/obj/res_x").glob("*.o")) == ["outer.c.o", "res_x.c.o"]


def test_a_function_that_is_not_declared_is_an_error(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_x_dot_c=module(result='ast_dsp_nothing("a")'))
    done = asterism(tmp_path, "build", "--quiet")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "res_x.c:7:39: module res_x does not compile: there is no function ast_dsp_nothing in the headers that it "
        "includes: asterisk/dsp.h of Asterisk declares it (detection of tones and silence): Asterism carries no media\n"
    )


def test_a_module_that_fails_keeps_nobody(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_good_dot_c=module(), res_bad_dot_c=module("#error bad"))
    fault = "res_bad.c:6:2: module res_bad does not compile: #error bad\n"
    alone = asterism(tmp_path, "build", "res_good")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "res_bad" not in alone.stdout
    whole = asterism(tmp_path, "build", "--quiet")
    assert (whole.returncode, whole.stderr.startswith(fault)) == (1, True)
    unknown = asterism(tmp_path, "build", "res_goood")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "asterism: there is no module 'res_goood' here\n    did you mean 'res_good' or 'res_bad'?\n",
    )


def test_asterism_toml_makes_a_module_of_a_source_that_says_nothing(tmp_path: Path, asterism: Asterism) -> None:
    info = module().partition("#include")
    put(
        tmp_path,
        chan_x_dot_c='#include "rest.inc"\n',
        rest_dot_inc="".join(info[1:]),
        asterism_dot_toml='[modules.chan_x]\ncflags = "-DX"\n',
    )
    done = asterism(tmp_path, "build", "--quiet")
    assert done.returncode == 0
    assert (tmp_path / "build/modules/chan_x.so").exists()


def test_what_asterisk_has_is_no_fault_of_a_repository(tmp_path: Path, asterism: Asterism) -> None:
    names = ("res_curl", "TEST_FRAMEWORK", "curl", "app_macro", "crul", "libnothing")
    depends = "".join(f"\t<depend>{name}</depend>\n" for name in names)
    put(tmp_path, app_x_dot_c=module(head=HEAD.replace("\t<", depends + "\t<", 1)))
    done = asterism(tmp_path, "check")
    assert (done.returncode, [line for line in done.stdout.splitlines() if line[0] not in " "]) == (
        1,
        [
            "app_x.c:5:10: warning: 'app_macro' is gone from newer branches of Asterisk: Asterisk 1.4 to 20 have it",
            "app_x.c:6:10: nothing provides 'crul'",
            "app_x.c:7:10: warning: 'libnothing' is neither a module of Asterisk nor a library that is known here",
            "1 file: 1 error, 2 warnings",
        ],
    )


def test_a_name_whose_library_asterism_toml_gives_is_not_told_again(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, app_x_dot_c=module(head=HEAD.replace("\t<", "\t<depend>nothinglike</depend>\n\t<", 1)))
    told = asterism(tmp_path, "build", "--quiet").stderr.splitlines()
    assert told[-1] == "    if it is a library, write its packages or libs below [modules.app_x] in asterism.toml"
    put(tmp_path, asterism_dot_toml='[modules.app_x]\nlibs = "-lm"\n')
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_check_holds_names_against_a_tree_of_asterisk(tmp_path: Path, asterism: Asterism) -> None:
    there = put(
        tmp_path / "asterisk",
        Makefile="MOD_SUBDIRS:=res\n",
        res__Makefile="MODULE_PREFIX=res\nMENUSELECT_CATEGORY=RES\n",
        res__res_there_dot_c=module(),
    )
    depends = "\t<depend>res_there</depend>\n\t<depend>res_curl</depend>\n"
    put(tmp_path / "mine", app_x_dot_c=module(head=HEAD.replace("\t<", depends + "\t<", 1)))
    done = asterism(tmp_path / "mine", "check", "--target", str(there))
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        1,
        "app_x.c:3:10: nothing provides 'res_curl': Asterisk 1.6.1 or later have it, this tree has not",
    )


# ---- packages of pkg-config ----------------------------------------------------------------------

PKG_CONFIG = """\
#!/bin/sh
case "$1 $2" in
"--list-all ") echo "libmongoc-1.0    mongoc"; echo "zlib    zlib" ;;
"--exists zlib") exit 0 ;;
"--cflags zlib") echo "-DZ=1 -I/opt/z dir" ;;
"--libs zlib") echo "-lz" ;;
*) exit 1 ;;
esac
"""


@pytest.fixture
def pkg_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pkg-config"
    program.write_text(PKG_CONFIG)
    program.chmod(0o755)
    monkeypatch.setenv("PKG_CONFIG", str(program))
    packages.program.cache_clear()
    packages.names.cache_clear()


@pytest.mark.usefixtures("pkg_config")
def test_packages_of_asterism_toml_are_asked_of_pkg_config() -> None:
    place = Place("asterism.toml", 2)
    assert packages.flags_of(["zlib"]) == Flags(("-DZ=1", "-I/opt/z", "dir"), ("-lz",))
    assert packages.flags_of([]) == Flags()
    assert packages.flags_of(["zlib", "mongoc"], place) == Fault(
        "pkg-config does not know 'mongoc'", place, cure="did you mean 'libmongoc-1.0'?", code="no-package"
    )
    packages.program.cache_clear()
    packages.names.cache_clear()


def test_a_source_from_the_future_is_told(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_x_dot_c=module())
    later = time.time() + 172_800
    os.utime(tmp_path / "res_x.c", (later, later))
    done = asterism(tmp_path, "build", "--quiet")
    assert (done.returncode, done.stderr.partition("\n")[0]) == (
        0,
        "res_x.c: warning: it was changed in the future, by the clock of this machine",
    )


def test_compile_commands_are_linked_only_when_asked_for(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_x_dot_c=module())
    link = tmp_path / "compile_commands.json"
    for _ in range(2):
        assert asterism(tmp_path, "build", "--quiet", "--compile-commands").returncode == 0
        assert os.readlink(link) == "build/compile_commands.json"
        assert '"res_x.c"' in link.read_text()
    link.unlink()
    link.write_text("[]")
    done = asterism(tmp_path, "build", "--quiet", "--compile-commands")
    assert (done.returncode, link.read_text()) == (1, "[]")


def test_what_a_module_lacks_is_written_into_asterism_toml_when_asked_for(tmp_path: Path, asterism: Asterism) -> None:
    put(
        tmp_path,
        res_two_dot_c=module('#include "helper.h"', "helper()"),
        lib__helper_dot_h="int helper(void);\n",
        lib__helper_dot_c='#include "helper.h"\nint helper(void)\n{\n\treturn 0;\n}\n',
        lib__try_dot_c="int main(void);\nint helper(void)\n{\n\treturn 1;\n}\nint main(void)\n{\n\treturn 0;\n}\n",
        asterism_dot_toml='[modules.res_two]\nlibs = "-lm"\n',
    )
    done = asterism(tmp_path, "build", "--quiet", "--fix")
    told = [line for line in done.stdout.splitlines() if line.startswith("wrote")]
    assert (done.returncode, done.stderr, told) == (
        0,
        "",
        [
            'wrote to asterism.toml: [modules.res_two] cflags = ["-Ilib"]',
            'wrote to asterism.toml: [modules.res_two] sources = ["lib/helper.c"]',
        ],
    )
    assert (tmp_path / "asterism.toml").read_text() == (
        '[modules.res_two]\nsources = ["lib/helper.c"]\ncflags = ["-Ilib"]\nlibs = "-lm"\n'
    )


def test_what_nothing_mends_is_told_and_nothing_is_written(tmp_path: Path, asterism: Asterism) -> None:
    put(tmp_path, res_two_dot_c=module("int nowhere_at_all(void);", "nowhere_at_all()"))
    done = asterism(tmp_path, "build", "--quiet", "--fix")
    assert (done.returncode, (tmp_path / "asterism.toml").exists()) == (1, False)
    assert "needs 'nowhere_at_all', which nobody provides" in done.stderr
