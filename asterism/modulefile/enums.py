"""The constants in a module's record (``asterisk/module.h``)."""

from __future__ import annotations

import enum

from asterism.light.patterns import pattern


class Flag(enum.IntFlag):
    """Flags of a module: ``enum ast_module_flags``."""

    DEFAULT = 0
    GLOBAL_SYMBOLS = 1
    """Other modules may use the exported symbols."""
    LOAD_ORDER = 2
    """The loader uses the ``load_pri`` of the module."""


class SupportLevel(enum.IntEnum):
    """Support levels of a module: ``enum ast_module_support_level``."""

    UNKNOWN = 0
    CORE = 1
    EXTENDED = 2
    DEPRECATED = 3


class Priority(enum.IntEnum):
    """Named load priorities (``enum ast_module_load_priority``): a lower one starts first."""

    REALTIME_DEPEND = 10
    REALTIME_DEPEND2 = 20
    REALTIME_DRIVER = 30
    CORE = 40
    TIMING = 50
    CHANNEL_DEPEND = 60
    CHANNEL_DRIVER = 70
    APP_DEPEND = 80
    DEVSTATE_PROVIDER = 90
    DEVSTATE_PLUGIN = 100
    CDR_DRIVER = 110
    DEFAULT = 128
    DEVSTATE_CONSUMER = 150


LEVELS = tuple(level.name.lower() for level in SupportLevel)
"""The names of the support levels, by number."""


_SUPPORT = pattern(r"<support_level>\s*(\w+)\s*</support_level>")


def level_name(number: int) -> str:
    """The name of a support level; ``unknown`` for other numbers."""
    return LEVELS[number] if 0 <= number < len(LEVELS) else LEVELS[SupportLevel.UNKNOWN]


def support_level_named(docstring: str) -> SupportLevel:
    """The support level in the MODULEINFO block of a docstring; UNKNOWN without one."""
    found = _SUPPORT.search(docstring)
    names = {level.name.lower(): level for level in SupportLevel}
    return names.get(found[1].lower(), SupportLevel.UNKNOWN) if found else SupportLevel.UNKNOWN
