"""Real shared objects in a real program: what was called in which order, and what the commands said."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from shared_builds import compiler
from waiting import HANG

PROJECT = Path(__file__).resolve().parents[3]
CONFORMANCE = Path(os.environ.get("ASTERISM_CONFORMANCE") or PROJECT.parent / "shared" / "conformance")

DIFFERENT = {
    "failure": "autoload goes by name here, so res_a fails before res_z is started; the directory gave res_z first",
}
"""Recorded scenarios that end otherwise here, and why (docs/differences.md)."""

SOURCE = """\
#include "asterisk.h"
#include "asterisk/module.h"
#include <stdio.h>
#include <stdlib.h>
static void trace(const char *what)
{
	FILE *file = fopen(getenv("MODULE_TRACE"), "a");
	if (file) {
		fprintf(file, "%s %s\\n", what, AST_MODULE);
		fclose(file);
	}
}
static int unload_module(void) { trace("unload"); return UNLOAD; }
static int reload_module(void) { trace("reload"); return 0; }
static enum ast_module_load_result load_module(void) { trace("load"); HOLD; return LOAD; }
AST_MODULE_INFO(ASTERISK_GPL_KEY, AST_MODFLAG_LOAD_ORDER, "Test module",
	.load = load_module, .unload = unload_module, .reload = reload_module, .support_level = 2,
	.load_pri = RANK, .requires = REQUIRES, .optional_modules = OPTIONAL, .enhances = ENHANCES,
);
"""
USUAL = {
    "LOAD": "0",
    "UNLOAD": "0",
    "HOLD": "",
    "RANK": "128",
    "REQUIRES": "NULL",
    "OPTIONAL": "NULL",
    "ENHANCES": "NULL",
}


@dataclass(frozen=True)
class Scenario:
    """Modules with what differs from the usual, modules.conf, commands and what came of it."""

    modules: dict[str, dict[str, str]]
    events: list[str]
    conf: str = "autoload = yes"
    commands: list[str] = field(default_factory=list)
    status: int = 0


def events(text: str) -> list[str]:
    """``+a -b ~c``: loads, unloads, reloads."""
    words = {"+": "load", "-": "unload", "~": "reload"}
    return [f"{words[entry[0]]} res_{entry[1:]}" for entry in text.split()]


NEEDS_B = {"REQUIRES": '"res_b"'}
SCENARIOS = {
    "rank_goes_before_name": Scenario({"a": {}, "b": {"RANK": "10"}}, events("+b +a -a -b")),
    "preload_goes_before_rank": Scenario(
        {"a": {"RANK": "10"}, "b": {}}, events("+b +a -a -b"), "load = res_a\npreload = res_b"
    ),
    "needs_go_first": Scenario({"a": NEEDS_B, "b": {}}, events("+b +a -a -b")),
    "enhancers_go_before_users": Scenario(
        {"a": {"REQUIRES": '"res_c"'}, "b": {"ENHANCES": '"res_c"'}, "c": {}}, events("+c +b +a -a -b -c")
    ),
    "an_optional_module_that_declines_is_a_lost_need": Scenario(
        {"a": {"OPTIONAL": '"res_b"'}, "b": {"LOAD": "1"}, "c": {}}, events("+b +c -c")
    ),
    "a_cycle_keeps_out_its_members_only": Scenario(
        {"a": NEEDS_B, "b": {"REQUIRES": '"res_a"'}, "c": {}}, events("+c -c")
    ),
    "a_failure_stops_the_start": Scenario({"a": {}, "b": {"LOAD": "-1"}, "c": {}}, events("+a +b"), status=2),
    "a_required_decline_stops_the_start": Scenario(
        {"a": {"LOAD": "1"}, "b": {}}, events("+a"), "require = res_a\nload = res_b", status=2
    ),
    "a_held_module_stays_to_the_end": Scenario(
        {"a": {}, "b": {"HOLD": "ast_module_ref(AST_MODULE_SELF)"}},
        events("+a +b -a"),
        commands=["module unload res_b"],
        status=1,
    ),
    "a_refusal_is_heeded_by_unload_but_not_at_the_end": Scenario(
        {"a": {"UNLOAD": "-1"}}, events("+a -a -a"), commands=["module unload res_a"], status=1
    ),
    "reload_reaches_all_that_run": Scenario(
        {"a": {}, "b": {"LOAD": "1"}, "c": {}}, events("+a +b +c ~a ~c -c -a"), commands=["module reload"]
    ),
    "refresh_goes_down_and_up_again": Scenario(
        {"a": NEEDS_B, "b": {}},
        events("+b +a -a -b +b +a -a -b"),
        commands=["module refresh res_b recursively"],
    ),
}  # fmt: skip


def compile_module(tree: Path, directory: Path, name: str, differing: dict[str, str]) -> None:
    (directory / "module.c").write_text(SOURCE)
    defines = [f"-D{key}={value}" for key, value in {**USUAL, **differing}.items()]
    names = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
    words = [*compiler(), "-shared", "-fPIC", "-w", f"-I{tree}/include/asterism", *names, *defines]
    subprocess.run([*words, str(directory / "module.c"), "-o", str(directory / f"{name}.so")], check=True)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_what_is_called_in_which_order(scenario: Scenario, tree: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.touch()
    for name in ("modules", "etc"):
        (tmp_path / name).mkdir()
    for name, differing in scenario.modules.items():
        compile_module(tree, tmp_path / "modules", f"res_{name}", differing)
    (tmp_path / "etc/modules.conf").write_text(f"[modules]\n{scenario.conf}\n")
    conf = tmp_path / "etc/asterisk.conf"
    places = {"astetcdir": "etc", "astmoddir": "modules", "astrundir": "run", "astlogdir": "log"}
    conf.write_text("[directories]\n" + "".join(f"{key} => {tmp_path}/{name}\n" for key, name in places.items()))
    done = subprocess.run(
        [str(tree / "sbin/asterism"), "-C", str(conf), "-c"],
        input="\n".join((*scenario.commands, "")) or "\n",
        env={**os.environ, "MODULE_TRACE": str(trace)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (trace.read_text().splitlines(), done.returncode) == (scenario.events, scenario.status), (
        done.stdout + done.stderr
    )


@pytest.mark.skipif(not (CONFORMANCE / "loader/replay.py").exists(), reason="needs the recorded runs of Asterisk")
def test_the_recorded_scenarios_agree(tree: Path) -> None:
    """Scenarios in DIFFERENT do not agree, and have to be removed from it when they do."""
    replay = CONFORMANCE / "loader/replay.py"
    scenarios = CONFORMANCE / "loader/scenarios.json"
    names = [scenario["id"] for scenario in json.loads(scenarios.read_text())]
    cc = shlex.join([*compiler(), "-shared", "-fPIC", "-w", f"-I{tree}/include/asterism"])
    words = [sys.executable, str(replay), "--program", str(tree / "sbin/asterism"), "--cc", cc, str(scenarios)]
    halves = [subprocess.Popen([*words, *names[start::2]], stdout=subprocess.PIPE, text=True) for start in range(2)]
    try:
        lines = [line for half in halves for line in half.communicate(timeout=HANG)[0].splitlines()]
    finally:
        for half in halves:
            half.kill()
            half.communicate()
    told = {line.split(":")[0]: line for line in lines if " scenarios agree" not in line}
    assert set(told) == set(DIFFERENT), "\n".join(lines)
