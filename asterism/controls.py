r"""Escape control characters in untrusted text, so that it cannot control a terminal or forge a line of a log.

A module logs text from the network; a variable, a file or a database row may contain any character. Text that goes
to a terminal or into a file of lines is escaped here: a character that controls a terminal, ends a line or changes
the direction of reading is written as ``\x1b`` or ``\u202e``. Tabs stay.
"""

from __future__ import annotations

_CONTROLS = frozenset(
    chr(code)
    for first, last in (
        (0x00, 0x1F),  # C0: escape sequences, backspaces, bells
        (0x7F, 0x9F),  # DEL and C1: the sequences of eight-bit terminals
        (0x2028, 0x2029),  # line and paragraph separators
        (0x202A, 0x202E),  # embeddings and overrides of the text direction
        (0x2066, 0x2069),  # isolates of the text direction
        (0xDC80, 0xDC9F),  # C1 bytes that are not part of UTF-8, as ``surrogateescape`` reads them
    )
    for code in range(first, last + 1)
) - {"\t"}


def escaped(text: str) -> str:
    """A text in one line, with control characters and line ends escaped."""
    if text.isprintable():  # true for nearly every text, and the fastest test
        return text
    return "".join(map(_shown, text))


def escaped_lines(text: str) -> str:
    """A text of several lines, with control characters escaped and line feeds kept."""
    if text.isprintable():
        return text
    return "\n".join(map(escaped, text.split("\n")))


def _shown(char: str) -> str:
    code = ord(char)
    if char in _CONTROLS or _is_lone(code):
        byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
        return f"\\x{byte:02x}" if byte < 0x100 else f"\\u{byte:04x}"
    return char


def _is_lone(code: int) -> bool:
    """Whether a code is a surrogate without a UTF-8 form and not one that stands for a byte outside of UTF-8."""
    return 0xD800 <= code <= 0xDFFF and not 0xDC80 <= code <= 0xDCFF
