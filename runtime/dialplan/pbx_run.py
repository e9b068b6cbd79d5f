"""Calls through the dialplan: a channel takes one step after the other, as ``__ast_pbx_run`` of main/pbx.c has it.

What a step does is an application's business (:mod:`runtime.dialplan.functions`); which step is next is decided here
and in :mod:`runtime.model.extensions`.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.light.patterns import pattern
from asterism.names import did_you_mean
from asterism.values import TYPE_CHECKING, dataclass
from runtime.dialplan import functions
from runtime.model.emulated_channel import Channel, ChannelState, Hangup
from runtime.model.extensions import Dialplan, Found
from runtime.model.line import DIGITS, Heard

if TYPE_CHECKING:
    from runtime.core.core import Core

MOST_STEPS = 100_000
"""Steps a call takes without having waited for anything, before it is taken for a loop without an end."""

_TONES_OF_STATUS = {"BUSY": "busy", "CONGESTION": "congestion", "CHANUNAVAIL": "congestion"}
"""What a caller hears at the end of a call whose DIALSTATUS says why nobody was reached."""
_BUSY_SECONDS = 10.0
_RELATIVE = pattern(r"[-+]\d{1,9}", re.ASCII)
_local_numbers = itertools.count()


# ---- places ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the dialplan."""

    context: str
    exten: str
    priority: int

    def __str__(self) -> str:
        return f"{self.context},{self.exten},{self.priority}"


def spot_of(channel: Channel) -> Spot:
    """Where a channel is."""
    return Spot(channel.context, channel.exten, channel.priority)


def find(core: Core, channel: Channel, spot: Spot) -> Found | None:
    """The step that the channel's call would run at a place."""
    return core.plans.current.find(spot.context, spot.exten, spot.priority, channel.number, time.time())


def exists(core: Core, channel: Channel | None, context: str, exten: str, priority: int, caller: str = "") -> bool:
    """Whether there is a step (``ast_exists_extension``)."""
    number = channel.number if channel is not None else caller
    return core.plans.current.find(context, exten, priority, number, time.time()) is not None


def parse_spot(core: Core, channel: Channel, text: str) -> Spot:
    """``[[context,]extension,]priority`` seen from a channel; the priority may be a label, +2 or -2.

    Raises:
        AsterismError: the text is empty, or there is no such label there.
    """
    parts = [part.strip() for part in text.split(",", 2)]
    if not any(parts):
        raise AsterismError(
            Fault("a jump needs a place to go to", cure="write [[context,]extension,]priority", code="no-place")
        )
    context = (parts[-3] if len(parts) > 2 else "") or channel.context
    exten = (parts[-2] if len(parts) > 1 else "") or channel.exten
    return Spot(context, exten, _priority(core, channel, context, exten, parts[-1]))


_LEADING_NUMBER = pattern(r"\s*[-+]?\d{1,9}", re.ASCII)


def priority_of(core: Core, context: str, exten: str, text: str, caller: str = "") -> int:
    """A priority as a client of the manager writes it, a number or a label; 0 when it is neither (``sscanf``)."""
    found = _LEADING_NUMBER.match(text)
    if found is not None:
        return int(found[0])
    return core.plans.current.labelled(context, exten, text, caller, time.time()) or 0


def _priority(core: Core, channel: Channel, context: str, exten: str, text: str) -> int:
    if _RELATIVE.fullmatch(text):
        return channel.priority + int(text)
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
        return int(text)
    plan = core.plans.current
    found = plan.labelled(context, exten, text, channel.number, time.time())
    if found is None:
        raise AsterismError(_no_label(plan, context, exten, text, channel.number))
    return found


def _no_label(plan: Dialplan, context: str, exten: str, text: str, caller: str) -> Fault:
    labels = [
        step.label
        for current in plan.reachable(context)
        for extension in current.matching(exten, caller)
        for step in extension.steps
        if step.label
    ]
    return Fault(
        f"'{exten}@{context}' has no priority and no label '{text}'",
        cure=did_you_mean(text, labels) or "write a number from 1 on, +1, -1 or a label of that extension",
        code="no-label",
    )


def jump(core: Core, channel: Channel, text: str) -> None:
    """Send a channel to a place (``ast_parseable_goto``).  Raises AsterismError when the text names none."""
    spot = parse_spot(core, channel, text)
    channel.move(spot.context, spot.exten, spot.priority)


# ---- a call --------------------------------------------------------------------------------------------


def take_step(core: Core, channel: Channel, found: Found) -> int:
    """Run one step on a channel: 0 to go on (``pbx_extension_helper``)."""
    step = found.step
    where = f"[{channel.exten}@{channel.context}:{channel.priority}]"
    data = functions.replace(core, channel, step.data)
    channel.appl, channel.data = step.application, data
    try:
        name = functions.find_application(core, step.application).name
        core.logger.verbose(3, f'Executing {where} {name}("{channel.name}", "{data}") in new stack')
        return functions.execute(core, channel, name, data)
    except AsterismError as error:
        for fault in error.faults:
            place = f"{where} ({step.origin})"
            core.logger.warning(f"{place}: {fault}")
        return -1
    finally:
        channel.appl = channel.data = ""


class DialplanCall:
    """The way of a channel through the dialplan."""

    def __init__(self, core: Core, channel: Channel) -> None:
        self.core = core
        self.channel = channel
        self._steps = 0
        self._waits = channel.waits

    def run(self) -> None:
        """Take steps until the call ends, then those of the extension ``h``."""
        self.channel.is_running = True
        try:
            self.take_all_steps()
            self.channel.hang_up(Hangup.APPUNLOAD)
            self._hangup_extension()
        finally:
            self.channel.is_running = False

    def take_all_steps(self) -> None:
        """Take steps until the dialplan has no more for the channel, or the channel is hung up."""
        while (result := self._take_steps()) is not None and self._goes_on(result):
            pass

    def _take_steps(self) -> str | None:
        """Take steps as long as there are some.

        Returns:
            The digit that an application ended with; empty when there is no further step; None when the call ends.
        """
        channel = self.channel
        while (found := find(self.core, channel, spot_of(channel))) is not None:
            if self._is_endless():
                return None
            result = take_step(self.core, channel, found)
            if channel.take_redirection():
                continue
            if 0 < result < 128 and chr(result) in DIGITS and not channel.is_hung_up:
                return chr(result)
            if result or channel.is_hung_up:
                if result:
                    self._say_exited()
                return None
            channel.priority += 1
        return ""

    def _say_exited(self) -> None:
        where = f"({self.channel.context}, {self.channel.exten}, {self.channel.priority})"
        self.core.logger.verbose(2, f"Spawn extension {where} exited non-zero on '{self.channel.name}'")

    def _is_endless(self) -> bool:
        if self.channel.waits != self._waits:
            self._steps, self._waits = 0, self.channel.waits
        self._steps += 1
        if self._steps <= MOST_STEPS:
            return False
        spot = spot_of(self.channel)
        self.core.logger.error(
            f"the call on '{self.channel.name}' was ended at {spot}: "
            f"it took {MOST_STEPS} steps and never waited, so it would go on for ever"
        )
        return True

    def _goes_on(self, digit: str) -> bool:
        """Go on after the last step, or after a digit; whether the call has found a place for that."""
        core, channel = self.core, self.channel
        if not digit and not exists(core, channel, channel.context, channel.exten, 1):
            return self._lost()
        if not digit and core.plans.current.autofallthrough:
            self._fall_through()
            return False
        dialed = self._dialed(digit)
        if channel.take_redirection():
            return True
        if channel.is_hung_up:
            return False
        if exists(core, channel, channel.context, dialed, 1):
            channel.exten, channel.priority = dialed, 1
            return True
        return self._invalid(dialed) if dialed else self._timeout()

    def _fall_through(self) -> None:
        """End the call; the caller hears why when nobody could be reached."""
        core, channel = self.core, self.channel
        status = functions.get_variable(core, channel, "DIALSTATUS") or "UNKNOWN"
        core.logger.verbose(3, f"Auto fallthrough, channel '{channel.name}' status is '{status}'")
        state = _TONES_OF_STATUS.get(status.upper())
        if state is not None:
            channel.hear(Heard.STATE, state)
            channel.sleep(_BUSY_SECONDS)

    def _dialed(self, dialed: str) -> str:
        """Collect digits as long as more of them could reach an extension (``collect_digits``)."""
        core, channel = self.core, self.channel
        while core.plans.current.matches_more(channel.context, dialed, channel.number, time.time()):
            digit = channel.listen(channel.digit_timeout if dialed else channel.response_timeout)
            if not digit:
                break
            dialed += digit
        return dialed

    def _lost(self) -> bool:
        """Go to the extension ``i`` from a place where there is none."""
        core, channel = self.core, self.channel
        place = f"context,exten,priority={spot_of(channel)}"
        if channel.exten != "i" and exists(core, channel, channel.context, "i", 1):
            core.logger.verbose(3, f"Channel '{channel.name}' sent to invalid extension: {place}")
            self._to_invalid(channel.exten)
            return True
        core.logger.warning(f"Channel '{channel.name}' sent to invalid extension but no invalid handler: {place}")
        return False

    def _to_invalid(self, dialed: str) -> None:
        functions.set_variable(self.core, self.channel, "INVALID_EXTEN", dialed)
        self.channel.exten, self.channel.priority = "i", 1

    def _invalid(self, dialed: str) -> bool:
        """Go to the extension ``i`` after digits that reach nothing."""
        core, channel = self.core, self.channel
        if exists(core, channel, channel.context, "i", 1):
            core.logger.verbose(3, f"Invalid extension '{dialed}' in context '{channel.context}' on {channel.name}")
            self._to_invalid(dialed)
            return True
        core.logger.warning(f"Invalid extension '{dialed}', but no rule 'i' in context '{channel.context}'")
        return False

    def _timeout(self) -> bool:
        """Go to the extension ``t`` when no digit came in time."""
        core, channel = self.core, self.channel
        if channel.exten != "t" and exists(core, channel, channel.context, "t", 1):
            core.logger.verbose(3, f"Timeout on {channel.name}")
            channel.exten, channel.priority = "t", 1
            return True
        core.logger.warning(f"Timeout, but no rule 't' in context '{channel.context}'")
        return False

    def _hangup_extension(self) -> None:
        core, channel = self.core, self.channel
        if not exists(core, channel, channel.context, "h", 1):
            return
        channel.exten, channel.priority = "h", 1
        self._steps = 0
        while (found := find(core, channel, spot_of(channel))) is not None and not self._is_endless():
            if take_step(core, channel, found):
                self._say_exited()
                return
            channel.priority += 1


def run(core: Core, channel: Channel) -> None:
    """Run a channel through the dialplan from where it is to its end, in this thread (``ast_pbx_run``)."""
    core.channels.add(channel)
    try:
        with core.calling(), core.hold(channel), core.doing("", f"the call on {channel.name}"):
            DialplanCall(core, channel).run()
    finally:
        core.channels.remove(channel)
        channel.end()


def pass_through(core: Core, channel: Channel) -> None:
    """Run a channel that somebody else ends through the dialplan, in this thread (``no_hangup_chan``)."""
    was_running, channel.is_running = channel.is_running, True
    try:
        DialplanCall(core, channel).take_all_steps()
    finally:
        channel.is_running = was_running


def begin(run_it: Callable[[], None], name: str) -> threading.Thread:
    """Begin a call in a thread of its own."""
    thread = threading.Thread(target=run_it, name=name, daemon=True)
    thread.start()
    return thread


def start(core: Core, channel: Channel) -> threading.Thread:
    """Run a channel through the dialplan in a new thread (``ast_pbx_start``)."""
    return begin(lambda: run(core, channel), channel.name)


def hang_up_all(core: Core, seconds: float) -> None:
    """Ask all channels for their end, and wait for it, but not longer than so many seconds."""
    end = time.monotonic() + seconds
    while len(core.channels) and time.monotonic() < end:
        for channel in core.channels:
            channel.hang_up(Hangup.SHUTDOWN)
        time.sleep(0.02)


# ---- a call made by hand -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """What the near side of a call does once the far side has answered."""

    application: str = ""
    data: str = ""
    spot: Spot | None = None
    """Instead of an application, where it goes on in the dialplan."""

    def __str__(self) -> str:
        return str(self.spot) if self.spot else f"{self.application}({self.data})"


@dataclass(frozen=True, slots=True)
class OriginateHooks:
    """What whoever makes a call does besides."""

    prepare: Callable[[Channel, Channel], None] = lambda _near, _far: None
    """Called with the near and the far end before either runs."""
    told: Callable[[bool], None] = lambda _was_answered: None
    """Called once: when the call is answered, or when it has ended without that."""


_NO_HOOKS = OriginateHooks()


def originate(
    core: Core, exten: str, context: str, then: Answered, hooks: OriginateHooks = _NO_HOOKS
) -> tuple[Channel, Channel]:
    """Call an extension (``channel originate Local/exten@context``): both ends run in threads of their own.

    The far end, ``Local/exten@context-N;2``, runs through the dialplan; when it answers, the near end, ``...;1``, does
    what was asked for.  Each ends on its own.

    Returns:
        The near and the far end.
    """
    base = f"Local/{exten}@{context}-{next(_local_numbers):08x}"
    near = Channel(f"{base};1", context, exten, state=ChannelState.DOWN)
    far = Channel(f"{base};2", context, exten, state=ChannelState.RING, linkedid=near.uniqueid)
    far.on_answer = lambda: _answered(core, near, then, hooks)
    hooks.prepare(near, far)
    core.channels.add(near)
    begin(lambda: _far_end(core, far, near, then, hooks), far.name)
    return near, far


def _far_end(core: Core, far: Channel, near: Channel, then: Answered, hooks: OriginateHooks) -> None:
    try:
        run(core, far)
    finally:
        if near.state is not ChannelState.UP:
            core.logger.verbose(3, f"{near.name} was not answered, so {then} was not run")
            core.channels.remove(near)
            hooks.told(False)


def _answered(core: Core, near: Channel, then: Answered, hooks: OriginateHooks) -> None:
    near.answer()
    core.logger.verbose(4, f"Channel {near.name} was answered")
    hooks.told(True)
    begin(lambda: go_on_with(core, near, then), near.name)


def go_on_with(core: Core, near: Channel, then: Answered) -> None:
    """Run what the near end of a call does once the far end has answered, in this thread."""
    if then.spot is not None:
        near.context, near.exten, near.priority = then.spot.context, then.spot.exten, then.spot.priority
        run(core, near)
        return
    try:
        with core.hold(near):
            core.logger.verbose(4, f"Launching {then} on {near.name}")
            near.appl, near.data = then.application, then.data
            functions.execute(core, near, then.application, functions.replace(core, near, then.data))
    except AsterismError as error:
        for fault in error.faults:
            core.logger.warning(str(fault))
    finally:
        core.channels.remove(near)
        near.end()
