"""Every file of the core API; importing it declares all exports."""

from __future__ import annotations

from runtime.api import (
    app,
    astdb,
    channel,
    cli,
    config,
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
from runtime.api.contexts import (
    channel_places,
    context_changes,
    context_walks,
    extension_matches,
    timing_masks,
)

__all__ = [
    "app",
    "astdb",
    "channel",
    "channel_places",
    "cli",
    "config",
    "context_changes",
    "context_walks",
    "extension_matches",
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
    "timing_masks",
    "utils",
]
