"""``core show channels``, ``core show channel``, ``channel request hangup``, ``channel originate``."""

from __future__ import annotations

import json
import time

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING
from asterism.words import counted
from runtime.core.commands.command import Command, CommandCall, Outcome, answered, declare
from runtime.core.core import Core
from runtime.dialplan import functions, pbx_run
from runtime.dialplan.pbx_run import Answered, Spot
from runtime.model.emulated_channel import Channel
from runtime.model.line import Line, OwnTime
from runtime.model.phone import Phone

if TYPE_CHECKING:
    from typing import Any

_BRIEF = "{:<64.64} {:<32.32} {:<7.7} {:<30.30}"
_LONG = "{:<80.80} {:<24.24} {:<24.24} {:<8.8} {:<7.7} {:<12.12} {:<25.25} {:<15.15} {:>8.8} {:<11.11}"
_LONG_HEADING = _LONG.format(
    "Channel", "Context", "Extension", "Priority", "State", "Application", "Data", "CallerID", "Duration", "Accountcode"
)
_FORMS = ("concise", "count", "json", "verbose")


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Channels(core).commands()


class _Channels:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare(
                "core show channels [concise|count|json|verbose]", self.all, "Display information on channels", _LIST
            ),
            declare("core show channel <channel>", self.show, "Display information on a channel", _SHOW),
            declare("channel request hangup {all|<channel>}", self.hangup, "Request a hangup on a channel", _HANGUP),
            declare(
                "channel originate <from:destination>"
                " {application <name:application> [<arguments>...]|extension <to:place>}",
                self.originate,
                "Originate a call",
                _ORIGINATE,
            ),
        )

    # -- lists

    def all(self, call: CommandCall) -> Outcome | None:
        form = call.words[3].lower() if len(call.words) > 3 else "brief"
        channels = list(self.core.channels)
        if form == "json":
            call.line_out(json.dumps([_facts(channel) for channel in channels], indent=2))
            return None
        if form in ("brief", "verbose"):
            heading = _BRIEF.format("Channel", "Location", "State", "Application(Data)")
            call.line_out((heading if form == "brief" else _LONG_HEADING).rstrip())
        write = {"brief": _brief, "verbose": _verbose, "concise": _concise}.get(form)
        for channel in channels if write else []:
            call.line_out(write(channel).rstrip() if write else "")
        if form != "concise":
            count, processed = len(channels), self.core.channels.processed
            calls = len({channel.linkedid for channel in channels})
            call.line_out(f"{counted(count, 'active channel')}\n{counted(calls, 'active call')}")
            call.line_out(f"{counted(processed, 'call')} processed")
        return None

    def show(self, call: CommandCall) -> Outcome | None:
        channel = self._find(call.value("channel"))
        if channel is None:
            return self._unknown(call)
        call.line_out(" -- General --")
        for name, value in _facts(channel).items():
            if name != "variables":
                call.line_out(f"{name:>16}: {value}")
        call.line_out("  Variables:")
        for name, value in channel.variables.items():
            call.line_out(f"{name}={value}")
        return None

    def _find(self, name: str) -> Channel | None:
        return self.core.channels.find(name)

    def _unknown(self, call: CommandCall) -> Outcome:
        name = call.value("channel")
        call.line_out(f"{name} is not a known channel")
        names = [channel.name for channel in self.core.channels]
        cure = did_you_mean(name, names) or "'core show channels' lists the channels"
        return answered(Fault(f"there is no channel '{name}'", cure=cure, code="no-channel"))

    # -- actions

    def hangup(self, call: CommandCall) -> Outcome | None:
        found = self._find(call.value("channel"))
        if found is None and not call.has("all"):
            return self._unknown(call)
        for channel in list(self.core.channels) if found is None else [found]:
            channel.hang_up()
            call.line_out(f"Requested Hangup on channel '{channel.name}'")
        return None

    def originate(self, call: CommandCall) -> Outcome | None:
        spot = self._destination(call.value("from"))
        if call.has("application"):
            name = functions.find_application(self.core, call.value("name")).name
            then = Answered(name, call.rest.split(None, 3)[3] if call.has("arguments") else "")
        else:
            then = Answered(spot=self._spot(call.value("to")))
        if spot is None:
            self._ring_a_phone(then)
        else:
            pbx_run.originate(self.core, spot.exten, spot.context, then)
        return None

    def _ring_a_phone(self, then: Answered) -> None:
        """Call a telephone of this program, which answers at once; ``call hear`` and the like go on with the call."""
        channel = Channel(self.core.phones.next_name(), "default", "s", line=Line(OwnTime()))
        self.core.phones.add(Phone(channel))
        self.core.channels.add(channel)
        pbx_run.begin(lambda: pbx_run.go_on_with(self.core, channel, then), channel.name)

    def _destination(self, text: str) -> Spot | None:
        """Where a call goes that is originated; None for a telephone of this program."""
        technology, slash, rest = text.partition("/")
        if slash and technology.lower() == "console":
            return None
        if not slash or technology.lower() != "local":
            raise AsterismError(
                Fault(
                    f"there is no channel technology '{technology}'",
                    why="channels are emulated here and dial nobody",
                    cure="write Local/EXTENSION@CONTEXT, or Console/ for a call that is typed",
                    code="no-technology",
                )
            )
        return destination(self.core, rest.partition("/")[0])

    def _spot(self, text: str) -> Spot:
        exten, at, context = text.partition("@")
        return _existing(self.core, exten if at else "s", (context if at else text) or "default")


def destination(core: Core, text: str) -> Spot:
    """The first step of ``EXTENSION[@CONTEXT]``.  Raises AsterismError when there is none."""
    exten, _, context = text.partition("@")
    return _existing(core, exten, context or "default")


def _existing(core: Core, exten: str, context: str) -> Spot:
    if not pbx_run.exists(core, None, context, exten, 1):
        plan = core.plans.current
        names = [entry.name for each in plan.reachable(context) for entry in each.extensions]
        known = f"'dialplan show {context}' lists those that are" if context in plan.contexts else ""
        cure = did_you_mean(exten, names) or known or did_you_mean(context, plan.contexts)
        what = f"there is no extension '{exten}' in the context '{context}'"
        raise AsterismError(Fault(what, cure=cure, code="no-extension"))
    return Spot(context, exten, 1)


def _seconds(channel: Channel) -> int:
    return max(int(time.time() - channel.created), 0)


def _brief(channel: Channel) -> str:
    place = f"{channel.exten}@{channel.context}:{channel.priority}"
    application = f"{channel.appl}({channel.data})" if channel.appl else "(None)"
    return _BRIEF.format(channel.name, place, channel.state.words, application)


def _verbose(channel: Channel) -> str:
    minutes, seconds = divmod(_seconds(channel), 60)
    duration = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return _LONG.format(
        channel.name,
        channel.context,
        channel.exten,
        str(channel.priority),
        channel.state.words,
        channel.appl or "(None)",
        channel.data or "(Empty)",
        channel.number,
        duration,
        channel.accountcode,
    )


def _concise(channel: Channel) -> str:
    fields = (
        channel.name,
        channel.context,
        channel.exten,
        channel.priority,
        channel.state.words,
        channel.appl or "(None)",
        channel.data,
        channel.number,
        channel.accountcode,
        channel.peeraccount,
        channel.amaflags,
        _seconds(channel),
        "",
        channel.uniqueid,
    )
    return "!".join(map(str, fields))


def _facts(channel: Channel) -> dict[str, Any]:
    return {
        "Name": channel.name,
        "UniqueID": channel.uniqueid,
        "LinkedID": channel.linkedid,
        "Caller ID": channel.number,
        "Language": channel.language,
        "State": f"{channel.state.words} ({channel.state:d})",
        "Account": channel.accountcode,
        "Seconds": _seconds(channel),
        "Context": channel.context,
        "Extension": channel.exten,
        "Priority": channel.priority,
        "Application": channel.appl,
        "Data": channel.data,
        "Hangup Cause": channel.hangupcause,
        "variables": dict(channel.variables.items()),
    }


_LIST = """\
Lists the channels there are: briefly, one line for programs ('concise'), their
number only ('count'), as JSON, or with more columns ('verbose').
"""
_SHOW = """\
Shows what is known of a channel, by its name or its unique id.
"""
_HANGUP = """\
Ends a call at its next step, or all calls; what it waits for ends at once.
"""
_ORIGINATE = """\
Calls an extension: <from> is Local/EXTENSION@CONTEXT, <to> is [EXTENSION@]CONTEXT.
Once it has answered, the near end of the call runs an application, or another
extension. The command does not wait for the end. Console/ in place of <from>
is a telephone of this program: 'call hear' and 'call press' go on with the call.
"""
