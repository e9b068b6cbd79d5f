"""asterisk/file.h: sounds on the line of a channel, and the files of sounds with absolute names."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from pathlib import Path

from asterism.values import TYPE_CHECKING
from runtime.api import core, required, text
from runtime.api.channel import find
from runtime.api.export import exported
from runtime.dialplan import pbx_run, sounds
from runtime.model.emulated_channel import Channel
from runtime.model.line import DIGITS

if TYPE_CHECKING:
    from typing import Any


def outcome(channel: Channel, digit: str) -> int:
    """The result of a function that a digit interrupts: its code, 0, or -1 when the channel is hung up."""
    if digit:
        return ord(digit)
    return -1 if channel.is_hung_up else 0


def is_readable(descriptor: int) -> bool:
    """Whether a descriptor that a module watches can be read now; less than 0 is none."""
    if descriptor < 0:
        return False
    watched = select.poll()
    watched.register(descriptor, select.POLLIN)
    return bool(watched.poll(0))


@exported("int ast_streamfile(struct ast_channel *c, const char *filename, const char *preflang)", failure=-1)
def ast_streamfile(c: Any, filename: Any, _preflang: Any) -> int:
    """Begin to play a sound."""
    channel, name = find(c).channel, required(filename, "the sound")
    if not sounds.exists(name):
        core().logger.warning(f"there is no sound '{name}' in any format")
        return -1
    if channel.is_hung_up:
        return -1
    channel.play(name)
    return 0


@exported("int ast_waitstream(struct ast_channel *c, const char *breakon)", failure=-1)
def ast_waitstream(c: Any, breakon: Any) -> int:
    """Wait for the end of the sound, or for a digit."""
    channel = find(c).channel
    return outcome(channel, channel.finish_sound(text(breakon)))


@exported("int ast_waitstream_full(struct ast_channel *c, const char *breakon, int audiofd, int monfd)", failure=-1)
def ast_waitstream_full(c: Any, breakon: Any, _audiofd: int, monfd: int) -> int:
    """Wait as ``ast_waitstream`` does, unless a descriptor can be read."""
    return 1 if is_readable(monfd) else ast_waitstream(c, breakon)


@exported("int ast_waitstream_exten(struct ast_channel *c, const char *context)", failure=-1)
def ast_waitstream_exten(c: Any, context: Any) -> int:
    """Wait for the end of the sound, or for a digit that is an extension of a context."""
    channel = find(c).channel
    place = text(context) or channel.context
    known = "".join(digit for digit in DIGITS if pbx_run.exists(core(), channel, place, digit, 1))
    return outcome(channel, channel.finish_sound(known))


@exported("int ast_stream_and_wait(struct ast_channel *chan, const char *file, const char *digits)", failure=-1)
def ast_stream_and_wait(chan: Any, file: Any, digits: Any) -> int:
    """Play a sound and wait for its end, or for a digit; nothing is played for an empty name."""
    if text(file) and ast_streamfile(chan, file, None):
        return -1
    return ast_waitstream(chan, digits)


@exported("int ast_stopstream(struct ast_channel *c)", failure=-1)
def ast_stopstream(c: Any) -> int:
    """Stop the sound."""
    find(c).channel.stop_sound()
    return 0


def play_moving(channel: Channel, breakon: str, moves: dict[str, float], told: Callable[[str, int], None]) -> str:
    """Wait for the end of a sound that digits move to and fro; the digit that ended it, or an empty text.

    Args:
        channel: where the sound is played.
        breakon: the digits that end it.
        moves: by how many seconds a digit moves it.
        told: called with such a digit and the place in the sound then, in milliseconds.
    """
    length = (channel.sound_end or 0.0) - channel.line.clock.now
    while channel.sound_end is not None:
        end = channel.sound_end
        digit = channel.finish_sound(breakon + "".join(moves))
        if digit not in moves or not digit:
            return digit
        channel.sound_end = end - moves[digit]
        place = length - (channel.sound_end - channel.line.clock.now)
        told(digit, int(max(place, 0.0) * 1000))
    return ""


_REWIND, _FORWARD, _START = 1, 2, 3


@exported(
    "int ast_waitstream_fr_w_cb(struct ast_channel *c, const char *breakon, const char *forward, const char *rewind, "
    "int ms, ast_waitstream_fr_cb cb)",
    failure=-1,
)
def ast_waitstream_fr_w_cb(c: Any, breakon: Any, forward: Any, rewind: Any, ms: int, cb: Any) -> int:
    """Wait for the end of a sound that digits move forward and back."""
    channel = find(c).channel
    moves = dict.fromkeys(text(forward), ms / 1000) | dict.fromkeys(text(rewind), -ms / 1000)

    def told(digit: str, place: int) -> None:
        if cb:
            cb(c, place, _FORWARD if moves[digit] > 0 else _REWIND)

    if cb and channel.sound_end is not None:
        cb(c, 0, _START)
    return outcome(channel, play_moving(channel, text(breakon), moves, told))


@exported(
    "int ast_waitstream_fr(struct ast_channel *c, const char *breakon, const char *forward, const char *rewind, "
    "int ms)",
    failure=-1,
)
def ast_waitstream_fr(c: Any, breakon: Any, forward: Any, rewind: Any, ms: int) -> int:
    """Wait for the end of a sound that digits move forward and back."""
    return ast_waitstream_fr_w_cb(c, breakon, forward, rewind, ms, None)


# ---- files ----------------------------------------------------------------------------------------------


def _directory() -> Path:
    return Path(str(core().settings.directories.astdatadir), "sounds")


def _files(name: str, wanted: str) -> list[tuple[Path, str]]:
    """The files of a sound, each with its extension, of which some with ``|`` between them may be wanted."""
    place = str(_directory() / name)
    asked = [extension for extension in wanted.split("|") if extension]
    found = [extension for extension in sounds.extensions(place) if not asked or extension in asked]
    return [(Path(f"{place}.{extension}"), extension) for extension in found]


@exported("int ast_fileexists(const char *filename, const char *fmt, const char *preflang)", failure=0)
def ast_fileexists(filename: Any, fmt: Any, _preflang: Any) -> int:
    """Whether there is a sound, or a file of it with an extension."""
    name = required(filename, "the sound")
    return int(bool(_files(name, text(fmt))) if os.path.isabs(name) else sounds.exists(name))


def _each(name: Any, fmt: Any, do: Callable[[Path, str], object]) -> int:
    """Do something with each file of a sound: 0, or -1 when there is none, or it cannot be done."""
    found = _files(required(name, "the sound"), text(fmt))
    try:
        for path, extension in found:
            do(path, extension)
    except OSError as error:
        core().logger.warning(f"{error.filename}: {(error.strerror or str(error)).lower()}")
        return -1
    return 0 if found else -1


def _beside(name: Any, extension: str) -> Path:
    return Path(f"{_directory() / required(name, 'the new name')}.{extension}")


@exported("int ast_filerename(const char *oldname, const char *newname, const char *fmt)", failure=-1)
def ast_filerename(oldname: Any, newname: Any, fmt: Any) -> int:
    """Rename the files of a sound."""
    return _each(oldname, fmt, lambda path, extension: path.rename(_beside(newname, extension)))


@exported("int ast_filecopy(const char *oldname, const char *newname, const char *fmt)", failure=-1)
def ast_filecopy(oldname: Any, newname: Any, fmt: Any) -> int:
    """Copy the files of a sound."""
    from shutil import copyfile  # 6 ms of each start, for what hardly a module does

    return _each(oldname, fmt, lambda path, extension: copyfile(path, _beside(newname, extension)))


@exported("int ast_filedelete(const char *filename, const char *fmt)", failure=-1)
def ast_filedelete(filename: Any, fmt: Any) -> int:
    """Delete the files of a sound."""
    return _each(filename, fmt, lambda path, _extension: path.unlink())
