"""asterisk/module.h: loading by name, and the applications that modules register.

For authors of Python modules: :class:`ModuleInfo` and the types of its fields.
"""

from __future__ import annotations

from asterism.errors import AsterismError
from asterism.names import bare
from asterism.values import TYPE_CHECKING
from runtime.api import bound, core, encode, report, required, text
from runtime.api.channel import lent
from runtime.api.export import exported
from runtime.core.core import Force
from runtime.core.registry import Application
from runtime.model.emulated_channel import Channel
from runtime.model.module_record import GPL_KEY, Flag, LoadResult, ModuleInfo, Priority, SupportLevel

if TYPE_CHECKING:
    from typing import Any

__all__ = ["GPL_KEY", "Flag", "LoadResult", "ModuleInfo", "Priority", "SupportLevel"]


def name_of(mod: Any) -> str | None:
    """The name of a C module; None for NULL, which means the core."""
    if not mod:
        return None
    binding = bound()
    return text(binding.lib.asterism_module_name(binding.ffi.cast("struct ast_module *", mod)))


def split_description(name: str, description: str) -> tuple[str, str]:
    """Split a description into syntax and text, if its first line is the syntax: ``Name(a[,b])``."""
    first, _, rest = description.strip("\n").partition("\n")
    if first.strip().lower().startswith(f"{name.lower()}("):
        return first.strip(), rest.strip("\n")
    return "", description.strip("\n")


@exported(
    "int ast_register_application2(const char *app, int (*execute)(struct ast_channel *, const char *), "
    "const char *synopsis, const char *description, void *mod)",
    failure=-1,
)
def ast_register_application2(app: Any, execute: Any, synopsis: Any, description: Any, mod: Any) -> int:
    """Register an application: 0, or -1, which is logged, when the name is taken."""
    binding = bound()
    name = required(app, "the application's name")
    if not execute:
        raise ValueError(f"the application '{name}' has no function to execute")
    module = name_of(mod)
    owner, shown = encode(module or "core"), encode(f"application {name}")
    owner_pin, shown_pin = binding.ffi.new("char[]", owner), binding.ffi.new("char[]", shown)

    def run(channel: Channel | None, data: str) -> int:
        with lent(channel) as chan:
            return int(binding.lib.asterism_call_execute(owner_pin, shown_pin, execute, chan, encode(data)))

    syntax, words = split_description(name, text(description))
    core().applications.add(Application(name, run, module, text(synopsis).strip(), syntax, description=words))
    return 0


@exported("int ast_unregister_application(const char *app)", failure=-1)
def ast_unregister_application(app: Any) -> int:
    """Unregister an application: 0, or -1 when it is not registered."""
    return 0 if core().applications.remove(required(app, "the application's name")) else -1


@exported("enum ast_module_load_result ast_load_resource(const char *resource_name)", failure=LoadResult.FAILURE)
def ast_load_resource(resource_name: Any) -> int:
    """Load a module as ``module load`` does."""
    loader = core().loader
    loader.announce(loader.load(required(resource_name, "the module's name")))
    return LoadResult.SUCCESS


@exported("int ast_unload_resource(const char *resource_name, enum ast_module_unload_mode mode)", failure=-1)
def ast_unload_resource(resource_name: Any, mode: int) -> int:
    """Unload a module as ``module unload`` does."""
    core().loader.unload(required(resource_name, "the module's name"), Force(mode))
    return 0


@exported(
    "int ast_refresh_resource(const char *resource_name, enum ast_module_unload_mode force, int recursive)", failure=-1
)
def ast_refresh_resource(resource_name: Any, _force: int, recursive: int) -> int:
    """Unload and load a module as ``module refresh`` does."""
    core().loader.refresh(required(resource_name, "the module's name"), recursively=bool(recursive))
    return 0


@exported("enum ast_module_reload_result ast_module_reload(const char *name)", failure=3)
def ast_module_reload(name: Any) -> int:
    """Reload a module, or all modules for NULL."""
    return int(core().loader.reload(text(name) if name else None))


@exported("int ast_module_check(const char *name)", failure=0)
def ast_module_check(name: Any) -> int:
    """1 when the module is opened."""
    wanted = bare(text(name)).lower()
    try:
        return int(any(bare(known).lower() == wanted for known in core().loader.names()))
    except AsterismError as error:
        report("ast_module_check", error)
        return 0


def _completions(kind: int) -> list[str]:
    """Names of modules, by ``enum ast_module_helper_type``."""
    loader = core().loader
    running = list(loader.names(running=True))
    if kind == _HELP_LOAD:
        return [name for name in loader.files() if name not in running]
    if kind == _HELP_UNLOAD:
        return [row.file for row in loader.rows() if row.running and not row.use_count]
    if kind == _HELP_RELOAD:
        return loader.reloadable()
    return running if kind == _HELP_RUNNING else list(loader.names())


_HELP_RELOAD, _HELP_LOAD, _HELP_UNLOAD, _HELP_RUNNING = range(1, 5)


@exported("char *ast_module_helper(const char *line, const char *word, int pos, int state, int rpos, int type)")
def ast_module_helper(_line: Any, word: Any, pos: int, state: int, rpos: int, kind: int) -> Any:
    """Complete the name of a module."""
    binding, begin = bound(), text(word).lower()
    found = [name for name in _completions(kind) if name.lower().startswith(begin)] if pos == rpos else []
    if not 0 <= state < len(found):
        return binding.ffi.NULL
    data = encode(found[state])
    return binding.lib.asterism_copy(data, len(data))


def _each_module(modentry: Any, like: Any, *more: Any) -> int:
    """Call modentry for each opened module with ``like`` in its name; the sum of its results."""
    if not modentry:
        raise ValueError("the function to call is NULL")
    total, new = 0, bound().ffi.new
    for row in core().loader.rows():
        if text(like).lower() in row.file.lower():
            words = (row.file, row.description, "Running" if row.running else "Not Running")
            name, description, status = (new("char[]", encode(word)) for word in words)
            level = SupportLevel[row.support_level.upper()]
            total += modentry(name, description, row.use_count, status, like, level, *more)
    return total


_ENTRY = (
    "int (*modentry)(const char *module, const char *description, int usecnt, const char *status, const char *like, "
    "enum ast_module_support_level support_level"
)


@exported(f"int ast_update_module_list({_ENTRY}), const char *like)", failure=0)
def ast_update_module_list(modentry: Any, like: Any) -> int:
    """List the opened modules."""
    return _each_module(modentry, like)


@exported(f"int ast_update_module_list_data({_ENTRY}, void *data), const char *like, void *data)", failure=0)
def ast_update_module_list_data(modentry: Any, like: Any, data: Any) -> int:
    """List the opened modules, and pass data to the callback."""
    return _each_module(modentry, like, data)


@exported(
    f"int ast_update_module_list_condition({_ENTRY}, void *data, const char *condition), const char *like, void *data, "
    "const char *condition)",
    failure=0,
)
def ast_update_module_list_condition(modentry: Any, like: Any, data: Any, condition: Any) -> int:
    """List the opened modules, and pass data and a condition to the callback."""
    return _each_module(modentry, like, data, condition)
