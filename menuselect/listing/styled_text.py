"""Text for a narrow pane: pieces with a look and optionally a member as link, wrapped to a width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from asterism.values import dataclass, replace
from menuselect.model.menu import Member

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
CUT = "\u2026"
"""The mark at the end of a text that is cut."""

_WORDS = re.compile(r"\s*\S+|\s+")


def shown(text: str) -> str:
    """A text from a file, made safe for a terminal, on one line.

    Control characters, lone surrogates and marks that change the text direction become U+FFFD.
    """
    return _UNSHOWABLE.sub("\ufffd", re.sub(r"[\t\r\n]+", " ", text))


def fitted(text: str, width: int) -> str:
    """A text of at most ``width`` columns; a longer text is cut and marked; a character counts as one column."""
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + CUT


def shortened(name: str, width: int) -> str:
    """A name of at most ``width`` columns; a longer one loses its middle, so that beginning and end can be told."""
    if len(name) <= width:
        return name
    end = max(width - 1, 0) // 2
    return name[: max(width - 1 - end, 0)] + CUT + name[len(name) - end :]


def phrases(text: str, width: int) -> str:
    """A text of at most ``width`` columns, without the last of the phrases between its commas where it is too long."""
    while len(text) > width and "," in text:
        text = text.rpartition(",")[0]
    return text


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with one look."""

    text: str
    look: str = ""
    """``name``, ``label``, ``good``, ``bad``, ``faint``, ``key``, ``focus``, ``head`` or empty."""
    target: Member | None = None
    """The member that a name links to."""


Line = tuple[Piece, ...]


def plain(line: Iterable[Piece]) -> str:
    """The text of a line, without looks."""
    return "".join(piece.text for piece in line)


def longest(lines: Iterable[Line]) -> int:
    """The columns of the longest of some lines."""
    return max((len(plain(line)) for line in lines), default=0)


def wrapped(paragraphs: Iterable[Line], width: int, indent: int = 2) -> list[Line]:
    """Wrap paragraphs at blanks.

    Args:
        paragraphs: each becomes one or more lines.
        width: characters in a line, at least 1; longer words are cut.
        indent: the indentation of the second and later lines of a paragraph.
    """
    return [line for paragraph in paragraphs for line in _broken(paragraph, max(width, 1), min(indent, width // 2))]


def _broken(paragraph: Sequence[Piece], width: int, indent: int) -> Iterator[Line]:
    line: list[Piece] = []
    used = 0
    for first, *rest in _together(_words(paragraph, width - indent), width - indent):
        if line and used + len(plain((first, *rest)).rstrip()) > width:
            yield tuple(line)
            first = replace(first, text=first.text.lstrip())
            line, used = [Piece(" " * indent)] if indent else [], indent
        line += [first, *rest]
        used += len(plain((first, *rest)))
    yield tuple(line)


def _together(words: Iterable[Piece], longest: int) -> Iterator[list[Piece]]:
    """Group words without a blank between them, such as a name and a comma, up to the length of a line."""
    group: list[Piece] = []
    for word in words:
        parted = word.text[0].isspace() or plain(group)[-1:].isspace()
        if group and (parted or len(plain([*group, word]).lstrip()) > longest):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _words(paragraph: Iterable[Piece], longest: int) -> Iterator[Piece]:
    """Split a paragraph into words with their leading blanks, none longer than a line."""
    for piece in paragraph:
        for word in _WORDS.findall(shown(piece.text)):
            while len(word) > max(longest, 1):
                yield replace(piece, text=word[: max(longest, 1)])
                word = word[max(longest, 1) :]
            if word:
                yield replace(piece, text=word)
