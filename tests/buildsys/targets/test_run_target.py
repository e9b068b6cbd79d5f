"""``asterism run --target`` and ``build --target`` with the stand-in, a program that is really started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from asterism.modulefile.content import ModuleFile
from buildsys.targets import installed_asterisk, module_needs, private_instance
from buildsys.targets.known_targets import KnownTarget

LISTED = (("res_base", "The base"), ("res_greet", "A greeting"), ("res_needy", "Needs the base"))
HEADING = f"{'Module':<31}{'Description':<41}Use Count  Status      Support Level"
NEEDY = """\
/*** MODULEINFO
	<support_level>extended</support_level>
 ***/
#include "asterisk.h"
#include "asterisk/cli.h"
#include "asterisk/module.h"
int base_number(void);
static const char *answer(void) { return base_number() == 42 ? "it is 42" : "it is not"; }
static int load_module(void) { stand_in_command("number", answer); return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO_STANDARD_EXTENDED(ASTERISK_GPL_KEY, "Needs the base");
"""


Asterism = Callable[..., "subprocess.CompletedProcess[str]"]


def run(directory: Path, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """``asterism run`` with a console that is typed at."""
    project = Path(__file__).resolve().parents[3]
    return subprocess.run(
        [sys.executable, "-m", "asterism", "run", *words],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(project), **environment},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_console_of_the_target_has_the_modules_and_what_they_need(mine: Path, stand_in: Path) -> None:
    (mine / "res_needy.c").write_text(NEEDY)
    done = run(mine, "--target", str(stand_in), "-c", typed="number\ngreet\nmodule show\ncore stop now\n")
    assert (done.returncode, done.stderr, done.stdout.splitlines()) == (
        0,
        "",
        [
            "Loaded res_base.so",
            "Loaded res_greet.so",
            "Loaded res_needy.so",
            "Asterisk Ready.",
            "it is 42",
            "hello",
            HEADING,
            *(f"{name + '.so':<30} {text:<40} 0          Running          extended" for name, text in LISTED),
            "3 modules loaded",
        ],
    )


def test_nothing_but_the_logs_is_left_when_the_console_ends(mine: Path, stand_in: Path) -> None:
    run(mine, "--target", str(stand_in), "-c", typed="core stop now\n")
    (place,) = (mine / "build/run").iterdir()
    assert [path.name for path in place.iterdir()] == ["log"]


def test_further_modules_of_the_target_are_loaded_when_they_are_named(mine: Path, stand_in: Path) -> None:
    done = run(mine, "--target", str(stand_in), "--with", "res_base", "-c", typed="core stop now\n")
    assert done.stdout == "Loaded res_base.so\nLoaded res_greet.so\nAsterisk Ready.\n"
    unknown = run(mine, "--target", str(stand_in), "--with", "res_bas", "-c")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        f"{stand_in}: that Asterisk has no module 'res_bas'\n    did you mean 'res_base'?\n",
    )


def test_headers_alone_can_be_built_for_and_not_started(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    headers = str(stand_in / "include")
    assert asterism(mine, "build", "--quiet", "--target", headers).returncode == 0
    (mine / "only").mkdir()
    (mine / "only/include").symlink_to(headers)
    done = run(mine, "--target", str(mine / "only"))
    assert (done.returncode, done.stderr) == (
        1,
        f"{mine}/only: this Asterisk has no program\n    build it, or say where it is installed: "
        f"'asterism target add NAME {mine}/only --prefix PREFIX'\n",
    )


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("crash", "it ended: killed by SIGABRT"),
        ("wounded", "it ended: exit status 3\n    ERROR: it cannot go on"),
    ],
)
def test_a_program_that_does_not_start_is_told_with_its_last_words(
    mine: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch, mood: str, why: str
) -> None:
    monkeypatch.setenv("STAND_IN", mood)
    asterisk = installed_asterisk.read(KnownTarget("small", str(stand_in)))
    with (
        private_instance.laid_out(mine / "room", asterisk, {}) as made,
        pytest.raises(AsterismError) as raised,
        private_instance.running(made),
    ):
        pass
    assert [(each.what, each.why) for each in raised.value.faults] == [("the Asterisk does not start", why)]


def test_a_console_that_crashes_is_told(mine: Path, stand_in: Path) -> None:
    done = run(mine, "--target", str(stand_in), "-c", STAND_IN="crash")
    cure = (
        f"'asterism crash CORE' reads its core file; 'asterism doctor --target {stand_in}' says what is wrong with it"
    )
    assert (done.returncode, done.stderr) == (
        134,
        f"{stand_in}/sbin/asterisk: the console ended: killed by SIGABRT\n    {cure}\n",
    )


@pytest.fixture
def foreign(tmp_path: Path, stand_in: Path) -> Path:
    """A stand-in whose program says that it is for another machine."""
    other = shutil.copytree(stand_in, tmp_path / "foreign")
    program = bytearray((other / "sbin/asterisk").read_bytes())
    program[18:20] = (0x28).to_bytes(2, sys.byteorder)  # e_machine: arm
    (other / "sbin/asterisk").write_bytes(program)
    return other


@pytest.mark.parametrize("verb", ["run", "test", "watch"])
def test_a_program_of_another_machine_is_not_started(mine: Path, foreign: Path, asterism: Asterism, verb: str) -> None:
    done = asterism(mine, verb, "--target", str(foreign))
    assert (done.returncode, done.stderr.partition(": this one is")[0]) == (
        1,
        f"{foreign}/sbin/asterisk: it was built for another machine: arm, 64 bits",
    )


def test_nothing_is_installed_in_an_asterisk_of_another_machine(mine: Path, foreign: Path, asterism: Asterism) -> None:
    before = sorted(foreign.rglob("*"))
    done = asterism(mine, "install", "--target", str(foreign))
    assert (done.returncode, done.stderr.partition(": the module is for")[0]) == (
        1,
        f"{foreign}/sbin/asterisk: res_greet was built for another machine than that Asterisk",
    )
    assert sorted(foreign.rglob("*")) == before


@pytest.mark.parametrize("verb", ["run", "test", "watch", "install"])
def test_a_program_with_other_options_than_the_headers_is_not_started(
    mine: Path, stand_in: Path, tmp_path: Path, asterism: Asterism, verb: str
) -> None:
    other = shutil.copytree(stand_in, tmp_path / "other")
    options = other / "include/asterisk/buildopts.h"
    (known,) = re.findall(r'AST_BUILDOPT_SUM "(\w+)"', options.read_text())
    options.write_text(options.read_text().replace(known, "0" * 32))
    done = asterism(mine, verb, "--target", str(other))
    assert (done.returncode, done.stderr.partition(": the headers in")[0]) == (
        1,
        f"{other}/sbin/asterisk: the program was built with other options than the headers",
    )


def test_a_running_instance_answers_and_is_stopped(mine: Path, stand_in: Path) -> None:
    asterisk = installed_asterisk.read(KnownTarget("small", str(stand_in)))
    with private_instance.laid_out(mine / "room", asterisk, {"res_base": asterisk.modules["res_base"]}) as made:
        with private_instance.running(made):
            shown = made.ask("module show like res_base").stdout.splitlines()[-1]
        after = made.ask("core show version")
    assert (shown, after.returncode, after.stdout) == ("1 modules loaded", 1, "")


def test_a_long_path_does_not_keep_the_socket_from_being_bound(mine: Path, stand_in: Path) -> None:
    asterisk = installed_asterisk.read(KnownTarget("small", str(stand_in)))
    with private_instance.laid_out(mine / ("long" * 30), asterisk, {}) as made, private_instance.running(made):
        assert made.ask("core show version").stdout == "Asterisk 20.99 stand-in\n"


def test_a_staged_source_tree_is_found_below_its_own_root(tmp_path: Path, stand_in: Path) -> None:
    source, stage = tmp_path / "source", tmp_path / "stage"
    source.mkdir()
    shutil.copytree(stand_in / "include", source / "include")
    shutil.copytree(stand_in, stage / "usr")
    (source / "makeopts").write_text(
        "CC=cc\nprefix = /usr\nASTSBINDIR = ${prefix}/sbin\nASTMODDIR = ${prefix}/lib/asterisk/modules\n"
        "ASTLIBDIR = ${prefix}/lib\nASTETCDIR = /etc/asterisk\nASTVARLIBDIR = /var/lib/asterisk\n"
    )
    found = installed_asterisk.read(KnownTarget("staged", str(source), str(stage / "usr")))
    assert (found.program, dict(found.modules), found.libraries, found.configuration, found.data) == (
        stage / "usr/sbin/asterisk",
        {"res_base": stage / "usr/lib/asterisk/modules/res_base.so"},
        (stage / "usr/lib",),
        stage / "etc/asterisk",
        stage / "var/lib/asterisk",
    )


def test_a_source_tree_that_was_built_can_be_used_without_an_install(tmp_path: Path, stand_in: Path) -> None:
    for directory in ("main", "res"):
        (tmp_path / directory).mkdir()
    shutil.copytree(stand_in / "include", tmp_path / "include")
    shutil.copy2(stand_in / "sbin/asterisk", tmp_path / "main/asterisk")
    shutil.copy2(stand_in / "lib/asterisk/modules/res_base.so", tmp_path / "res/res_base.so")
    (tmp_path / "makeopts").write_text("CC=cc\nprefix = /nowhere\nASTSBINDIR = ${prefix}/sbin\n")
    found = installed_asterisk.read(KnownTarget("tree", str(tmp_path)))
    assert (found.program, dict(found.modules), found.libraries, found.module_directory) == (
        tmp_path / "main/asterisk",
        {"res_base": tmp_path / "res/res_base.so"},
        (tmp_path / "main",),
        None,
    )


def test_a_part_of_the_program_that_is_listed_as_a_module_is_there(stand_in: Path) -> None:
    program = stand_in / "sbin/asterisk"
    assert module_needs.find([ModuleFile("cel_x.so", "C", "cel_x", requires=("cel",))], {}, program) == []
    with pytest.raises(AsterismError) as caught:
        module_needs.find([ModuleFile("cel_x.so", "C", "cel_x", requires=("res_x",))], {}, program)
    assert str(caught.value) == (
        "cel_x.so: it requires res_x, which that Asterisk does not have\n"
        "    build or install res_x for that Asterisk, too"
    )


def test_a_source_tree_without_its_documentation_file_gets_one_of_its_sources(tmp_path: Path, stand_in: Path) -> None:
    for directory in ("main", "res/res_x", "doc", "tests"):
        (tmp_path / "asterisk" / directory).mkdir(parents=True)
    top = tmp_path / "asterisk"
    block = '<configInfo name="stasis" language="en_US"><synopsis>S</synopsis></configInfo>\n'
    (top / "main/stasis.c").write_text(f"/*** DOCUMENTATION\n{block}***/\nint x;\n")
    (top / "main/other.c").write_text("int y;\n")
    info = '<info name="I" language="en_US"><para>P</para></info>\n'
    docs = f'<?xml version="1.0"?>\n<!DOCTYPE docs SYSTEM "appdocsxml.dtd">\n<docs>\n{info}</docs>\n'
    (top / "res/res_x/x_doc.xml").write_text(docs)
    (top / "tests/no.xml").write_text("<menu>\n")
    shutil.copy2(stand_in / "sbin/asterisk", top / "main/asterisk")
    shutil.copytree(stand_in / "include", top / "include")
    (top / "makeopts").write_text("CC=cc\nprefix = /nowhere\n")
    found = installed_asterisk.read(KnownTarget("tree", str(top)))
    with private_instance.laid_out(tmp_path / "instance", found, {}):
        written = (tmp_path / "instance/data/documentation/core-en_US.xml").read_text()
    assert written == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<docs xmlns:xi="http://www.w3.org/2001/XInclude">\n'
        f"{block}\n{info}</docs>\n"
    )
