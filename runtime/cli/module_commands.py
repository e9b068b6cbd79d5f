"""``module ...``: list, load, unload and reload modules (main/cli.c, ``handle_load`` and others)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from asterism.errors import AsterismError, Fault
from asterism.names import bare, did_you_mean
from asterism.values import asdict
from asterism.words import counted
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare, failure
from runtime.core.core import Force, ModuleRow, Reload
from runtime.loader import start_report
from runtime.loader.built_in import BUILT_IN, OPTIONAL
from runtime.loader.loader import Loader
from runtime.loader.start_order import key_of

_ROW = "{:<30} {:<40.40} {:<10} {:<11} {:>13}"
_HEADING = _ROW.format("Module", "Description", "Use Count", "Status", "Support Level")

_RELOADED = {
    Reload.SUCCESS: "Module '{0}' reloaded successfully.",
    Reload.QUEUED: "Asterisk cannot reload a module yet; request queued",
    Reload.NOT_FOUND: "No such module '{0}'",
    Reload.ERROR: "The module '{0}' reported a reload failure",
    Reload.IN_PROGRESS: "A module reload request is already in progress; please be patient",
    Reload.UNINITIALIZED: "The module '{0}' was not properly initialized. Before reloading the module, you must run "
    '"module load {0}" and fix whatever is preventing the module from being initialized.',
    Reload.NOT_IMPLEMENTED: "The module '{0}' does not support reloads",
}
"""The answer for each result of a reload."""
_RELOAD_CURES = {
    Reload.NOT_FOUND: "'module show' lists the modules that are loaded",
    Reload.ERROR: "the log may say why",
    Reload.NOT_IMPLEMENTED: "'module refresh {0}' unloads it and loads it again",
}
"""The cure for each failed reload, unless the answer contains it."""


def commands(loader: Loader) -> tuple[Command, ...]:
    """The commands for one loader."""
    return _Modules(loader).commands()


def reloaded_all(call: CommandCall, loader: Loader) -> Outcome | None:
    """Reload all modules and parts; a failed one makes the command fail, though the others are reloaded."""
    result = loader.reload()
    if result is Reload.IN_PROGRESS:
        call.line_out(_RELOADED[result])
        return answered(Fault("nothing was reloaded", why="another reload is under way", code="not-reloaded"))
    faults = [
        Fault(f"'{name}' was not reloaded", cure="the log may say why", code="not-reloaded")
        for name in loader.reloads.failed
    ]
    return answered(*faults) if faults and result is not Reload.QUEUED else None


def line(row: ModuleRow) -> str:
    """A line of the table of ``module show``."""
    status = "Running" if row.running else "Not Running"
    return _ROW.format(row.file, row.description, row.use_count, status, row.support_level)


def _mark(met: int) -> str:
    """The mark after the line of a module that called stand-ins."""
    return f"  called {counted(met, 'stand-in')}" if met else ""


class _Modules:
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def commands(self) -> tuple[Command, ...]:
        return (
            declare(
                "module show [like <module>] [json|--json]",
                self.show,
                "List modules and info",
                _SHOW,
                listed="module show [like]",
            ),
            declare("module show order [json]", self.order, "List modules in the order of their start", _ORDER),
            declare("module show failed [json]", self.failed, "List modules that do not run, and why", _FAILED),
            declare("module load <module:loadable>", self.load, "Load a module by name", _LOAD),
            declare("module unload [-f|-h] <module:unloadable>...", self.unload, "Unload a module by name", _UNLOAD),
            declare("module reload [<module:reloadable>...]", self.reload, "Reload configuration", _RELOAD),
            declare("module trust <module:distrusted>", self.trust, "Trust a module again", _TRUST),
            declare(
                "module refresh <module:running> [recursively]", self.refresh, "Unload and load a module", _REFRESH
            ),
        )

    # -- handlers

    def show(self, call: CommandCall) -> Outcome | None:
        like = call.value("module").lower()
        rows = [row for row in self.loader.rows() if like in row.file.lower()]
        if call.has("json") or call.has("--json"):
            call.line_out(json.dumps([asdict(row) for row in rows], indent=2))
        else:
            listed = sorted([*rows, *self._parts(like)], key=lambda row: row.file.lower())
            met = self._met()
            lines = [line(row) + _mark(met.get(bare(row.file), 0)) for row in listed]
            call.write("\n".join([_HEADING, *lines, f"{len(listed)} modules loaded\n"]))
        return None

    def _met(self) -> Mapping[str, int]:
        """The number of stand-ins that each module has called."""
        if not self.loader.core.settings.options.standins:
            return {}
        from runtime.modules import stand_ins  # which only those who host binaries of Asterisk need

        return stand_ins.met()

    def _parts(self, like: str) -> list[ModuleRow]:
        """The parts of the core that Asterisk lists as modules, without those that a loaded module replaces.

        A part that is a module with a file in Asterisk is listed only when modules.conf lists it.
        """
        here = [BUILT_IN[name] for name in self.loader.core.parts if name in BUILT_IN]
        shown = [part for part in here if part.name not in OPTIONAL or part.name in self.loader.listed]
        return [part for part in shown if like in part.file.lower() and self.loader.find(part.name) is None]

    def order(self, call: CommandCall) -> Outcome | None:
        turns, faults = self.loader.order(), start_report.in_order(self.loader.failed.values())
        if call.has("json"):
            call.line_out(start_report.order_json(turns, faults))
        else:
            call.line_out(start_report.order_text(turns, faults))
        return None

    def failed(self, call: CommandCall) -> Outcome | None:
        faults = start_report.in_order(self.loader.failed.values())
        if call.has("json"):
            call.line_out(json.dumps([fault.as_json() for fault in faults], indent=2))
        elif faults:
            call.line_out(start_report.text(faults))
        else:
            call.line_out("All modules run.")
        return None

    def load(self, call: CommandCall) -> Outcome | None:
        name = call.value("module")
        try:
            self.loader.load(name)
        except AsterismError as error:
            call.line_out(f"Unable to load module {name}")
            return failure(*error.faults)
        call.line_out(f"Loaded {name}")
        self.loader.announce(name)
        return None

    def unload(self, call: CommandCall) -> Outcome | None:
        force = next((force for flag, force in _FORCES.items() if call.has(flag)), Force.SOFT)
        for name in call.all("module"):
            try:
                self.loader.unload(name, force)
            except AsterismError as error:
                call.line_out(f"Unable to unload resource {name}")
                return failure(*error.faults)
            call.line_out(f"Unloaded {name}")
        return None

    def reload(self, call: CommandCall) -> Outcome | None:
        names = call.all("module")
        if not names:
            return reloaded_all(call, self.loader)
        faults = [fault for name in names for fault in self._reload(call, name)]
        return answered(*faults) if faults else None

    def _reload(self, call: CommandCall, name: str) -> list[Fault]:
        result = self.loader.reload(name)
        call.line_out(_RELOADED[result].format(name))
        if result in (Reload.SUCCESS, Reload.QUEUED):
            self._note_absent(call, name)
            return []
        cure = _RELOAD_CURES.get(result, "").format(name)
        if result is Reload.NOT_FOUND:
            cure = did_you_mean(name, [*self.loader.core.parts, *self.loader.names()]) or cure
        return [Fault(f"'{name}' was not reloaded", cure=cure, code="not-reloaded")]

    def _note_absent(self, call: CommandCall, name: str) -> None:
        """Report, beside the answer, that this program lacks a part of Asterisk's core."""
        key = key_of(name)
        if key in BUILT_IN and key not in self.loader.core.parts and self.loader.find(name) is None:
            call.client.err(f"'{name}' is not a part of this program: there was nothing to reload\n")

    def refresh(self, call: CommandCall) -> Outcome | None:
        name = call.value("module")
        try:
            self.loader.refresh(name, recursively=call.has("recursively"))
        except AsterismError as error:
            doing = "load" if error.faults[0].code == "not-loaded-again" else "unload"
            call.line_out(f"Unable to {doing} resource {name}")
            return failure(*error.faults)
        call.line_out(f"Unloaded and loaded {name}")
        return None

    def trust(self, call: CommandCall) -> Outcome | None:
        doubt = self.loader.trust.restore(call.value("module"))
        call.line_out(f"{doubt.module} is trusted again; 'module load {doubt.module}' starts it.")
        return None


_FORCES = {"-f": Force.FIRM, "-h": Force.HARD}

_SHOW = """\
Lists the modules that are loaded, with their use count and whether they run;
only those whose names hold what follows 'like'. 'json', or '--json', gives
the modules alone to programs, with those that each one needs.
"""
_ORDER = """\
Lists the modules that run in the order in which they were started, each with
the reason for its place; then those that do not run, and why. 'asterism plan'
shows the same beforehand, without loading anything.
"""
_FAILED = """\
Lists the modules that should run and do not, grouped by cause, root causes
first, each with what to do about it.
"""
_LOAD = """\
Opens a module of the module directory and starts it. What it needs must run
already. One that declined before is opened afresh.
"""
_UNLOAD = """\
Stops modules and takes them out of memory, up to the first that will not go.
-f does so even if the module is in use, which can crash the program;
-h even if the module itself refuses, which most likely will.
"""
_RELOAD = """\
Has modules read their configuration again: those that are named, or all that
can. 'logger', 'manager' and 'pbx_config' are parts of the core that can.
"""
_TRUST = """\
Trusts a module again that is left out since it brought the program down.
A module whose file has changed since is trusted without that.
"""
_REFRESH = """\
Unloads a module and loads it again, with the new code if its file has changed.
'recursively' does the same with all modules that depend on it; nothing is
touched unless all of them can be unloaded.
"""
