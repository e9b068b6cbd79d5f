"""``config`` and ``modinfo`` of a real Asterisk."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.model.module_record import GPL_KEY

Asterism = Callable[..., "subprocess.CompletedProcess[str]"]
SUM = "0123456789abcdef0123456789abcdef"


def test_flags_and_directories_are_those_of_the_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    asked = ("--cflags", "--moddir", "--sysconfdir", "--sum")
    done = asterism(mine, "config", "--target", str(stand_in), *asked)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            f"-I{stand_in}/include -fPIC -pthread -D_GNU_SOURCE -D_REENTRANT '-DASTERISK_FILE_VERSION(...)=' "
            "'-DASTERISK_REGISTER_FILE(...)='",
            f"{stand_in}/lib/asterisk/modules",
            f"{stand_in}/etc/asterisk",
            SUM,
        ],
    )


def test_a_module_is_compared_with_the_sum_of_the_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    done = asterism(mine, "modinfo", "--target", str(stand_in), "--json", "res_base")
    (found,) = json.loads(done.stdout)
    assert (found["name"], found["sum"], found["fits"]) == ("res_base", SUM, True)


def test_several_targets_are_not_one(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    for name in ("a", "b"):
        assert asterism(mine, "target", "add", name, str(stand_in), "--here").returncode == 0
    done = asterism(mine, "config", "--target", "all")
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, "asterism: 'all' means several targets")


USER = """\
#include "asterisk.h"
#include "asterisk/module.h"
int base_number(void);
static int load_module(void) { return base_number() == 42 ? 0 : 1; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "A user of the base",
	.load = load_module, .unload = unload_module, .requires = "res_base");
"""
"""A module that uses a symbol of res_base and requires it."""


@pytest.fixture(scope="module")
def peopled(stand_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in with one module more, app_user, which needs res_base; changed by nobody."""
    prefix = shutil.copytree(stand_in, tmp_path_factory.mktemp("peopled") / "prefix")
    modules = prefix / "lib/asterisk/modules"
    header = prefix / "include/asterisk/module.h"
    header.write_text(header.read_text().replace('"a key"', json.dumps(GPL_KEY)))
    (prefix / "app_user.c").write_text(USER)
    for name in ("app_user", "res_base"):
        compile_ = ["cc", f"-I{prefix}/include", "-shared", "-fPIC", f'-DAST_MODULE="{name}"', f"{prefix}/{name}.c"]
        subprocess.run([*compile_, "-o", f"{modules}/{name}.so"], check=True)
    (prefix / "etc/asterisk/asterisk.conf").write_text(
        f"[directories]\nastetcdir => {prefix}/etc/asterisk\nastmoddir => {modules}\n"
    )
    (prefix / "etc/asterisk/modules.conf").write_text("[modules]\nautoload = yes\n")
    return prefix


def test_depmod_shows_who_needs_whom_in_the_target(mine: Path, peopled: Path, asterism: Asterism) -> None:
    done = asterism(mine, "depmod", "--target", str(peopled))
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "app_user -> res_base: requires, uses base_number\nres_base provides base_number\n"
        "modules: 2, dependencies between them: 1\n",
        "",
    )


def test_depmod_counts_what_is_built_here_for_the_target(mine: Path, peopled: Path, asterism: Asterism) -> None:
    (mine / "res_greet.c").unlink()
    (mine / "app_mine.c").write_text(USER)
    assert asterism(mine, "build", "-q", "--target", str(peopled)).returncode == 0
    links = json.loads(asterism(mine, "depmod", "--target", str(peopled), "--json").stdout)["links"]
    assert [(each["source"], each["target"]) for each in links] == [("app_mine", "res_base"), ("app_user", "res_base")]


def test_the_start_of_a_target_is_planned_by_its_own_modules_conf(
    mine: Path, peopled: Path, asterism: Asterism
) -> None:
    done = asterism(mine, "plan", "--target", str(peopled), "--json")
    assert (done.returncode, [each["file"] for each in json.loads(done.stdout)["order"]]) == (
        0,
        ["res_base.so", "app_user.so"],
    )


def test_a_target_without_modules_conf_has_no_start(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    done = asterism(mine, "plan", "--target", str(stand_in))
    assert (done.returncode, done.stderr.split("\n")[0]) == (
        1,
        f"{stand_in}/etc/asterisk/modules.conf: there is no modules.conf",
    )


def test_the_doctor_finds_nothing_wrong_with_a_good_target(mine: Path, peopled: Path, asterism: Asterism) -> None:
    done = asterism(mine, "doctor", "--target", str(peopled))
    assert (done.returncode, done.stdout) == (0, f"{peopled}: Asterisk, 2 modules; nothing is wrong\n")


def test_the_doctor_names_what_keeps_modules_of_a_target_from_being_loaded(
    mine: Path, peopled: Path, tmp_path: Path, asterism: Asterism
) -> None:
    sick = shutil.copytree(peopled, tmp_path / "sick")
    modules = sick / "lib/asterisk/modules"
    (sick / "etc/asterisk/asterisk.conf").write_text(f"[directories]\nastmoddir => {modules}\n")
    assert asterism(mine, "install", "--target", str(sick)).returncode == 0
    (modules / "res_greet.so").write_bytes((modules / "res_greet.so").read_bytes() + b"\0")
    (modules / "res_base.so").unlink()
    (modules / "res_torn.so").write_bytes(b"\x7fELF")
    other = (modules / "app_user.so").read_bytes().replace(SUM.encode(), b"f" * 32)
    (modules / "app_other.so").write_bytes(other)
    done = asterism(mine, "doctor", "--target", str(sick), "--json")
    (visit,) = json.loads(done.stdout)
    found = [(Path(each["file"]).name, each["severity"], each["what"]) for each in visit["findings"]]
    assert (done.returncode, visit["kind"], found) == (
        1,
        "target",
        [
            ("res_torn.so", "error", "it is not a shared object"),
            ("app_other.so", "error", "Asterisk refuses the module, which was built with other options"),
            ("app_other.so", "error", "it needs 'base_number', which nobody provides"),
            ("app_user.so", "error", "it needs 'base_number', which nobody provides"),
            ("app_user.so", "error", "the module requires res_base, which does not exist"),
            ("app_user.so", "error", "the module requires res_base, which does not exist"),
            ("res_greet.so", "warning", "the module was changed since it was installed"),
        ],
    )


def test_why_asks_the_sources_of_a_target_about_modules_of_ones_own(
    mine: Path, tmp_path: Path, asterism: Asterism
) -> None:
    tree = tmp_path / "tree"
    (tree / "build_tools").mkdir(parents=True)
    (tree / "build_tools/menuselect-deps").write_text("CURL=0\nPORTAUDIO=1\n")
    member = '<member name="res_theirs"><depend>curl</depend></member>'
    (tree / "menuselect-tree").write_text(f'<menu name="x"><category name="MENUSELECT_RES">{member}</category></menu>')
    depends = "\t<depend>res_theirs</depend>\n\t<depend>portaudio</depend>\n"
    block = (mine / "res_greet.c").read_text().replace("***/", f"{depends} ***/", 1).replace(" ***/", "***/", 1)
    (mine / "res_greet.c").write_text(block)
    done = asterism(mine, "why", "--json", "--target", str(tree), "res_theirs", "res_greet")
    assert [(each["name"], each["state"], each["reasons"][0]["name"]) for each in json.loads(done.stdout)] == [
        ("res_theirs", "unavailable", "curl"),
        ("res_greet", "unavailable", "res_theirs"),
    ]


def test_why_needs_the_sources_of_a_target(mine: Path, stand_in: Path, asterism: Asterism) -> None:
    done = asterism(mine, "why", "--target", str(stand_in), "res_greet")
    assert (done.returncode, done.stderr) == (
        1,
        f"{stand_in}: this is not a configured source tree of Asterisk\n    name a source tree in which configure was "
        "run; 'asterism doctor --target' looks at an installed Asterisk\n",
    )
