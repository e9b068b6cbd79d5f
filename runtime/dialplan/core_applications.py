"""Applications that move a call and end it: part of the core, as in main/pbx_builtins.c.

Those that are heard are in :mod:`runtime.dialplan.sound_applications`.
"""

from __future__ import annotations

import time

from asterism.errors import AsterismError, Fault
from runtime.core.core import Core
from runtime.core.registry import Application
from runtime.dialplan import functions, pbx_run, sound_applications
from runtime.dialplan.builtin_application import Execute, builtin, length_of_time
from runtime.dialplan.substitution import split_call
from runtime.model import causes, timing
from runtime.model.emulated_channel import Channel, Hangup


def applications(core: Core) -> list[Application]:
    """All applications of the core, those that are heard as well."""
    return [*_Applications(core).all(), *sound_applications.applications(core)]


class _Applications:
    def __init__(self, core: Core) -> None:
        self.core = core

    def all(self) -> list[Application]:
        return [
            self._make("Answer", self.answer, "Takes the call.", "Answer([seconds])", _ANSWER),
            self._make("ExecIfTime", self.execiftime, "Runs an application at certain times.", _EXECIFTIME_USE, _TIMES),
            self._make(
                "Goto", self.goto, "Goes on elsewhere in the dialplan.", "Goto([[context,]extension,]priority)", _GOTO
            ),
            self._make(
                "GotoIf",
                self.gotoif,
                "Goes on elsewhere if a condition holds.",
                "GotoIf(condition?[yes][:no])",
                _GOTOIF,
            ),
            self._make("GotoIfTime", self.gotoiftime, "Goes on elsewhere at certain times.", _GOTOIFTIME_USE, _TIMES),
            self._make("Hangup", self.hangup, "Ends the call.", "Hangup([cause])", _HANGUP),
            self._make("Wait", self.wait, "Waits.", "Wait(seconds)", _WAIT),
        ]

    def _make(self, name: str, do: Execute, synopsis: str, syntax: str, description: str) -> Application:
        return builtin(self.core, name, do, synopsis, syntax, description)

    def answer(self, channel: Channel, data: str) -> int:
        channel.answer()
        return self.wait(channel, data) if data.strip() else 0

    def wait(self, channel: Channel, data: str) -> int:
        seconds = length_of_time(data)
        return 0 if seconds <= 0 or channel.sleep(seconds) else -1

    def goto(self, channel: Channel, data: str) -> int:
        pbx_run.jump(self.core, channel, data)
        self.core.logger.verbose(3, f"Goto ({channel.context},{channel.exten},{channel.priority + channel.is_running})")
        return 0

    def gotoif(self, channel: Channel, data: str) -> int:
        condition, question, branches = data.partition("?")
        if not question:
            self.core.logger.warning("GotoIf needs a condition and a place: GotoIf(condition?[yes][:no])")
            return 0
        return self._branch(channel, branches, holds=bool(functions.condition(condition)))

    def gotoiftime(self, channel: Channel, data: str) -> int:
        times, question, branches = data.partition("?")
        if not question:
            raise AsterismError(Fault("a place to go to is missing", cure=f"write {_GOTOIFTIME_USE}", code="usage"))
        return self._branch(channel, branches, holds=timing.parse(times).holds(time.time()))

    def _branch(self, channel: Channel, branches: str, *, holds: bool) -> int:
        yes, _, no = branches.partition(":")
        place = (yes if holds else no).strip()
        return self.goto(channel, place) if place else 0

    def execiftime(self, channel: Channel, data: str) -> int:
        times, question, call = data.partition("?")
        if not question or not call.strip():
            raise AsterismError(Fault("an application is missing", cure=f"write {_EXECIFTIME_USE}", code="usage"))
        if not timing.parse(times).holds(time.time()):
            return 0
        name, arguments, _ = split_call(call)
        return functions.execute(self.core, channel, name.strip(), arguments)

    def hangup(self, channel: Channel, data: str) -> int:
        cause = self._cause(data.strip())
        channel.hangupcause = cause or channel.hangupcause or causes.NORMAL_CLEARING
        channel.hangupsource = "dialplan/builtin"
        channel.hang_up(Hangup.EXPLICIT)
        return -1

    def _cause(self, text: str) -> int:
        if not text:
            return 0
        found = causes.number(text) or (int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0)
        if not found:
            self.core.logger.warning(f"Hangup: '{text}' is not a cause; write a number or a name such as USER_BUSY")
        return found


_EXECIFTIME_USE = "ExecIfTime(times,weekdays,days,months[,zone]?application(arguments))"
_GOTOIFTIME_USE = "GotoIfTime(times,weekdays,days,months[,zone]?[yes][:no])"
_ANSWER = """\
Whoever calls is told that the call is taken; a call that is taken stays as it is.

seconds - how long to wait afterwards."""
_GOTO = """\
context   - where to go on; the context the call is in when it is missing.
extension - the extension it is in when it is missing.
priority  - a number, a label, or +2 or -2 counted from here.

The step there comes next. If there is none, the call ends, or goes on at the
extension i."""
_GOTOIF = """\
condition - false when it is empty or a number that is 0, true otherwise.
yes, no   - places as Goto takes them; if the one that counts is missing, the
            call goes on at the next step."""
_TIMES = """\
times    - 9:00-17:00, both ends included; several with & between them; * is any.
weekdays - mon-fri, sat&sun.
days     - of the month: 1-7.
months   - jan, jun-aug.
zone     - Europe/Berlin; the machine's own when it is missing.

Ranges go round: fri-mon, 22:00-6:00."""
_HANGUP = """\
cause - why, a number of Q.850 or its name: 17 or USER_BUSY; NORMAL_CLEARING
        when it is missing.

The extension h of the context runs afterwards."""
_WAIT = """\
seconds - how long: 2, 0.5, 10m or 200ms. A call that is hung up meanwhile ends."""
