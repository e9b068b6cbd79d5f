"""``call dial``, ``call press``, ``call hear``, ``call wait``, ``call hangup``, ``call show``: calls that are typed."""

from __future__ import annotations

import queue
from collections.abc import Iterable

from asterism.errors import AsterismError, Fault
from asterism.words import counted
from runtime.cli import channel_commands
from runtime.core.commands.command import Command, CommandCall, Outcome, declare
from runtime.core.core import Core
from runtime.dialplan import pbx_run
from runtime.dialplan.builtin_application import length_of_time
from runtime.model.emulated_channel import Channel, ChannelState
from runtime.model.line import Heard, Line, LineEvent, OwnTime, RealTime
from runtime.model.phone import Phone


def commands(core: Core) -> tuple[Command, ...]:
    """The commands for one core."""
    return _Calls(core).commands()


class _Calls:
    def __init__(self, core: Core) -> None:
        self.core = core

    def commands(self) -> tuple[Command, ...]:
        return (
            declare(
                "call dial <to:place> [from <number:caller>] [paused|live]", self.dial, "Begin a call by hand", _DIAL
            ),
            declare("call press <digits> [paused] [on <call>]", self.press, "Press digits in a call", _PRESS),
            declare("call hear <what> [on <call>]", self.hear, "Go on until something is heard", _HEAR),
            declare("call wait <seconds> [on <call>]", self.wait, "Let time pass in a call", _WAIT),
            declare("call finish [on <call>]", self.finish, "Go on until a call has ended", _FINISH),
            declare("call hangup [on <call>]", self.hangup, "Hang up as the caller", _HANGUP),
            declare("call show", self.show, "Show the calls made by hand", _SHOW),
        )

    def dial(self, call: CommandCall) -> Outcome | None:
        spot = channel_commands.destination(self.core, call.value("to"))
        line = Line(RealTime() if call.has("live") else OwnTime())
        channel = Channel(
            self.core.phones.next_name(),
            spot.context,
            spot.exten,
            state=ChannelState.RING,
            caller_number=call.value("number"),
            line=line,
        )
        phone = Phone(channel)
        self.core.phones.add(phone)
        if call.has("live"):
            call.line_out(channel.name)
            self._live(call, phone)
        else:
            pbx_run.start(self.core, channel)
            if call.has("paused"):
                call.line_out(channel.name)
            else:
                _tell(call, phone.go_on())
        return None

    def _live(self, call: CommandCall, phone: Phone) -> None:
        """Show each event when it comes, until the end of the call; a client that goes away hangs up."""
        events: queue.Queue[LineEvent] = queue.Queue()
        phone.channel.line.listeners.append(events.put)
        pbx_run.start(self.core, phone.channel)
        while True:
            try:
                event = events.get(timeout=0.5)
            except queue.Empty:
                if getattr(call.client, "is_gone", False):
                    phone.channel.hang_up()
                continue
            _tell(call, [event])
            if event.kind is Heard.END:
                return

    def press(self, call: CommandCall) -> Outcome | None:
        phone = self._phone(call)
        phone.press(call.value("digits"))
        if not call.has("paused") and isinstance(phone.channel.line.clock, OwnTime):
            _tell(call, phone.go_on())
        return None

    def hear(self, call: CommandCall) -> Outcome | None:
        _tell(call, self._phone(call).until_heard(call.value("what")))
        return None

    def wait(self, call: CommandCall) -> Outcome | None:
        _tell(call, self._phone(call).wait(length_of_time(call.value("seconds"))))
        return None

    def finish(self, call: CommandCall) -> Outcome | None:
        _tell(call, self._phone(call).until_end())
        return None

    def hangup(self, call: CommandCall) -> Outcome | None:
        phone = self._phone(call)
        if phone.has_ended:
            raise AsterismError(Fault(f"the call {phone.channel.name} has ended already", code="ended"))
        phone.hang_up()
        _tell(call, phone.news())
        return None

    def show(self, call: CommandCall) -> Outcome | None:
        phones = list(self.core.phones)
        for phone in phones:
            channel = phone.channel
            state = "ended" if phone.has_ended else channel.state.words
            call.line_out(f"{channel.name:<16} {state:<8} {channel.exten}@{channel.context}:{channel.priority}")
        call.line_out(counted(len(phones), "call"))
        return None

    def _phone(self, call: CommandCall) -> Phone:
        return self.core.phones.find(call.value("call"))


def _tell(call: CommandCall, events: Iterable[LineEvent]) -> None:
    for event in events:
        call.line_out(str(event))


_DIAL = """\
Calls <to>, which is EXTENSION@CONTEXT, and shows what the caller hears. Time in
the call passes at once, until the call waits for a digit in silence or ends.
'paused' lets no time pass and shows the name of the call only; 'live' takes the
time of the machine, and shows what is heard until the call ends.
"""
_PRESS = """\
Presses digits, and goes on as 'call dial' does; 'paused' lets no time pass.
Digits wait until the call listens.
"""
_HEAR = """\
Lets time pass until something is heard, and stops the time there: the name of a
sound, or a whole line such as "music default". Fails when the call ends before.
"""
_WAIT = """\
Lets time pass in a call: 2, 0.5, 10m or 200ms.
"""
_FINISH = """\
Lets time pass until the call has ended. Fails when it waits for a digit without
an end.
"""
_HANGUP = """\
Hangs up as the caller, and waits for the end of the call.
"""
_SHOW = """\
Lists the calls that were made by hand.
"""
