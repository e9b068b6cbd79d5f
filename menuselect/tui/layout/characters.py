"""The characters that a terminal has: those of its locale, and ASCII where that is not Unicode."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from menuselect.listing.styled_text import CUT

CONSOLES = ("linux", "vt", "screen.linux", "ansi", "cygwin")
"""Prefixes of the names of terminals with 16 colours at most and a font of few characters, whatever the locale says."""

_LINES = {
    CUT: "~",
    "\u2500\u2501\u2550\u2581\u2594\u25ac": "-",
    "\u2502\u2503\u2551\u258f\u2595": "|",
    "\u250c\u2510\u2514\u2518\u256d\u256e\u256f\u2570\u251c\u2524\u252c\u2534\u253c": "+",
    "\u2580\u2582\u2583\u2584\u2585\u2586\u2587\u2588\u2589\u258a\u258b\u258c\u258d\u258e\u2590": "#",
    "\u2018\u2019": "'",
    "\u201c\u201d": '"',
    "\u2010\u2011\u2012\u2013\u2014": "-",
    "\u2022\u00b7": "*",
    "\u00a0": " ",
}
"""What is shown in ASCII for characters that the menu draws, and for punctuation of descriptions."""

_TABLE = {ord(letter): shown for letters, shown in _LINES.items() for letter in letters}


def is_ascii(environ: Mapping[str, str]) -> bool:
    """Whether a terminal shows ASCII only: by the locale of its programs, or by its name."""
    if environ.get("TERM", "").startswith(CONSOLES):
        return True
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    return "utf8" not in named.lower().replace("-", "")


def ascii_text(text: str) -> str:
    """A text in ASCII, with as many columns: lines and marks as such, letters without accents, else ``?``."""
    if text.isascii():
        return text
    return "".join(letter if letter.isascii() else _ascii(letter) for letter in text)


def _ascii(letter: str) -> str:
    if found := _TABLE.get(ord(letter)):
        return found
    if unicodedata.combining(letter):
        return ""
    base = unicodedata.normalize("NFKD", letter)[0]
    wide = unicodedata.east_asian_width(letter) in "WF"
    return base if base.isascii() and not wide else "??" if wide else "?"
