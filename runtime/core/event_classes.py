"""Classes of events and of permissions (``EVENT_FLAG_*``): their names in manager.conf, their bits in C."""

from __future__ import annotations

from asterism.numbers import number
from runtime.conf.conf_values import FALSE_WORDS, TRUE_WORDS

_IN_ORDER = (
    *("system", "call", "log", "verbose", "command", "agent", "user", "config", "dtmf", "reporting", "cdr"),
    *("dialplan", "originate", "agi", "hookresponse", "cc", "aoc", "test", "security"),
)
CLASSES = {name: 1 << bit for bit, name in enumerate(_IN_ORDER)} | {"message": 1 << 30}
"""The bit of each class, by name, in Asterisk's order."""
HOOKRESPONSE = CLASSES.pop("hookresponse")
"""The class of answers to manager hooks; no account has it."""

SYSTEM = CLASSES["system"]
COMMAND = CLASSES["command"]
USER = CLASSES["user"]
CONFIG = CLASSES["config"]
REPORTING = CLASSES["reporting"]
CALL = CLASSES["call"]
ALL = 0x7FFFFFFF
"""The mask of ``all`` in manager.conf."""
_NAMED = CLASSES | {"all": ALL}


def _listed(names: list[str]) -> str:
    return ",".join(names) or "<none>"


def names_of(mask: int) -> str:
    """The classes of an event or an action: ``system,call,all``; ``<none>`` for no class (``authority_to_str``).

    ``all`` shares a bit with every class, so Asterisk writes it at the end of each list, and clients compare the text.
    """
    return _listed([name for name, bit in _NAMED.items() if mask & bit])


def rights_of(mask: int) -> str:
    """The classes of an account, with ``all`` only if it has every class (``user_authority_to_str``)."""
    return _listed([name for name, bit in _NAMED.items() if mask & bit == bit])


def mask_of(text: str) -> tuple[int, list[str]]:
    """The mask of a list of classes (``get_perm``), and its unknown words."""
    mask, unknown = 0, []
    for word in filter(None, (part.strip().lower() for part in text.split(","))):
        if word == "all":
            mask |= ALL
        elif word in CLASSES:
            mask |= CLASSES[word]
        elif word != "none":
            unknown.append(word)
    return mask, unknown


def event_mask(text: str) -> int | None:
    """The mask that ``EventMask`` or ``Events`` of a message means (``strings_to_mask``); None for an empty text.

    A number is the mask itself; ``off`` means no class, ``on`` all; anything else is a list of classes, whose unknown
    words are ignored.
    """
    word = text.strip().lower()
    if not word:
        return None
    mask = number(word)
    if mask is not None:
        return mask & ALL
    if word in FALSE_WORDS:
        return 0
    return ALL if word in TRUE_WORDS else mask_of(word)[0]
