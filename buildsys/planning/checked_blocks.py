"""Check the MODULEINFO blocks of a tree before a build uses them.

Loading the grammar takes a tenth of a second, so the time and size of each source without faults are recorded, and
only sources that have changed since are parsed again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Collector, Fault
from asterism.parsing import json_value
from asterism.tree import BUILD, Tree
from menuselect.sources import module_directories, moduleinfo

FILE = f"{BUILD}/blocks.json"

Stamp = list[int]
"""Modification time in nanoseconds and size in bytes of a file."""


def check(tree: Tree) -> None:
    """Parse every block that is new or changed.

    Raises:
        AsterismError: with the faults of all blocks.
    """
    known = _known(tree / FILE)
    stamps = {path: _stamp(tree / path) for path in (source.path for source in module_directories.sources(tree))}
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
    """Stamps of the sources that had no faults last time; empty when the file is missing or damaged."""
    try:
        known = json_value(files.read_text(path))
    except (AsterismError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
