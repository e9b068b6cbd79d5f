"""The dynamic linker's search for a shared library."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterism.modulefile import library_search


def _with(top: Path, *places: str) -> None:
    for place in places:
        (top / place).mkdir(parents=True)
        (top / place / "libx.so.1").touch()


def test_the_first_directory_in_the_linkers_order_has_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with(tmp_path, "own", "named", "cached", "usr/a", "usr/b")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path}/none::{tmp_path}/named")
    cached = {"libx.so.1": f"{tmp_path}/cached/libx.so.1"}
    found = []
    for gone in ("own", "named", "cached", "usr/a", "usr/b"):
        find = library_search.finder(cached, [f"{tmp_path}/usr/*"])
        path = find("libx.so.1", [f"{tmp_path}/own"])
        found.append(path and str(path.relative_to(tmp_path)))
        (tmp_path / gone / "libx.so.1").unlink()
    found.append(find("libx.so.1", [f"{tmp_path}/own"]))
    assert found == [
        "own/libx.so.1",
        "named/libx.so.1",
        "cached/libx.so.1",
        "usr/a/libx.so.1",
        "usr/b/libx.so.1",
        None,
    ]


def test_a_name_with_a_slash_is_a_path_that_is_searched_for_nowhere(tmp_path: Path) -> None:
    _with(tmp_path, "own")
    find = library_search.finder({}, [])
    assert (find(f"{tmp_path}/own/libx.so.1", []), find("own/libx.so.1", [str(tmp_path)])) == (
        tmp_path / "own/libx.so.1",
        None,
    )
