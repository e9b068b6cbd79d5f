"""Cores in the cache of a user: found, built once, never half-built; another compiler is another core."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from buildsys.installing import manifest
from buildsys.on_demand import cache_command, core_cache, core_files, core_key
from buildsys.on_demand.core_files import CompiledCore
from buildsys.on_demand.core_key import Key

KEY = Key("1.2.0", "x86_64", "digest of the sources", "2.0", ("gcc", "/usr/bin/gcc 100 7"), ("CFLAGS=-O2",))


LIBRARY = "lib/libasterism.so"


class Builder:
    """Makes a core of one file, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, place: Path, work: Path) -> CompiledCore:
        self.count += 1
        assert list(work.iterdir()) == []
        (place / "lib").mkdir(parents=True)
        (place / "lib/libasterism.so").write_text("code")
        core = CompiledCore(
            place, "1.2.0", (), {"cc": ("gcc",)}, "gcc 12", {LIBRARY: manifest.entry_of(LIBRARY, b"code")}
        )
        core_files.save(core)
        return core


def test_a_core_is_built_once_and_found_afterwards(tmp_path: Path) -> None:
    make = Builder()
    first = core_cache.provide(tmp_path / "cores", KEY, make)
    assert core_cache.provide(tmp_path / "cores", KEY, make) == first
    assert make.count == 1
    assert [path.name for path in (tmp_path / "cores").iterdir()] == [KEY.name]
    assert (first.place / "lib/libasterism.so").read_text() == "code"


def test_two_first_runs_at_once_build_one_core(tmp_path: Path) -> None:
    make, entered, go_on = Builder(), threading.Event(), threading.Event()

    def slow(place: Path, work: Path) -> CompiledCore:
        entered.set()
        go_on.wait(30)
        return make(place, work)

    found: list[CompiledCore] = []
    runs = [
        threading.Thread(target=lambda: found.append(core_cache.provide(tmp_path, KEY, slow))),
        threading.Thread(target=lambda: found.append(core_cache.provide(tmp_path, KEY, make))),
    ]
    runs[0].start()
    assert entered.wait(30)
    runs[1].start()
    go_on.set()
    for run in runs:
        run.join(30)
    assert make.count == 1
    assert found[0] == found[1]


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(place: Path, work: Path) -> CompiledCore:
        place.mkdir()
        (work / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        core_cache.provide(tmp_path / "cores", KEY, fail)
    assert list((tmp_path / "cores").iterdir()) == []


def test_what_a_killed_run_has_left_is_built_anew(tmp_path: Path) -> None:
    left = tmp_path / f"{KEY.name}.unfinished"
    (left / "work/obj").mkdir(parents=True)
    make = Builder()
    core_cache.provide(tmp_path, KEY, make)
    assert make.count == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY.name]


@pytest.mark.parametrize("damage", ["missing", "cut", "changed", "description"])
def test_a_damaged_core_is_built_anew(tmp_path: Path, damage: str) -> None:
    make = Builder()
    core = core_cache.provide(tmp_path, KEY, make)
    library = core.place / "lib/libasterism.so"
    if damage == "missing":
        library.unlink()
    elif damage == "cut":
        library.write_text("co")
    elif damage == "changed":
        library.write_text("edoc")
    else:
        (core.place / "core.json").write_text("{")
    assert core_cache.provide(tmp_path, KEY, make).damage() == ""
    assert make.count == 2
    assert library.read_text() == "code"


def test_a_damaged_core_is_shown_with_the_file(tmp_path: Path) -> None:
    core = core_cache.provide(tmp_path, KEY, Builder())
    assert cache_command.lines([core], KEY.name)[0] == f"{KEY.name}    0.0 MiB  gcc 12  (in use)"
    (core.place / LIBRARY).write_text("edoc")
    assert cache_command.lines([core], KEY.name)[0] == (
        f"{KEY.name}    0.0 MiB  gcc 12  (in use, damaged: lib/libasterism.so)"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, version="1.1.0"),
        replace(KEY, machine="aarch64"),
        replace(KEY, sources="digest of other sources"),
        replace(KEY, generator="2.1"),
        replace(KEY, compiler=("gcc", "/usr/bin/gcc 100 8")),
        replace(KEY, flags=("CFLAGS=-O3",)),
    ],
)
def test_a_core_of_anything_else_does_not_serve(tmp_path: Path, other: Key) -> None:
    make = Builder()
    core_cache.provide(tmp_path, other, make)
    core_cache.provide(tmp_path, KEY, make)
    assert make.count == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([KEY.name, other.name])


def test_without_a_compiler_a_core_of_any_compiler_serves(tmp_path: Path) -> None:
    make = Builder()
    core = core_cache.provide(tmp_path, KEY, make)
    assert core_cache.provide(tmp_path, replace(KEY, compiler=(), flags=()), make) == core
    assert make.count == 1


def test_without_a_compiler_and_without_a_core_the_cure_is_told(tmp_path: Path) -> None:
    with pytest.raises(AsterismError) as caught:
        core_cache.provide(tmp_path / "cores", replace(KEY, compiler=()), Builder())
    assert "pip install 'asterism[zig]'" in str(caught.value)
    assert not (tmp_path / "cores").exists()


def test_a_cache_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(AsterismError) as caught:
        core_cache.provide(tmp_path / "cache/cores", KEY, Builder())
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"{tmp_path}/cache/cores/{KEY.name}.lock: cannot lock the file: ")
    assert lines[-1] == "    the core of Asterism is built there; XDG_CACHE_HOME=DIR chooses another place"


def test_a_full_disk_in_the_middle_leaves_the_cache_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount file systems")
    try:

        def make(target: Path, work: Path) -> CompiledCore:
            files.write(work / "object", bytes(1 << 20))
            return Builder()(target, work)

        with pytest.raises(AsterismError) as caught:
            core_cache.provide(place / "cores", KEY, make)
        assert str(caught.value).splitlines() == [
            f"{place}/cores/{KEY.name}.unfinished/scratch/object: cannot write the file: no space left on device",
            "    free some room on that disk and try again; the old file is unchanged",
            "    the core of Asterism is built there; XDG_CACHE_HOME=DIR chooses another place",
        ]
        assert list((place / "cores").iterdir()) == []
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_compiler_that_meets_a_full_disk_is_told_with_the_cache(tmp_path: Path) -> None:
    def fail(place: Path, work: Path) -> CompiledCore:
        why = "x.c:1: fatal error: no space left on device"
        raise AsterismError(Fault("the disk is full", Place("build"), why, "run make again", "full-disk"))

    with pytest.raises(AsterismError) as caught:
        core_cache.provide(tmp_path / "cores", KEY, fail)
    assert str(caught.value) == (
        f"{tmp_path}/cores: the disk is full: x.c:1: fatal error: no space left on device\n"
        "    free some room there, then try again\n"
        "    the core of Asterism is built there; XDG_CACHE_HOME=DIR chooses another place"
    )
    assert list((tmp_path / "cores").iterdir()) == []


def test_clear_removes_every_core(tmp_path: Path) -> None:
    core_cache.provide(tmp_path, KEY, Builder())
    core_cache.provide(tmp_path, replace(KEY, version="1.1.0"), Builder())
    number, size = core_cache.clear(tmp_path)
    assert (number, size > 8) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_clear_leaves_a_core_that_is_being_built(tmp_path: Path) -> None:
    counted: list[tuple[int, int]] = []

    def make(place: Path, work: Path) -> CompiledCore:
        clearing = threading.Thread(target=lambda: counted.append(core_cache.clear(tmp_path)))
        clearing.start()
        clearing.join(30)
        return Builder()(place, work)

    assert core_cache.provide(tmp_path, KEY, make).damage() == ""
    assert counted == [(0, 0)]


# ---- the key -------------------------------------------------------------------------------------


def _compiler(directory: Path, text: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "gcc").write_text(f"#!/bin/sh\n{text}\n")
    (directory / "gcc").chmod(0o755)


def test_a_compiler_that_is_replaced_makes_another_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _compiler(tmp_path / "bin", "exit 0")
    before = core_key.current({})
    assert core_key.current({}) == before
    _compiler(tmp_path / "bin", "exit 0 # a newer one")
    after = core_key.current({})
    assert after.name != before.name
    assert after.base == before.base


def test_flags_of_the_environment_count_and_other_variables_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    _compiler(tmp_path / "bin", "exit 0")
    plain = core_key.current({})
    assert core_key.current({"EDITOR": "vi", "CFLAGS": ""}) == plain
    assert core_key.current({"CFLAGS": "-O3"}).name != plain.name
    assert core_key.current({"CC": "clang"}).name != plain.name


def test_no_compiler_on_the_path_is_a_key_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)  # the compiler of the package ziglang
    assert core_key.current({}).compiler == ()
