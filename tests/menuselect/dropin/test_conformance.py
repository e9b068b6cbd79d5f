"""The recorded runs of the C program, replayed.

Those of the conformance folder are replayed when it is there; it is found beside the repository or
through ASTERISM_CONFORMANCE.  The cases of ``cases.json`` beside this file are always replayed.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dropin import ORIGIN, run_in

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ASTERISM_CONFORMANCE", HERE.parents[3] / "shared" / "conformance")) / "menuselect"
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where thousands of small trees are made; a disk takes three times as long."""
RECORDED = ("asterisk-13.json.gz", "asterisk-18.json.gz", "synthetic.jsonl.gz")
FIELDS = ("exit", "stdout", "makeopts_after", "makedeps_after", "files_removed", "files_touched")

Tree = dict[str, Any]
Case = dict[str, Any]


def trees_of(path: Path) -> Iterator[Tree]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    if ".jsonl" in path.name:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
    else:
        data = json.loads(text)
        yield from data if isinstance(data, list) else [data]


def put(path: Path, text: str | None) -> None:
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def get(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else None


def prepare(top: Path, tree: Tree, case: Case) -> None:
    put(top / "menuselect-tree", tree["tree"])
    put(top / "build_tools/menuselect-deps", case["deps"] if "deps" in case else tree["deps"])
    put(top / "menuselect.makeopts", case.get("before"))
    for name, text in (case.get("extra_config_files") or {}).items():
        put(top / name, text)
    for name in case.get("files") or ():
        put(top / name / "inside" if name.endswith("/") else top / name, "")
    for name in case.get("files") or ():
        os.utime(top / name, (ORIGIN, ORIGIN))


def observe(tree: Tree, case: Case) -> dict[str, object]:
    top = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        prepare(top, tree, case)
        outcome = run_in(top, *case["args"])
        files = case.get("files") or []
        there = [name for name in files if os.path.lexists(top / name)]
        return {
            "exit": outcome.status,
            "stdout": outcome.stdout,
            "makeopts_after": get(top / "menuselect.makeopts"),
            "makedeps_after": get(top / "menuselect.makedeps"),
            "files_removed": sorted(set(files) - set(there)),
            "files_touched": sorted(name for name in there if int(os.lstat(top / name).st_mtime) != ORIGIN),
        }
    finally:
        shutil.rmtree(top)


def expected(case: Case) -> dict[str, object]:
    return {field: case.get(field, []) for field in FIELDS}


def check_all(path: Path) -> int:
    """Replay a file; each case that differs is named with what differs."""
    number, different = 0, []
    for tree in trees_of(path):
        for at, case in enumerate(tree["cases"]):
            number += 1
            observed = observe(tree, case)
            if observed != expected(case):
                fields = [field for field in FIELDS if observed[field] != case.get(field, [])]
                different.append((tree["id"], at, case["args"], fields))
    assert different == []
    return number


def test_the_cases_of_the_repository_give_what_the_original_gave() -> None:
    assert check_all(HERE.parent / "cases.json") > 0


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_run_of_the_original_is_reproduced(name: str) -> None:
    if not (SHARED / name).is_file():
        pytest.skip("needs the recorded runs of Asterisk")
    assert check_all(SHARED / name) > 0
