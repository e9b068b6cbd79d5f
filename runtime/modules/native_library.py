"""libasterism.so, the core's own library: opened once, before any module, and bound to a core."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path
from types import ModuleType

from asterism.errors import AsterismError, Fault, Place
from asterism.files import read_bytes
from asterism.values import TYPE_CHECKING, dataclass
from runtime import api
from runtime.api.options import FULLY_BOOTED
from runtime.modules.module_copies import copies_in

if TYPE_CHECKING:
    from typing import Any

    from runtime.core.core import Core


@dataclass(slots=True)
class Native:
    """The opened libasterism.so, with the core API bound to a core."""

    path: Path
    ffi: Any
    lib: Any
    core: Core

    def set_booted(self) -> None:
        """Tell modules that the start is complete (``ast_fully_booted``)."""
        self.lib.asterism_set_options(FULLY_BOOTED, 0)

    def install_crash_handler(self, log: int | None = None) -> None:
        """Install the handler that reports the crashing module and callback on standard error.

        Args:
            log: descriptor of an open file that receives the report and the backtrace; the report then names the file.
        """
        if log is not None:
            self.lib.asterism_crash_also(log, os.fsencode(_name_of(log)))
        if self.lib.asterism_crash_install():
            self.core.logger.warning("the crash handler could not be installed")

    def close(self) -> None:
        """Unbind the core API from C: threads of modules that still call it get failure values."""
        api.unbind()
        copies_in(self.core.settings.directories.astrundir).close()


def _name_of(descriptor: int) -> str:
    """The path of the file that a descriptor refers to; empty when the system does not tell."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""


def _load_types(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("_asterism_core_types", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise AsterismError(_incomplete(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _incomplete(file: Path) -> Fault:
    return Fault(
        "a part of the core is missing",
        place=Place(str(file)),
        cure="run 'make install' again",
        code="no-such-file",
    )


_libraries: dict[tuple[str, int, int], tuple[Any, Any]] = {}
"""cffi's objects of each libasterism.so that this process opened, by file; a second core reuses them."""


def open_native(directory: Path, core: Core) -> Native:
    """Open libasterism.so and bind the core API to ``core``; once, before any module.

    Raises:
        AsterismError: a file is missing or cannot be loaded.
    """
    path = Path(directory) / "libasterism.so"
    try:
        status = path.stat()
    except OSError:
        raise AsterismError(_incomplete(path)) from None
    key = (os.path.realpath(path), status.st_ino, status.st_mtime_ns)
    if key not in _libraries:
        _libraries[key] = _open_library(path)
    ffi, lib = _libraries[key]
    api.bind(core, ffi, lib)
    return Native(path, ffi, lib, core)


def _open_library(path: Path) -> tuple[Any, Any]:
    ffi = _load_types(path.with_name("core_types.py")).ffi
    try:
        # Global, so that modules find the core's symbols; never closed, since modules are bound to it.
        return ffi, ffi.dlopen(str(path), ffi.RTLD_NOW | ffi.RTLD_GLOBAL)
    except OSError as error:
        raise AsterismError(
            Fault(
                "the core cannot be loaded",
                place=Place(str(path)),
                why=str(error),
                cure="run 'make clean' and 'make install' again;\n"
                "    after an installation by pip, remove this file: the next use installs it anew",
                code="core",
            )
        ) from error


@functools.cache
def provided_symbols() -> tuple[str, ...]:
    """The symbols that libasterism.so provides, sorted; read once."""
    from asterism.modulefile import reader  # which only a mistake needs

    paths = [Path(path) for path, *_ in _libraries]
    return tuple(sorted(symbol for path in paths for symbol in reader.exports_of(read_bytes(path), str(path))))
