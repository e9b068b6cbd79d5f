"""Registration of the core's own commands, which have one file for each first word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.cli import (
    argument_kinds,
    call_commands,
    channel_commands,
    cli_commands,
    config_commands,
    database_commands,
    dialplan_commands,
    dialplan_edit_commands,
    dialplan_show_commands,
    logger_commands,
    manager_commands,
    module_commands,
    stasis_commands,
    test_commands,
)
from runtime.cli.core import (
    core_commands,
    license_commands,
    registry_commands,
    settings_commands,
    stand_in_commands,
    state_commands,
    system_commands,
    taskprocessor_commands,
)
from runtime.dialplan import core_applications

if TYPE_CHECKING:
    from runtime.core.core import Core
    from runtime.loader.loader import Loader
    from runtime.logs.log_files import Logs
    from runtime.manager.service import Service


def register(core: Core, loader: Loader, logs: Logs, service: Service) -> None:
    """Register the core's own commands."""
    table = core.commands
    table.kinds |= argument_kinds.kinds(core, loader, logs, service)
    table.register(*module_commands.commands(loader))
    table.register(*core_commands.commands(core, loader))
    table.register(*settings_commands.commands(core))
    table.register(*license_commands.commands())
    table.register(*stand_in_commands.commands(core))
    table.register(*registry_commands.commands(core))
    table.register(*state_commands.commands(core))
    table.register(*dialplan_commands.commands(core))
    table.register(*dialplan_show_commands.commands(core))
    table.register(*dialplan_edit_commands.commands(core))
    table.register(*channel_commands.commands(core))
    table.register(*call_commands.commands(core))
    table.register(*logger_commands.commands(core, logs))
    table.register(*config_commands.commands(core))
    table.register(*cli_commands.commands(core))
    table.register(*manager_commands.commands(service))
    table.register(*system_commands.commands())
    table.register(*database_commands.commands(core))
    table.register(*taskprocessor_commands.commands())
    table.register(*stasis_commands.commands())
    table.register(*test_commands.commands(core))
    core_applications.register(core)
