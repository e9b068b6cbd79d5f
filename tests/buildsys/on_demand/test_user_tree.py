"""Where the user's tree of an installation by pip has its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.errors import AsterismError
from buildsys.on_demand import user_tree, wanted_tree
from buildsys.on_demand.core_key import Key
from buildsys.on_demand.wanted_tree import Wanted


def test_what_changes_at_run_time_lies_outside_of_prefix_and_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, place in (("CONFIG", "/h/conf"), ("STATE", "/h/state"), ("DATA", "/h/data"), ("CACHE", "/h/cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", place)
    assert wanted_tree.layout().directories == {
        "astetcdir": "/h/conf/asterism",
        "astmoddir": "lib/asterism/modules",
        "astvarlibdir": "/h/state/asterism/lib/asterism",
        "astdbdir": "/h/state/asterism/lib/asterism",
        "astkeydir": "/h/state/asterism/lib/asterism",
        "astdatadir": "/h/state/asterism/lib/asterism",
        "astagidir": "/h/state/asterism/lib/asterism/agi-bin",
        "astspooldir": "/h/state/asterism/spool/asterism",
        "astrundir": "/h/state/asterism/run/asterism",
        "astlogdir": "/h/state/asterism/log/asterism",
        "astcachedir": "/h/state/asterism/cache/asterism",
        "astsbindir": "sbin",
    }


def test_a_tree_that_cannot_be_written_is_told_before_a_core_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(user_tree, "core_of", lambda key: pytest.fail("a core is built"))
    wanted = Wanted(tmp_path / "file/tree", wanted_tree.layout(), Key("1.2.0", "x86_64", "digest", "2.0"))
    with pytest.raises(AsterismError) as caught:
        user_tree.provide(wanted)
    assert str(caught.value).splitlines()[0] == f"{tmp_path}/file/tree: cannot make the directory: not a directory"
