"""Numbers in text that somebody else wrote: decimal digits, within a range, never more than a machine word."""

from __future__ import annotations

MOST = 2**63 - 1
INT = 2**31 - 1
"""What fits into an ``int`` of C."""
_DIGITS = 20
"""Digits that are read: one more than ``MOST`` has, so that zeros before a number do no harm."""


def number(text: str, least: int = 0, most: int = MOST) -> int | None:
    """The whole number that a text writes in ASCII decimal digits, with a sign if ``least`` is below 0.

    Blanks around it are allowed, as everywhere in Asterisk's files.

    Returns:
        The number; None when the text is anything else, or the number is not from ``least`` to ``most``.
    """
    bare = text.strip(" \t")
    digits = bare[1:] if least < 0 and bare.startswith(("-", "+")) else bare
    if not (0 < len(digits) <= _DIGITS and digits.isascii() and digits.isdecimal()):
        return None
    found = int(bare)
    return found if least <= found <= most else None
