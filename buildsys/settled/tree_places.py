"""Where the parts of an install tree are, relative to its prefix."""

from __future__ import annotations

import os

from buildsys.settled.configuration import Directories

LIB = "lib/asterism"
MODULES, NATIVE, PACKAGES, PROGRAMS = (f"{LIB}/{name}" for name in ("modules", "native", "python", "bin"))
NINJA = f"{PROGRAMS}/ninja"
INCLUDE = "include/asterism"
TREE = f"{LIB}/tree.json"
PKG_CONFIG = "lib/pkgconfig/asterism.pc"
LAUNCHER = "sbin/asterism"
JOURNAL, TRAIL, LOCK = (f"{LIB}/install.{suffix}" for suffix in ("journal", "trail", "lock"))
"""What an install keeps there while it is under way (:mod:`buildsys.installing.staging`)."""

ABI_FLAGS = ("-fPIC", "-pthread", "-D_GNU_SOURCE", "-D_REENTRANT")
"""What every module is compiled with, wherever that is."""


def directories(where: Directories, prefix: str) -> dict[str, str]:
    """The directories of asterisk.conf, relative to the prefix where they are below it.

    Args:
        where: what configure was told.
        prefix: the prefix of this install.
    """
    resolved = Directories(prefix, where.sysconfdir, where.localstatedir).resolved()
    etc, var = (relative(path, prefix) for path in (resolved.sysconfdir, resolved.localstatedir))
    library = f"{var}/lib/asterism"
    return {
        "astetcdir": f"{etc}/asterism",
        "astmoddir": MODULES,
        "astvarlibdir": library,
        "astdbdir": library,
        "astkeydir": library,
        "astdatadir": library,
        "astagidir": f"{library}/agi-bin",
        "astspooldir": f"{var}/spool/asterism",
        "astrundir": f"{var}/run/asterism",
        "astlogdir": f"{var}/log/asterism",
        "astcachedir": f"{var}/cache/asterism",
        "astsbindir": "sbin",
    }


def relative(path: str, prefix: str) -> str:
    """A path as the manifest writes it: relative to the prefix where it is below it."""
    inside = os.path.commonpath([path, prefix]) == os.path.normpath(prefix)
    return os.path.relpath(path, prefix) if inside else path
