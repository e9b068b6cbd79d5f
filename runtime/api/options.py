"""asterisk/options.h and asterisk/paths.h: the settings, passed to C once."""

from __future__ import annotations

from asterism import __version__
from runtime.api import PREPARATIONS, Binding, encode

FLAGS = {
    "execincludes": 1 << 0,
    "nofork": 1 << 1,
    "quiet": 1 << 2,
    "console": 1 << 3,
    "highpriority": 1 << 4,
    "nocolor": 1 << 8,
    "dumpcore": 1 << 12,
    "timestamp": 1 << 14,
    "alwaysfork": 1 << 21,
    "mute": 1 << 22,
}
"""Bits of ``ast_options`` (``enum ast_option_flags``) by the name of the setting."""

FULLY_BOOTED = 1 << 9
DEBUG_OF_MODULES = 1 << 23
"""``AST_OPT_FLAG_DEBUG_MODULE``: set when a module has a debug level of its own."""
TRACE_OF_MODULES = 1 << 24
"""``AST_OPT_FLAG_TRACE_MODULE``: set when a module has a trace level of its own."""

PATHS = (
    "astetcdir",
    "file",
    "astmoddir",
    "astvarlibdir",
    "astdbdir",
    "astkeydir",
    "astdatadir",
    "astagidir",
    "astspooldir",
    "astrundir",
    "astlogdir",
    "astsbindir",
    "astcachedir",
    "pid",
    "socket",
    "systemname",
    "monitor",
    "recording",
)
"""The paths in the order of ``paths`` in runtime/native/base/data.c."""


def _path(binding: Binding, name: str) -> str:
    settings = binding.core.settings
    if name in ("file", "socket"):
        return str(getattr(settings, name))
    if name in ("monitor", "recording"):
        return f"{settings.directories.astspooldir}/{name}"
    if name == "systemname":
        return settings.options.systemname
    if name == "astdbdir":
        return f"{settings.directories.astdbdir}/astdb"  # the name of the file up to its ending
    if name == "pid":
        return f"{settings.directories.astrundir}/asterisk.pid"
    return str(getattr(settings.directories, name))


def _hand_over(binding: Binding) -> None:
    chosen = binding.core.settings.options
    flags = sum(bit for name, bit in FLAGS.items() if getattr(chosen, name))
    binding.lib.asterism_set_options(flags, 0xFFFFFFFF & ~(DEBUG_OF_MODULES | TRACE_OF_MODULES))
    for index, name in enumerate(PATHS):
        binding.lib.asterism_set_path(index, encode(_path(binding, name)))
    binding.lib.asterism_set_version(encode(__version__))
    times = binding.core.times
    binding.lib.asterism_set_times(int(times.started), int(times.reloaded))


PREPARATIONS.append(_hand_over)
