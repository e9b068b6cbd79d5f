"""asterisk/indications.h and asterisk/musiconhold.h: tones and music on the line of a channel."""

from __future__ import annotations

from asterism.values import TYPE_CHECKING
from runtime.api import text
from runtime.api.channel import find
from runtime.api.export import exported, hook
from runtime.dialplan import sounds

if TYPE_CHECKING:
    from typing import Any


@hook("int asterism_tone_start(struct ast_channel *chan, const char *tone)", failure=-1)
def tone_start(chan: Any, tone: Any) -> int:
    """Start a tone, by its name or its frequencies."""
    channel = find(chan).channel
    if channel.is_hung_up:
        return -1
    sounds.start_tone(channel, text(tone))
    return 0


@exported("void ast_playtones_stop(struct ast_channel *chan)")
def ast_playtones_stop(chan: Any) -> None:
    """Stop a tone."""
    sounds.stop_tone(find(chan).channel)


@exported("int ast_moh_start(struct ast_channel *chan, const char *mclass, const char *interpclass)", failure=-1)
def ast_moh_start(chan: Any, mclass: Any, interpclass: Any) -> int:
    """Start music of a class; by default that of the channel, then the suggested one."""
    channel = find(chan).channel
    sounds.start_music(channel, text(mclass) or channel.musicclass or text(interpclass))
    return 0


for _name in ("ast_moh_stop", "ast_moh_cleanup"):

    @exported(f"void {_name}(struct ast_channel *chan)")
    def _stop_music(chan: Any) -> None:
        """Stop music."""
        sounds.stop_music(find(chan).channel)
