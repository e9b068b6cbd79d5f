"""``bridge show all``, ``bridge show``, ``bridge destroy``, ``bridge kick``, ``bridge technology ...``."""

from __future__ import annotations

import time

from asterism.errors import Fault
from asterism.names import did_you_mean
from runtime.api import bridges
from runtime.api.bridges import BridgeFacts
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare
from runtime.core.core import Core
from runtime.model.emulated_channel import Channel

_ROW = "{:<36} {:<36} {:>5} {:<15} {:<15} {}"
_TECHNOLOGY = "{:<20} {:<20} {:>8} {}"


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Bridges(core).commands()


class _Bridges:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare("bridge show all", self.all, "List all bridges", _ALL),
            declare("bridge show <bridge>", self.show, "Show information about a bridge", _SHOW),
            declare("bridge destroy <bridge>", self.destroy, "Destroy a bridge", _DESTROY),
            declare("bridge kick <bridge> {all|<channel>}", self.kick, "Kick a channel from a bridge", _KICK),
            declare("bridge technology show", _technologies, "List registered bridge technologies", _TECHNOLOGIES),
            declare(
                "bridge technology suspend <bridge-technology:bridge technology>",
                _suspend,
                "Suspend a bridge technology",
                _SUSPEND,
            ),
            declare(
                "bridge technology unsuspend <bridge-technology:bridge technology>",
                _unsuspend,
                "Unsuspend a bridge technology",
                _UNSUSPEND,
            ),
        )

    def all(self, call: CommandCall) -> None:
        call.line_out(_ROW.format("Bridge-ID", "Name", "Chans", "Type", "Technology", "Duration"))
        for each in bridges.bridges():
            if not each.is_invisible:
                facts = (each.uniqueid, each.name or "<unknown>", each.channels, each.kind, each.technology)
                call.line_out(_ROW.format(*facts, _duration(each)))

    def show(self, call: CommandCall) -> Outcome | None:
        found = _find(call)
        if found is None:
            return _unknown(call)
        names = bridges.channels(found.uniqueid)
        for title, value in (
            ("Id", found.uniqueid),
            ("Type", found.kind),
            ("Technology", found.technology or "<unknown>"),
            ("Subclass", found.kind),
            ("Creator", found.creator),
            ("Name", found.name),
            ("Video-Mode", found.video),
            ("Video-Source-Id", ""),
            ("Num-Channels", len(names)),
            ("Num-Active", len(names)),
            ("Duration", _duration(found)),
        ):
            call.line_out(f"{title}: {value}")
        for name in names:
            call.line_out(f"Channel: {name}")
        return None

    def destroy(self, call: CommandCall) -> Outcome | None:
        name = call.value("bridge")
        if not bridges.end(name):
            return _unknown(call)
        call.line_out(f"Destroying bridge '{name}'")
        return None

    def kick(self, call: CommandCall) -> Outcome | None:
        found = _find(call)
        if found is None:
            return _unknown(call)
        if call.has("all"):
            call.line_out(f"Kicking all channels from bridge '{found.uniqueid}'")
            for name in bridges.channels(found.uniqueid):
                self._kick(found.uniqueid, name)
            return None
        return self._kick_one(call, found.uniqueid)

    def _kick_one(self, call: CommandCall, bridge: str) -> Outcome | None:
        name = call.value("channel")
        if not self._kick(bridge, name):
            call.line_out(f"Channel '{name}' not found")
            cure = did_you_mean(name, bridges.channels(bridge)) or f"'bridge show {bridge}' lists its channels"
            return answered(Fault(f"there is no channel '{name}' in that bridge", cure=cure, code="no-channel"))
        call.line_out(f"Kicking channel '{name}' from bridge '{bridge}'")
        return None

    def _kick(self, bridge: str, name: str) -> bool:
        channel: Channel | None = self.core.channels.find(name)
        return channel is not None and bridges.kick(bridge, channel)


def _find(call: CommandCall) -> BridgeFacts | None:
    return next((each for each in bridges.bridges() if each.uniqueid == call.value("bridge")), None)


def _unknown(call: CommandCall) -> Outcome:
    name = call.value("bridge")
    call.line_out(f"Bridge '{name}' not found")
    cure = did_you_mean(name, [each.uniqueid for each in bridges.bridges()]) or "'bridge show all' lists the bridges"
    return answered(Fault(f"there is no bridge '{name}'", cure=cure, code="no-bridge"))


def _duration(bridge: BridgeFacts) -> str:
    minutes, seconds = divmod(max(int(time.time()) - bridge.created, 0), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _technologies(call: CommandCall) -> None:
    call.line_out(_TECHNOLOGY.format("Name", "Type", "Priority", "Suspended"))
    for each in bridges.technologies():
        kind = (
            each.capabilities[0] if len(each.capabilities) == 1 else "<multiple>" if each.capabilities else "<unknown>"
        )
        call.line_out(_TECHNOLOGY.format(each.name, kind, each.preference, "Yes" if each.is_suspended else "No"))


def _suspend(call: CommandCall) -> Outcome | None:
    return _change(call, is_suspended=True)


def _unsuspend(call: CommandCall) -> Outcome | None:
    return _change(call, is_suspended=False)


def _change(call: CommandCall, *, is_suspended: bool) -> Outcome | None:
    name = call.value("bridge-technology")
    names = [each.name for each in bridges.technologies()]
    if name not in names:
        call.line_out(f"Bridge technology '{name}' not found")
        cure = did_you_mean(name, names) or "'bridge technology show' lists the bridge technologies"
        return answered(Fault(f"there is no bridge technology '{name}'", cure=cure, code="no-technology"))
    bridges.suspend(name, is_suspended=is_suspended)
    call.line_out(f"{'Suspended' if is_suspended else 'Unsuspended'} bridge technology '{name}'")
    return None


_ALL = "Lists the bridges that there are, but for those that are to stay invisible."
_SHOW = "Shows what a bridge is, and the channels in it."
_DESTROY = "Ends a bridge: the channels in it leave, and do what they do after a bridge."
_KICK = "Has a channel, or all, leave a bridge."
_TECHNOLOGIES = """\
Lists what can pass frames between the channels of a bridge: the technologies of the core, and those of modules.  The
one with the largest priority is used."""
_SUSPEND = "A technology that is suspended is not used for new bridges."
_UNSUSPEND = "A technology that is no longer suspended is used for new bridges again."
