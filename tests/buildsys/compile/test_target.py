"""Building for a real Asterisk: small stand-ins for its tree and its installed headers, laid out as those are."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from source_tree import GOOD_PY, SourceTree

from asterism.errors import AsterismError
from asterism.modulefile import reader
from buildsys.compile import asterisk_target
from buildsys.settled.configuration import Configuration

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]
SUM = "0123456789abcdef0123456789abcdef"

ASTERISK_H = "#define STAND_IN 1\n#include <stddef.h>\n#include <asterisk/buildopts.h>\n"
BUILDOPTS_H = f'#define LOW_MEMORY 1\n#define AST_BUILDOPT_SUM "{SUM}"\n'
MAKEOPTS = """\
CC=gcc
CXX=g++
BASE=-DBY_MAKEOPTS=1
CONFIG_CFLAGS=$(BASE)
PTHREAD_CFLAGS=-pthread
SOUNDS_CACHE_DIR=$(or a,${AST_DOWNLOAD_CACHE})
CURL_INCLUDE=-DWITH_CURL=2
CURL_LIB=
"""
RECORD = """\
#define ASTERISK_GPL_KEY "a key"
struct ast_module;
struct ast_module_info {
	struct ast_module *self;
	int (*load)(void);
	int (*reload)(void);
	int (*unload)(void);
@
	const char *name;
	const char *description;
	const char *key;
	unsigned int flags;
	const char buildopt_sum[33];
	unsigned char load_pri;
@
	int support_level;
};
extern void ast_module_register(const struct ast_module_info *info);
#define AST_MODULE_INFO_STANDARD(keystr, desc) \\
	static struct ast_module_info info = { \\
		.name = AST_MODULE, .description = desc, .key = keystr, .buildopt_sum = AST_BUILDOPT_SUM, \\
		.load = load_module, .unload = unload_module, .support_level = 1, .load_pri = 128 }; \\
	static void __attribute__((constructor)) reg(void) { ast_module_register(&info); }
"""
_OLD, _NEW = (
    ("\tint (*a)(void);\n\tvoid (*b)(void);", "\tconst char *nonoptreq;"),
    ("", "\tconst char *requires, *optional_modules, *enhances;\n\tvoid *reserved[4];"),
)


def record(parts: tuple[str, ...]) -> str:
    first, middle, last = RECORD.split("@")
    return first + parts[0] + middle + parts[1] + last


RECORDS = {"13": record(_OLD), "14 and later": record(_NEW)}

MODULE = """\
/*** MODULEINFO
	<use type="external">curl</use>
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/module.h"
#if !STAND_IN || !BY_MAKEOPTS || WITH_CURL != 2
#error other headers, or other flags
#endif
static int load_module(void) { return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY, "A module");
"""


def stand_in(directory: Path, layout: str = "14 and later", *, is_tree: bool = True) -> Path:
    """An Asterisk as far as modules see it: a configured source tree, or a directory of installed headers."""
    headers = directory / "include" if is_tree else directory
    (headers / "asterisk").mkdir(parents=True)
    (headers / "asterisk.h").write_text(ASTERISK_H)
    (headers / "asterisk/module.h").write_text(RECORDS[layout])
    (headers / "asterisk/buildopts.h").write_text(BUILDOPTS_H)
    if is_tree:
        (directory / "makeopts").write_text(MAKEOPTS)
    return directory


def own(directory: Path, **sources: str) -> Path:
    """A directory of somebody's own modules."""
    directory.mkdir()
    for name, text in sources.items():
        (directory / f"{name}.c").write_text(text)
    return directory


@pytest.mark.parametrize("layout", list(RECORDS))
def test_a_module_is_built_with_the_headers_flags_and_sum_of_its_target(
    tmp_path: Path, asterism: Asterism, layout: str
) -> None:
    there, here = stand_in(tmp_path / "asterisk", layout), own(tmp_path / "mine", res_x=MODULE)
    done = asterism(here, "build", "--quiet", "--target", str(there))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = reader.read(here / asterisk_target.read(str(there)).place / "modules/res_x.so")
    told = (found.name, found.sum, found.level, found.callbacks, found.rank)
    assert told == ("res_x", SUM, "core", ("load", "unload"), "128")


def test_the_last_lines_say_where_the_modules_are_and_for_whom(tmp_path: Path, asterism: Asterism) -> None:
    here = own(tmp_path / "mine", res_x=MODULE)
    stand_in(here / "asterisk")
    done = asterism(here, "build", "--target", "asterisk")
    place = asterisk_target.read(str(here / "asterisk")).place
    assert done.stdout.splitlines()[-1] == (
        f"{place}/modules is for the Asterisk in asterisk: sum {SUM}, record of 14 and later"
    )
    again = asterism(here, "build", "--target", "asterisk").stdout.splitlines()
    assert again[0] == "nothing to do: every chosen module is built"


def test_a_source_from_the_future_is_told_with_a_target_as_well(tmp_path: Path, asterism: Asterism) -> None:
    there, here = stand_in(tmp_path / "asterisk"), own(tmp_path / "mine", res_x=MODULE)
    later = time.time() + 172_800
    os.utime(here / "res_x.c", (later, later))
    done = asterism(here, "build", "--quiet", "--target", str(there))
    first = "res_x.c: warning: it was changed in the future, by the clock of this machine"
    assert (done.returncode, done.stderr.partition("\n")[0]) == (0, first)


def test_nothing_is_left_in_a_directory_without_modules(tmp_path: Path, asterism: Asterism) -> None:
    there, here = stand_in(tmp_path / "asterisk"), tmp_path / "empty"
    here.mkdir()
    done = asterism(here, "build", "--target", str(there))
    assert (done.returncode, done.stderr.split("\n")[0]) == (1, f"{here}: no modules of your own here")
    assert list(here.iterdir()) == []


def test_installed_headers_are_enough(tmp_path: Path, asterism: Asterism) -> None:
    there = stand_in(tmp_path / "include", is_tree=False)
    plain = MODULE.replace('\t<use type="external">curl</use>\n', "").replace("|| !BY_MAKEOPTS || WITH_CURL != 2", "")
    here = own(tmp_path / "mine", res_x=plain)
    done = asterism(here, "build", "--quiet", "--target", str(there))
    assert (done.returncode, done.stderr) == (0, "")
    # The directory above does as well: /usr for /usr/include.
    assert asterisk_target.read(str(tmp_path)).headers == there


def test_the_chosen_modules_of_a_source_tree_are_built_but_for_those_it_cannot_take(
    sources: SourceTree, tmp_path: Path, project: Path
) -> None:
    there = stand_in(tmp_path / "asterisk")
    for name in ("one", "two"):
        sources.write({f"res/res_{name}.c": MODULE})
    needs = MODULE.replace("\t<use", "\t<depend>TEST_FRAMEWORK</depend>\n\t<use")
    sources.write({"res/res_three.py": GOOD_PY, "res/res_four.c": needs})
    sources.write(
        {"build_tools/menuselect-deps": "CURL=0\n", "menuselect.makeopts": "MENUSELECT_CFLAGS=TEST_FRAMEWORK\n"}
    )
    sources.configure(Configuration(cc=("gcc",), dev_mode=True))
    sources.write({"build_tools/cflags-devmode.xml": (project / "build_tools/cflags-devmode.xml").read_text()})
    done = sources.build("--quiet", "--target", str(there))
    assert (done.returncode, done.stderr) == (
        0,
        "res/res_four.c: warning: the module is left out: "
        "it needs TEST_FRAMEWORK, without which that Asterisk was built\n"
        "res/res_three.py: warning: the module is left out: Asterisk loads shared objects only\n",
    )
    place = sources.top / asterisk_target.read(str(there)).place / "modules"
    assert sorted(path.name for path in place.iterdir()) == ["res_one.so", "res_two.so"]
    assert sources.products() == []


def test_a_module_that_asterisk_would_refuse_is_told(tmp_path: Path, asterism: Asterism) -> None:
    there = stand_in(tmp_path / "asterisk")
    wrong = MODULE.replace(
        "static int load", f'#undef AST_BUILDOPT_SUM\n#define AST_BUILDOPT_SUM "{"f" * 32}"\nstatic int load'
    )
    silent = MODULE.replace("AST_MODULE_INFO_STANDARD(ASTERISK_GPL_KEY", "void (*f[])(void) = {load_module")
    named = MODULE.replace("#include", '#define AST_MODULE "Other"\n#include', 1)
    here = own(tmp_path / "mine", res_wrong=wrong, res_other=named, res_silent=silent.split("void (*f[])")[0])
    done = asterism(here, "build", "--quiet", "--target", str(there))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "res_silent.c: Asterisk would refuse the module: the source registers no module res_silent",
        "    close it with AST_MODULE_INFO(...)",
        "res_wrong.c: Asterisk would refuse the module: "
        f"the module has the build sum {'f' * 32}, and {SUM} is demanded",
        "    include asterisk/module.h of that Asterisk before anything else that defines AST_BUILDOPT_SUM",
    ]


def refusal(directory: Path) -> str:
    with pytest.raises(AsterismError) as caught:
        asterisk_target.read(str(directory))
    return str(caught.value).replace(str(directory), "DIR")


def test_what_is_no_configured_asterisk_is_refused(tmp_path: Path, project: Path) -> None:
    assert refusal(tmp_path) == (
        "DIR: there are no headers of Asterisk here\n"
        "    name a configured source tree, or the directory that holds asterisk.h, such as /usr/include"
    )
    assert refusal(project).startswith("DIR/include: these are the headers of Asterism\n")
    there = stand_in(tmp_path / "asterisk")
    (there / "include/asterisk/buildopts.h").write_text("/* nothing */\n")
    assert refusal(there) == (
        "DIR/include/asterisk/buildopts.h: AST_BUILDOPT_SUM is not defined\n    configure it again"
    )
    (there / "include/asterisk/buildopts.h").unlink()
    assert refusal(there) == (
        "DIR/include/asterisk/buildopts.h: this Asterisk is not configured\n"
        "    run './configure && make include/asterisk/buildopts.h' in DIR; modules must carry its sum"
    )


def test_a_source_of_an_older_asterisk_builds_with_newer_headers(tmp_path: Path, asterism: Asterism) -> None:
    """Newer ones lack the macro that began every source once."""
    there = stand_in(tmp_path / "asterisk")
    old = MODULE.replace("static int load", 'ASTERISK_FILE_VERSION(__FILE__, "$Revision: $")\nstatic int load')
    done = asterism(own(tmp_path / "mine", res_x=old), "build", "--quiet", "--target", str(there))
    assert (done.returncode, done.stderr) == (0, "")


def test_references_in_makeopts_are_filled_in_and_functions_are_not() -> None:
    read = asterisk_target.read_makeopts("A=1\nB = $(A) ${A}\nLOOP=$(LOOP)x\nSHELL_OUT=$(shell id)\n# no\n")
    assert (read["A"], read["B"], "SHELL_OUT" in read) == ("1", "1 1", False)
