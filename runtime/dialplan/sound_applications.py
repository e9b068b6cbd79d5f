"""Applications that are heard and that listen: part of the core, as in main/pbx_builtins.c."""

from __future__ import annotations

from collections.abc import Callable

from asterism.errors import AsterismError, Fault
from asterism.numbers import INT, number
from runtime.core.core import Core
from runtime.core.registry import Application
from runtime.dialplan import functions, pbx_run, sounds, spoken
from runtime.dialplan.application_arguments import split_arguments
from runtime.dialplan.builtin_application import Execute, builtin, length_of_time
from runtime.model.emulated_channel import Channel, ChannelState
from runtime.model.line import DIGITS, Heard


def applications(core: Core) -> tuple[Application, ...]:
    """The applications for one core."""
    own = _Sounding(core)
    rows: tuple[tuple[str, Execute, str, str, str], ...] = (
        ("Background", own.background, "Plays sounds and listens for an extension.", _BACKGROUND_USE, _BACKGROUND),
        ("WaitExten", own.wait_exten, "Waits for an extension.", "WaitExten([seconds[,options]])", _WAITEXTEN),
        ("WaitDigit", own.wait_digit, "Waits for a digit.", "WaitDigit([seconds[,digits]])", _WAITDIGIT),
        ("SayDigits", own.say(spoken.digits), "Says digits.", "SayDigits(digits)", _SAYDIGITS),
        ("SayNumber", own.say(_number), "Says a number.", "SayNumber(number)", _SAYNUMBER),
        ("SayOrdinal", own.say(_ordinal), "Says a place in an order.", "SayOrdinal(number)", _SAYORDINAL),
        ("SayAlpha", own.say(spoken.characters), "Says a text letter by letter.", "SayAlpha(text)", _SAYALPHA),
        ("SayAlphaCase", own.say(_cased), "Says letters with their case.", "SayAlphaCase(case,text)", _SAYALPHACASE),
        ("SayPhonetic", own.say(spoken.phonetic), "Says a text in words.", "SayPhonetic(text)", _SAYPHONETIC),
        ("SayMoney", own.say(spoken.money), "Says an amount.", "SayMoney(amount)", _SAYMONEY),
        ("Ringing", own.state("ringing"), "Tells the caller that it rings.", "Ringing()", _STATE),
        ("Progress", own.state("progress"), "Tells the caller of progress.", "Progress()", _STATE),
        ("Proceeding", own.state("proceeding"), "Tells the caller of proceeding.", "Proceeding()", _STATE),
        ("Busy", own.lasting("busy"), "Tells the caller that it is busy.", "Busy([seconds])", _BUSY),
        ("Congestion", own.lasting("congestion"), "Tells the caller of congestion.", "Congestion([seconds])", _BUSY),
    )
    return tuple(builtin(core, *row) for row in rows)


class _Sounding:
    def __init__(self, core: Core) -> None:
        self.core = core

    def background(self, channel: Channel, data: str) -> int:
        names, options, _language, context = (*split_arguments(data), "", "", "", "")[:4]
        if not names.strip():
            raise AsterismError(Fault("a sound is missing", cure=f"write {_BACKGROUND_USE}", code="usage"))
        if channel.state is not ChannelState.UP:
            if "s" in options:
                self._status(channel, "BACKGROUNDSTATUS", "SUCCESS")
                return 0
            if "n" not in options:
                channel.answer()
        missing = [name for name in names.split("&") if name and not sounds.exists(name)]
        for name in missing:
            self.core.logger.warning(f"Background: there is no sound '{name}'")
        place = context.strip() or channel.context
        known = [name for name in names.split("&") if name and name not in missing]
        digit = sounds.play_all(channel, known, self._single_digits(place) if "m" in options else DIGITS)
        self._status(channel, "BACKGROUNDSTATUS", "FAILED" if missing and not known else "SUCCESS")
        return self._after_digit(channel, digit, context.strip())

    def _single_digits(self, context: str) -> str:
        return "".join(digit for digit in DIGITS if pbx_run.exists(self.core, None, context, digit, 1))

    def _after_digit(self, channel: Channel, digit: str, context: str = "") -> int:
        if channel.is_hung_up:
            return -1
        if digit and context and pbx_run.exists(self.core, channel, context, digit, 1):
            channel.move(context, digit, 1)
            return 0
        return ord(digit) if digit else 0

    def _status(self, channel: Channel, name: str, value: str) -> None:
        functions.set_variable(self.core, channel, name, value)

    def wait_exten(self, channel: Channel, data: str) -> int:
        length, options = (*split_arguments(data), "", "")[:2]
        if "m" in options:
            sounds.start_music(channel, options.partition("m(")[2].partition(")")[0])
        if "d" in options:
            sounds.start_tone(channel, "dial")
        digit = channel.listen(length_of_time(length) or channel.response_timeout)
        sounds.stop_music(channel)
        sounds.stop_tone(channel)
        return self._after_digit(channel, digit) if digit or channel.is_hung_up else self._no_digit(channel)

    def _no_digit(self, channel: Channel) -> int:
        """Where a call goes on when no digit came: at the next step, else at ``t``."""
        core = self.core
        if pbx_run.exists(core, channel, channel.context, channel.exten, channel.priority + 1):
            core.logger.verbose(3, f"Timeout on {channel.name}, continuing...")
            return 0
        if pbx_run.exists(core, channel, channel.context, "t", 1):
            core.logger.verbose(3, f"Timeout on {channel.name}, going to 't'")
            channel.move(channel.context, "t", 1)
            return 0
        core.logger.warning(f"Timeout but no rule 't' in context '{channel.context}'")
        return -1

    def wait_digit(self, channel: Channel, data: str) -> int:
        length, wanted = (*split_arguments(data), "", "")[:2]
        seconds = length_of_time(length) if length.strip() else None
        digit = channel.listen(seconds, wanted or DIGITS)
        status = "CANCEL" if channel.is_hung_up else "DTMF" if digit else "TIMEOUT"
        self._status(channel, "WAITDIGITSTATUS", status)
        self._status(channel, "WAITDIGITRESULT", digit)
        return -1 if channel.is_hung_up else 0

    def say(self, names_of: Callable[[str], spoken.Names]) -> Execute:
        """An application that says a text; ``SAY_DTMF_INTERRUPT`` lets a digit interrupt it."""

        def execute(channel: Channel, data: str) -> int:
            wanted = functions.get_variable(self.core, channel, "SAY_DTMF_INTERRUPT") or ""
            interrupting = DIGITS if wanted.lower() in ("yes", "true", "y", "t", "1", "on") else ""
            digit = sounds.play_all(channel, names_of(data.strip()), interrupting)
            return self._after_digit(channel, digit, channel.context)

        return execute

    def state(self, name: str) -> Execute:
        """An application that tells the caller a state."""

        def execute(channel: Channel, _data: str) -> int:
            channel.hear(Heard.STATE, name)
            return 0

        return execute

    def lasting(self, name: str) -> Execute:
        """An application that tells the caller a state, and waits for the end of the call."""

        def execute(channel: Channel, data: str) -> int:
            channel.hear(Heard.STATE, name)
            channel.sleep(length_of_time(data) or None)
            return -1

        return execute


def _whole(text: str) -> int:
    value = number(text, -INT - 1, INT)
    if value is None:
        raise AsterismError(Fault(f"'{text}' is not a whole number", code="number"))
    return value


def _number(text: str) -> spoken.Names:
    return spoken.number(_whole(text.partition(",")[0].strip()))


def _ordinal(text: str) -> spoken.Names:
    return spoken.ordinal(_whole(text.partition(",")[0].strip()))


_CASES = {"a": spoken.Case.ALL, "l": spoken.Case.LOWER, "n": spoken.Case.NONE, "u": spoken.Case.UPPER}


def _cased(text: str) -> spoken.Names:
    case, _, said = text.partition(",")
    if case.strip().lower() not in _CASES:
        raise AsterismError(Fault(f"'{case}' is not a case", cure="write a, l, n or u", code="usage"))
    return spoken.characters(said, _CASES[case.strip().lower()])


_BACKGROUND_USE = "Background(sound[&sound...][,options[,language[,context]]])"
_BACKGROUND = """\
sound   - the name of a sound file without its extension.
options - n: does not answer. s: ends at once when the call is not answered.
          m: only a digit that is an extension of the context interrupts.
context - a digit that is an extension there goes on there.

A digit interrupts the sounds and begins an extension; the call goes on there
once the extension is complete."""
_WAITEXTEN = """\
seconds - how long to wait for the first digit; 10 when it is missing.
options - m or m(class): plays music meanwhile. d: plays a dial tone.

Without a digit the call goes on at the next step, or else at the extension t."""
_WAITDIGIT = """\
seconds - how long to wait; without an end when it is missing.
digits  - the digits that end the wait; any when it is missing.

WAITDIGITSTATUS is DTMF, TIMEOUT or CANCEL, WAITDIGITRESULT the digit."""
_SAYDIGITS = """\
digits - 0 to 9, *, # and -; other characters are not heard.

With SAY_DTMF_INTERRUPT=true a digit interrupts, and goes on at its extension."""
_SAYNUMBER = """\
number - a whole number, said in English.

With SAY_DTMF_INTERRUPT=true a digit interrupts, and goes on at its extension."""
_SAYORDINAL = """\
number - a whole number: 21 is said as twenty-first."""
_SAYALPHA = """\
text - letters, digits and signs."""
_SAYALPHACASE = """\
case - which letters are said with their case: a (all), l (lower), u (upper)
       or n (none).
text - letters, digits and signs."""
_SAYPHONETIC = """\
text - letters and digits, said as radio operators do: alpha, bravo, charlie."""
_SAYMONEY = """\
amount - dollars and cents: 5.20."""
_STATE = """\
The call goes on at once."""
_BUSY = """\
seconds - how long; until the caller hangs up when it is missing.

The call ends afterwards."""
