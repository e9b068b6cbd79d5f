"""Where the core's own commands and applications are, and their registration.

A start needs few of them: importing all files and making their commands takes a fifth of an empty start.  So a file is
imported when a command that begins as its commands do, or the list of all, is first asked for.
"""

from __future__ import annotations

from asterism.home.loading import by_name
from asterism.values import TYPE_CHECKING, dataclass
from runtime.cli import argument_kinds
from runtime.core.commands.command_table import Provided

if TYPE_CHECKING:
    from typing import Any

    from runtime.core.core import Core
    from runtime.loader.loader import Loader
    from runtime.logs.log_files import Logs
    from runtime.manager.service import Service


@dataclass(frozen=True, slots=True)
class CommandFile:
    """A file of commands."""

    module: str
    """The module below :mod:`runtime.cli`; its function ``commands`` returns the commands."""
    needs: tuple[str, ...]
    """The arguments of that function: ``core``, ``loader``, ``logs``, ``service``."""
    beginnings: tuple[str, ...]
    """The words that the commands begin with."""


FILES = (
    CommandFile("core.bridge_commands", ("core",), ("bridge",)),
    CommandFile("call_commands", ("core",), ("call",)),
    CommandFile("channel_commands", ("core",), ("core show channels", "core show channel", "channel")),
    CommandFile("cli_commands", ("core",), ("cli",)),
    CommandFile("config_commands", ("core",), ("config",)),
    CommandFile(
        "core.core_commands",
        ("core", "loader"),
        (
            "core show version",
            "core show uptime",
            "core show calls",
            "core show help",
            "core waitfullybooted",
            "core set",
            "core abort",
            "core reload",
            "core restart",
            "core stop",
        ),
    ),
    CommandFile("core.license_commands", (), ("core show license", "core show warranty")),
    CommandFile(
        "core.registry_commands",
        ("core",),
        ("core show applications", "core show application", "core show functions", "core show function"),
    ),
    CommandFile("core.settings_commands", ("core",), ("core show settings",)),
    CommandFile(
        "core.state_commands",
        ("core",),
        (
            "core show hints",
            "core show hint",
            "core show switches",
            "cdr",
            "cel",
            "core show channeltypes",
            "core show channeltype",
        ),
    ),
    CommandFile("core.stand_in_commands", ("core",), ("core show stand-ins",)),
    CommandFile("core.system_commands", (), ("core show sysinfo", "core show threads", "malloc")),
    CommandFile(
        "core.taskprocessor_commands",
        (),
        ("core show taskprocessors", "core show taskprocessor", "core ping taskprocessor", "core reset"),
    ),
    CommandFile("database_commands", ("core",), ("database",)),
    CommandFile("dialplan_commands", ("core",), ("dialplan",)),
    CommandFile("dialplan_edit_commands", ("core",), ("dialplan save", "dialplan add", "dialplan remove")),
    CommandFile("dialplan_show_commands", ("core",), ("dialplan show",)),
    CommandFile("logger_commands", ("core", "logs"), ("logger",)),
    CommandFile("manager_commands", ("service",), ("manager",)),
    CommandFile("module_commands", ("loader",), ("module",)),
    CommandFile("stasis_commands", (), ("stasis",)),
    CommandFile("test_commands", ("core",), ("test",)),
)
"""All files of commands."""

LOGGER = "runtime.cli.logger_commands:reload_part"
"""The function that reloads the log, a part of the core."""

APPLICATIONS = "runtime.dialplan.core_applications:applications"
"""The function that returns the core's own applications."""


def register(core: Core, loader: Loader, logs: Logs, service: Service) -> None:
    """Have the core's own commands and applications found."""
    parts = {"core": core, "loader": loader, "logs": logs, "service": service}
    core.commands.kinds |= argument_kinds.kinds(core, loader, logs, service)
    core.commands.provide(*(_provided(file, parts) for file in FILES))
    core.applications.provide(lambda: by_name(APPLICATIONS)(core))
    core.parts["logger"] = lambda: by_name(LOGGER)(core, logs)
    core.parts["extconfig"] = _nothing_kept


def _nothing_kept() -> bool:
    """Reload the reader of configuration files: a success, since it caches nothing."""
    return True


def _provided(file: CommandFile, parts: dict[str, Any]) -> Provided:
    beginnings = tuple(tuple(beginning.split()) for beginning in file.beginnings)
    entry = f"runtime.cli.{file.module}:commands"
    return Provided(beginnings, lambda: by_name(entry)(*(parts[need] for need in file.needs)))
