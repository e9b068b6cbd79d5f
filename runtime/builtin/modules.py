"""``module ...``: what is loaded, and changing it (main/cli.c, ``handle_load`` and its neighbours)."""

from __future__ import annotations

import json

from asterism.errors import AsterismError
from asterism.values import asdict
from runtime import report
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome, failure
from runtime.core import Force, Reload
from runtime.loader import Loader, Row

_ROW = "{:<30} {:<40.40} {:<10} {:<11} {:>13}"
_HEADING = _ROW.format("Module", "Description", "Use Count", "Status", "Support Level")

_RELOADED = {
    Reload.SUCCESS: "Module '{0}' reloaded successfully.",
    Reload.QUEUED: "The start is not complete yet; the reload was put in a queue.",
    Reload.NOT_FOUND: "No such module '{0}'",
    Reload.ERROR: "The module '{0}' reported a reload failure",
    Reload.IN_PROGRESS: "Another reload is under way; try again when it is done.",
    Reload.UNINITIALIZED: "The module '{0}' was not properly initialized. "
    "Run 'module load {0}' and mend what keeps it from starting; then it can be reloaded.",
    Reload.NOT_IMPLEMENTED: "The module '{0}' does not support reloads",
}
"""What is said after a reload."""


def commands(loader: Loader) -> tuple[Command, ...]:
    """The commands for one loader."""
    return _Modules(loader).commands()


def line(row: Row) -> str:
    """A line of the table of ``module show``."""
    status = "Running" if row.running else "Not Running"
    return _ROW.format(row.file, row.description, row.use_count, status, row.support_level)


class _Modules:
    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("module show [like]", self.show, "List modules and info", _SHOW, self.loaded),
            Command("module show order [json]", self.order, "List modules in the order of their start", _ORDER),
            Command("module show failed [json]", self.failed, "List modules that do not run, and why", _FAILED),
            Command("module load", self.load, "Load a module by name", _LOAD, self.loadable),
            Command("module unload", self.unload, "Unload a module by name", _UNLOAD, self.unloadable),
            Command("module reload", self.reload, "Reload configuration for a module", _RELOAD, self.reloadable),
            Command("module trust", self.trust, "Trust a module again that was left out", _TRUST, self.distrusted),
            Command("module refresh", self.refresh, "Unload and load a module by name", _REFRESH, self.refreshable),
        )

    # -- handlers

    def show(self, call: Call) -> Outcome | None:
        words = [word.lower() for word in call.words[2:]]
        as_json = len(words) != 2 and words[-1:] in (["json"], ["--json"])
        del words[len(words) - as_json :]
        if words and (len(words) != 2 or words[0] != "like"):
            return SHOWUSAGE
        like = words[1] if words else ""
        rows = [row for row in self.loader.rows() if like in row.file.lower()]
        if as_json:
            call.line_out(json.dumps([asdict(row) for row in rows], indent=2))
        else:
            call.write("\n".join([_HEADING, *map(line, rows), f"{len(rows)} modules loaded\n"]))
        return None

    def order(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        turns, faults = self.loader.order(), report.in_order(self.loader.failed.values())
        if call.words[-1].lower() == "json":
            call.line_out(report.order_json(turns, faults))
        else:
            call.line_out(report.order_text(turns, faults))
        return None

    def failed(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
        faults = report.in_order(self.loader.failed.values())
        if call.words[-1].lower() == "json":
            call.line_out(json.dumps([fault.as_json() for fault in faults], indent=2))
        elif faults:
            call.line_out(report.text(faults))
        else:
            call.line_out("All modules run.")
        return None

    def load(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        name = call.args[0]
        try:
            self.loader.load(name)
        except AsterismError as error:
            call.line_out(f"Unable to load module {name}")
            return failure(*error.faults)
        call.line_out(f"Loaded {name}")
        self.loader.announce(name)
        return None

    def unload(self, call: Call) -> Outcome | None:
        force, names = Force.SOFT, call.args
        if names and names[0].startswith("-"):
            if names[0] not in _FORCES:
                return SHOWUSAGE
            force, names = _FORCES[names[0]], names[1:]
        if not names:
            return SHOWUSAGE
        for name in names:
            try:
                self.loader.unload(name, force)
            except AsterismError as error:
                call.line_out(f"Unable to unload resource {name}")
                return failure(*error.faults)
            call.line_out(f"Unloaded {name}")
        return None

    def reload(self, call: Call) -> Outcome | None:
        if not call.args:
            self.loader.reload()
        for name in call.args:
            call.line_out(_RELOADED[self.loader.reload(name)].format(name))
        return None

    def refresh(self, call: Call) -> Outcome | None:
        if len(call.args) not in (1, 2) or (len(call.args) == 2 and call.args[1].lower() != "recursively"):
            return SHOWUSAGE
        name = call.args[0]
        try:
            self.loader.refresh(name, recursively=len(call.args) == 2)
        except AsterismError as error:
            doing = "load" if error.faults[0].code == "not-loaded-again" else "unload"
            call.line_out(f"Unable to {doing} resource {name}")
            return failure(*error.faults)
        call.line_out(f"Unloaded and loaded {name}")
        return None

    def trust(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        doubt = self.loader.trust.restore(call.args[0])
        call.line_out(f"{doubt.module} is trusted again; 'module load {doubt.module}' starts it.")
        return None

    # -- completion

    def distrusted(self, asked: Completing) -> list[str]:
        return self.loader.trust.names() if asked.position == 2 else []

    def loaded(self, asked: Completing) -> list[str]:
        if asked.position == 2:
            return ["json"]
        is_like = asked.position == 3 and asked.words[2].lower() == "like"
        return self.loader.names() if is_like else []

    def loadable(self, asked: Completing) -> list[str]:
        if asked.position != 2:
            return []
        running = {name.lower() for name in self.loader.names(running=True)}
        return [name for name in self.loader.files() if name.lower() not in running]

    def unloadable(self, _asked: Completing) -> list[str]:
        return [row.file for row in self.loader.rows() if row.running and not row.use_count]

    def reloadable(self, _asked: Completing) -> list[str]:
        return [*self.loader.core.parts, *self.loader.reloadable()]

    def refreshable(self, asked: Completing) -> list[str]:
        if asked.position == 3:
            return ["recursively"]
        return self.loader.names(running=True) if asked.position == 2 else []


_FORCES = {"-f": Force.FIRM, "-h": Force.HARD}

_SHOW = """\
Usage: module show [like TEXT] [json]
       Lists the modules that are loaded, with their use count and whether they run;
       only those with TEXT in their name, if it is given. 'json', or '--json', gives
       the same to programs, with the modules that each one needs.
"""
_ORDER = """\
Usage: module show order [json]
       Lists the modules that run in the order in which they were started, each with
       the reason for its place; then those that do not run, and why. 'asterism plan'
       shows the same beforehand, without loading anything.
"""
_FAILED = """\
Usage: module show failed [json]
       Lists the modules that should run and do not, grouped by cause, root causes
       first, each with what to do about it.
"""
_LOAD = """\
Usage: module load NAME
       Opens a module of the module directory and starts it. What it needs must run
       already. One that declined before is opened afresh.
"""
_UNLOAD = """\
Usage: module unload [-f|-h] NAME [NAME ...]
       Stops modules and takes them out of memory, up to the first that will not go.
       -f does so even if the module is in use, which can crash the program;
       -h even if the module itself refuses, which most likely will.
"""
_RELOAD = """\
Usage: module reload [NAME ...]
       Has modules read their configuration again: those that are named, or all that
       can. 'manager' is a part of the core that can.
"""
_TRUST = """\
Usage: module trust NAME
       Trusts a module again that is left out since it brought the program down.
       A module whose file has changed since is trusted without that.
"""
_REFRESH = """\
Usage: module refresh NAME [recursively]
       Unloads a module and loads it again, with the new code if its file has changed.
       'recursively' does the same with all modules that depend on it; nothing is
       touched unless all of them can be unloaded.
"""
