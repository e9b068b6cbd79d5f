"""Parse numbers in untrusted text: decimal digits, within a range, at most a machine word."""

from __future__ import annotations

MOST = 2**63 - 1
INT = 2**31 - 1
"""The largest value of a C ``int``."""
_DIGITS = 20
"""The most digits to read: one more than :data:`MOST` has, so that a leading zero is allowed."""


def number(text: str, least: int = 0, most: int = MOST) -> int | None:
    """Parse a whole number in ASCII decimal digits, with an optional sign if ``least`` is below 0.

    Blanks around it are allowed, as everywhere in Asterisk's files.

    Returns:
        The number; None when the text is not a number or the number is outside of the range.
    """
    bare = text.strip(" \t")
    digits = bare[1:] if least < 0 and bare.startswith(("-", "+")) else bare
    if not (0 < len(digits) <= _DIGITS and digits.isascii() and digits.isdecimal()):
        return None
    found = int(bare)
    return found if least <= found <= most else None
