"""Names of extensions and what they match: ``100``, ``_1XX``, ``_[2-4]N.``, ``_9!``.

::

    name    = plain | "_" { element }
    element = "X" (0-9) | "Z" (1-9) | "N" (2-9) | "[" { character | a "-" b } "]"
            | "." (one character or more) | "!" (none or more) | character

Small letters count as ``X``, ``Z`` and ``N`` too, and dashes outside a set mean nothing.  What matches, and which of
two patterns is asked first, is as in main/pbx.c (``_extension_match_core``, ``ext_cmp``).
"""

from __future__ import annotations

import functools

from asterism.light.types import NamedTuple

_DIGITS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}

# Weights of elements that are not sets; a set weighs 256 per character, so that all sets come before these.
_ANY, _REST, _END, _BROKEN = 0x18000, 0x28000, 0x30000, 0x40000


class Element(NamedTuple):
    """An element of a pattern; smaller elements are searched first."""

    weight: int
    """256 for each matching character, plus the lowest of them; or one of the special weights."""
    characters: tuple[str, ...] = ()
    """The matching characters, sorted."""

    def takes(self, character: str) -> bool:
        """Whether the element matches a character."""
        return character in self.characters


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern."""
    return name.startswith("_")


def undashed(text: str) -> str:
    """The name without dashes, which only improve readability."""
    return text.replace("-", "")


def _set(characters: str) -> Element:
    taken = tuple(sorted(set(characters)))
    return Element(len(taken) * 256 + ord(taken[0]), taken)


def _expanded(text: str) -> str:
    """The characters of a set: ``a-cx`` is ``abcx``; a dash at either end is literal."""
    found, at = [], 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            found += [chr(code) for code in range(ord(text[at]), ord(text[at + 2]) + 1)]
            at += 3
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


@functools.lru_cache(maxsize=4096)
def elements(pattern: str) -> tuple[Element, ...]:
    """The elements of a pattern without its underscore; an unclosed set ends it and matches nothing."""
    found: list[Element] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "[":
            end = pattern.find("]", at)
            if end < 0:
                return (*found, Element(_BROKEN))
            characters = _expanded(pattern[at:end])
            found += [_set(characters)] if characters else []
            at = end + 1
        elif char in ".!":
            found.append(Element(_ANY if char == "." else _REST))
        elif char != "-":
            found.append(_set(_DIGITS.get(char.upper(), char)))
    return (*found, Element(_END))


def is_broken(name: str) -> bool:
    """Whether a set of a pattern is not closed, so that the pattern matches nothing."""
    return is_pattern(name) and elements(name[1:])[-1].weight == _BROKEN


def matches(name: str, dialed: str) -> bool:
    """Whether an extension's name matches a dialed number (``ast_extension_match``).

    A pattern matches itself as well.
    """
    if not is_pattern(name):
        return undashed(name) == undashed(dialed)
    own = elements(name[1:])
    if is_pattern(dialed) and own == elements(dialed[1:]):
        return True
    rest = undashed(dialed)
    for position, element in enumerate(own):
        if element.weight == _REST:
            return True
        if element.weight == _ANY:
            return position < len(rest)
        if element.weight in (_END, _BROKEN):
            return element.weight == _END and position == len(rest)
        if position >= len(rest) or not element.takes(rest[position]):
            return False
    raise AssertionError("a pattern ends with an end")


def matches_more(name: str, dialed: str) -> bool:
    """Whether an extension's name matches a longer number that begins with the dialed digits.

    A pattern that ends with ``!`` needs no further digit (``ast_extension_match``, ``E_MATCHMORE``).
    """
    rest = undashed(dialed)
    if not is_pattern(name):
        return undashed(name).startswith(rest) and len(undashed(name)) > len(rest)
    for position, element in enumerate(elements(name[1:])):
        if element.weight == _ANY:
            return True
        if element.weight in (_REST, _END, _BROKEN):
            return False
        if position >= len(rest):
            return True
        if not element.takes(rest[position]):
            return False
    raise AssertionError("a pattern ends with an end")


def matches_caller(wanted: str | None, number: str) -> bool:
    """Whether an extension is for a caller: None matches all, an empty pattern callers without a number."""
    if wanted is None:
        return True
    return matches(wanted, number) if number and wanted else not (number or wanted)


Rank = tuple[bool, str, tuple[Element, ...]]


def rank(name: str) -> Rank:
    """The sort key of names in the order of search: plain names, then patterns, the closest first."""
    return (True, "", elements(name[1:])) if is_pattern(name) else (False, undashed(name), ())
