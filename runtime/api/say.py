"""asterisk/say.h: what is said as sounds one after the other.

The pointers of the header are in runtime/native/media/say.c; they lead here as long as no module has set them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from asterism.values import TYPE_CHECKING
from runtime.api import bound, encode, text
from runtime.api.channel import find
from runtime.api.export import exported, hook
from runtime.api.file import is_readable, outcome
from runtime.api.localtime import zoned
from runtime.dialplan import sounds, spoken

if TYPE_CHECKING:
    from typing import Any

_TEXT_KINDS: dict[str, Callable[[str, int], spoken.Names]] = {
    "digit": lambda said, _: spoken.digits(said),
    "character": lambda said, case: spoken.characters(said, spoken.Case(case)),
    "phonetic": lambda said, _: spoken.phonetic(said),
    "money": lambda said, _: spoken.money(said),
}
_NUMBER_KINDS: dict[str, Callable[[int], spoken.Names]] = {"number": spoken.number, "ordinal": spoken.ordinal}


def _say(chan: Any, names: spoken.Names, ints: Any, ctrlfd: int = -1) -> int:
    if is_readable(ctrlfd):
        return 1
    channel = find(chan).channel
    return outcome(channel, sounds.play_all(channel, names, text(ints)))


def _of_text(kind: Any, said: Any, case: int) -> spoken.Names:
    return _TEXT_KINDS[text(kind)](text(said), case)


@hook(
    "int asterism_say_text(struct ast_channel *chan, const char *kind, const char *text, int sensitivity, "
    "const char *ints, int ctrlfd)",
    failure=-1,
)
def say_text(chan: Any, kind: Any, said: Any, sensitivity: int, ints: Any, ctrlfd: int) -> int:
    """Say a text as ``digit``, ``character``, ``phonetic`` or ``money``."""
    return _say(chan, _of_text(kind, said, sensitivity), ints, ctrlfd)


@hook(
    "int asterism_say_number(struct ast_channel *chan, const char *kind, int num, const char *ints, int ctrlfd)",
    failure=-1,
)
def say_number(chan: Any, kind: Any, num: int, ints: Any, ctrlfd: int) -> int:
    """Say a number as ``number`` or ``ordinal``."""
    return _say(chan, _NUMBER_KINDS[text(kind)](num), ints, ctrlfd)


@hook(
    "int asterism_say_time(struct ast_channel *chan, const char *kind, double seconds, const char *ints, "
    "const char *format, const char *zone)",
    failure=-1,
)
def say_time(chan: Any, kind: Any, seconds: float, ints: Any, layout: Any, zone: Any) -> int:
    """Say a moment as ``date``, ``time``, ``datetime``, ``from now`` or in a ``format``."""
    now = time.time()
    day, today = zoned(seconds, text(zone)), zoned(now, text(zone))
    midnight = now - (today.tm_hour * 3600 + today.tm_min * 60 + today.tm_sec)
    names = {
        "date": lambda: spoken.date(day),
        "time": lambda: spoken.clock(day),
        "datetime": lambda: spoken.date_and_clock(day),
        "from now": lambda: spoken.from_now(day, today),
        "format": lambda: spoken.formatted(day, text(layout) or spoken.USUAL_FORMAT, midnight, seconds),
    }[text(kind)]()
    return _say(chan, names, ints)


def _string(names: spoken.Names) -> Any:
    binding = bound()
    string = binding.ffi.new("struct ast_str **", binding.lib.asterism_str_new(64))
    if string[0]:
        data = encode("&".join(names))
        binding.lib.asterism_str_set(string, 0, data, len(data))
    return string[0]


@exported(
    "struct ast_str *ast_get_character_str(const char *str, const char *lang, "
    "enum ast_say_case_sensitivity sensitivity)"
)
def ast_get_character_str(string: Any, _lang: Any, sensitivity: int) -> Any:
    """The sounds of a text letter by letter."""
    return _string(spoken.characters(text(string), spoken.Case(sensitivity)))


@exported("struct ast_str *ast_get_phonetic_str(const char *str, const char *lang)")
def ast_get_phonetic_str(string: Any, _lang: Any) -> Any:
    """The sounds of a text in the words of radio operators."""
    return _string(spoken.phonetic(text(string)))


@exported("struct ast_str *ast_get_digit_str(const char *str, const char *lang)")
def ast_get_digit_str(string: Any, _lang: Any) -> Any:
    """The sounds of a text digit by digit."""
    return _string(spoken.digits(text(string)))


@exported("struct ast_str *ast_get_money_str(const char *str, const char *lang)")
def ast_get_money_str(string: Any, _lang: Any) -> Any:
    """The sounds of an amount; NULL for an empty text, as in Asterisk."""
    return _string(spoken.money(text(string))) if text(string) else bound().ffi.NULL


@exported("struct ast_str *ast_get_number_str(int num, const char *lang)")
def ast_get_number_str(num: int, _lang: Any) -> Any:
    """The sounds of a number."""
    return _string(spoken.number(num))


@exported("struct ast_str *ast_get_ordinal_str(int num, const char *lang)")
def ast_get_ordinal_str(num: int, _lang: Any) -> Any:
    """The sounds of a place in an order."""
    return _string(spoken.ordinal(num))
