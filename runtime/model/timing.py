"""When something holds: ``9:00-17:00,mon-fri,*,jan&jun,Europe/Berlin`` (``ast_build_timing`` of main/pbx_timing.c).

::

    timing  = times [ "," weekdays [ "," days [ "," months [ "," zone ] ] ] ]
    each    = "*" | range { "&" range }
    range   = value [ "-" value ]          it may go round: fri-mon, 22:00-6:00

Both ends belong to a range, to the minute.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.light.patterns import pattern
from asterism.numbers import number
from asterism.parsing import time_zone
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    import zoneinfo

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MINUTES = 24 * 60

_TIME = pattern(r"(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Timing:
    """When something holds; each mask has a bit for every value that does, from the lowest bit on."""

    minutes: int
    """Minutes of the day."""
    weekdays: int
    """From Sunday on."""
    days: int
    """Of the month, the first in the lowest bit."""
    months: int
    """From January on."""
    zone: str = ""
    """A name such as ``Europe/Berlin``; empty means the machine's own time."""

    def holds(self, moment: float) -> bool:
        """Whether it holds at a moment, in seconds since the epoch."""
        now = datetime.datetime.fromtimestamp(moment, zone_of(self.zone))
        return bool(
            self.minutes >> (now.hour * 60 + now.minute) & 1
            and self.weekdays >> (now.isoweekday() % 7) & 1
            and self.days >> (now.day - 1) & 1
            and self.months >> (now.month - 1) & 1
        )


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone of a name, None for the machine's own.  Raises AsterismError when there is none of that name."""
    if not name:
        return None
    try:
        return time_zone(name)
    except ValueError as error:
        raise AsterismError(Fault(str(error), cure="write one such as Europe/Berlin", code="no-zone")) from None


def parse(text: str) -> Timing:
    """Read a timing.  Raises AsterismError with everything that is wrong with it."""
    fields = [field.strip() for field in text.split(",", 4)]
    fields += [""] * (5 - len(fields))
    faults: list[Fault] = []
    minutes = _mask(fields[0], MINUTES, _minute, "a time such as 9:00", faults)
    weekdays = _mask(fields[1], 7, _named(WEEKDAYS, 0, 6), "a day of the week such as mon", faults)
    days = _mask(fields[2], 31, _named((), 1, 31), "a day of the month", faults)
    months = _mask(fields[3], 12, _named(MONTHS, 1, 12), "a month such as jan", faults)
    try:
        zone_of(fields[4])
    except AsterismError as error:
        faults += error.faults
    if faults:
        raise AsterismError(*faults)
    return Timing(minutes, weekdays, days, months, fields[4])


Reader = Callable[[str], "int | None"]


def _mask(text: str, size: int, read: Reader, what: str, faults: list[Fault]) -> int:
    if text in ("", "*"):
        return (1 << size) - 1
    mask = 0
    for part in text.split("&"):
        first, dash, last = part.partition("-")
        begin, end = read(first.strip()), read((last if dash else first).strip())
        if begin is None or end is None:
            faults.append(Fault(f"'{part.strip()}' is not {what}", cure="write a value, a range or *", code="timing"))
            continue
        for value in range(begin, end + 1 + (size if end < begin else 0)):
            mask |= 1 << value % size
    return mask


def _minute(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def _named(names: tuple[str, ...], first: int, last: int) -> Reader:
    """Reads a name of a list or a number; values count from 0."""

    def read(text: str) -> int | None:
        if text.lower()[:3] in names and text.isalpha():
            return names.index(text.lower()[:3])
        found = number(text, first, last)
        return None if found is None else found - first

    return read
