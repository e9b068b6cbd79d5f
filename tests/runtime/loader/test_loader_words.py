"""Faults of modules that do not run or are in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError, Fault, Place
from runtime.loader import loader_words
from runtime.loader.modules_conf import Wanted, WantedModule
from runtime.loader.start_order import Cause, Refusal

FILE = Path("/m/res_x.so")


def test_a_module_that_lacks_its_file_says_what_to_write() -> None:
    fault = loader_words.unwilling(FILE, 1, (), ["/etc/asterisk/x.conf", "/etc/asterisk/y.conf"])
    assert str(fault) == (
        "/m/res_x.so: declined to load: it found no x.conf and no y.conf\n"
        "    write /etc/asterisk/x.conf or /etc/asterisk/y.conf, then 'module load res_x.so'"
    )


def test_a_module_that_said_nothing_is_told_by_its_result() -> None:
    assert str(loader_words.unwilling(FILE, -1, (), ["/etc/asterisk/x.conf"])) == (
        "/m/res_x.so: failed to load: its load callback returned AST_MODULE_LOAD_FAILURE and said nothing\n"
        "    with 'core set debug 5', 'module load res_x.so' may say more"
    )


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("res_broken", "'res_broken' could not be opened; see what is said of it"),
        ("res_barred", "modules.conf says 'noload = res_barred'"),
        ("res_there", "add 'load = res_there' to modules.conf"),
        ("res_nowhere", "build and install 'res_nowhere'"),
    ],
)
def test_a_need_that_is_absent_says_where_it_is(name: str, cure: str) -> None:
    wanted = Wanted(barred=frozenset({"res_barred"}))
    fault = loader_words.refused(
        FILE, Refusal("res_x.so", Cause.ABSENT, (name,)), wanted, {"res_broken"}, lambda: ["res_there.so"]
    )
    assert (fault.what, fault.cure) == (f"needs {name}, which is not there", cure)


def test_a_cycle_is_shown_in_its_order() -> None:
    fault = loader_words.refused(FILE, Refusal("res_x.so", Cause.CYCLE, ("res_x", "res_y", "res_x")))
    assert fault.what == "needs itself: res_x -> res_y -> res_x"


@pytest.mark.parametrize(
    ("count", "holders", "why", "cure"),
    [
        (1, ["app_a"], "app_a needs it", "unload 'app_a' first, or use 'module refresh res_x.so recursively'"),
        (
            4,
            ["app_a", "app_b"],
            "app_a, app_b need it; 2 other references on it",
            "unload 'app_a' and 'app_b' first, or use 'module refresh res_x.so recursively'",
        ),
        (2, [], "something uses it", ""),
    ],
)
def test_a_module_in_use_names_its_holders(count: int, holders: list[str], why: str, cure: str) -> None:
    fault = loader_words.in_use("res_x.so", count, holders)
    assert (fault.what, fault.why, fault.cure) == (f"res_x.so has use count {count}", why, cure)


def test_the_fault_that_stops_a_start_comes_last_and_says_so() -> None:
    faults = {"res_x": Fault("failed to load", Place("/m/res_x.so"), "it said: no"), "res_y": Fault("declined to load")}
    refusal = Refusal("res_x.so", Cause.FAILED, required=True)
    assert [f"{fault.what}: {fault.why}" for fault in loader_words.stopping(refusal, faults)] == [
        "declined to load: ",
        "failed to load: it said: no; modules.conf requires this module: the start stops",
    ]


def test_a_module_that_a_refresh_lost_is_told_before_its_other_faults() -> None:
    error = AsterismError(Fault("failed to load", why="it said: no"), Fault("also"))
    assert [fault.what for fault in loader_words.not_again("res_x.so", error)] == [
        "res_x.so was unloaded and could not be loaded again: failed to load",
        "also",
    ]


def test_a_required_module_has_the_line_that_requires_it() -> None:
    entry = WantedModule("res_x.so", place=Place("modules.conf", 4))
    assert str(loader_words.required(entry)) == (
        "modules.conf:4: the required module 'res_x.so' cannot be loaded\n"
        "    mend that, or list the module with 'load' instead of 'require'"
    )
