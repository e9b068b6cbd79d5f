"""Gosub, GosubIf, Return and StackPop, and the function LOCAL: subroutines in the dialplan.

/*** MODULEINFO
    <support_level>core</support_level>
 ***/
"""

from __future__ import annotations

from dataclasses import dataclass, field

from asterism.errors import AsterismError, Fault
from runtime.api import core
from runtime.api.channel import Channel
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application, function, split_arguments
from runtime.dialplan import functions, pbx_run
from runtime.dialplan.pbx_run import Spot

MODULE = ModuleInfo("Gosub, Return and LOCAL: subroutines")

KEY = "app_stack"
MOST_FRAMES = 1000
"""Subroutines inside each other on one channel, before one is refused: a loop without an end would need them all."""


@dataclass
class Frame:
    """One call of a subroutine."""

    back: Spot
    """Where it goes on after Return."""
    local: set[str] = field(default_factory=set)
    """The variables that end with it; each hides one of the same name."""

    def put(self, channel: Channel, name: str, value: str) -> None:
        """Set a variable of this call."""
        if name in self.local:
            channel.variables.set(name, value)
        else:
            channel.variables.push(name, value)
            self.local.add(name)

    def end(self, channel: Channel) -> None:
        """Take its variables away; those they hid are back."""
        for name in self.local:
            channel.variables.set(name, None)


def frames(channel: Channel) -> list[Frame]:
    """The calls a channel is in, the innermost at the end."""
    stack: list[Frame] = channel.attached.setdefault(KEY, [])
    return stack


def required(channel: Channel | None) -> Channel:
    """The channel.  Raises AsterismError when there is none."""
    if channel is None:
        raise AsterismError(Fault("subroutines need a channel", code="no-channel"))
    return channel


@application(
    "Gosub",
    synopsis="Calls a subroutine.",
    syntax="Gosub([[context,]extension,]priority[(argument[,argument...])])",
    description="""\
context   - where it is; the context the call is in when it is missing.
extension - its name; the extension the call is in when it is missing.
priority  - a number, a label, or +2 or -2 counted from here.
argument  - the variables ARG1, ARG2... of the subroutine; ARGC is their number.

The steps there are run until Return, and the call goes on behind Gosub. If
there is no such step, the call ends.""",
)
def gosub(caller: Channel | None, data: str) -> None:
    """Run Gosub."""
    channel = required(caller)
    stack = frames(channel)
    place, opened, rest = data.partition("(")
    arguments = split_arguments(rest.rpartition(")")[0] if ")" in rest else rest, raw=True) if opened else []
    spot = pbx_run.parse_spot(core(), channel, place)
    if pbx_run.find(core(), channel, spot) is None:
        raise AsterismError(Fault(f"there is no step {spot} to call", cure="is its priority there?", code="no-step"))
    if len(stack) >= MOST_FRAMES:
        raise AsterismError(
            Fault(
                f"subroutines are more than {MOST_FRAMES} deep on {channel.name}",
                cure="does one call itself without an end, or leave with Goto instead of Return?",
                code="too-deep",
            )
        )
    frame = Frame(Spot(channel.context, channel.exten, channel.priority + 1))
    known = sum(name.startswith("ARG") and name != "ARGC" for name in stack[-1].local) if stack else 0
    for number in range(max(known, len(arguments))):  # those of the caller are not seen
        frame.put(channel, f"ARG{number + 1}", arguments[number] if number < len(arguments) else "")
    frame.put(channel, "ARGC", str(len(arguments)))
    stack.append(frame)
    channel.move(spot.context, spot.exten, spot.priority)


@application(
    "GosubIf",
    synopsis="Calls a subroutine if a condition holds, and perhaps another if not.",
    syntax="GosubIf(condition?[place[(arguments)]][:place[(arguments)]])",
    description="""\
condition - false when it is empty or a number that is 0.
place     - as with Gosub: [[context,]extension,]priority.
arguments - what the subroutine gets.

If the place that counts is missing, the call goes on at the next step.""",
)
def gosub_if(channel: Channel | None, data: str) -> None:
    """Run GosubIf."""
    condition, question, places = data.partition("?")
    if not question:
        what = "GosubIf needs a condition and a place"
        raise AsterismError(Fault(what, cure="write GosubIf(condition?place:place)", code="usage"))
    yes, no = (*split_arguments(places, ":", raw=True), "", "")[:2]
    chosen = yes if functions.condition(condition) else no
    if chosen.strip():
        gosub(channel, chosen)


@application(
    "Return",
    synopsis="Goes back from a subroutine.",
    syntax="Return([value])",
    description="""\
value - what the variable GOSUB_RETVAL is afterwards; empty when it is missing.

The call goes on behind the Gosub that was run last. Without one, it ends.""",
)
def go_back(caller: Channel | None, data: str) -> None:
    """Run Return."""
    channel = required(caller)
    frame = _popped(channel, "Return")
    channel.move(frame.back.context, frame.back.exten, frame.back.priority)
    channel.variables.set("GOSUB_RETVAL", data)


@application(
    "StackPop",
    synopsis="Forgets where the last Gosub came from.",
    syntax="StackPop()",
    description="For a subroutine that is left without Return; its variables end as well.",
)
def pop(channel: Channel | None, _data: str) -> None:
    """Run StackPop."""
    _popped(required(channel), "StackPop")


def _popped(channel: Channel, name: str) -> Frame:
    stack = frames(channel)
    if not stack:
        raise AsterismError(
            Fault(f"{name} belongs to no Gosub", cure="call the subroutine with Gosub", code="no-gosub")
        )
    frame = stack.pop()
    frame.end(channel)
    return frame


def set_local(caller: Channel | None, name: str, value: str) -> None:
    """Write LOCAL(name)."""
    channel = required(caller)
    stack = frames(channel)
    if not stack:
        raise AsterismError(Fault("LOCAL can be set in a subroutine only", cure="call it with Gosub", code="no-gosub"))
    stack[-1].put(channel, name, value)


@function(
    "LOCAL",
    write=set_local,
    synopsis="A variable of a subroutine, which ends with it; may be set.",
    syntax="LOCAL(variable)",
    arguments="variable - its name, without ${ }.",
    description="It hides a variable of the same name until Return, and ${variable} reads it too.",
    see_also="Gosub, Return",
)
def local(channel: Channel | None, name: str) -> str:
    """Read LOCAL(name)."""
    return (channel.variables.get(name) if channel is not None else None) or ""
