"""asterisk/pbx.h: contexts, extensions and includes are added and removed."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import bound, core, required, text
from runtime.api.contexts.context_handles import meant, shelf_in_force
from runtime.api.export import exported
from runtime.model import timing
from runtime.model.extensions import Context, Dialplan, ExtensionStep, Include, Origin

if TYPE_CHECKING:
    from typing import Any


@exported("struct ast_context *ast_context_find(const char *name)")
def ast_context_find(name: Any) -> Any:
    """A context by its name."""
    return shelf_in_force().named(text(name))


@exported(
    "struct ast_context *ast_context_find_or_create(struct ast_context **extcontexts, struct ast_hashtab *exttable, "
    "const char *name, const char *registrar)"
)
def ast_context_find_or_create(extcontexts: Any, exttable: Any, name: Any, registrar: Any) -> Any:
    """A context by its name, created if it does not exist."""
    if extcontexts or exttable:
        raise ValueError("contexts can be created in the dialplan only: the first two arguments must be NULL")
    wanted = required(name, "the context's name")
    if wanted not in core().plans.current.contexts:
        made = Context(wanted, required(registrar, "the registrar"))
        core().plans.change(lambda plan: plan if wanted in plan.contexts else plan.with_context(made))
    return ast_context_find(name)


def _without(plan: Dialplan, names: list[str], registrar: str) -> Dialplan:
    """A dialplan without the registrar's parts of some contexts."""
    kept = plan.without(registrar) if registrar else plan
    for name in names:
        gone = plan.without_context(name)
        left = kept.contexts.get(name) if registrar else None
        plan = gone if left is None else plan.with_context(left)
    return plan


@exported("void ast_context_destroy(struct ast_context *con, const char *registrar)")
def ast_context_destroy(con: Any, registrar: Any) -> None:
    """Remove the registrar's part of a context, or of all contexts."""
    name = meant(con, Context, "context")[1].name if con else None
    who = text(registrar)
    core().plans.change(lambda plan: _without(plan, list(plan.contexts) if name is None else [name], who))


@exported("int ast_context_destroy_by_name(const char *context, const char *registrar)", failure=-1)
def ast_context_destroy_by_name(context: Any, registrar: Any) -> int:
    """Remove the registrar's part of a context by its name: 0, or -1 when the context does not exist."""
    name, who = text(context), text(registrar)
    if name not in core().plans.current.contexts:
        return -1
    core().plans.change(lambda plan: _without(plan, [name], who))
    return 0


def _add(context: str, replace: int, extension: Any, callerid: Any, step: ExtensionStep, data: Any, datad: Any) -> int:
    name = required(extension, "the extension")
    cid = text(callerid) if callerid else None
    if not (step.application or step.priority == -1) or step.priority == 0 or step.priority < -1:
        raise ValueError(f"'{name}@{context}' needs an application and a priority of 1 or more")
    core().plans.current.context(context)
    core().plans.change(lambda plan: plan.with_step(context, name, cid, step, replacing=bool(replace)))
    if datad and data:
        datad(data)
    return 0


@exported(
    "int ast_add_extension(const char *context, int replace, const char *extension, int priority, const char *label, "
    "const char *callerid, const char *application, void *data, void (*datad)(void *), const char *registrar)",
    failure=-1,
)
def ast_add_extension(
    context: Any,
    replace: int,
    extension: Any,
    priority: int,
    label: Any,
    callerid: Any,
    application: Any,
    data: Any,
    datad: Any,
    registrar: Any,
) -> int:
    """Add one priority of an extension to a context."""
    origin = Origin(required(registrar, "the registrar"))
    step = ExtensionStep(priority, text(application), _data(data), text(label), origin)
    return _add(required(context, "the context"), replace, extension, callerid, step, data, datad)


@exported(
    "int ast_add_extension2(struct ast_context *con, int replace, const char *extension, int priority, "
    "const char *label, const char *callerid, const char *application, void *data, void (*datad)(void *), "
    "const char *registrar, const char *registrar_file, int registrar_line)",
    failure=-1,
)
def ast_add_extension2(
    con: Any,
    replace: int,
    extension: Any,
    priority: int,
    label: Any,
    callerid: Any,
    application: Any,
    data: Any,
    datad: Any,
    registrar: Any,
    registrar_file: Any,
    registrar_line: int,
) -> int:
    """Add one priority of an extension to a context, with the file and line of its source."""
    origin = Origin(required(registrar, "the registrar"), text(registrar_file), registrar_line)
    step = ExtensionStep(priority, text(application), _data(data), text(label), origin)
    return _add(meant(con, Context, "context")[1].name, replace, extension, callerid, step, data, datad)


def _data(pointer: Any) -> str:
    return text(bound().ffi.cast("const char *", pointer))


def _remove(context: str, extension: Any, priority: int) -> int:
    name, _, cid = required(extension, "the extension").partition("/")
    callers = cid if "/" in text(extension) else None
    core().plans.change(lambda plan: plan.without_steps(context, name, callers, priority or None))
    return 0


@exported(
    "int ast_context_remove_extension(const char *context, const char *extension, int priority, const char *registrar)",
    failure=-1,
)
def ast_context_remove_extension(context: Any, extension: Any, priority: int, _registrar: Any) -> int:
    """Remove an extension, or one of its priorities, from a context by name."""
    return _remove(required(context, "the context"), extension, priority)


@exported(
    "int ast_context_remove_extension2(struct ast_context *con, const char *extension, int priority, "
    "const char *registrar, int already_locked)",
    failure=-1,
)
def ast_context_remove_extension2(con: Any, extension: Any, priority: int, _registrar: Any, _locked: int) -> int:
    """Remove an extension, or one of its priorities, from a context by its handle."""
    return _remove(meant(con, Context, "context")[1].name, extension, priority)


@exported("int ast_context_add_include(const char *context, const char *include, const char *registrar)", failure=-1)
def ast_context_add_include(context: Any, include: Any, registrar: Any) -> int:
    """Let a context include another."""
    name, _, times = required(include, "the include").partition(",")
    timing.parse(times)
    made = Include(name.strip(), times.strip(), Origin(required(registrar, "the registrar")))
    core().plans.change(lambda plan: plan.with_include(required(context, "the context"), made))
    return 0


@exported("int ast_context_remove_include(const char *context, const char *include, const char *registrar)", failure=-1)
def ast_context_remove_include(context: Any, include: Any, _registrar: Any) -> int:
    """Remove an include from a context."""
    wanted = required(include, "the include").partition(",")[0].strip()
    core().plans.change(lambda plan: plan.without_include(required(context, "the context"), wanted))
    return 0
