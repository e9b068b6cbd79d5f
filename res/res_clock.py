"""The command ``clock show``, and the manager's action ``Clock``: the time, locally and in other time zones.

/*** MODULEINFO
    <support_level>extended</support_level>
***/
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from asterism.errors import Collector, Fault
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING
from runtime.api.cli import Call, Completing, command
from runtime.api.manager import Request, manager_action
from runtime.api.module import ModuleInfo, SupportLevel

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MODULE = ModuleInfo("The time in any time zone", support_level=SupportLevel.EXTENDED)

USAGE = """\
Shows the local time, or the time in the given time zones:
clock show Europe/Berlin Asia/Tokyo
TAB completes the names of time zones; case does not matter.
"""

HERE = "here"
"""The name for the local time zone."""


@functools.cache
def zones() -> Mapping[str, str]:
    """The system's time zones by their names in lower case; read once, and again after a reload."""
    from zoneinfo import available_timezones  # 5 ms, which a start need not take

    return {name.lower(): name for name in sorted(available_timezones())}


def find_zones(names: Iterable[str]) -> list[ZoneInfo]:
    """Find time zones by their names, in any case.

    Raises:
        AsterismError: with a fault for each unknown name.
    """
    from zoneinfo import ZoneInfo  # 5 ms, which a start need not take

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
            f"unknown time zone '{name}'",
            why="this system has no time zone data",
            cure="install the package tzdata",
            code="no-zones",
        )
    cure = did_you_mean(name, names) or "press TAB after 'clock show ' to list the names; most are Continent/City"
    return Fault(f"unknown time zone '{name}'", cure=cure, code="unknown-zone")


def tell(places: Sequence[tuple[str, tzinfo | None]], moment: datetime) -> str:
    """Format one line for each place: its date and time, and its offset from UTC.

    Args:
        places: names with the time zone of each; None is the local time zone.
        moment: the time to show, in any time zone.
    """
    width = max((len(name) for name, _ in places), default=0)
    return "".join(
        f"{name:<{width}}  {moment.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z (UTC%z)}\n" for name, zone in places
    )


def complete_zone(_asked: Completing) -> Iterable[str]:
    """Every time zone, for the words after ``clock show``; the core filters the names by what is typed."""
    return zones().values()


@command(
    "clock show [<zone>...]",
    summary="Show the time, locally or in other time zones",
    usage=USAGE,
    complete=complete_zone,
)
def show_clock(call: Call) -> None:
    """Answer with one line for each time zone, or one line for the local time zone."""
    found = find_zones(call.all("zone"))
    call.write(tell([(zone.key, zone) for zone in found] or [(HERE, None)], datetime.now(UTC)))


@manager_action(
    "Clock",
    synopsis="Show the time, locally or in another time zone",
    syntax={"Zone": "such as Europe/Berlin; the local time zone if omitted"},
)
def clock(request: Request) -> None:
    """Answer with the time in ISO 8601 format."""
    (zone,) = find_zones([request.get("Zone")]) if request.get("Zone") else (None,)
    now = datetime.now(UTC).astimezone(zone)
    request.ok("", ("Zone", zone.key if zone else HERE), ("Time", now.isoformat(timespec="seconds")))


def reload_module() -> int:
    """Read the names of the zones again: the system's data may have been replaced."""
    zones.cache_clear()
    return 0
