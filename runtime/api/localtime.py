"""asterisk/localtime.h: the UTC offsets of time zones; the rest of the header is in C."""

from __future__ import annotations

import functools
import time
from datetime import UTC, datetime, timedelta, tzinfo

from asterism.names import did_you_mean
from asterism.parsing import time_zone
from asterism.values import TYPE_CHECKING
from runtime.api import core, put, text
from runtime.api.export import hook

if TYPE_CHECKING:
    from typing import Any

_EPOCH = datetime(1970, 1, 1)


def _zone(name: str) -> tzinfo | None:
    try:
        return time_zone(name)
    except ValueError:
        return None


_named_zone = functools.lru_cache(maxsize=64)(_zone)


@functools.lru_cache(maxsize=64)
def _instead(name: str) -> str:
    from zoneinfo import available_timezones  # 6 ms: only an unknown zone needs it

    return did_you_mean(name, available_timezones()) or "UTC is used instead"


def zone(name: str) -> tzinfo:
    """A time zone by its name or its file; UTC, with a warning, for an unknown one."""
    found = _zone(name) if name.startswith("/") else _named_zone(name)  # a file may change
    if found is None:
        core().logger.warning(f"unknown time zone '{name}'\n    {_instead(name)}")
    return found or UTC


def local(when: datetime, where: tzinfo, is_dst: int) -> datetime:
    """A local time of a zone; an ambiguous or missing local time is resolved by ``is_dst``."""
    first, second = (when.replace(tzinfo=where, fold=fold) for fold in (0, 1))
    if is_dst >= 0 and bool(second.dst()) == bool(is_dst) != bool(first.dst()):
        return second
    return first


def zoned(seconds: float, name: str) -> time.struct_time:
    """A moment in a time zone, the machine's for an empty name.

    Args:
        seconds: since the epoch.
        name: the zone; UTC, with a warning, for an unknown name.
    """
    return datetime.fromtimestamp(seconds, zone(name)).timetuple() if name else time.localtime(seconds)


@hook(
    "long asterism_zone_offset(const char *zone, long seconds, int is_local, int *is_dst, char *abbreviation, "
    "int size)",
    failure=0,
)
def zone_offset(name: Any, seconds: int, is_local: int, is_dst: Any, abbreviation: Any, size: int) -> int:
    """The UTC offset of a zone in seconds, at a UTC time or at a local time of the zone."""
    where = zone(text(name))
    when = _EPOCH + timedelta(seconds=seconds)
    found = local(when, where, is_dst[0]) if is_local else when.replace(tzinfo=UTC).astimezone(where)
    is_dst[0] = int(bool(found.dst()))
    put(abbreviation, size, found.tzname() or "")
    offset = found.utcoffset() or timedelta()
    return int(offset.total_seconds())
