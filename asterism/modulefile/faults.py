"""Faults of module files that several readers report."""

from __future__ import annotations

import os

from asterism.errors import Fault, Place


def registers_nothing(file: str | os.PathLike[str]) -> Fault:
    """The fault of a shared object that registers no module."""
    cure = "close its source with AST_MODULE_INFO(...), or take it out of the module directory"
    return Fault("it registers no module", place=Place(os.fspath(file)), cure=cure, code="registers-nothing")
