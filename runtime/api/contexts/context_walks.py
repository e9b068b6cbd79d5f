"""asterisk/pbx.h: locks and walks of contexts, and the fields of what a walk finds."""

from __future__ import annotations

import threading
from collections.abc import Callable

from asterism.values import TYPE_CHECKING
from runtime.api import core
from runtime.api.contexts.context_handles import Priority, meant, shelf_in_force, text_of
from runtime.api.export import exported
from runtime.model.extensions import Context, Include, Note

if TYPE_CHECKING:
    from typing import Any

_locked = threading.local()
"""The locks of this thread, the last one at the end; True for a write lock."""


def _lock(*, writing: bool) -> int:
    if writing:
        core().plans.lock.acquire()
    _locked.kinds = [*getattr(_locked, "kinds", []), writing]
    return 0


def _unlock(*_con: Any) -> int:
    """Release the lock that this thread took last."""
    kinds = getattr(_locked, "kinds", [])
    if not kinds:
        raise ValueError("cannot unlock the contexts: this thread has not locked them")
    *_locked.kinds, writing = kinds
    if writing:
        core().plans.lock.release()
    return 0


def _read_lock(*_con: Any) -> int:
    """Note a read lock, without waiting: a dialplan that is walked does not change."""
    return _lock(writing=False)


def _write_lock(*_con: Any) -> int:
    """Keep other threads from changing the dialplan."""
    return _lock(writing=True)


for _what, _taken in (("contexts", "void"), ("context", "struct ast_context *con")):
    exported(f"int ast_rdlock_{_what}({_taken})", failure=-1)(_read_lock)
    exported(f"int ast_wrlock_{_what}({_taken})", failure=-1)(_write_lock)
    exported(f"int ast_unlock_{_what}({_taken})", failure=-1)(_unlock)


@exported("struct ast_context *ast_walk_contexts(struct ast_context *con)")
def ast_walk_contexts(con: Any) -> Any:
    """The next context of the dialplan the walk began in."""
    if not con:
        return shelf_in_force().context(0)
    shelf, _, number = meant(con, Context, "context")
    return shelf.context(number + 1)


@exported("struct ast_exten *ast_walk_context_extensions(struct ast_context *con, struct ast_exten *exten)")
def ast_walk_context_extensions(con: Any, exten: Any) -> Any:
    """The first priority of the next extension of a context."""
    shelf, context, _ = meant(con, Context, "context")
    number = meant(exten, Priority, "extension")[1].number + 1 if exten else 0
    return shelf.priority(context, number, 0)


@exported("struct ast_exten *ast_walk_extension_priorities(struct ast_exten *exten, struct ast_exten *priority)")
def ast_walk_extension_priorities(exten: Any, priority: Any) -> Any:
    """The next priority of an extension."""
    shelf, entry, _ = meant(exten, Priority, "extension")
    place = meant(priority, Priority, "extension")[1].place + 1 if priority else 0
    return shelf.priority(entry.context, entry.number, place)


@exported(
    "const struct ast_include *ast_walk_context_includes(const struct ast_context *con, const struct ast_include *inc)"
)
def ast_walk_context_includes(con: Any, inc: Any) -> Any:
    """The next include of a context."""
    shelf, context, _ = meant(con, Context, "context")
    number = meant(inc, Include, "include")[2] + 1 if inc else 0
    return shelf.part("ast_include", context, context.includes, number)


def _parts(struct: str, attribute: str) -> None:
    """Declare the functions with which C counts the parts of a context and gets a part by its index."""

    def count(con: Any) -> int:
        """The number of parts."""
        return len(getattr(meant(con, Context, "context")[1], attribute))

    def get(con: Any, idx: int) -> Any:
        """A part by its index, or NULL."""
        shelf, context, _ = meant(con, Context, "context")
        return shelf.part(struct, context, getattr(context, attribute), idx)

    exported(f"int ast_context_{attribute}_count(const struct ast_context *con)", failure=0)(count)
    exported(f"const struct {struct} *ast_context_{attribute}_get(const struct ast_context *con, int idx)")(get)


_parts("ast_include", "includes")


_parts("ast_ignorepat", "ignorepats")


_parts("ast_sw", "switches")


_TEXTS: dict[str, tuple[type, str, Callable[[Any], str | None]]] = {
    "const char *ast_get_context_name(struct ast_context *con)": (Context, "context", lambda it: it.name),
    "const char *ast_get_context_registrar(struct ast_context *c)": (Context, "context", lambda it: it.registrar),
    "const char *ast_get_extension_name(struct ast_exten *exten)": (
        Priority,
        "extension",
        lambda it: it.extension.name,
    ),
    "const char *ast_get_extension_cidmatch(struct ast_exten *e)": (
        Priority,
        "extension",
        lambda it: it.extension.cid,
    ),
    "const char *ast_get_extension_label(struct ast_exten *e)": (
        Priority,
        "extension",
        lambda it: it.step.label or None,
    ),
    "const char *ast_get_extension_app(struct ast_exten *e)": (Priority, "extension", lambda it: it.step.application),
    "void *ast_get_extension_app_data(struct ast_exten *e)": (Priority, "extension", lambda it: it.step.data),
    "const char *ast_get_extension_registrar(struct ast_exten *e)": (
        Priority,
        "extension",
        lambda it: it.step.origin.registrar,
    ),
    "const char *ast_get_extension_registrar_file(struct ast_exten *e)": (
        Priority,
        "extension",
        lambda it: it.step.origin.file or None,
    ),
    "const char *ast_get_include_name(const struct ast_include *include)": (Include, "include", str),
    "const char *ast_get_include_registrar(const struct ast_include *i)": (
        Include,
        "include",
        lambda it: it.origin.registrar,
    ),
    "const char *ast_get_ignorepat_name(const struct ast_ignorepat *ip)": (Note, "pattern", lambda it: it.text),
    "const char *ast_get_ignorepat_registrar(const struct ast_ignorepat *ip)": (
        Note,
        "pattern",
        lambda it: it.origin.registrar,
    ),
    "const char *ast_get_switch_name(const struct ast_sw *sw)": (
        Note,
        "switch",
        lambda it: it.text.partition("/")[0],
    ),
    "const char *ast_get_switch_data(const struct ast_sw *sw)": (
        Note,
        "switch",
        lambda it: it.text.partition("/")[2],
    ),
    "const char *ast_get_switch_registrar(const struct ast_sw *sw)": (Note, "switch", lambda it: it.origin.registrar),
}
"""The text accessors of C: the type of the handle, its name in messages, and the text."""


def _declare_text(prototype: str, kind: type, what: str, of: Callable[[Any], str | None]) -> None:
    def read(pointer: Any) -> Any:
        """A text of a handle's value, or NULL."""
        return text_of(pointer, kind, what, of)

    exported(prototype)(read)


for _prototype, _meaning in _TEXTS.items():
    _declare_text(_prototype, *_meaning)


@exported("struct ast_context *ast_get_extension_context(struct ast_exten *exten)")
def ast_get_extension_context(exten: Any) -> Any:
    """The context of an extension."""
    shelf, entry, _ = meant(exten, Priority, "extension")
    return shelf.named(entry.context.name)


@exported("int ast_get_extension_priority(struct ast_exten *exten)", failure=-1)
def ast_get_extension_priority(exten: Any) -> int:
    """The priority of an extension."""
    return int(meant(exten, Priority, "extension")[1].step.priority)


@exported("int ast_get_extension_matchcid(struct ast_exten *e)", failure=0)
def ast_get_extension_matchcid(exten: Any) -> int:
    """Whether an extension matches certain callers only."""
    return int(meant(exten, Priority, "extension")[1].extension.cid is not None)


@exported("int ast_get_extension_registrar_line(struct ast_exten *e)", failure=0)
def ast_get_extension_registrar_line(exten: Any) -> int:
    """The line of a priority in its file, 0 when it does not come from a file."""
    return int(meant(exten, Priority, "extension")[1].step.origin.line)
