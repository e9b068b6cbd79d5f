"""cli.conf: commands that the program runs during its start (main/asterisk.c, ``run_startup_commands``)."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from asterism.errors import AsterismError, Fault
from runtime.conf import conf_file
from runtime.conf.conf_values import Variable
from runtime.core.commands.clients import Transcript
from runtime.core.core import Core

FILE = "cli.conf"
SECTION = "startup_commands"


class Phase(enum.Enum):
    """The phase in which a command runs; the values are the words that select it in the file."""

    PRE_INIT = frozenset({"pre-init"})
    """Before the modules are listed."""
    PRE_MODULE = frozenset({"pre-module"})
    """Before the modules are started."""
    FULLY_BOOTED = frozenset({"fully-booted", "yes", "true", "y", "t", "1", "on"})
    """After the start is complete."""


_NEVER = frozenset({"no", "false", "n", "f", "0", "off"})


class _Quiet(Transcript):
    """The client of the startup commands: stores their answers for the log."""

    who = "cli.conf"


class StartupCommands:
    """The commands of a cli.conf."""

    def __init__(self, core: Core, variables: tuple[Variable, ...] = ()) -> None:
        self.core = core
        self._variables = variables

    def run(self, phase: Phase) -> None:
        """Run the commands of a phase in the order of the file; failures are logged with their reasons."""
        for variable in self._variables:
            if not phase.value.isdisjoint(_words(variable)):
                self._run(variable)

    def _run(self, variable: Variable) -> None:
        client = _Quiet()
        if self.core.commands.run(variable.name, client).ok:
            return
        what = f"the startup command '{variable.name}' failed"
        why = "".join((*client.errors, *client.outputs)).partition("\n")[0]
        self.core.logger.warning(str(Fault(what, variable.name_place, why, code="startup-command", severity="warning")))

    def doubts(self) -> Iterator[Fault]:
        """A warning for each line whose value is neither yes, nor no, nor a phase."""
        known = _NEVER.union(*(phase.value for phase in Phase))
        for variable in self._variables:
            if not _words(variable) <= known:
                cure = "write yes, no, pre-init, pre-module or fully-booted"
                what = f"'{variable.value}' does not say when '{variable.name}' runs"
                yield Fault(what, variable.place, cure=cure, code="startup-command", severity="warning")


def _words(variable: Variable) -> set[str]:
    return {word.strip() for word in variable.value.lower().split(",")}


def load(core: Core) -> StartupCommands:
    """Read cli.conf of the configuration directory, if it exists; its faults are logged."""
    settings = core.settings
    path = os.path.join(settings.directories.astetcdir, FILE)
    if not os.path.lexists(path):
        return StartupCommands(core)
    try:
        read = conf_file.load(path, exec_=settings.options.execincludes)
    except AsterismError as error:
        core.doubt(error.faults)
        return StartupCommands(core)
    found = StartupCommands(core, tuple(read.variables(SECTION)))
    core.doubt((*read.warnings, *found.doubts()))
    return found
