"""asterisk/pbx.h: a channel runs a place of the dialplan, or is sent to one."""

from __future__ import annotations

import time

from asterism.values import TYPE_CHECKING
from runtime.api import bound, core, text
from runtime.api.channel import find
from runtime.api.contexts.extension_matches import number_of
from runtime.api.export import exported, hook
from runtime.dialplan import pbx_run

if TYPE_CHECKING:
    from typing import Any


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
    step = core().plans.current.find(*place, number_of(c, callerid), time.time())
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


@hook("int asterism_pbx_pass(struct ast_channel *c)", failure=-1)
def pbx_pass(c: Any) -> int:
    """Run a channel through the dialplan and leave it alive (``no_hangup_chan`` of ``ast_pbx_run_args``)."""
    pbx_run.pass_through(core(), find(c).channel)
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
