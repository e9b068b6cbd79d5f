"""``config ...``: configuration files, their readers, and their parsed content."""

from __future__ import annotations

import os

from asterism.errors import Fault
from asterism.files import inside
from runtime.conf import conf_file, conf_values
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare
from runtime.core.core import Core

SECRETS = frozenset({"secret", "password", "dbpass"})
"""Variables whose values are never shown, since users of the console need not know them."""


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    made = _Config(core)
    return (
        declare("config show <file:file.conf>", made.show, "Show a configuration file as understood", _SHOW),
        declare("config list", made.show_files, "Show all files that have loaded a configuration file", _LIST),
        declare(
            "config reload <filename.conf:file.conf>",
            made.reload,
            "Force a reload on modules using a particular configuration file",
            _RELOAD,
        ),
    )


OF_THE_CORE = {
    "cli.conf": "",
    "cli_permissions.conf": "",
    "extensions.conf": "pbx_config",
    "logger.conf": "logger",
    "manager.conf": "manager",
    "modules.conf": "",
}
"""Files that the core reads itself, and the part to reload for each; empty when the file cannot be reloaded."""


class _Config:
    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def directory(self) -> str:
        return self.core.settings.directories.astetcdir

    def show(self, call: CommandCall) -> Outcome | None:
        name = f"{call.value('file').removesuffix('.conf')}.conf"
        allowed = self.core.settings.options.execincludes
        read = conf_file.load(inside(self.directory, name), self.directory, exec_=allowed)
        for section in read.sections:
            call.write(shown(section, self.directory))
        for fault in read.warnings:
            call.line_out(str(fault))
        return None

    def _readers(self) -> list[tuple[str, str]]:
        """The path and the reader of each file: a module, a part of the core, or an empty text for the core.

        A file of the core is listed when it exists, since the core reads it in that case.
        """
        found = {(self.core.settings.file, ""), *self.core.config_files}
        found |= {(os.path.join(self.directory, name), who) for name, who in OF_THE_CORE.items()}
        return sorted(entry for entry in found if os.path.exists(entry[0]))

    def show_files(self, call: CommandCall) -> Outcome | None:
        for path, who in self._readers():
            call.line_out(f"{who or 'core':<20.20} {path:<50}")
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        asked = call.value("filename.conf")
        path = os.path.join(self.directory, asked)
        readers = [who for file, who in self._readers() if file == path]
        results = [self.core.commands.run(f"module reload {who}", call.client) for who in readers if who]
        if not any(readers):
            why = "the core reads it at the start only" if readers else "no module has read it"
            cure = "'config list' lists the files and their readers"
            return answered(Fault(f"nothing was reloaded for '{asked}'", why=why, cure=cure, code="not-reloaded"))
        return answered() if not all(result.ok for result in results) else None


def shown(section: conf_values.Section, directory: str) -> str:
    """A section with the place of every line; files below ``directory`` are shown relative to it."""

    def place(file: str, line: int) -> str:
        name = os.path.relpath(file, directory)
        return f"{file if name.startswith('..') else name}:{line}"

    options = ["!"] * section.is_template + section.bases
    heading = f"[{section.name}]{'(' + ','.join(options) + ')' if options else ''}"
    lines = [f"{heading:<50} ; {place(section.file, section.line)}"]
    for variable in section:
        value = "<hidden>" if variable.value and variable.name.lower() in SECRETS else variable.value
        text = f"{variable.name} {'=>' if variable.is_object else '='} {value}"
        lines.append(f"{text:<50} ; {place(variable.file, variable.line)}")
    return "\n".join([*lines, "", ""])


_SHOW = """\
Shows the sections and variables of a configuration file after templates and
includes, each with the line it comes from.
"""
_LIST = """\
Lists the configuration files that were read, each with the module or the part of
the core that reads it.
"""
_RELOAD = """\
Reloads every module that has read a configuration file, which is named as
'config list' shows it or as a file of the configuration directory.
"""
