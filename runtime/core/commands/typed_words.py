"""The words of a typed line, and the patterns of commands that they match.

The patterns are those of Asterisk (main/cli.c, ``word_match`` and ``find_cli``): a plain word stands for itself,
``{a|b}`` for one of several words, ``[a|b]`` for one of several or none, ``%`` for any word.
"""

from __future__ import annotations

from collections.abc import Sequence


def split(line: str) -> tuple[str, ...]:
    """The words of a line: double quotes keep blanks, a backslash keeps the next character (``parse_args``)."""
    return tuple(text for text, _ in tokens_of(line))


def tokens_of(line: str) -> list[tuple[str, int]]:
    """Each word of a line, with the offset at which it starts."""
    words: list[tuple[str, int]] = []
    current: list[str] = []
    start = -1
    quoted = escaped = False
    for index, char in enumerate(line):
        if not (quoted or escaped) and char.isspace():
            if start >= 0:
                words.append(("".join(current), start))
                current, start = [], -1
            continue
        if start < 0:
            start = index
        if escaped:
            current.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        else:
            current.append(char)
    if start >= 0:
        words.append(("".join(current), start))
    return words


def unquoted(text: str) -> str:
    """A piece of a line without its quotes and escaping backslashes, blanks unchanged."""
    out: list[str] = []
    escaped = False
    for char in text:
        if escaped:
            out.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char != '"':
            out.append(char)
    return "".join(out)


def is_optional(pattern: str) -> bool:
    """Whether a word of a pattern may be left out."""
    return pattern.startswith("[")


def _alternatives(pattern: str) -> list[str]:
    if pattern[:1] in "[{":
        return pattern.strip("[]{}").split("|")
    return [pattern]


def word_matches(word: str, pattern: str) -> bool:
    """Whether a typed word is one that a pattern stands for."""
    if pattern == "%":
        return bool(word)
    wanted = word.lower()
    return any(wanted == choice.lower() for choice in _alternatives(pattern))


def consumed(words: Sequence[str], patterns: Sequence[str]) -> tuple[int, int]:
    """How many words and how many patterns match, from the left."""
    taken = position = 0
    while position < len(patterns):
        if taken < len(words) and word_matches(words[taken], patterns[position]):
            taken += 1
        elif not is_optional(patterns[position]):
            break
        position += 1
    return taken, position


def differs_in_last(words: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether words and patterns have the same number and differ at most in the last."""
    taken, position = consumed(words, patterns)
    if taken == len(words):
        return all(map(is_optional, patterns[position:]))
    return taken == len(words) - 1 and position == len(patterns) - 1


def beginning_with(word: str, pattern: str) -> list[str]:
    """The words of a pattern that begin with ``word``; ``%`` has none."""
    start = word.lower()
    return [choice for choice in _alternatives(pattern) if choice != "%" and choice.lower().startswith(start)]
