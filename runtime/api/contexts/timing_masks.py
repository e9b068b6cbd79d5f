"""asterisk/pbx.h: times at which an include holds (``struct ast_timing``)."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import bound, encode, text
from runtime.api.export import exported, hook
from runtime.model import timing
from runtime.model.timing import Timing

if TYPE_CHECKING:
    from typing import Any

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
