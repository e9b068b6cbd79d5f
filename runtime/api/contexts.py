"""asterisk/pbx.h: contexts, places, calls and times.

A context or an extension in C is a handle of a value in an immutable dialplan, so a walk needs no lock;
:class:`_Shelf` keeps the handles of a dialplan while C may use them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, field
from runtime.api import PREPARATIONS, Binding, Pins, bound, core, encode, report, required, text
from runtime.api.channel import find, given
from runtime.api.export import exported, hook
from runtime.dialplan import functions, pbx_run
from runtime.dialplan.application_arguments import split_arguments
from runtime.model import timing
from runtime.model.extensions import Context, Dialplan, Extension, ExtensionStep, Include, Note, Origin
from runtime.model.pattern import matches, rank
from runtime.model.timing import Timing

# ---- handles -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Priority:
    """The value of a ``struct ast_exten``: one priority of an extension."""

    context: Context
    number: int
    """The index of the extension in its context."""
    place: int
    """The index of the priority in its extension."""

    @property
    def extension(self) -> Extension:
        return self.context.extensions[self.number]

    @property
    def step(self) -> ExtensionStep:
        return self.extension.steps[self.place]


@dataclass(slots=True)
class _Shelf:
    """The handles of one dialplan, created on first use."""

    plan: Dialplan
    pins: Pins
    ordered: list[Context]
    """The contexts of the dialplan, in order."""
    handles: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    """Handles by the kind and the position of their value."""

    def _handle(self, kind: str, thing: Any, position: int, *key: Any) -> Any:
        """The handle of a value, as a pointer to a ``struct kind``."""
        name = (kind, position, *key)
        with _changing:
            found = self.handles.get(name)
            if found is None:
                found = self.handles[name] = bound().ffi.new("char[1]")
                _things[_address(found)] = (self, thing, position)
        return bound().ffi.cast(f"struct {kind} *", found)

    def context(self, number: int) -> Any:
        """The handle of a context by its index; NULL after the last context."""
        contexts = self.ordered
        return self._handle("ast_context", contexts[number], number) if number < len(contexts) else bound().ffi.NULL

    def named(self, name: str) -> Any:
        """The handle of a context by its name; NULL when the context does not exist."""
        if name not in self.plan.contexts:
            return bound().ffi.NULL
        return self.context(next(number for number, context in enumerate(self.ordered) if context.name == name))

    def priority(self, context: Context, number: int, place: int) -> Any:
        """The handle of a priority of an extension, by indexes; NULL after the last one."""
        if number >= len(context.extensions) or place >= len(context.extensions[number].steps):
            return bound().ffi.NULL
        return self._handle("ast_exten", _Priority(context, number, place), place, context.name, number)

    def part(self, kind: str, context: Context, parts: Sequence[Any], number: int) -> Any:
        """The handle of an include, a pattern or a switch of a context by its index; NULL after the last one."""
        if not 0 <= number < len(parts):
            return bound().ffi.NULL
        return self._handle(kind, parts[number], number, context.name)


_MOST_SHELVES = 64
"""The number of dialplans whose handles are kept, the current one included."""

_shelves: deque[_Shelf] = deque()
_things: dict[int, tuple[_Shelf, Any, int]] = {}
"""The dialplan, the value and the index of each handle, by its address."""
_changing = threading.Lock()


def _address(pointer: Any) -> int:
    return int(bound().ffi.cast("intptr_t", pointer))


def _begin(_binding: Binding) -> None:
    """Ignore handles that belong to a previous core."""
    _shelves.clear()
    _things.clear()


PREPARATIONS.append(_begin)


def _shelf() -> _Shelf:
    """The shelf of the dialplan in force."""
    plan = core().plans.current
    with _changing:
        if not _shelves or _shelves[-1].plan is not plan:
            _shelves.append(_Shelf(plan, Pins(bound().ffi), list(plan.contexts.values())))
        if len(_shelves) > _MOST_SHELVES:
            for handle in _shelves.popleft().handles.values():
                _things.pop(_address(handle), None)
        return _shelves[-1]


def _meant(pointer: Any, kind: type, what: str) -> tuple[_Shelf, Any, int]:
    if not pointer:
        raise ValueError(f"the {what} is NULL")
    found = _things.get(_address(pointer))
    if found is None or not isinstance(found[1], kind):
        raise ValueError(f"the {what} is not valid, or already destroyed")
    return found


def _text_of(pointer: Any, kind: type, what: str, of: Callable[[Any], str | None]) -> Any:
    """A text of a handle's value, NULL for None, valid as long as the handle."""
    shelf, thing, _ = _meant(pointer, kind, what)
    value = of(thing)
    return bound().ffi.NULL if value is None else shelf.pins.hold(value, value)


# ---- locks -------------------------------------------------------------------------------------------

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


# ---- walks -------------------------------------------------------------------------------------------


@exported("struct ast_context *ast_walk_contexts(struct ast_context *con)")
def ast_walk_contexts(con: Any) -> Any:
    """The next context of the dialplan the walk began in."""
    if not con:
        return _shelf().context(0)
    shelf, _, number = _meant(con, Context, "context")
    return shelf.context(number + 1)


@exported("struct ast_exten *ast_walk_context_extensions(struct ast_context *con, struct ast_exten *exten)")
def ast_walk_context_extensions(con: Any, exten: Any) -> Any:
    """The first priority of the next extension of a context."""
    shelf, context, _ = _meant(con, Context, "context")
    number = _meant(exten, _Priority, "extension")[1].number + 1 if exten else 0
    return shelf.priority(context, number, 0)


@exported("struct ast_exten *ast_walk_extension_priorities(struct ast_exten *exten, struct ast_exten *priority)")
def ast_walk_extension_priorities(exten: Any, priority: Any) -> Any:
    """The next priority of an extension."""
    shelf, entry, _ = _meant(exten, _Priority, "extension")
    place = _meant(priority, _Priority, "extension")[1].place + 1 if priority else 0
    return shelf.priority(entry.context, entry.number, place)


@exported(
    "const struct ast_include *ast_walk_context_includes(const struct ast_context *con, const struct ast_include *inc)"
)
def ast_walk_context_includes(con: Any, inc: Any) -> Any:
    """The next include of a context."""
    shelf, context, _ = _meant(con, Context, "context")
    number = _meant(inc, Include, "include")[2] + 1 if inc else 0
    return shelf.part("ast_include", context, context.includes, number)


def _parts(struct: str, attribute: str) -> None:
    """Declare the functions with which C counts the parts of a context and gets a part by its index."""

    def count(con: Any) -> int:
        """The number of parts."""
        return len(getattr(_meant(con, Context, "context")[1], attribute))

    def get(con: Any, idx: int) -> Any:
        """A part by its index, or NULL."""
        shelf, context, _ = _meant(con, Context, "context")
        return shelf.part(struct, context, getattr(context, attribute), idx)

    exported(f"int ast_context_{attribute}_count(const struct ast_context *con)", failure=0)(count)
    exported(f"const struct {struct} *ast_context_{attribute}_get(const struct ast_context *con, int idx)")(get)


_parts("ast_include", "includes")
_parts("ast_ignorepat", "ignorepats")
_parts("ast_sw", "switches")


# ---- what they are -----------------------------------------------------------------------------------

_TEXTS: dict[str, tuple[type, str, Callable[[Any], str | None]]] = {
    "const char *ast_get_context_name(struct ast_context *con)": (Context, "context", lambda it: it.name),
    "const char *ast_get_context_registrar(struct ast_context *c)": (Context, "context", lambda it: it.registrar),
    "const char *ast_get_extension_name(struct ast_exten *exten)": (
        _Priority,
        "extension",
        lambda it: it.extension.name,
    ),
    "const char *ast_get_extension_cidmatch(struct ast_exten *e)": (
        _Priority,
        "extension",
        lambda it: it.extension.cid,
    ),
    "const char *ast_get_extension_label(struct ast_exten *e)": (
        _Priority,
        "extension",
        lambda it: it.step.label or None,
    ),
    "const char *ast_get_extension_app(struct ast_exten *e)": (_Priority, "extension", lambda it: it.step.application),
    "void *ast_get_extension_app_data(struct ast_exten *e)": (_Priority, "extension", lambda it: it.step.data),
    "const char *ast_get_extension_registrar(struct ast_exten *e)": (
        _Priority,
        "extension",
        lambda it: it.step.origin.registrar,
    ),
    "const char *ast_get_extension_registrar_file(struct ast_exten *e)": (
        _Priority,
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
        return _text_of(pointer, kind, what, of)

    exported(prototype)(read)


for _prototype, _meaning in _TEXTS.items():
    _declare_text(_prototype, *_meaning)


@exported("struct ast_context *ast_get_extension_context(struct ast_exten *exten)")
def ast_get_extension_context(exten: Any) -> Any:
    """The context of an extension."""
    shelf, entry, _ = _meant(exten, _Priority, "extension")
    return shelf.named(entry.context.name)


@exported("int ast_get_extension_priority(struct ast_exten *exten)", failure=-1)
def ast_get_extension_priority(exten: Any) -> int:
    """The priority of an extension."""
    return int(_meant(exten, _Priority, "extension")[1].step.priority)


@exported("int ast_get_extension_matchcid(struct ast_exten *e)", failure=0)
def ast_get_extension_matchcid(exten: Any) -> int:
    """Whether an extension matches certain callers only."""
    return int(_meant(exten, _Priority, "extension")[1].extension.cid is not None)


@exported("int ast_get_extension_registrar_line(struct ast_exten *e)", failure=0)
def ast_get_extension_registrar_line(exten: Any) -> int:
    """The line of a priority in its file, 0 when it does not come from a file."""
    return int(_meant(exten, _Priority, "extension")[1].step.origin.line)


# ---- changes -----------------------------------------------------------------------------------------


@exported("struct ast_context *ast_context_find(const char *name)")
def ast_context_find(name: Any) -> Any:
    """A context by its name."""
    return _shelf().named(text(name))


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
    name = _meant(con, Context, "context")[1].name if con else None
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
    return _add(_meant(con, Context, "context")[1].name, replace, extension, callerid, step, data, datad)


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
    return _remove(_meant(con, Context, "context")[1].name, extension, priority)


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


# ---- questions ---------------------------------------------------------------------------------------


@exported("int ast_ignore_pattern(const char *context, const char *pattern)", failure=0)
def ast_ignore_pattern(context: Any, pattern: Any) -> int:
    """Whether the dial tone continues after the dialed pattern."""
    found = core().plans.current.contexts.get(text(context))
    return int(found is not None and any(matches(note.text, text(pattern)) for note in found.ignorepats))


@exported("int ast_extension_match(const char *pattern, const char *extension)", failure=0)
def ast_extension_match(pattern: Any, extension: Any) -> int:
    """Whether the name of an extension matches a dialed number."""
    return int(matches(text(pattern), text(extension)))


@exported("int ast_extension_cmp(const char *a, const char *b)", failure=0)
def ast_extension_cmp(a: Any, b: Any) -> int:
    """The order of two names of extensions in a search."""
    left, right = rank(text(a)), rank(text(b))
    return (left > right) - (left < right)


@exported(
    "int ast_exists_extension(struct ast_channel *c, const char *context, const char *exten, int priority, "
    "const char *callerid)",
    failure=0,
)
def ast_exists_extension(c: Any, context: Any, exten: Any, priority: int, callerid: Any) -> int:
    """Whether a priority of an extension exists for a caller."""
    plan = core().plans.current
    found = plan.find(text(context), text(exten), priority, _caller(c, callerid), time.time())
    return int(found is not None)


def _caller(chan: Any, callerid: Any) -> str:
    channel = given(chan)
    return channel.number if channel is not None and not callerid else text(callerid)


def _label(chan: Any, context: str, exten: Any, label: Any, callerid: Any) -> int:
    caller = _caller(chan, callerid)
    found = core().plans.current.labelled(context, text(exten), text(label), caller, time.time())
    return -1 if found is None else found


@exported(
    "int ast_findlabel_extension(struct ast_channel *c, const char *context, const char *exten, const char *label, "
    "const char *callerid)",
    failure=-1,
)
def ast_findlabel_extension(c: Any, context: Any, exten: Any, label: Any, callerid: Any) -> int:
    """The priority of a label."""
    return _label(c, text(context), exten, label, callerid)


@exported(
    "int ast_findlabel_extension2(struct ast_channel *c, struct ast_context *con, const char *exten, "
    "const char *label, const char *callerid)",
    failure=-1,
)
def ast_findlabel_extension2(c: Any, con: Any, exten: Any, label: Any, callerid: Any) -> int:
    """The priority of a label, in a context given by its handle."""
    return _label(c, _meant(con, Context, "context")[1].name, exten, label, callerid)


# ---- calls -------------------------------------------------------------------------------------------


@exported(
    "int ast_spawn_extension(struct ast_channel *c, const char *context, const char *exten, int priority, "
    "const char *callerid, int *found, int combined_find_spawn)",
    failure=-1,
)
def ast_spawn_extension(
    c: Any, context: Any, exten: Any, priority: int, callerid: Any, found: Any, _combined: int
) -> int:
    """Run one priority on a channel, which is moved there."""
    channel = find(c).channel
    if found:
        found[0] = 0
    place = text(context), text(exten), priority
    step = core().plans.current.find(*place, _caller(c, callerid), time.time())
    if step is None:
        return -1
    if found:
        found[0] = 1
    channel.context, channel.exten, channel.priority = place
    return pbx_run.take_step(core(), channel, step)


_GOTO_FAILED = -3


def _place(chan: Any, context: Any, exten: Any, priority: int) -> pbx_run.Spot:
    """A place in the dialplan; missing parts are taken from the channel's position."""
    channel = find(chan).channel
    return pbx_run.Spot(text(context) or channel.context, text(exten) or channel.exten, max(priority, 1))


@exported(
    "int ast_explicit_goto(struct ast_channel *chan, const char *context, const char *exten, int priority)", failure=-1
)
def ast_explicit_goto(chan: Any, context: Any, exten: Any, priority: int) -> int:
    """Send a channel to a place."""
    spot = _place(chan, context, exten, priority)
    find(chan).channel.move(spot.context, spot.exten, spot.priority)
    return 0


@exported(
    "int ast_goto_if_exists(struct ast_channel *chan, const char *context, const char *exten, int priority)", failure=-3
)
def ast_goto_if_exists(chan: Any, context: Any, exten: Any, priority: int) -> int:
    """Send a channel to a place, if the place has a step."""
    if pbx_run.find(core(), find(chan).channel, _place(chan, context, exten, priority)) is None:
        return _GOTO_FAILED
    return ast_explicit_goto(chan, context, exten, priority)


@exported("int ast_parseable_goto(struct ast_channel *chan, const char *goto_string)", failure=-1)
def ast_parseable_goto(chan: Any, goto_string: Any) -> int:
    """Send a channel to a place in text form."""
    pbx_run.jump(core(), find(chan).channel, text(goto_string))
    return 0


def _redirect(chan: Any, spot: pbx_run.Spot) -> int:
    channel = find(chan).channel
    if channel.is_running:
        channel.redirect(spot.context, spot.exten, spot.priority)
    else:
        channel.move(spot.context, spot.exten, spot.priority)
        ast_pbx_start(chan, takes=False)
    return 0


@exported(
    "int ast_async_goto(struct ast_channel *chan, const char *context, const char *exten, int priority)", failure=-1
)
def ast_async_goto(chan: Any, context: Any, exten: Any, priority: int) -> int:
    """Send a channel to a place from another thread."""
    return _redirect(chan, _place(chan, context, exten, priority))


@exported(
    "int ast_async_goto_if_exists(struct ast_channel *chan, const char *context, const char *exten, int priority)",
    failure=-3,
)
def ast_async_goto_if_exists(chan: Any, context: Any, exten: Any, priority: int) -> int:
    """Send a channel to a place from another thread, if the place has a step."""
    spot = _place(chan, context, exten, priority)
    return _GOTO_FAILED if pbx_run.find(core(), find(chan).channel, spot) is None else _redirect(chan, spot)


@exported("int ast_async_parseable_goto(struct ast_channel *chan, const char *goto_string)", failure=-1)
def ast_async_parseable_goto(chan: Any, goto_string: Any) -> int:
    """Send a channel to a place in text form from another thread."""
    return _redirect(chan, pbx_run.parse_spot(core(), find(chan).channel, text(goto_string)))


@exported("enum ast_pbx_result ast_pbx_run(struct ast_channel *c)", failure=-1)
def ast_pbx_run(c: Any) -> int:
    """Run a channel through the dialplan, hang it up, and release the caller's reference."""
    pbx_run.run(core(), find(c).channel)
    bound().lib.asterism_channel_finish(c)
    return 0


@exported("enum ast_pbx_result ast_pbx_start(struct ast_channel *c)", failure=-1)
def ast_pbx_start(c: Any, *, takes: bool = True) -> int:
    """Run a channel through the dialplan in a new thread, which hangs it up and releases the caller's reference."""
    channel = find(c).channel
    if not takes and not bound().lib.asterism_channel_use(c):
        raise ValueError("the channel is already destroyed")

    def run() -> None:
        try:
            pbx_run.run(core(), channel)
        finally:
            lib = bound().lib
            (lib.asterism_channel_finish if takes else lib.asterism_channel_drop)(c)

    pbx_run.begin(run, channel.name)
    return 0


# ---- times -------------------------------------------------------------------------------------------

_SLOT = 30
"""Minutes in each ``minmask``."""


@exported("int ast_build_timing(struct ast_timing *i, const char *info)", failure=0)
def ast_build_timing(i: Any, info: Any) -> int:
    """Parse a timing."""
    if not i:
        raise ValueError("the timing is NULL")
    i.hastime, i.timezone = 0, bound().ffi.NULL
    written = text(info)
    if not written.strip():
        return 0
    read = timing.parse(written)
    i.monthmask, i.daymask, i.dowmask = read.months, read.days, read.weekdays
    for slot in range(timing.MINUTES // _SLOT):
        i.minmask[slot] = read.minutes >> slot * _SLOT & (1 << _SLOT) - 1
    if read.zone:
        zone = encode(read.zone)
        i.timezone = bound().lib.asterism_copy(zone, len(zone))
    i.hastime = 1
    return 1


@hook("int asterism_timing_holds(const struct ast_timing *i, double moment)", failure=0)
def timing_holds(i: Any, moment: float) -> int:
    """Whether a timing matches at a time, in seconds since the epoch."""
    minutes = sum(i.minmask[slot] << slot * _SLOT for slot in range(timing.MINUTES // _SLOT))
    return int(Timing(minutes, i.dowmask, i.daymask, i.monthmask, text(i.timezone)).holds(moment))


# ---- variables ---------------------------------------------------------------------------------------


@exported("int pbx_builtin_setvar_multiple(struct ast_channel *chan, const char *data)", failure=-1)
def pbx_builtin_setvar_multiple(chan: Any, data: Any) -> int:
    """Set several variables; a part that is not ``name=value`` is logged."""
    channel = given(chan)
    for part in split_arguments(text(data)):
        name, equals, value = part.partition("=")
        try:
            if not (equals and name.strip()):
                raise AsterismError(Fault(f"'{part}' is not name=value", code="assignment"))
            functions.set_variable(core(), channel, name.strip(), value)
        except AsterismError as error:
            report("pbx_builtin_setvar_multiple", error)
    return 0


@exported("void pbx_builtin_clear_globals(void)")
def pbx_builtin_clear_globals() -> None:
    """Remove all global variables."""
    core().globals.clear()
