"""Text for a narrow pane: pieces with a look and perhaps a member to go to, broken into lines of a width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from menuselect.model.menu import Member

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
CUT = "\u2026"
"""What stands in the last column of a text that goes on."""

_WORDS = re.compile(r"\s*\S+|\s+")


def shown(text: str) -> str:
    """A text from a file as a terminal may get it, on one line.

    Control characters, lone surrogates and marks that turn the direction of writing become U+FFFD.
    """
    return _UNSHOWABLE.sub("\ufffd", re.sub(r"[\t\r\n]+", " ", text))


def fitted(text: str, width: int) -> str:
    """A text in as many columns, with a mark at its end where it is cut; one letter is one column."""
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + CUT


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of one look."""

    text: str
    look: str = ""
    """``name``, ``label``, ``good``, ``bad``, ``faint`` or nothing."""
    target: Member | None = None
    """The member that this name is, where the pane can go."""


Line = tuple[Piece, ...]


def plain(line: Iterable[Piece]) -> str:
    """The text of a line alone."""
    return "".join(piece.text for piece in line)


def wrapped(paragraphs: Iterable[Line], width: int, indent: int = 2) -> list[Line]:
    """Paragraphs broken at blanks into lines.

    Args:
        paragraphs: each becomes one line or more.
        width: characters in a line, at least 1; longer words are cut.
        indent: how far the second and later lines of a paragraph stand in.
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
    """Words with no blank between them, such as a name and the comma behind it, as long as a line holds them."""
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
    """The paragraph as words, each with the blanks before it, none longer than a line; a name is one word."""
    for piece in paragraph:
        for word in _WORDS.findall(shown(piece.text)):
            while len(word) > max(longest, 1):
                yield replace(piece, text=word[: max(longest, 1)])
                word = word[max(longest, 1) :]
            if word:
                yield replace(piece, text=word)
