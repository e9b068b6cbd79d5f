r"""Control characters in text from elsewhere, written so that they drive no terminal and forge no line.

A module logs what strangers sent; a variable, a file or a database row may hold anything.  Whatever of it goes to a
terminal or into a file of lines passes through here first: a character that a terminal obeys, that ends a line, or
that turns the direction of reading is written as ``\x1b`` or ``\u202e``.  Tabs stay.
"""

from __future__ import annotations

_CONTROLS = frozenset(
    chr(code)
    for first, last in (
        (0x00, 0x1F),  # C0: escape sequences, backspaces, bells
        (0x7F, 0x9F),  # DEL and C1: the sequences of eight-bit terminals
        (0x2028, 0x2029),  # line and paragraph separators
        (0x202A, 0x202E),  # embeddings and overrides of the direction of reading
        (0x2066, 0x2069),  # isolates of that direction
        (0xDC80, 0xDC9F),  # C1 bytes that are not part of UTF-8, as ``surrogateescape`` reads them
    )
    for code in range(first, last + 1)
) - {"\t"}


def escaped(text: str) -> str:
    """A text of one line: control characters are escaped, line ends too."""
    if text.isprintable():  # nearly all there is, and the fastest question
        return text
    return "".join(map(_shown, text))


def escaped_lines(text: str) -> str:
    """A text of several lines: control characters are escaped, line feeds stay."""
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
    """Whether a code is a surrogate that no encoding has: all but those that stand for bytes which are not UTF-8."""
    return 0xD800 <= code <= 0xDFFF and not 0xDC80 <= code <= 0xDCFF
