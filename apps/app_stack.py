"""Gosub, GosubIf, Return and StackPop, and the function LOCAL: subroutines in the dialplan.

/*** MODULEINFO
    <support_level>core</support_level>
 ***/
"""

from __future__ import annotations

from asterism.errors import AsterismError, Fault
from asterism.values import dataclass, field
from runtime.api import core
from runtime.api.channel import Channel
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application, function, split_arguments
from runtime.dialplan import functions, pbx_run
from runtime.dialplan.pbx_run import Spot

MODULE = ModuleInfo("Gosub, Return and LOCAL: subroutines")

KEY = "app_stack"
MOST_FRAMES = 1000
"""The most nested subroutines on one channel; a deeper call is refused, because it is most likely an endless loop."""


@dataclass(slots=True)
class Frame:
    """A call of a subroutine."""

    back: Spot
    """The place where the call continues after Return."""
    local: set[str] = field(default_factory=set)
    """The local variables, which Return removes; each hides a variable of the same name."""

    def put(self, channel: Channel, name: str, value: str) -> None:
        """Set a local variable of this call."""
        if name in self.local:
            channel.variables.set(name, value)
        else:
            channel.variables.push(name, value)
            self.local.add(name)

    def end(self, channel: Channel) -> None:
        """Remove the local variables; the variables that they hid become visible again."""
        for name in self.local:
            channel.variables.set(name, None)


def frames(channel: Channel) -> list[Frame]:
    """The subroutine calls that a channel is in, the innermost last."""
    stack: list[Frame] = channel.attached.setdefault(KEY, [])
    return stack


def required(channel: Channel | None) -> Channel:
    """The channel of the caller.  Raises AsterismError for None."""
    if channel is None:
        raise AsterismError(Fault("subroutines need a channel", code="no-channel"))
    return channel


@application(
    "Gosub",
    synopsis="Calls a subroutine.",
    syntax="Gosub([[context,]extension,]priority[(argument[,argument...])])",
    description="""\
context   - the context of the subroutine; the current one if omitted.
extension - the extension of the subroutine; the current one if omitted.
priority  - a number, a label, or +2 or -2 relative to the current priority.
argument  - the variables ARG1, ARG2... of the subroutine; ARGC is their number.

The call runs the steps of the subroutine until Return and continues after
Gosub. If the step does not exist, the call ends.""",
)
def gosub(caller: Channel | None, data: str) -> None:
    """Run Gosub."""
    channel = required(caller)
    stack = frames(channel)
    place, opened, rest = data.partition("(")
    arguments = split_arguments(rest.rpartition(")")[0] if ")" in rest else rest, raw=True) if opened else []
    spot = pbx_run.parse_spot(core(), channel, place)
    if pbx_run.find(core(), channel, spot) is None:
        what = f"cannot call {spot}: the step does not exist"
        raise AsterismError(Fault(what, cure="check its extension and priority", code="no-step"))
    if len(stack) >= MOST_FRAMES:
        raise AsterismError(
            Fault(
                f"subroutines are nested more than {MOST_FRAMES} levels deep on {channel.name}",
                cure="look for a subroutine that calls itself endlessly, or that is left with Goto instead of Return",
                code="too-deep",
            )
        )
    frame = Frame(Spot(channel.context, channel.exten, channel.priority + 1))
    known = sum(name.startswith("ARG") and name != "ARGC" for name in stack[-1].local) if stack else 0
    for number in range(max(known, len(arguments))):  # the arguments of the caller are hidden
        frame.put(channel, f"ARG{number + 1}", arguments[number] if number < len(arguments) else "")
    frame.put(channel, "ARGC", str(len(arguments)))
    stack.append(frame)
    channel.move(spot.context, spot.exten, spot.priority)


@application(
    "GosubIf",
    synopsis="Calls one subroutine if a condition is true, another one if it is false.",
    syntax="GosubIf(condition?[place[(arguments)]][:place[(arguments)]])",
    description="""\
condition - false when it is empty or a number that is 0.
place     - as for Gosub: [[context,]extension,]priority.
arguments - the arguments of the subroutine.

If the place for the condition is missing, the call continues at the next step.""",
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
    synopsis="Returns from a subroutine.",
    syntax="Return([value])",
    description="""\
value - the new value of the variable GOSUB_RETVAL; empty if omitted.

The call continues after the last Gosub. Outside of a subroutine, it ends.""",
)
def go_back(caller: Channel | None, data: str) -> None:
    """Run Return."""
    channel = required(caller)
    frame = _popped(channel, "Return")
    channel.move(frame.back.context, frame.back.exten, frame.back.priority)
    channel.variables.set("GOSUB_RETVAL", data)


@application(
    "StackPop",
    synopsis="Discards the return address of the last Gosub.",
    syntax="StackPop()",
    description="For a subroutine that is left without Return; its local variables are removed.",
)
def pop(channel: Channel | None, _data: str) -> None:
    """Run StackPop."""
    _popped(required(channel), "StackPop")


def _popped(channel: Channel, name: str) -> Frame:
    stack = frames(channel)
    if not stack:
        raise AsterismError(
            Fault(f"{name} is used outside of a subroutine", cure="call the subroutine with Gosub", code="no-gosub")
        )
    frame = stack.pop()
    frame.end(channel)
    return frame


def set_local(caller: Channel | None, name: str, value: str) -> None:
    """Write LOCAL(name)."""
    channel = required(caller)
    stack = frames(channel)
    if not stack:
        what = "LOCAL can be set in a subroutine only"
        raise AsterismError(Fault(what, cure="call the subroutine with Gosub", code="no-gosub"))
    stack[-1].put(channel, name, value)


@function(
    "LOCAL",
    write=set_local,
    synopsis="Reads or sets a local variable of a subroutine.",
    syntax="LOCAL(variable)",
    arguments="variable - its name, without ${ }.",
    description="Hides a variable of the same name until Return; ${variable} reads it too.",
    see_also="Gosub, Return",
)
def local(channel: Channel | None, name: str) -> str:
    """Read LOCAL(name)."""
    return (channel.variables.get(name) if channel is not None else None) or ""
