"""PlayTones and StopPlayTones: tones of an indication.

/*** MODULEINFO
    <support_level>core</support_level>
 ***/
"""

from __future__ import annotations

from runtime.api.channel import Channel
from runtime.api.module import ModuleInfo
from runtime.api.pbx import application
from runtime.dialplan import sounds

MODULE = ModuleInfo("PlayTones and StopPlayTones: tones of an indication")


@application(
    "PlayTones",
    synopsis="Starts a tone.",
    syntax="PlayTones(tone)",
    arguments="tone - its name, such as dial or busy, or its frequencies: 350+440/500,0/500.",
    description="The call goes on at once.",
)
def play_tones(channel: Channel | None, data: str) -> int:
    """Start a tone."""
    if channel is None or not data.strip():
        return -1
    sounds.start_tone(channel, data.strip())
    return 0


@application("StopPlayTones", synopsis="Stops a tone.", syntax="StopPlayTones()")
def stop_play_tones(channel: Channel | None, _data: str) -> int:
    """Stop a tone."""
    if channel is None:
        return -1
    sounds.stop_tone(channel)
    return 0
