"""What is said as names of sound files, in English: ``12`` is ``digits/12``, ``a`` is ``letters/a`` (main/say.c).

Functions that only name sounds are pure; :mod:`runtime.dialplan.sounds` plays them on a channel.
"""

from __future__ import annotations

import enum
import re
import time

from asterism.light.patterns import pattern

Names = tuple[str, ...]
"""Names of sound files, in the order in which they are heard."""

_FIGURES = "0123456789"
_SIGNS = {
    "*": "digits/star",
    "#": "digits/pound",
    "!": "letters/exclaimation-point",  # as the files of Asterisk spell it
    "@": "letters/at",
    "$": "letters/dollar",
    "-": "letters/dash",
    ".": "letters/dot",
    "=": "letters/equals",
    "+": "letters/plus",
    "/": "letters/slash",
    " ": "letters/space",
    **{digit: f"digits/{digit}" for digit in _FIGURES},
}
_DIGITS = {sign: name for sign, name in _SIGNS.items() if sign in _FIGURES + "*#"} | {"-": "digits/minus"}
_POWERS = ((1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand"), (100, "hundred"))


class Case(enum.IntEnum):
    """Which letters are said with their case (``enum ast_say_case_sensitivity``)."""

    NONE = 0
    LOWER = 1
    UPPER = 2
    ALL = 3


def digits(text: str) -> Names:
    """A text digit by digit; what is neither a digit nor ``*``, ``#`` or ``-`` is not heard (``ast_say_digit_str``)."""
    return tuple(_DIGITS[sign] for sign in text if sign in _DIGITS)


def characters(text: str, case: Case = Case.NONE) -> Names:
    """A text letter by letter (``ast_say_character_str``)."""
    return tuple(name for sign in text for name in _character(sign, case))


def _character(sign: str, case: Case) -> Names:
    if sign in _SIGNS:
        return (_SIGNS[sign],)
    if not (sign.isascii() and sign.isalpha()):
        return (f"letters/ascii{ord(sign)}",) if sign.isascii() else ()
    told = {True: Case.UPPER, False: Case.LOWER}[sign.isupper()]
    before = ("uppercase" if sign.isupper() else "lowercase",) if case in (told, Case.ALL) else ()
    return (*before, f"letters/{sign.lower()}")


def phonetic(text: str) -> Names:
    """A text in the words of radio operators: ``a`` is ``phonetic/a_p`` (``ast_say_phonetic_str``)."""
    named = dict(_SIGNS) | {"9": "phonetic/9_p"}
    return tuple(
        named.get(sign, f"phonetic/{sign.lower()}_p")
        for sign in text
        if sign in named or (sign.isascii() and sign.isalpha())
    )


def number(value: int) -> Names:
    """A whole number (``ast_say_number``): 121 is ``digits/1 digits/hundred digits/20 digits/1``."""
    if value < 0:
        return ("digits/minus", *number(-value))
    return _positive(value) or ("digits/0",)


def _positive(value: int) -> Names:
    if value < 20:
        return (f"digits/{value}",) if value else ()
    if value < 100:
        return (f"digits/{value // 10 * 10}", *_positive(value % 10))
    size, name = next(entry for entry in _POWERS if value >= entry[0])
    return (*_positive(value // size), f"digits/{name}", *_positive(value % size))


def ordinal(value: int) -> Names:
    """A place in an order (``ast_say_enumeration``): 21 is ``digits/20 digits/h-1``."""
    if value < 0:
        return ("digits/minus", *ordinal(-value))
    names = _positive(value)
    last = names[-1].replace("digits/", "digits/h-") if names else ""
    bare = names[1:-1] if names[:1] == ("digits/1",) and len(names) == 2 else names[:-1]  # "hundredth"
    return (*bare, last) if names else ()


_UNIT_OF_CENTS = {True: "cent", False: "cents"}
_AMOUNT = pattern(r"\s*(-?\d{0,9})(?:\.(\d{1,2}))?", re.ASCII)


def money(text: str) -> Names:
    """An amount of dollars and cents (``ast_say_money_str``); nothing for another text."""
    found = _AMOUNT.match(text)
    dollars, cents = (int(part or 0) for part in found.groups()) if found and found[1] != "-" else (0, 0)
    if not dollars and not cents:
        return ("digits/0", "cents") if text else ()
    ending = "letters/dollar_" if cents else "letters/dollar"
    whole = (*number(dollars), ending if dollars == 1 else "dollars") if dollars else ()
    joint = ("and",) if dollars and cents else ()
    part = (*number(cents), _UNIT_OF_CENTS[cents == 1]) if cents else ()
    return (*whole, *joint, *part)


# ---- dates and times ------------------------------------------------------------------------------------

USUAL_FORMAT = "ABdY 'digits/at' IMp"
_DAY = 86_400
_MONTH, _HALF_YEAR = 2_628_000, 15_768_000


def weekday(day: time.struct_time) -> Names:
    """The day of the week; 0 is Sunday."""
    return (f"digits/day-{(day.tm_wday + 1) % 7}",)


def month(day: time.struct_time) -> Names:
    """The month; 0 is January."""
    return (f"digits/mon-{day.tm_mon - 1}",)


def date(day: time.struct_time) -> Names:
    """A date (``ast_say_date``)."""
    return (*weekday(day), *month(day), *number(day.tm_mday), *number(day.tm_year))


def clock(day: time.struct_time) -> Names:
    """A time of day (``ast_say_time``)."""
    if day.tm_min > 9:
        minutes = number(day.tm_min)
    else:
        minutes = ("digits/oh", *number(day.tm_min)) if day.tm_min else ("digits/oclock",)
    return (*number(_hour(day)), *minutes, *_half(day))


def date_and_clock(day: time.struct_time) -> Names:
    """A date with a time of day (``ast_say_datetime``)."""
    return (*date(day)[: -len(number(day.tm_year))], *clock(day), *number(day.tm_year))


def from_now(day: time.struct_time, today: time.struct_time) -> Names:
    """A moment as far as it differs from now: a month and day, a weekday, or only a time of day."""
    distance = today.tm_yday - day.tm_yday
    if 0 <= distance <= 6:
        return (*(weekday(day) if distance else ()), *clock(day))
    return (*month(day), *number(day.tm_mday), *clock(day))


def _hour(day: time.struct_time) -> int:
    return day.tm_hour % 12 or 12


def _half(day: time.struct_time) -> Names:
    return ("digits/p-m",) if day.tm_hour > 11 else ("digits/a-m",)


def _minute(day: time.struct_time, even: str) -> Names:
    if not day.tm_min:
        return (even,)
    return ("digits/oh", *number(day.tm_min)) if day.tm_min < 10 else number(day.tm_min)


def _year(day: time.struct_time) -> Names:
    if day.tm_year > 1999:
        return number(day.tm_year)
    rest = day.tm_year - 1900
    if rest < 1:
        return ()
    return ("digits/19", *(("digits/oh",) if rest < 10 else ()), *number(rest))


def _hour_of_day(day: time.struct_time, sign: str) -> Names:
    zero = ("digits/oh",) if day.tm_hour < (10 if sign == "H" else 1) else ()
    return (*zero, *(number(day.tm_hour) if day.tm_hour else ()))


_PARTS = {
    **dict.fromkeys("Aa", lambda day, _: weekday(day)),
    **dict.fromkeys("Bbh", lambda day, _: month(day)),
    "m": lambda day, _: ordinal(day.tm_mon),
    **dict.fromkeys("de", lambda day, _: ordinal(day.tm_mday)),
    "Y": lambda day, _: _year(day),
    **dict.fromkeys("Il", lambda day, _: number(_hour(day))),
    **dict.fromkeys("Hk", _hour_of_day),
    "M": lambda day, _: _minute(day, "digits/oclock"),
    "N": lambda day, _: _minute(day, "digits/hundred"),
    **dict.fromkeys("Pp", lambda day, _: _half(day)),
    "S": lambda day, _: number(day.tm_sec),
}


def formatted(day: time.struct_time, layout: str, midnight: float, moment: float) -> Names:
    """A date in a format as voicemail.conf has them: ``ABdY 'digits/at' IMp`` (``ast_say_date_with_format``).

    Args:
        day: the date, in the zone in which it is said.
        layout: letters as in strftime, names of sounds in single quotes, ``Q`` and ``q`` for a date near today.
        midnight: when today began in that zone, in seconds since the epoch.
        moment: the date in seconds since the epoch.
    """
    names: list[str] = []
    for found in re.finditer(r"'([^']*)'?|(.)", layout, re.DOTALL):
        quoted, sign = found.groups()
        if sign is None:
            names.append(quoted)
        elif sign in "Qq":
            names += _near(day, moment - midnight, midnight, moment, sign)
        elif sign == "R":
            names += formatted(day, "HM", midnight, moment)
        elif sign == "T":
            names += formatted(day, "HMS", midnight, moment)
        elif sign in _PARTS:
            names += _PARTS[sign](day, sign)
    return tuple(names)


def _near(day: time.struct_time, distance: float, midnight: float, moment: float, sign: str) -> Names:
    """A date by its distance in seconds from the last midnight: today, tomorrow, a weekday, or more of the date."""
    if 0 < distance <= _DAY:
        return ("digits/today",) if sign == "Q" else ()
    if _DAY < distance <= 2 * _DAY:
        return ("digits/tomorrow",)
    if -_DAY < distance <= 0:
        return ("digits/yesterday",)
    size = abs(distance)
    layout = "A" if size <= 6 * _DAY else "ABd" if size <= _MONTH else "Bd" if size <= _HALF_YEAR else "BdY"
    return formatted(day, layout, midnight, moment)
