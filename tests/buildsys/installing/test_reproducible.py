"""Two checkouts of the same sources, in two directories and of two dates, make the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from source_tree import SourceTree, write_sources

from buildsys.installing import bundled_packages
from buildsys.installing.installer import Destination, install
from buildsys.settled.configuration import Configuration

PREFIX = "/usr"


def checkout(
    room: Path, project: Path, asterism: Callable[..., subprocess.CompletedProcess[str]], when: int
) -> SourceTree:
    """A source tree with a package of Python, whose files are of one time."""
    made = write_sources(room, project, asterism)
    shutil.copytree(project / "asterism/modulefile", made.top / "asterism/modulefile")
    for path in made.top.rglob("*"):
        os.utime(path, (when, when))
    return made


def staged(tree: SourceTree) -> dict[str, bytes]:
    """What is built and installed of a tree."""
    tree.configure(Configuration(cc=("gcc",), cflags=(f"-fdebug-prefix-map={tree.top}=/else",), warnings=("-Wall",)))
    done = tree.build("--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    stage = tree.top / "stage"
    install(tree.tree, Destination(PREFIX, str(stage)))
    return {str(path.relative_to(stage)): path.read_bytes() for path in sorted(stage.rglob("*")) if path.is_file()}


def test_two_checkouts_make_the_same_bytes(
    tmp_path: Path,
    project: Path,
    asterism: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundled_packages, "distributions", dict)
    first, second = (
        staged(checkout(room, project, asterism, when))
        for room, when in ((tmp_path / "a", 1_000_000_000), (tmp_path / "elsewhere/ö b", 1_700_000_000))
    )
    assert first.keys() == second.keys()
    assert [name for name, data in first.items() if data != second[name]] == []
    assert [name for name, data in first.items() if os.fsencode(tmp_path) in data] == []
    assert {"res_one.so", "elf.py"} <= {os.path.basename(name) for name in first}
