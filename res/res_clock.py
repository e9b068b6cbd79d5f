"""The command ``clock show``, and the manager's action ``Clock``: what time it is here and elsewhere.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from asterism.errors import Collector, Fault
from asterism.names import did_you_mean
from runtime.api.cli import Call, Completing, command
from runtime.api.manager import Request, manager_action
from runtime.api.module import ModuleInfo, SupportLevel

MODULE = ModuleInfo("The time in any zone", support_level=SupportLevel.EXTENDED)

USAGE = """\
Tells the time where this program runs, or in the zones that are named:
clock show Europe/Berlin Asia/Tokyo
TAB completes the names of zones; upper and lower case are the same.
"""

HERE = "here"
"""What the zone of this program is called."""


@functools.cache
def zones() -> Mapping[str, str]:
    """The system's time zones by their names in lower case; read once, and again after a reload."""
    return {name.lower(): name for name in sorted(available_timezones())}


def find_zones(names: Iterable[str]) -> list[ZoneInfo]:
    """The zones of these names, in any case.

    Raises:
        AsterismError: with a fault for each name that is no zone.
    """
    known = zones()
    faults = Collector()
    found: list[ZoneInfo] = []
    for name in names:
        if name.lower() in known:
            found.append(ZoneInfo(known[name.lower()]))
        else:
            faults.add(_unknown(name, known.values()))
    faults.check()
    return found


def _unknown(name: str, known: Iterable[str]) -> Fault:
    names = list(known)
    if not names:
        return Fault(
            f"the zone '{name}' is not known",
            why="this system has no time zone data",
            cure="install the package tzdata",
            code="no-zones",
        )
    cure = did_you_mean(name, names) or "TAB after 'clock show ' lists them; most are Continent/City"
    return Fault(f"there is no time zone '{name}'", cure=cure, code="unknown-zone")


def tell(places: Sequence[tuple[str, tzinfo | None]], moment: datetime) -> str:
    """Lines with a place, its date and time, and how far it is from UTC.

    Args:
        places: names with the zone each stands for; None is the zone of this program.
        moment: when, in any zone.
    """
    width = max((len(name) for name, _ in places), default=0)
    return "".join(
        f"{name:<{width}}  {moment.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z (UTC%z)}\n" for name, zone in places
    )


def complete_zone(_asked: Completing) -> Iterable[str]:
    """Every zone, for the words after ``clock show``; the core keeps those that begin like what is typed."""
    return zones().values()


@command(
    "clock show [<zone>...]",
    summary="Tell the time, here or in other time zones",
    usage=USAGE,
    complete=complete_zone,
)
def show_clock(call: Call) -> None:
    """Answer with a line for each zone, or with one for this program's own."""
    found = find_zones(call.all("zone"))
    call.write(tell([(zone.key, zone) for zone in found] or [(HERE, None)], datetime.now(UTC)))


@manager_action(
    "Clock",
    synopsis="Tell the time, here or in another time zone",
    syntax={"Zone": "Europe/Berlin; left out, where this program runs"},
)
def clock(request: Request) -> None:
    """Answer with the time as ISO 8601 has it."""
    (zone,) = find_zones([request.get("Zone")]) if request.get("Zone") else (None,)
    now = datetime.now(UTC).astimezone(zone)
    request.ok("", ("Zone", zone.key if zone else HERE), ("Time", now.isoformat(timespec="seconds")))


def reload_module() -> int:
    """Read the names of the zones again: the system's data may have been replaced."""
    zones.cache_clear()
    return 0
