"""The MODULEINFO blocks of a tree, checked before anything is made of them.

Reading a block takes the grammar, which takes a tenth of a second to load; so what was good is
remembered by the time and size of its file, and only what has changed since is read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault
from asterism.parsing import json_value
from asterism.tree import BUILD, Tree
from menuselect.sources import moduleinfo, scan

FILE = f"{BUILD}/blocks.json"

Stamp = list[int]
"""When a file was changed, in nanoseconds, and its size."""


def check(tree: Tree) -> None:
    """Read every block that is new or changed.

    Raises:
        AsterismError: with all that is wrong with all of them.
    """
    known = _known(tree / FILE)
    stamps = {path: _stamp(tree / path) for path in (source.path for source in scan.sources(tree))}
    faults = Collector()
    for path, stamp in stamps.items():
        if known.get(path) != stamp:
            found = _faults(tree, path)
            faults.extend(found)
            if found:
                stamps[path] = []
    files.write(tree / FILE, json.dumps({path: stamp for path, stamp in stamps.items() if stamp}) + "\n")
    faults.check()


def _faults(tree: Tree, path: str) -> list[Fault]:
    source = moduleinfo.read(files.read_text(tree / path), path)
    return [fault for fault in source.faults if fault.severity == "error"]


def _stamp(path: Path) -> Stamp:
    with files.told(path, "read"):
        status = os.stat(path)
    return [status.st_mtime_ns, status.st_size]


def _known(path: Path) -> dict[str, Stamp]:
    """What was good the last time; nothing when the file is missing or damaged, which costs a reading."""
    try:
        known = json_value(files.read_text(path))
    except (AsterismError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
