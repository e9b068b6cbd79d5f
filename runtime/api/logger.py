"""asterisk/logger.h: C formats the messages, Python writes them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator

from asterism.values import TYPE_CHECKING
from runtime.api import PREPARATIONS, Binding, bound, core, encode, required, text
from runtime.api.export import exported, hook
from runtime.api.options import DEBUG_OF_MODULES, TRACE_OF_MODULES

if TYPE_CHECKING:
    from typing import Any


@hook("void asterism_log_text(int level, const char *file, int line, const char *function, const char *message)")
def log_text(level: int, file: Any, line: int, function: Any, message: Any) -> None:
    """Take a formatted message of ``ast_log``."""
    core().logger.log(level, text(file), line, text(function), text(message))


@hook("void asterism_verbose_text(int level, const char *file, int line, const char *function, const char *message)")
def verbose_text(level: int, file: Any, line: int, function: Any, message: Any) -> None:
    """Take a formatted message of ``ast_verbose``; level -1 is always shown."""
    core().logger.verbose(max(level, 0), text(message), text(file), line, text(function))


@exported("unsigned int ast_debug_get_by_module(const char *module)", failure=0)
def ast_debug_get_by_module(module: Any) -> int:
    """The debug level set for a module or a source file; 0 when not set."""
    return core().logger.debug_of(text(module))


@exported("unsigned int ast_trace_get_by_module(const char *module)", failure=0)
def ast_trace_get_by_module(module: Any) -> int:
    """The trace level set for a module or a source file; 0 when not set."""
    return core().logger.trace_of(text(module))


@exported("int ast_logger_register_level(const char *name)", failure=-1)
def ast_logger_register_level(name: Any) -> int:
    """Register a level, which is removed with its module; -1 when the name is taken or no number is left."""
    module = text(bound().lib.asterism_calling_module()) or None
    return core().logger.added.register(required(name, "the level's name"), module).value


@exported("int ast_logger_get_dynamic_level(const char *name)", failure=-1)
def ast_logger_get_dynamic_level(name: Any) -> int:
    """The number of a level that a module added, or -1."""
    level = core().logger.added.find(text(name))
    return level.value if level else -1


@exported("void ast_logger_unregister_level(const char *name)")
def ast_logger_unregister_level(name: Any) -> None:
    """Unregister a level."""
    core().logger.added.remove(text(name))


@contextlib.contextmanager
def _calling() -> Iterator[None]:
    """Give this thread a call id for the body: its own, or a new one."""
    binding = bound()
    number = binding.ffi.new("unsigned int *")
    is_new = binding.lib.ast_callid_threadstorage_auto(number)
    try:
        yield
    finally:
        binding.lib.ast_callid_threadstorage_auto_clean(number[0], is_new)


@contextlib.contextmanager
def _doing(lib: Any, module: str, what: str) -> Iterator[None]:
    """Tell the crash handler what this thread executes while the body runs."""
    lib.asterism_doing(encode(module), encode(what))
    try:
        yield
    finally:
        lib.asterism_done()


def _number_calls(binding: Binding) -> None:
    binding.core.calling = _calling
    binding.core.doing = functools.partial(_doing, binding.lib)
    binding.core.logger.call_of_thread = binding.lib.ast_read_threadstorage_callid


def _follow_levels(binding: Binding) -> None:
    """Keep C's copies of the levels, which ast_verb, ast_debug and ast_trace look at, up to date."""
    logger = binding.core.logger

    def set_levels() -> None:
        binding.lib.asterism_set_levels(logger.loudest, logger.debugging, logger.tracing)
        own = (DEBUG_OF_MODULES if logger.debugged else 0) | (TRACE_OF_MODULES if logger.traced else 0)
        binding.lib.asterism_set_options(own, DEBUG_OF_MODULES | TRACE_OF_MODULES)

    logger.watchers.append(set_levels)
    set_levels()


PREPARATIONS += (_number_calls, _follow_levels)
