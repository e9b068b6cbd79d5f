"""Sounds, tones and music on a channel's line, as main/file.c, main/say.c and main/indications.c have them.

Every function that can be interrupted returns the digit that did it, or an empty text.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from asterism.values import dataclass
from runtime.model.emulated_channel import Channel
from runtime.model.line import DIGITS, Heard

STATES = {
    3: "ringing",
    5: "busy",
    8: "congestion",
    14: "progress",
    15: "proceeding",
    16: "hold",
    17: "unhold",
    20: "incomplete",
}
"""What the caller notices of a control frame, by its number (``enum ast_control_frame_type``)."""


def exists(name: str) -> bool:
    """Whether a sound can be played (``ast_fileexists``).

    No prompts are installed, so that every relative name is one that is there.  An absolute name needs a file of that
    name with some extension.
    """
    return bool(name) if not os.path.isabs(name) else bool(extensions(name))


def extensions(name: str) -> list[str]:
    """The extensions of the files that a sound with an absolute name has."""
    path = Path(name)
    try:
        return sorted(entry.name[len(path.name) + 1 :] for entry in path.parent.glob(f"{_literal(path.name)}.*"))
    except OSError:
        return []


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def play_all(channel: Channel, names: Iterable[str], interrupting: str = "") -> str:
    """Play sounds one after the other; nothing more is played after a digit or a hangup."""
    for name in names:
        channel.play(name)
        digit = channel.finish_sound(interrupting)
        if digit or channel.is_hung_up:
            return digit
    return ""


def start_music(channel: Channel, music: str = "") -> None:
    """Start music on hold of a class, by default that of the channel (``ast_moh_start``)."""
    channel.music = music or channel.musicclass or "default"
    channel.hear(Heard.MUSIC, channel.music)


def stop_music(channel: Channel) -> None:
    """Stop music on hold (``ast_moh_stop``)."""
    if channel.music:
        channel.music = ""
        channel.hear(Heard.MUSIC, "")


def start_tone(channel: Channel, tones: str) -> None:
    """Start a tone, by its name or its list of frequencies (``ast_playtones_start``)."""
    channel.tone = tones
    channel.hear(Heard.TONE, tones)


def stop_tone(channel: Channel) -> None:
    """Stop a tone (``ast_playtones_stop``)."""
    if channel.tone:
        channel.tone = ""
        channel.hear(Heard.TONE, "")


def indicate(channel: Channel, condition: int) -> bool:
    """Indicate a condition to the caller (``ast_indicate``); whether the caller can notice it."""
    if condition < 0:
        stop_tone(channel)
        return True
    if condition in STATES:
        channel.hear(Heard.STATE, STATES[condition])
    return condition in STATES


# ---- digits ---------------------------------------------------------------------------------------------

FAILED, COMPLETE, TIMEOUT, ENDED_EMPTY = -1, 0, 1, 3
"""What came of asking for digits (``enum ast_getdata_result``)."""


@dataclass(frozen=True, slots=True)
class DigitsWanted:
    """What is asked for: how many digits, and how long each may take."""

    most: int
    first: float | None
    """Seconds for the first digit; None waits without an end."""
    each: float | None
    """Seconds for each further digit."""
    enders: str = "#"
    """Digits that end the text and are not part of it."""


def read_digits(channel: Channel, asked: DigitsWanted) -> tuple[int, str]:
    """Read digits behind the sound that is being played, which the first one ends (``ast_readstring_full``).

    Returns:
        What came of it, and the digits.
    """
    digits, seconds = "", asked.first
    while True:
        digit = channel.finish_sound(DIGITS) or channel.listen(seconds)
        if not digit:
            return (FAILED if channel.is_hung_up else TIMEOUT), digits
        if digit in asked.enders:
            return (COMPLETE if digits else ENDED_EMPTY), digits
        digits += digit
        if len(digits) >= asked.most:
            return COMPLETE, digits
        seconds = asked.each


_BETWEEN_PROMPTS = 0.05
"""Seconds that are left for a digit between two prompts."""


def ask_for_digits(channel: Channel, prompts: str, asked: DigitsWanted) -> tuple[int, str]:
    """Play prompts, with ``&`` between them, and read digits (``ast_app_getdata_terminator``)."""
    names = [name.strip() for name in prompts.split("&")]
    result: tuple[int, str] = (COMPLETE, "")
    for at, name in enumerate(names):
        if name and exists(name):
            channel.play(name)
        elif name:
            continue
        is_last = at == len(names) - 1
        first = asked.first if is_last else _BETWEEN_PROMPTS
        result = read_digits(channel, DigitsWanted(asked.most, first, asked.each, asked.enders))
        if result[0] in (FAILED, ENDED_EMPTY) or result[1]:
            return result
    return result
