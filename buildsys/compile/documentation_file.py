"""The documentation file of a build: the DOCUMENTATION blocks of its modules, ``build/documentation/...xml``.

What a source says is remembered by its time and size, so that only what has changed is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element

from asterism import files
from asterism.documentation import blocks
from asterism.errors import AsterismError, Fault, report
from asterism.parsing import json_value
from asterism.tree import BUILD, Tree
from buildsys.planning.plan import Module

SEEN = f"{BUILD}/{blocks.DIRECTORY}/seen.json"
"""What was read for the build for this very tree; the files lie beside it, ``NAME.xml`` for a module with a block."""

Stamps = dict[str, list[int]]
"""When each source of a module was changed, in nanoseconds, and its size."""


def refresh(tree: Tree, modules: Iterable[Module], place: str = BUILD) -> None:
    """Bring the documentation files of the chosen modules up to date; blocks that are wrong are reported.

    Args:
        tree: the directory of the sources.
        modules: what is built of them.
        place: where the build puts everything, relative to the tree.
    """
    beside = tree / place / blocks.DIRECTORY
    known, now, faults = _known(beside / "seen.json"), {}, list[Fault]()
    for module in modules:
        stamps = _stamps(tree, module)
        if known.get(module.name) != stamps or stamps is None:
            found = _write(tree, module, beside)
            faults += found
            stamps = None if found else stamps
        now[module.name] = stamps
    for path in paths(tree, place):
        if path.stem not in now:
            path.unlink(missing_ok=True)
    if now or known:
        files.write(beside / "seen.json", json.dumps(now) + "\n")
    report(faults)


def elements(tree: Tree) -> list[Element]:
    """All that the documentation files of a build say, in the order of the modules."""
    return [element for path in paths(tree) for element in blocks.loads(files.read_text(path))]


def paths(tree: Tree, place: str = BUILD) -> list[Path]:
    """The documentation files of a build, by name."""
    beside = tree / place / blocks.DIRECTORY
    return sorted(beside.glob("*.xml")) if beside.is_dir() else []


def of_module(tree: Tree, module: Module) -> blocks.Documented:
    """What the blocks of all sources of a module say."""
    read = [blocks.read(_text(tree / source), source, module.name) for source in module.sources]
    return blocks.Documented(
        tuple(element for each in read for element in each.elements),
        tuple(fault for each in read for fault in each.faults),
    )


def _write(tree: Tree, module: Module, beside: Path) -> tuple[Fault, ...]:
    documented = of_module(tree, module)
    path = beside / f"{module.name}.xml"
    if documented.elements:
        files.write(path, blocks.dumps(documented.elements))
    else:
        path.unlink(missing_ok=True)
    return documented.faults


def _text(path: Path) -> str:
    """The text of a source; nothing of one that cannot be read, which the compiler tells."""
    try:
        return files.read_text(path)
    except AsterismError:
        return ""


def _stamps(tree: Tree, module: Module) -> Stamps | None:
    try:
        status = {source: os.stat(tree / source) for source in module.sources}
    except OSError:
        return None
    return {source: [each.st_mtime_ns, each.st_size] for source, each in status.items()}


def _known(path: Path) -> dict[str, Stamps | None]:
    """What was read the last time; nothing when the file is missing or damaged, which costs a reading."""
    try:
        known = json_value(files.read_text(path))
    except (AsterismError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
