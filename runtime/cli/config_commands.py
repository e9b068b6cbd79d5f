"""``config show``: what was understood of a configuration file, and from where."""

from __future__ import annotations

import os

from asterism.files import inside
from runtime.conf import conf_file
from runtime.core.commands import Command, CommandCall, Outcome, declare
from runtime.core.core import Core

SECRETS = frozenset({"secret", "password", "dbpass"})
"""Variables whose values are for nobody's eyes: a console may belong to whoever may give commands, and no more."""


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return (
        declare("config show <file:file.conf>", _Config(core).show, "Show a configuration file as understood", _SHOW),
    )


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


def shown(section: conf_file.Section, directory: str) -> str:
    """A section with the place of every line; files below ``directory`` are named from there."""

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
