"""The command clock show."""

from __future__ import annotations

import importlib.util
import re
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from module_runtime import Answer, Runtime

from asterism.errors import AsterismError

MOMENT = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock() -> ModuleType:
    """The module's own code, without a runtime."""
    spec = importlib.util.spec_from_file_location("res_clock", Path(__file__).parents[2] / "res" / "res_clock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_zones_are_told_below_each_other(clock: ModuleType) -> None:
    zones = [("Europe/Berlin", ZoneInfo("Europe/Berlin")), ("Asia/Kolkata", ZoneInfo("Asia/Kolkata"))]
    assert clock.tell(zones, MOMENT) == (
        "Europe/Berlin  Thu 2026-07-02 00:30:05 CEST (UTC+0200)\n"
        "Asia/Kolkata   Thu 2026-07-02 04:00:05 IST (UTC+0530)\n"
    )


def test_time_is_told_in_any_zone(runtime: Runtime) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    answer = runtime.ask("clock show asia/tokyo utc")
    assert (answer.err, answer.status, answer.log) == ("", 0, ())
    tokyo, utc = answer.out.splitlines()
    found = re.fullmatch(r"UTC         \w{3} (\S+ \S+) UTC \(UTC\+0000\)", utc)
    assert found
    told = datetime.strptime(f"{found[1]} +0000", "%Y-%m-%d %H:%M:%S %z")
    assert before <= told <= datetime.now(UTC)
    assert tokyo == f"Asia/Tokyo  {told.astimezone(ZoneInfo('Asia/Tokyo')):%a %Y-%m-%d %H:%M:%S JST (UTC+0900)}"


def test_own_time_is_told_without_a_zone(runtime: Runtime) -> None:
    answer = runtime.ask("clock show")
    assert re.fullmatch(r"here  \w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ \(UTC[+-]\d{4}\)\n", answer.out), answer


def test_unknown_zones_are_told_together(runtime: Runtime) -> None:
    line = "clock show Europe/Berln UTC Xyzzy ../../etc/passwd"
    anything = "    press TAB after 'clock show ' to list the names; most are Continent/City\n"
    assert runtime.ask(line) == Answer(
        f"Command '{line}' failed.\n",
        "unknown time zone 'Europe/Berln'\n    did you mean 'Europe/Berlin', 'Europe/Dublin' or 'Europe/Belfast'?\n"
        f"unknown time zone 'Xyzzy'\n{anything}"
        f"unknown time zone '../../etc/passwd'\n{anything}",
        1,
        (),
    )


def test_names_of_zones_are_completed(runtime: Runtime) -> None:
    assert runtime.complete("clock show europe/be") == ["Europe/Belfast", "Europe/Belgrade", "Europe/Berlin"]
    assert runtime.complete("clock show UTC america/argentina/u") == ["America/Argentina/Ushuaia"]
    assert runtime.complete("clock show nowhere/") == []


def test_names_are_read_again_by_a_reload(runtime: Runtime) -> None:
    assert runtime.ask("module reload res_clock").out == "Module 'res_clock' reloaded successfully.\n"
    assert runtime.complete("clock show europe/berl") == ["Europe/Berlin"]


def test_system_without_zones_says_what_to_install(clock: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    clock.zones.cache_clear()
    with pytest.raises(AsterismError) as caught:
        clock.find_zones(["Europe/Berlin"])
    clock.zones.cache_clear()
    assert str(caught.value) == (
        "unknown time zone 'Europe/Berlin': this system has no time zone data\n    install the package tzdata"
    )
