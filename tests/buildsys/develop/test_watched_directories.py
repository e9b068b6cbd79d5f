"""The directories that ``asterism watch`` looks into."""

from __future__ import annotations

from pathlib import Path

from asterism.tree import Kind, Tree
from buildsys.compile.ninja_run import Prepared
from buildsys.develop.watch import Watch
from buildsys.planning.plan import Core, Plan
from buildsys.planning.plan_inputs import Inputs
from buildsys.settled.configuration import Configuration


def test_the_folders_of_the_core_are_watched(tmp_path: Path) -> None:
    for name in ("include/asterisk", "res", "runtime/native/base"):
        (tmp_path / name).mkdir(parents=True)
    core = Core(("runtime/native/base/log.c",), ("gen",), ("table.h",), ("runtime/api/contexts/a.py",))
    inputs = Inputs(Configuration(cc=("gcc",)), (), (), core, ("menuselect.makeopts", "res"))
    watch = Watch(Tree(tmp_path, Kind.SOURCES), print, prepared=Prepared(inputs, Plan((), ()), 0))
    assert watch.directories() == [
        ".",
        "include",
        "include/asterisk",
        "res",
        "runtime/api/contexts",
        "runtime/native/base",
    ]
