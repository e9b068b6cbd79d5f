"""The selection verbs on the recorded trees of Asterisk 13 and 18, as a packager would use them."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from menuselect.model import known_libraries

Asterism = Callable[..., Any]

SHARED = Path(__file__).parents[3] / ".." / "shared" / "conformance"
RECORDED = Path(os.environ.get("ASTERISM_CONFORMANCE", SHARED)) / "menuselect"

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recorded runs of Asterisk")


def put(branch: int, where: Path) -> None:
    (where / "build_tools").mkdir(parents=True, exist_ok=True)
    shutil.copy(RECORDED / f"menuselect-tree-{branch}.xml", where / "menuselect-tree")
    shutil.copy(RECORDED / f"menuselect-deps-{branch}", where / "build_tools/menuselect-deps")


def chosen(where: Path) -> str:
    """What is chosen: not the line that also tells which members that cannot be built were on in vain."""
    return (where / "menuselect.makeopts").read_text().partition("MENUSELECT_BUILD_DEPS=")[0]


@pytest.fixture(params=[13, 18])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A tree with what configure found."""
    put(request.param, tmp_path)
    return tmp_path


def test_every_member_can_be_asked_about(real: Path, asterism: Asterism) -> None:
    names = asterism("list", "--names").stdout.split()
    assert len(names) > 600
    found = json.loads(asterism("why", "--json", *names).stdout)
    assert [each["name"] for each in found] == names
    assert all(each["next"] for each in found if each["state"] != "on")
    assert len(asterism("why", *names).stdout) > 20_000
    assert len(asterism("show", *names).stdout) > 50_000


def test_exactly_one_application_and_back(real: Path, asterism: Asterism) -> None:
    asterism("save")
    before = chosen(real)
    asterism("save", "--minimal", "-o", "before.toml")
    outcome = asterism("only", "app_confbridge")
    assert outcome.status == 0
    on = asterism("list", "--names", "--state", "on", "in:apps").stdout.split()
    assert on == ["app_confbridge"]
    assert asterism("preset", "--fresh", "before.toml").status == 0
    assert chosen(real) == before


def test_what_differs_is_small_and_comes_back(real: Path, asterism: Asterism) -> None:
    asterism("disable", "level:deprecated", "in:addons")
    asterism("enable", "in:channels")
    saved = chosen(real)
    asterism("save", "--minimal", "-o", "small.toml")
    (real / "menuselect.makeopts").unlink()
    assert asterism("preset", "small.toml").status == 0
    assert chosen(real) == saved


def test_the_whole_tree_is_drawn_in_every_form(real: Path, asterism: Asterism) -> None:
    for form in ("text", "dot", "mermaid", "svg"):
        outcome = asterism("graph", "--uses", "--conflicts", "--format", form)
        assert (outcome.status, outcome.stderr) == (0, "")
        assert "app_confbridge" in outcome.stdout


def test_13_is_carried_over_to_18(tmp_path: Path, asterism: Asterism) -> None:
    put(13, tmp_path / "old")
    put(18, tmp_path)
    asterism("enable", "-C", "old", "ODBC_STORAGE")
    found = json.loads(asterism("upgrade", "--json", "--write", "old").stdout)
    assert {each["name"]: each["to"] for each in found["renamed"]} == {
        "FILE_STORAGE": ["app_voicemail"],
        "IMAP_STORAGE": ["app_voicemail_imap"],
        "ODBC_STORAGE": ["app_voicemail_odbc"],
        "chan_multicast_rtp": ["chan_rtp"],
        "res_pjsip_registrar_expire": ["res_pjsip_registrar"],
    }
    assert {each["name"] for each in found["gone"]} == {
        "STATIC_BUILD",
        "app_setcallerid",
        "cdr_sqlite",
        "format_jpeg",
        "func_audiohookinherit",
    }
    assert all(each["past"] for each in found["gone"])
    assert found["new_is_complete"]
    assert {"app_if", "res_prometheus", "chan_audiosocket"} <= set(found["new"])
    on = set(asterism("list", "--names", "--state", "on").stdout.split())
    assert "app_voicemail_odbc" in on
    assert "app_voicemail" not in on
    assert asterism("upgrade").stdout.endswith("'menuselect.makeopts' needs no change\n")


@pytest.mark.parametrize("branch", [13, 18])
def test_every_library_of_a_recorded_block_is_described(branch: int) -> None:
    blocks = [
        json.loads(line)["moduleinfo"] or ""
        for line in gzip.decompress((RECORDED / f"moduleinfo-{branch}.jsonl.gz").read_bytes()).decode().splitlines()
    ]
    found = re.findall(r'<(?:depend|use)[^>]*type="external"[^>]*>([^<]+)<', "\n".join(blocks))
    assert [name for name in found if known_libraries.find(name) is None] == []
