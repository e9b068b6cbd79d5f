"""asterisk/logger.h: C formats, Python keeps."""

from __future__ import annotations

from typing import Any

from runtime.api import PREPARATIONS, Binding, core, required, text
from runtime.api.options import OF_MODULES
from runtime.native.export import exported, hook

_FIRST_DYNAMIC = 16
"""Number of the first level that a module may add, as in Asterisk's main/logger.c."""
_LEVELS = 32

_dynamic: dict[str, int] = {}


@hook("void asterism_log_text(int level, const char *file, int line, const char *function, const char *message)")
def log_text(level: int, file: Any, line: int, function: Any, message: Any) -> None:
    """Take a formatted message of ``ast_log``."""
    core().logger.log(level, text(file), line, text(function), text(message))


@hook("void asterism_verbose_text(int level, const char *file, int line, const char *function, const char *message)")
def verbose_text(level: int, file: Any, line: int, function: Any, message: Any) -> None:
    """Take a formatted message of ``ast_verbose``; level -1 is shown always."""
    core().logger.verbose(max(level, 0), text(message), text(file), line, text(function))


@exported("unsigned int ast_debug_get_by_module(const char *module)", failure=0)
def ast_debug_get_by_module(module: Any) -> int:
    """The debug level of a module's own, by its name or its source; 0 when it has none."""
    return core().logger.debug_of(text(module))


@exported("unsigned int ast_trace_get_by_module(const char *module)", failure=0)
def ast_trace_get_by_module(module: Any) -> int:
    """The same: what a scope tells of itself is a debug message here."""
    return core().logger.debug_of(text(module))


@exported("int ast_logger_register_level(const char *name)", failure=-1)
def ast_logger_register_level(name: Any) -> int:
    """Add a level; -1 when the name is taken or no number is left."""
    wanted = required(name, "the level's name").upper()
    free = set(range(_FIRST_DYNAMIC, _LEVELS)) - set(_dynamic.values())
    if wanted in _dynamic or not free:
        return -1
    _dynamic[wanted] = min(free)
    return _dynamic[wanted]


@exported("int ast_logger_get_dynamic_level(const char *name)", failure=-1)
def ast_logger_get_dynamic_level(name: Any) -> int:
    """The number of a level somebody added, or -1."""
    return _dynamic.get(text(name).upper(), -1)


@exported("void ast_logger_unregister_level(const char *name)")
def ast_logger_unregister_level(name: Any) -> None:
    """Take a level away."""
    _dynamic.pop(text(name).upper(), None)


def _follow_levels(binding: Binding) -> None:
    """Keep C's copies of the levels, which ast_verb and ast_debug look at, up to date."""
    logger = binding.core.logger

    def set_levels() -> None:
        binding.lib.asterism_set_levels(logger.loudest, logger.debugging)
        binding.lib.asterism_set_options(OF_MODULES if logger.debugged else 0, OF_MODULES)

    logger.watchers.append(set_levels)
    set_levels()


PREPARATIONS.append(_follow_levels)
