"""Faults of module files that more than one reader tells."""

from __future__ import annotations

import os

from asterism.errors import Fault, Place
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def registers_nothing(file: str | os.PathLike[str]) -> Fault:
    """That a shared object registers no module."""
    cure = "close its source with AST_MODULE_INFO(...), or take it out of the module directory"
    return Fault("it registers no module", place=Place(os.fspath(file)), cure=cure, code="registers-nothing")


def registers_other_name(file: Path, name: str) -> Fault:
    """That a module registers under another name than its file has."""
    return Fault(
        f"it registers as '{name}'",
        place=Place(str(file)),
        why="the loader finds a module by the name of its file",
        cure=f"name the file {name}.so, or compile it with -DAST_MODULE='\"{file.stem}\"'",
        code="registers-other-name",
    )
