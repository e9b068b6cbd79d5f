"""asterisk/module.h: loading by name, and the applications that modules register.

For authors of Python modules: :class:`ModuleInfo` and what it is made of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asterism.errors import AsterismError
from asterism.names import bare
from runtime.api import bound, core, encode, report, required, text
from runtime.api.channel import lent
from runtime.channel import Channel
from runtime.module import GPL_KEY, Flag, LoadResult, ModuleInfo, Priority, SupportLevel
from runtime.native.export import exported
from runtime.registry import Application

__all__ = ["GPL_KEY", "Flag", "LoadResult", "ModuleInfo", "Priority", "SupportLevel"]


def name_of(mod: Any) -> str | None:
    """The name of the module C means, None of NULL: the core itself."""
    if not mod:
        return None
    binding = bound()
    return text(binding.lib.asterism_module_name(binding.ffi.cast("struct ast_module *", mod)))


def held(mod: Any, call: Callable[[], int]) -> int:
    """Run a call into a module while its use count keeps it from being unloaded."""
    binding = bound()
    if not mod:
        return call()
    module = binding.ffi.cast("struct ast_module *", mod)
    binding.lib.asterism_module_use(module, 1)
    try:
        return call()
    finally:
        binding.lib.asterism_module_use(module, -1)


def split_description(name: str, description: str) -> tuple[str, str]:
    """Syntax and the rest of a description whose first line is the syntax: ``Name(a[,b])``."""
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
    """Register an application; its name may be taken, which is logged and gives -1."""
    binding = bound()
    name = required(app, "the application's name")
    if not execute:
        raise ValueError(f"the application '{name}' has no function to execute")
    module = name_of(mod)
    owner, shown = encode(module or "core"), encode(f"application {name}")
    owner_pin, shown_pin = binding.ffi.new("char[]", owner), binding.ffi.new("char[]", shown)

    def run(channel: Channel | None, data: str) -> int:
        with lent(channel) as chan:
            argument = encode(data)
            return held(
                mod,
                lambda: binding.lib.asterism_call_execute(owner_pin, shown_pin, execute, chan, argument),
            )

    syntax, words = split_description(name, text(description))
    core().applications.add(Application(name, run, module, text(synopsis).strip(), syntax, description=words))
    return 0


@exported("int ast_unregister_application(const char *app)", failure=-1)
def ast_unregister_application(app: Any) -> int:
    """Take an application away: 0, or -1 when there is none of that name."""
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
    from runtime.core import Force

    core().loader.unload(required(resource_name, "the module's name"), Force(mode))
    return 0


@exported("enum ast_module_reload_result ast_module_reload(const char *name)", failure=3)
def ast_module_reload(name: Any) -> int:
    """Reload one module, all with NULL."""
    return int(core().loader.reload(text(name) if name else None))


@exported("int ast_module_check(const char *name)", failure=0)
def ast_module_check(name: Any) -> int:
    """1 when a module of that name is opened."""
    wanted = bare(text(name)).lower()
    try:
        return int(any(bare(known).lower() == wanted for known in core().loader.names()))
    except AsterismError as error:
        report("ast_module_check", error)
        return 0
