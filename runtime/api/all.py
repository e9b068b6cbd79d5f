"""Every file of the core API; importing it declares all exports."""

from __future__ import annotations

from runtime.api import (
    astdb,
    channel,
    cli,
    config,
    contexts,
    json,
    localtime,
    logger,
    manager,
    module,
    options,
    pbx,
    stasis,
    strings,
    test,
    utils,
)

__all__ = [
    "astdb",
    "channel",
    "cli",
    "config",
    "contexts",
    "json",
    "localtime",
    "logger",
    "manager",
    "module",
    "options",
    "pbx",
    "stasis",
    "strings",
    "test",
    "utils",
]
