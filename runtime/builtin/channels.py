"""``core show channels``, ``core show channel``, ``channel request hangup``, ``channel originate``."""

from __future__ import annotations

import json
import time
from typing import Any

from asterism.errors import AsterismError, Fault
from asterism.names import did_you_mean
from runtime import dialplan, pbx
from runtime.channel import Channel
from runtime.commands import SHOWUSAGE, Call, Command, Completing, Outcome
from runtime.core import Core
from runtime.pbx import Answered, Spot

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
            Command(
                "core show channels [concise|count|json|verbose]", self.all, "Display information on channels", _LIST
            ),
            Command("core show channel", self.show, "Display information on a channel", _SHOW, self.names),
            Command("channel request hangup", self.hangup, "Request a hangup on a channel", _HANGUP, self.names_or_all),
            Command("channel originate", self.originate, "Originate a call", _ORIGINATE, self.destinations),
        )

    # -- what there is

    def all(self, call: Call) -> Outcome | None:
        if call.args:
            return SHOWUSAGE
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
            call.line_out(f"{count} active channel{_s(count)}\n{calls} active call{_s(calls)}")
            call.line_out(f"{processed} call{_s(processed)} processed")
        return None

    def show(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        channel = self._find(call.args[0])
        call.line_out(" -- General --")
        for name, value in _facts(channel).items():
            if name != "variables":
                call.line_out(f"{name:>16}: {value}")
        call.line_out("  Variables:")
        for name, value in channel.variables.items():
            call.line_out(f"{name}={value}")
        return None

    def _find(self, name: str) -> Channel:
        found = self.core.channels.find(name)
        if found is None:
            names = [channel.name for channel in self.core.channels]
            cure = did_you_mean(name, names) or "'core show channels' lists those that are"
            raise AsterismError(Fault(f"{name} is not a known channel", cure=cure, code="no-channel"))
        return found

    # -- what is done with them

    def hangup(self, call: Call) -> Outcome | None:
        if len(call.args) != 1:
            return SHOWUSAGE
        for channel in self.core.channels if call.args[0].lower() == "all" else [self._find(call.args[0])]:
            channel.hang_up()
            call.line_out(f"Requested Hangup on channel '{channel.name}'")
        return None

    def originate(self, call: Call) -> Outcome | None:
        if len(call.args) < 3:
            return SHOWUSAGE
        exten, context = self._destination(call.args[0])
        how = call.args[1].lower()
        if how == "application":
            name = dialplan.find_application(self.core, call.args[2]).name
            then = Answered(name, call.rest.split(None, 3)[3] if len(call.args) > 3 else "")
        elif how == "extension" and len(call.args) == 3:
            then = Answered(spot=self._spot(call.args[2]))
        else:
            return SHOWUSAGE
        pbx.originate(self.core, exten, context, then)
        return None

    def _destination(self, text: str) -> tuple[str, str]:
        technology, slash, rest = text.partition("/")
        if not slash or technology.lower() != "local":
            raise AsterismError(
                Fault(
                    f"there is no channel technology '{technology}'",
                    why="channels are emulated here and dial nobody",
                    cure="write Local/EXTENSION@CONTEXT",
                    code="no-technology",
                )
            )
        exten, _, context = rest.partition("/")[0].partition("@")
        return self._existing(exten, context or "default")

    def _spot(self, text: str) -> Spot:
        exten, at, context = text.partition("@")
        found = self._existing(exten if at else "s", (context if at else text) or "default")
        return Spot(found[1], found[0], 1)

    def _existing(self, exten: str, context: str) -> tuple[str, str]:
        if not pbx.exists(self.core, None, context, exten, 1):
            plan = self.core.plans.current
            names = [entry.name for each in plan.reachable(context) for entry in each.extensions]
            known = f"'dialplan show {context}' lists those that are" if context in plan.contexts else ""
            cure = did_you_mean(exten, names) or known or did_you_mean(context, plan.contexts)
            what = f"there is no extension '{exten}' in the context '{context}'"
            raise AsterismError(Fault(what, cure=cure, code="no-extension"))
        return exten, context

    # -- completion

    def names(self, _asked: Completing) -> list[str]:
        return [channel.name for channel in self.core.channels]

    def names_or_all(self, asked: Completing) -> list[str]:
        return ["all", *self.names(asked)]

    def destinations(self, asked: Completing) -> list[str]:
        places = extension_places(self.core)
        words = asked.words
        if asked.position == 2:
            return [f"Local/{place}" for place in places]
        if asked.position == 3:
            return ["application", "extension"]
        if asked.position == 4 and len(words) > 3:
            return self.core.applications.names() if words[3].lower() == "application" else places
        return []


def extension_places(core: Core) -> list[str]:
    """``extension@context`` of all extensions that are no patterns."""
    return [
        f"{extension.name}@{context.name}"
        for context in core.plans.current.contexts.values()
        for extension in context.extensions
        if not extension.name.startswith("_")
    ]


def _s(count: int) -> str:
    return "s" * (count != 1)


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
Usage: core show channels [concise|count|json|verbose]
       Lists the channels there are: briefly, one line for programs ('concise'), their
       number only ('count'), as JSON, or with more columns ('verbose').
"""
_SHOW = """\
Usage: core show channel CHANNEL
       Shows what is known of a channel, by its name or its unique id.
"""
_HANGUP = """\
Usage: channel request hangup {CHANNEL|all}
       Ends a call at its next step, or all calls; what it waits for ends at once.
"""
_ORIGINATE = """\
Usage: channel originate Local/EXTENSION@CONTEXT application NAME [ARGUMENTS]
       channel originate Local/EXTENSION@CONTEXT extension [EXTENSION@]CONTEXT
       Calls an extension. Once it has answered, the near end of the call runs an
       application, or another extension. The command does not wait for the end.
"""
