"""logger.conf: which messages go to which file and to the consoles, and in which format.

The syntax is Asterisk's: ``name => [formatter]level,level,verbose(3)`` in [logfiles], where the name ``console`` means
the consoles.  Formatters are ``default``, ``plain`` and ``json``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from asterism import numbers
from asterism.errors import Fault, Place
from asterism.names import did_you_mean
from asterism.values import dataclass
from runtime.conf import conf_file, conf_values
from runtime.core.message_log import Kind, Level, Record
from runtime.logs import system_log
from runtime.logs.log_forms import FORMATTERS

FILE = "logger.conf"
DATE_FORMAT = "%b %e %H:%M:%S"
"""The default time format of a line."""
ROTATIONS = ("none", "rotate", "sequential", "timestamp")
"""The strategies of ``logger rotate``: what happens to the old file.

It stays (``none``), gets a number with the newest file first (``rotate``) or last (``sequential``), or gets the seconds
since the epoch (``timestamp``).
"""

EVERY = "*"
"""The word in place of levels that means all levels, including those that modules add."""

COLORS: dict[Kind, str] = {Level.NOTICE: "33", Level.WARNING: "31;1", Level.ERROR: "31;1", Level.DEBUG: "32"}
"""Terminal colours of the level names, as parameters of an SGR sequence."""


@dataclass(frozen=True, slots=True)
class LogChannel:
    """A line of [logfiles]."""

    name: str
    levels: frozenset[Level]
    verbosity: int | None = None
    """The highest verbosity to write; None means the common level."""
    formatter: str = "default"
    added: frozenset[str] = frozenset()
    """Names, in capitals, of levels that modules can add, now or later; or :data:`EVERY`."""
    place: Place | None = None
    """The place of the line; None for a default."""
    is_dynamic: bool = False
    """Whether ``logger add channel`` added the channel."""

    def names(self, level: Kind) -> bool:
        """Whether the channel takes messages of this level."""
        if isinstance(level, Level):
            return level in self.levels
        return not self.added.isdisjoint((level.name, EVERY))

    def wants(self, record: Record, verbose: int) -> bool:
        """Whether the channel takes a message; ``verbose`` is the common level."""
        if not self.names(record.level):
            return False
        limit = verbose if self.verbosity is None else self.verbosity
        return record.level is not Level.VERBOSE or record.verbosity <= limit


CONSOLE = LogChannel("console", frozenset({Level.NOTICE, Level.WARNING, Level.ERROR, Level.VERBOSE, Level.DEBUG}))
"""The channel of the consoles when logger.conf has none."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The content of logger.conf."""

    console: LogChannel = CONSOLE
    files: tuple[LogChannel, ...] = ()
    date_format: str = DATE_FORMAT
    rotation: str = "sequential"
    warnings: tuple[Fault, ...] = ()


def read(parsed: conf_values.Config) -> LogSettings:
    """Interpret a logger.conf; faults become warnings, and the valid rest applies."""
    general = parsed.section("general") or conf_values.Section("general", parsed.file, 0)
    warnings = list(parsed.warnings)
    variables = [one for one in parsed.variables("logfiles") if has_facility(one, warnings)]
    channels = [channel_of(variable, warnings) for variable in variables]
    console = next((channel for channel in channels if channel.name == "console"), None)
    return LogSettings(
        console=console or (CONSOLE if not channels else LogChannel("console", frozenset())),
        files=tuple(channel for channel in channels if channel.name != "console"),
        date_format=general.get("dateformat", DATE_FORMAT).replace("\0", ""),  # a NUL would end the format in C
        rotation=_rotation(general, warnings),
        warnings=tuple(warnings),
    )


def _rotation(general: conf_values.Section, warnings: list[Fault]) -> str:
    variable = general.find("rotatestrategy")
    if variable is None or variable.value.lower() in ROTATIONS:
        return variable.value.lower() if variable else "sequential"
    cure = f"the strategies are {', '.join(ROTATIONS)}"
    warnings.append(Fault(f"unknown strategy '{variable.value}'", variable.place, cure=cure, severity="warning"))
    return "sequential"


def has_facility(variable: conf_values.Variable, warnings: list[Fault]) -> bool:
    """Whether a line names a file or a known facility of the system log; an unknown one becomes a warning."""
    if not system_log.names_facility(variable.name):
        return True
    facility = system_log.facility_of(variable.name)
    if facility not in system_log.FACILITIES:
        warnings.append(unknown("facility of the system's log", facility, variable.name_place, system_log.FACILITIES))
    return facility in system_log.FACILITIES


def channel_of(variable: conf_values.Variable, warnings: list[Fault]) -> LogChannel:
    """What a line of ``[logfiles]`` asks for; unknown words are left out with a warning."""
    formatter, text = "default", variable.value
    if text.startswith("["):
        formatter, _, text = text[1:].partition("]")
        formatter = formatter.strip().lower()
    if formatter not in FORMATTERS:
        warnings.append(unknown("formatter", formatter, variable.place, FORMATTERS))
        formatter = "default"
    names: set[str] = set()
    verbosity: int | None = None
    for word in filter(None, (piece.strip().lower() for piece in text.split(","))):
        name, _, number = word.rstrip(")").partition("(")
        names.add(name.strip().upper())
        if name.strip() == "verbose":
            verbosity = numbers.number(number) if number.strip() else verbosity
    levels = frozenset(level for level in Level if level.name in names or EVERY in names)
    return LogChannel(
        variable.name, levels, verbosity, formatter, frozenset(names - {*Level.__members__}), variable.place
    )


def unknown(kind: str, name: str, place: Place | None, known: Iterable[str], others: str = "") -> Fault:
    """The warning about an unknown word of logger.conf, with similar words or all known ones."""
    names = list(known)
    cure = did_you_mean(name, names) or f"there are {', '.join(names)}{others}"
    return Fault(f"unknown {kind} '{name}'", place, cure=cure, code="logger", severity="warning")


def load(path: str, *, exec_: bool = False) -> LogSettings:
    """Read logger.conf; without the file, consoles show the default levels and there are no log files.

    Raises:
        AsterismError: the file exists and is invalid.
    """
    if not os.path.lexists(path):
        return LogSettings()
    return read(conf_file.load(path, exec_=exec_))
