"""The commands of the core itself, one file for each first word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.core import Core
    from runtime.loader import Loader
    from runtime.logfiles import Logs
    from runtime.manager.service import Service


def register(core: Core, loader: Loader, logs: Logs, service: Service) -> None:
    """Put all of them into the core's table."""
    from runtime.builtin import (
        applications,
        channels,
        config,
        database,
        dialplan,
        general,
        kinds,
        logger,
        manager,
        modules,
        registries,
        stasis,
        system,
        taskprocessors,
        test,
    )

    table = core.commands
    table.kinds |= kinds.kinds(core, loader, logs, service)
    table.register(*modules.commands(loader))
    table.register(*general.commands(core, loader))
    table.register(*registries.commands(core))
    table.register(*dialplan.commands(core))
    table.register(*channels.commands(core))
    table.register(*logger.commands(core, logs))
    table.register(*config.commands(core))
    table.register(*manager.commands(service))
    table.register(*system.commands())
    table.register(*database.commands(core))
    table.register(*taskprocessors.commands())
    table.register(*stasis.commands())
    table.register(*test.commands(core))
    applications.register(core)
