"""Opening of modules in C and in Python: the single entry point that the loader uses.

Each failure is a fault with its own code, which the loader decides on.  The work is done by
:mod:`runtime.modules.native_library` (libasterism.so), :mod:`runtime.modules.shared_module` (modules in C) and
:mod:`runtime.modules.python_module` (modules in Python).
"""

from __future__ import annotations

import os
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.names import did_you_mean
from runtime.model.module_record import Module, ModuleInfo
from runtime.modules.native_library import Native, open_native
from runtime.modules.python_module import PythonModule, open_python
from runtime.modules.shared_module import SharedModule, open_shared

__all__ = ["Module", "ModuleInfo", "Native", "PythonModule", "SharedModule", "open_module", "open_native"]


def open_module(path: Path, *, global_symbols: bool = False) -> Module:
    """Open a module: ``NAME.so`` or ``NAME.py``.  None of its callbacks is called.

    Args:
        path: the module's file.
        global_symbols: make its symbols available to other modules even when its flags do not ask for that.

    Raises:
        AsterismError: with one fault, whose code is ``no-such-file``, ``file`` (unreadable), ``not-elf``,
            ``wrong-machine``, ``undefined-symbol``, ``missing-library``, ``cannot-open``, ``registers-nothing``,
            ``registers-twice``, ``other-layout``, ``python-module``.
    """
    file = Path(path)
    try:
        data = _content(file)
    except FileNotFoundError:
        raise AsterismError(_absent(file)) from None
    if file.suffix == ".py":
        return open_python(file, data)
    elf.check(file, data)
    return open_shared(file, data, global_symbols)


def _content(file: Path) -> bytes:
    """The bytes of a file.  Raises FileNotFoundError, or AsterismError when the file cannot be read otherwise."""
    try:
        return files.read_bytes(file, files.BINARY)
    except AsterismError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise error.__cause__ from None
        raise


def _absent(file: Path) -> Fault:
    if file.is_symlink():
        return Fault(
            f"it is a link to {os.readlink(file)}, which is not there",
            place=Place(str(file)),
            cure="install the module again, or take the link away",
            code="no-such-file",
        )
    names = [entry.stem for entry in file.parent.glob("*") if entry.suffix in (".so", ".py")]
    return Fault(
        f"there is no module {file.name}",
        place=Place(str(file)),
        cure=did_you_mean(file.stem, names) or "build and install it first, or correct the name",
        code="no-such-file",
    )
