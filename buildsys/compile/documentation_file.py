"""The documentation files of a build: the DOCUMENTATION blocks of its modules, ``build/documentation/...xml``.

The time and size of each source are recorded, so that only changed sources are read again.
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
"""The stamps of the sources read for Asterism's own build; ``NAME.xml`` of each documented module lies beside it."""

Stamps = dict[str, list[int]]
"""For each source of a module: modification time in nanoseconds and size in bytes."""


def refresh(tree: Tree, modules: Iterable[Module], place: str = BUILD) -> None:
    """Bring the documentation files of the selected modules up to date, and report faulty blocks.

    Args:
        tree: the directory of the sources.
        modules: the modules of the build.
        place: the output directory of the build, relative to the tree.
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
    """The elements of all documentation files of a build, in the order of the modules."""
    return [element for path in paths(tree) for element in blocks.loads(files.read_text(path))]


def paths(tree: Tree, place: str = BUILD) -> list[Path]:
    """The documentation files of a build, sorted by name."""
    beside = tree / place / blocks.DIRECTORY
    return sorted(beside.glob("*.xml")) if beside.is_dir() else []


def of_module(tree: Tree, module: Module) -> blocks.Documented:
    """The documentation in the blocks of all sources of a module."""
    read = [blocks.read(files.text_or_empty(tree / source), source, module.name) for source in module.sources]
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


def _stamps(tree: Tree, module: Module) -> Stamps | None:
    try:
        status = {source: os.stat(tree / source) for source in module.sources}
    except OSError:
        return None
    return {source: [each.st_mtime_ns, each.st_size] for source, each in status.items()}


def _known(path: Path) -> dict[str, Stamps | None]:
    """The stamps of the last run; empty when the file is missing or damaged."""
    try:
        known = json_value(files.read_text(path))
    except (AsterismError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
