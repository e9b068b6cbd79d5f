"""``core show stand-ins``: what modules built for Asterisk called that this program does not have."""

from __future__ import annotations

from asterism.branches import core_names
from asterism.words import counted
from runtime.core.commands.command import Command, CommandCall, declare
from runtime.core.core import Core
from runtime.modules import stand_ins

_ROW = "{:<42} {:<22} {:>10}  {}"
_HEADING = _ROW.format("Name", "Header", "Calls", "Modules")


def commands(core: Core) -> tuple[Command, ...]:
    """The command for one core."""

    def show(call: CommandCall) -> None:
        called = stand_ins.calls()
        names = list(stand_ins.names()) if call.has("all") else list(dict.fromkeys(one.name for one in called))
        if names:
            call.line_out("\n".join([_HEADING, *(_line(name, called) for name in names)]))
        call.line_out(_summary(core, called))

    return (declare("core show stand-ins [all]", show, "Show calls of functions that are not here", _SHOW),)


def _line(name: str, called: list[stand_ins.Call]) -> str:
    """A line of the table: those who called the name, or, when nobody did, those who need it."""
    found = core_names.load().get(name)
    header = found.header if found else core_names.NO_HEADER
    callers = [one for one in called if one.name == name]
    modules = [one.module for one in callers] or stand_ins.needing(name)
    return _ROW.format(name, header, sum(one.count for one in callers), ", ".join(modules))


def _summary(core: Core, called: list[stand_ins.Call]) -> str:
    if not core.settings.options.standins:
        return "Stand-ins are off: asterisk.conf does not say 'standins = yes' in [options]"
    names, modules = {one.name for one in called}, {one.module for one in called}
    there = counted(len(stand_ins.names()), "stand-in")
    return f"{there}, {len(names)} of them called, by {counted(len(modules), 'module')}"


_SHOW = """\
       A stand-in takes the place of a function of Asterisk that this program
       does not have; it does nothing. Shows those that were called, how often and
       by which modules; with 'all' those that were not called, too, with the
       modules that need them. A variable cannot say who reads it.
"""
