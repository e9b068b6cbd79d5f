"""Every file of the core API; importing it declares all exports."""

from __future__ import annotations

from runtime.api import (
    app,
    astdb,
    channel,
    cli,
    config,
    contexts,
    file,
    indications,
    json,
    localtime,
    logger,
    manager,
    module,
    options,
    pbx,
    say,
    stasis,
    strings,
    test,
    utils,
)

__all__ = [
    "app",
    "astdb",
    "channel",
    "cli",
    "config",
    "contexts",
    "file",
    "indications",
    "json",
    "localtime",
    "logger",
    "manager",
    "module",
    "options",
    "pbx",
    "say",
    "stasis",
    "strings",
    "test",
    "utils",
]
