"""Where the user's tree of an installation by pip has its parts."""

from __future__ import annotations

import pytest

from buildsys.on_demand import wanted_tree


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
