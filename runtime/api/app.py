"""asterisk/app.h: what applications ask callers; and digits, texts and states of channel.h."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import bound, core, put, text
from runtime.api.channel import find
from runtime.api.export import exported, hook
from runtime.api.file import ast_streamfile, is_readable, outcome, play_moving
from runtime.dialplan import pbx_run, sounds
from runtime.dialplan.sounds import DigitsWanted
from runtime.model.emulated_channel import Channel
from runtime.model.line import DIGITS, Heard

if TYPE_CHECKING:
    from typing import Any

FD_READABLE = 1
"""The result of a wait that a descriptor ended."""


def _seconds(ms: int) -> float | None:
    """A time in milliseconds; less than 0 is none."""
    return None if ms < 0 else ms / 1000


# ---- digits ---------------------------------------------------------------------------------------------


@exported("int ast_waitfordigit(struct ast_channel *c, int ms)", failure=-1)
def ast_waitfordigit(c: Any, ms: int) -> int:
    """Wait for a digit."""
    channel = find(c).channel
    return outcome(channel, channel.listen(_seconds(ms)))


@exported(
    "int ast_waitfordigit_full(struct ast_channel *c, int ms, const char *breakon, int audiofd, int ctrlfd)", failure=-1
)
def ast_waitfordigit_full(c: Any, ms: int, breakon: Any, _audiofd: int, ctrlfd: int) -> int:
    """Wait for one of some digits, any for NULL, unless a descriptor can be read."""
    if is_readable(ctrlfd):
        return FD_READABLE
    channel = find(c).channel
    return outcome(channel, channel.listen(_seconds(ms), text(breakon) if breakon else DIGITS))


def _store(result: tuple[int, str], buffer: Any, most: int) -> int:
    put(buffer, most + 1, result[1])
    return result[0]


@exported(
    "int ast_readstring_full(struct ast_channel *c, char *s, int len, int timeout, int ftimeout, char *enders, "
    "int audiofd, int ctrlfd)",
    failure=-1,
)
def ast_readstring_full(
    c: Any, s: Any, most: int, timeout: int, ftimeout: int, enders: Any, _audiofd: int, ctrlfd: int
) -> int:
    """Read digits until one of some, unless a descriptor can be read."""
    if not s or most <= 0:
        raise ValueError("there is no room for digits")
    if is_readable(ctrlfd):
        put(s, most + 1, "")
        return FD_READABLE
    asked = DigitsWanted(most, _seconds(ftimeout), _seconds(timeout), text(enders))
    return _store(sounds.read_digits(find(c).channel, asked), s, most)


@exported(
    "int ast_readstring(struct ast_channel *c, char *s, int len, int timeout, int ftimeout, char *enders)", failure=-1
)
def ast_readstring(c: Any, s: Any, most: int, timeout: int, ftimeout: int, enders: Any) -> int:
    """Read digits until one of some."""
    return ast_readstring_full(c, s, most, timeout, ftimeout, enders, -1, -1)


def _asked(channel: Channel, most: int, timeout: int, enders: str) -> DigitsWanted:
    """How long digits may take that an application asks for: by default as long as the dialplan gives."""
    if timeout > 0:
        return DigitsWanted(most, timeout / 1000, timeout / 1000, enders)
    if timeout < 0:
        return DigitsWanted(most, None, None, enders)
    if channel.is_running:
        return DigitsWanted(most, channel.response_timeout, channel.digit_timeout, enders)
    return DigitsWanted(most, 6.0, 2.0, enders)


@exported(
    "enum ast_getdata_result ast_app_getdata_terminator(struct ast_channel *c, const char *prompt, char *s, "
    "int maxlen, int timeout, char *terminator)",
    failure=-1,
)
def ast_app_getdata_terminator(c: Any, prompt: Any, s: Any, maxlen: int, timeout: int, terminator: Any) -> int:
    """Play prompts and read digits until one of some, ``#`` for NULL."""
    if not s or maxlen <= 0:
        raise ValueError("there is no room for digits")
    channel = find(c).channel
    asked = _asked(channel, maxlen, timeout, text(terminator) if terminator else "#")
    return _store(sounds.ask_for_digits(channel, text(prompt), asked), s, maxlen)


@exported(
    "enum ast_getdata_result ast_app_getdata(struct ast_channel *c, const char *prompt, char *s, int maxlen, "
    "int timeout)",
    failure=-1,
)
def ast_app_getdata(c: Any, prompt: Any, s: Any, maxlen: int, timeout: int) -> int:
    """Play prompts and read digits until ``#``."""
    return ast_app_getdata_terminator(c, prompt, s, maxlen, timeout, None)


@exported(
    "int ast_app_getdata_full(struct ast_channel *c, const char *prompt, char *s, int maxlen, int timeout, "
    "int audiofd, int ctrlfd)",
    failure=-1,
)
def ast_app_getdata_full(c: Any, prompt: Any, s: Any, maxlen: int, timeout: int, _audiofd: int, ctrlfd: int) -> int:
    """Play prompts and read digits until ``#``, unless a descriptor can be read."""
    return FD_READABLE if is_readable(ctrlfd) else ast_app_getdata_terminator(c, prompt, s, maxlen, timeout, None)


@exported(
    "int ast_app_dtget(struct ast_channel *chan, const char *context, char *collect, size_t size, int maxlen, "
    "int timeout)",
    failure=-1,
)
def ast_app_dtget(chan: Any, context: Any, collect: Any, size: int, maxlen: int, timeout: int) -> int:
    """Collect the digits of an extension behind a dial tone: 1 when there is one, 0 when not."""
    channel, place, found = find(chan).channel, text(context), text(collect)
    seconds = timeout / 1000 if timeout > 0 else channel.digit_timeout
    sounds.start_tone(channel, "dial")
    while len(found) < min(maxlen, size - 1):
        digit = channel.listen(seconds)
        sounds.stop_tone(channel)
        if digit in ("", "#"):
            break
        found += digit
        if not core().plans.current.matches_more(place, found, channel.number):
            break
    put(collect, size, found)
    return -1 if channel.is_hung_up else int(pbx_run.exists(core(), channel, place, found, 1))


# ---- sounds ---------------------------------------------------------------------------------------------


@exported("int ast_play_and_wait(struct ast_channel *chan, const char *fn)", failure=-1)
def ast_play_and_wait(chan: Any, fn: Any) -> int:
    """Play a sound that any digit ends."""
    channel = find(chan).channel
    return ast_streamfile(chan, fn, None) or outcome(channel, channel.finish_sound(DIGITS))


_CONTROLS = "const char *fwd, const char *rev, const char *stop, const char *pause, const char *restart, int skipms"


def _control(chan: Any, file: Any, fwd: Any, rev: Any, stop: Any, skipms: int, offsetms: Any, cb: Any = None) -> int:
    channel = find(chan).channel
    began = channel.line.clock.now
    if ast_streamfile(chan, file, None):
        return -1
    skip = (skipms or 3000) / 1000
    moves = dict.fromkeys(text(fwd), skip) | dict.fromkeys(text(rev), -skip)
    digit = play_moving(
        channel, text(stop), moves, lambda pressed, at: cb(chan, at, 2 if moves[pressed] > 0 else 1) if cb else None
    )
    if offsetms:
        offsetms[0] = int((channel.line.clock.now - began) * 1000)
    return outcome(channel, digit)


@exported(
    f"int ast_control_streamfile(struct ast_channel *chan, const char *file, {_CONTROLS}, long *offsetms)", failure=-1
)
def ast_control_streamfile(
    chan: Any, file: Any, fwd: Any, rev: Any, stop: Any, _pause: Any, _restart: Any, skipms: int, offsetms: Any
) -> int:
    """Play a sound that digits move and end."""
    return _control(chan, file, fwd, rev, stop, skipms, offsetms)


@exported(
    "int ast_control_streamfile_lang(struct ast_channel *chan, const char *file, const char *fwd, const char *rev, "
    "const char *stop, const char *suspend, const char *restart, int skipms, const char *lang, long *offsetms)",
    failure=-1,
)
def ast_control_streamfile_lang(
    chan: Any,
    file: Any,
    fwd: Any,
    rev: Any,
    stop: Any,
    _suspend: Any,
    _restart: Any,
    skipms: int,
    _lang: Any,
    offset: Any,
) -> int:
    """Play a sound that digits move and end."""
    return _control(chan, file, fwd, rev, stop, skipms, offset)


@exported(
    f"int ast_control_streamfile_w_cb(struct ast_channel *chan, const char *file, {_CONTROLS}, long *offsetms, "
    "ast_waitstream_fr_cb cb)",
    failure=-1,
)
def ast_control_streamfile_w_cb(
    chan: Any, file: Any, fwd: Any, rev: Any, stop: Any, _pause: Any, _restart: Any, skipms: int, offset: Any, cb: Any
) -> int:
    """Play a sound that digits move and end, and tell a callback of each move."""
    return _control(chan, file, fwd, rev, stop, skipms, offset, cb)


# ---- to the caller --------------------------------------------------------------------------------------


def _tell(chan: Any, kind: Heard, what: str) -> int:
    channel = find(chan).channel
    channel.hear(kind, what)
    return outcome(channel, "")


@hook("int asterism_line_text(struct ast_channel *chan, const char *text)", failure=-1)
def line_text(chan: Any, message: Any) -> int:
    """Send a text message to the caller."""
    return _tell(chan, Heard.TEXT, text(message))


@exported("char *ast_recvtext(struct ast_channel *chan, int timeout)")
def ast_recvtext(chan: Any, timeout: int) -> Any:
    """Wait in vain for a text message."""
    find(chan).channel.sleep(_seconds(timeout))
    return bound().ffi.NULL


@exported("int ast_recvchar(struct ast_channel *chan, int timeout)", failure=-1)
def ast_recvchar(chan: Any, timeout: int) -> int:
    """Wait in vain for a character."""
    find(chan).channel.sleep(_seconds(timeout))
    return -1


@hook("int asterism_line_digit(struct ast_channel *chan, char digit)", failure=-1)
def line_digit(chan: Any, digit: Any) -> int:
    """Begin to send a digit to the caller."""
    return _tell(chan, Heard.TONE, f"dtmf {digit.decode('latin-1')}")


def _stream_digits(chan: Any, digits: str, between: int, duration: int) -> int:
    channel = find(chan).channel
    for digit in digits:
        pause = 0.5 if digit == "w" else 1.0 if digit == "W" else ((between or 100) + (duration or 100)) / 1000
        if digit.upper() in DIGITS:
            channel.hear(Heard.TONE, f"dtmf {digit.upper()}")
        if not channel.sleep(pause):
            return -1
    return 0


@exported(
    "int ast_dtmf_stream(struct ast_channel *chan, struct ast_channel *peer, const char *digits, int between, "
    "unsigned int duration)",
    failure=-1,
)
def ast_dtmf_stream(chan: Any, _peer: Any, digits: Any, between: int, duration: int) -> int:
    """Send digits to the caller; ``w`` is half a second, ``W`` a second."""
    return _stream_digits(chan, text(digits), between, duration)


@exported(
    "void ast_dtmf_stream_external(struct ast_channel *chan, const char *digits, int between, unsigned int duration)"
)
def ast_dtmf_stream_external(chan: Any, digits: Any, between: int, duration: int) -> None:
    """Send digits to the caller, from a thread that does not serve the channel."""
    _stream_digits(chan, text(digits), between, duration)


@hook("int asterism_line_indicate(struct ast_channel *chan, int condition)", failure=-1)
def line_indicate(chan: Any, condition: int) -> int:
    """Tell the caller a condition."""
    channel = find(chan).channel
    sounds.indicate(channel, condition)
    return outcome(channel, "")


# ---- frames ---------------------------------------------------------------------------------------------


@hook("int asterism_line_wait(struct ast_channel *chan, int ms)", failure=-1)
def line_wait(chan: Any, ms: int) -> int:
    """Wait for a digit while frames are read; the wait is the caller's turn unless something is heard."""
    channel = find(chan).channel
    return outcome(channel, channel.listen(_seconds(ms), is_quiet=channel.sound_end is None, is_woken=True))


@hook("void asterism_line_wake(struct ast_channel *chan)")
def line_wake(chan: Any) -> None:
    """Have a wait for frames notice that one was queued."""
    find(chan).channel.line.wake()


# ---- waits ----------------------------------------------------------------------------------------------

SLICE = 0.1
"""Seconds after which a condition is asked again."""


@exported("int ast_safe_sleep_without_silence(struct ast_channel *chan, int ms)", failure=-1)
def ast_safe_sleep_without_silence(chan: Any, ms: int) -> int:
    """Sleep until the time is over or the channel is hung up."""
    return 0 if find(chan).channel.sleep(max(ms, 0) / 1000) else -1


@exported(
    "int ast_safe_sleep_conditional(struct ast_channel *chan, int ms, int (*cond)(void *), void *data)", failure=-1
)
def ast_safe_sleep_conditional(chan: Any, ms: int, cond: Any, data: Any) -> int:
    """Sleep as long as a condition holds."""
    channel, left = find(chan).channel, max(ms, 0) / 1000
    while left > 0 and not (cond and not cond(data)):
        if not channel.sleep(min(left, SLICE)):
            return -1
        left -= SLICE
    return -1 if channel.is_hung_up else 0
