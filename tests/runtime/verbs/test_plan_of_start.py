"""``asterism plan`` and what it reads of a module's file without running it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asterism.errors import AsterismError
from runtime.conf.asterisk_conf import Settings, loads
from runtime.conf.install_tree import parse
from runtime.model.module_record import Flag, ModuleInfo, Priority, SupportLevel
from runtime.modules import declaration
from runtime.verbs.plan import StartForecast, plan


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    layout = parse({"version": "1", "prefix": "."}, str(tmp_path / "tree.json"))
    for name in ("astetcdir", "astmoddir"):
        Path(layout.directories[name]).mkdir(parents=True)
    return loads("", layout, str(tmp_path / "asterisk.conf"))


@pytest.fixture
def planned(settings: Settings) -> Callable[..., StartForecast]:
    """Plans a start of Python modules, given as their arguments of ModuleInfo after the description."""

    def make(conf: str = "autoload = yes\n", **modules: str) -> StartForecast:
        Path(settings.directories.astetcdir, "modules.conf").write_text(f"[modules]\n{conf}")
        for name, said in modules.items():
            source = f"from runtime.api.module import *\nMODULE = ModuleInfo('A module', {said})\n"
            Path(settings.directories.astmoddir, f"{name}.py").write_text(f"{source}raise AssertionError('it ran')\n")
        return plan(settings)

    return make


def turns(made: StartForecast) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(turn.file, turn.reason, turn.needs) for turn in made.turns]


# ---- the order


def test_a_plan_gives_a_reason_for_each_place_and_runs_nothing(planned) -> None:
    made = planned(
        "preload = res_d\nautoload = yes\n",
        res_a="requires=('res_c',)",
        res_b="load_pri=Priority.CORE",
        res_c="",
        res_d="",
    )
    assert turns(made) == [
        ("res_d.py", "preloaded", ()),
        ("res_b.py", "rank 40", ()),
        ("res_c.py", "needed by res_a.py", ()),
        ("res_a.py", "rank 128", ("res_c.py",)),
    ]
    assert (made.faults, made.status) == ((), 0)


def test_a_circle_is_told_as_a_way_round(planned) -> None:
    made = planned(res_a="requires=('res_b',)", res_b="requires=('res_a',)", res_c="requires=('res_a',)", res_d="")
    assert turns(made) == [("res_d.py", "rank 128", ())]
    assert made.status == 1
    assert [(Path(fault.place.file).name, fault.what) for fault in made.faults] == [
        ("res_a.py", "needs itself: res_a.py -> res_b.py -> res_a.py"),
        ("res_b.py", "needs res_a.py, which does not run"),
        ("res_c.py", "needs res_a.py, which does not run"),
    ]


def test_a_start_that_would_be_given_up_has_status_two(planned) -> None:
    made = planned("require = res_a\n", res_a="requires=('res_x',)")
    assert (turns(made), made.status) == ([], 2)
    assert [fault.what for fault in made.faults] == ["needs res_x, which is not there"]


# ---- declarations in Python


def declared(tmp_path: Path, source: str) -> ModuleInfo:
    file = tmp_path / "res_x.py"
    file.write_text(source)
    return declaration.read(file)


def test_all_that_a_python_module_says_is_read(tmp_path: Path) -> None:
    source = (
        '"""X\n\n/*** MODULEINFO\n<support_level>extended</support_level>\n***/\n"""\n'
        "MODULE: object = module.ModuleInfo('What it is', GPL_KEY, Flag.LOAD_ORDER | Flag.GLOBAL_SYMBOLS,\n"
        "    load_pri=module.Priority.TIMING, requires=('res_a', 'res_b'), optional=('res_c',), enhances=['res_d'])\n"
        "def reload_module(): return 0\n"
    )
    assert declared(tmp_path, source) == ModuleInfo(
        "What it is",
        flags=Flag.LOAD_ORDER | Flag.GLOBAL_SYMBOLS,
        load_pri=Priority.TIMING,
        requires=("res_a", "res_b"),
        optional=("res_c",),
        enhances=("res_d",),
        support_level=SupportLevel.EXTENDED,
        name="res_x",
        has_load=True,
        has_unload=True,
        has_reload=True,
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1\n", ": it registers no module\n"),
        ("def f(:\n", ":1:7: it is not valid Python: invalid syntax\n"),
        ("\nMODULE = ModuleInfo(text())\n", ":2: its MODULE cannot be read: only running it would tell\n"),
        ("MODULE = ModuleInfo('x', load_pri=Priority.SOON)\n", ":1: its MODULE cannot be read: there is no SOON\n"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, source: str, told: str) -> None:
    with pytest.raises(AsterismError) as caught:
        declared(tmp_path, source)
    assert f"{tmp_path}/res_x.py{told}" in f"{caught.value}\n"


# ---- declarations in shared objects

SOURCE = """\
#include "asterisk.h"
#include "asterisk/module.h"
static const char *decoys[] = { AST_MODULE, "no description", "no key" };
const char **decoy(void) { return decoys; }
int load_module(void) { return 0; }
static int unload_module(void) { return 0; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "What it is",
	.load = load_module, .unload = unload_module, .load_pri = AST_MODPRI_TIMING,
	.requires = "res_a,res_b", .enhances = "res_d", .support_level = AST_MODULE_SUPPORT_DEPRECATED,);
"""


@pytest.mark.parametrize("flags", [(), ("-s",), ("-Wl,-z,pack-relative-relocs",)], ids=["plain", "stripped", "relr"])
def test_the_record_of_a_shared_object_is_found_whatever_the_linker_did(
    tree: Path, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    (tmp_path / "x.c").write_text(SOURCE)
    names = ['-DAST_MODULE="res_x"', "-DAST_MODULE_SELF_SYM=__internal_res_x_self"]
    words = ["cc", "-shared", "-fPIC", "-w", f"-I{tree}/include/asterism", *names, *flags, "x.c", "-o", "res_x.so"]
    subprocess.run(words, cwd=tmp_path, check=True)
    read = declaration.read(tmp_path / "res_x.so")
    assert read.key is not None
    assert (read.description, read.flags, read.load_pri, read.requires, read.optional, read.enhances) == (
        "What it is",
        Flag.LOAD_ORDER,
        Priority.TIMING,
        ("res_a", "res_b"),
        (),
        ("res_d",),
    )
    assert (read.has_load, read.has_unload, read.has_reload, read.support_level) == (True, True, False, 3)
    assert len(read.buildopt_sum) == 32
    assert read.buildopts is not None
    (tmp_path / "res_x.so").rename(tmp_path / "res_y.so")
    renamed = declaration.read(tmp_path / "res_y.so")
    assert (renamed.name, renamed.description) == ("res_y", "What it is")


@pytest.mark.parametrize("name", ["Flite", "Say it!"])
def test_a_module_has_the_name_of_its_file_whatever_its_source_defines(tree: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "x.c").write_text(f'#define AST_MODULE "{name}"\n{SOURCE}')
    words = ["cc", "-shared", "-fPIC", "-w", f"-I{tree}/include/asterism", "-DAST_MODULE_SELF_SYM=__internal_self"]
    subprocess.run([*words, "x.c", "-o", "app_x.so"], cwd=tmp_path, check=True)
    read = declaration.read(tmp_path / "app_x.so")
    assert (read.name, read.description, read.has_load) == ("app_x", "What it is", True)


def test_plan_and_trial_say_of_a_damaged_file_what_modinfo_says(tree: Path, tmp_path: Path) -> None:
    """Cut at the table of sections, it is good for the dynamic linker, and so for all."""
    data = (tree / "lib/asterism/modules/res_limit.so").read_bytes()
    (tmp_path / "modules").mkdir()
    file = tmp_path / "modules/res_limit.so"
    (tmp_path / "modules.conf").write_text("[modules]\nload = res_limit\n")
    conf = tmp_path / "asterisk.conf"
    places = ("astetcdir => .", "astrundir => run", "astlogdir => log", "astdbdir => db", "astmoddir => modules")
    conf.write_text("[directories]\n" + "".join(f"{place}\n" for place in places))

    def said(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(tree / "sbin/asterism"), *words], capture_output=True, text=True, check=False, input="\n", cwd=tmp_path
        )
        return done.returncode, done.stdout + done.stderr

    file.write_bytes(data[:-100])
    assert said("plan", "-C", str(conf))[0] == 0
    assert said("--probe", "-cq", "-C", str(conf)) == (0, "")
    assert said("modinfo", str(file))[0] == 0
    file.write_bytes(data[:9000])
    told = f"{file}: the file is cut short: it has 9000 of at least "
    for words in (("plan", "-C", str(conf)), ("--probe", "-cq", "-C", str(conf)), ("modinfo", str(file))):
        assert told in said(*words)[1]


def test_the_installed_modules_start_as_planned(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "modules.conf").write_text("[modules]\nautoload = yes\n")
    conf = tmp_path / "asterisk.conf"
    conf.write_text(
        f"[directories]\nastetcdir => .\nastrundir => run\nastlogdir => log\nastmoddir => {tree}/lib/asterism/modules\n"
    )
    words = [str(tree / "sbin/asterism")]
    env = {**os.environ, "HOME": str(tmp_path)}
    plan_words = [*words, "plan", "-C", str(conf), "--json"]
    before = subprocess.run(plan_words, capture_output=True, text=True, check=True, env=env)
    run_words = [*words, "-cq", "-C", str(conf)]
    run = subprocess.run(
        run_words, input="module show order json\n", capture_output=True, text=True, check=True, env=env
    )
    shown = run.stdout[run.stdout.index("{") : run.stdout.rindex("}") + 1]
    assert json.loads(shown) == json.loads(before.stdout)
