"""asterisk/pbx.h: which extension a number and a caller reach."""

from __future__ import annotations

import time

from asterism.values import TYPE_CHECKING
from runtime.api import core, put, text
from runtime.api.channel import given
from runtime.api.contexts.context_handles import meant
from runtime.api.export import exported
from runtime.model.extensions import HINT, Context
from runtime.model.pattern import matches, matches_more, rank

if TYPE_CHECKING:
    from typing import Any


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
    found = plan.find(text(context), text(exten), priority, number_of(c, callerid), time.time())
    return int(found is not None)


@exported(
    "int ast_matchmore_extension(struct ast_channel *c, const char *context, const char *exten, int priority, "
    "const char *callerid)",
    failure=0,
)
def ast_matchmore_extension(c: Any, context: Any, exten: Any, _priority: int, callerid: Any) -> int:
    """Whether more digits could reach another extension."""
    plan = core().plans.current
    return int(plan.matches_more(text(context), text(exten), number_of(c, callerid), time.time()))


@exported(
    "int ast_canmatch_extension(struct ast_channel *c, const char *context, const char *exten, int priority, "
    "const char *callerid)",
    failure=0,
)
def ast_canmatch_extension(c: Any, context: Any, exten: Any, priority: int, callerid: Any) -> int:
    """Whether the digits, or more of them, reach an extension."""
    is_there = ast_exists_extension(c, context, exten, priority, callerid)
    return is_there or ast_matchmore_extension(c, context, exten, priority, callerid)


@exported("int ast_extension_close(const char *pattern, const char *data, int needmore)", failure=0)
def ast_extension_close(pattern: Any, data: Any, needmore: int) -> int:
    """Whether a name matches a number that begins with digits: a longer one, or these, too."""
    name, dialed = text(pattern), text(data)
    return int(matches_more(name, dialed) or (not needmore and matches(name, dialed)))


@exported(
    "int ast_get_hint(char *hint, int hintsize, char *name, int namesize, struct ast_channel *c, const char *context, "
    "const char *exten)",
    failure=0,
)
def ast_get_hint(hint: Any, hintsize: int, name: Any, namesize: int, c: Any, context: Any, exten: Any) -> int:
    """The devices of a hint, and the name behind it: 1, or 0 when the extension has no hint."""
    found = core().plans.current.find(text(context), text(exten), HINT, number_of(c, None), time.time())
    if found is None:
        return 0
    for room, size, words in ((hint, hintsize, found.step.application), (name, namesize, found.step.data)):
        if room and size > 0:
            put(room, size, words)
    return 1


def number_of(chan: Any, callerid: Any) -> str:
    """The number of the caller: ``callerid``, or that of the channel when ``callerid`` is NULL."""
    channel = given(chan)
    return channel.number if channel is not None and not callerid else text(callerid)


def _label(chan: Any, context: str, exten: Any, label: Any, callerid: Any) -> int:
    caller = number_of(chan, callerid)
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
    return _label(c, meant(con, Context, "context")[1].name, exten, label, callerid)
