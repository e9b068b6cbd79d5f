"""Faults of module files that more than one reader tells."""

from __future__ import annotations

import os

from asterism.errors import Fault, Place


def registers_nothing(file: str | os.PathLike[str]) -> Fault:
    """That a shared object registers no module."""
    cure = "close its source with AST_MODULE_INFO(...), or take it out of the module directory"
    return Fault("it registers no module", place=Place(os.fspath(file)), cure=cure, code="registers-nothing")
