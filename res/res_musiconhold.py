"""MusicOnHold, StartMusicOnHold and StopMusicOnHold: music while the caller waits.

/*** MODULEINFO
    <support_level>core</support_level>
 ***/
"""

from __future__ import annotations

from runtime.api.channel import Channel
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application, split_arguments
from runtime.dialplan import sounds
from runtime.dialplan.builtin_application import length_of_time

MODULE = ModuleInfo("Music on hold")

_CLASS = "class - the class of the music; that of the channel when it is missing."


@application(
    "MusicOnHold",
    synopsis="Plays music on hold.",
    syntax="MusicOnHold([class[,duration]])",
    arguments=f"{_CLASS}\nduration - seconds; until the caller hangs up when it is missing.",
)
def music_on_hold(channel: Channel | None, data: str) -> int:
    """Play music for a time."""
    if channel is None:
        return -1
    music, length = (*split_arguments(data), "", "")[:2]
    sounds.start_music(channel, music.strip())
    try:
        is_up = channel.sleep(length_of_time(length) or None)
    finally:
        sounds.stop_music(channel)
    return 0 if is_up else -1


@application("StartMusicOnHold", synopsis="Starts music on hold.", syntax="StartMusicOnHold([class])", arguments=_CLASS)
def start_music_on_hold(channel: Channel | None, data: str) -> int:
    """Start music; the call goes on at once."""
    if channel is None:
        return -1
    sounds.start_music(channel, data.strip())
    return 0


@application("StopMusicOnHold", synopsis="Stops music on hold.", syntax="StopMusicOnHold()")
def stop_music_on_hold(channel: Channel | None, _data: str) -> int:
    """Stop music."""
    if channel is None:
        return -1
    sounds.stop_music(channel)
    return 0
