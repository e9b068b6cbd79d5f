"""The language of the filter box, which filters the members of all categories."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from asterism.values import dataclass

STATES = {
    "on": "members that are on",
    "off": "members that are off",
    "changed": "members that differ from the saved file",
    "missing": "members that cannot be on: something is missing or in conflict",
}
"""Words that filter by state, and their descriptions."""

FIELDS = {
    "level": "members of a support level, such as level:core",
    "needs": "members that depend on or can use something, such as needs:curl",
    "in": "members of a category, such as in:codec",
    "conflicts": "members that conflict with something",
}
"""Words before a colon that filter by property, and their descriptions."""

_TERM = re.compile(r'(?P<negated>!?)(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S+))')

Span = tuple[int, int]
"""The start and end of a part of a text, in characters."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The data of a member that the filter uses; all texts are lower case."""

    name: str
    title: str
    level: str
    needs: str
    """Names of the dependencies and uses, one per line."""
    category: str
    conflicts: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the filter."""

    kind: str
    """``word``, ``fuzzy``, ``state`` or a name of :data:`FIELDS`."""
    text: str
    negated: bool = False


def parse(text: str) -> tuple[Term, ...]:
    """``query = { ["!"] ( '"' text '"' | "~" letters | state | field ":" text | word ) }``, without regard to case.

    Every text is valid: a word that is not a filter is searched for, so that a half-typed query gives a result.
    """
    terms = (_term(match) for match in _TERM.finditer(text.lower()))
    return tuple(term for term in terms if term.text)


def _term(match: re.Match[str]) -> Term:
    negated = bool(match["negated"])
    if match["quoted"] is not None:
        return Term("word", match["quoted"], negated)
    word = match["bare"].removeprefix("!")
    if word in STATES:
        return Term("state", word, negated)
    field, colon, value = word.partition(":")
    if colon and field in FIELDS:
        return Term(field, value, negated)
    if word.startswith("~"):
        return Term("fuzzy", word[1:], negated)
    return Term("word", word, negated)


def _fuzzy(letters: str, text: str) -> list[Span]:
    """The positions of letters that occur in ``text`` in this order; empty if they do not."""
    spans: list[Span] = []
    at = 0
    for letter in letters:
        at = text.find(letter, at)
        if at < 0:
            return []
        spans.append((at, at + 1))
        at += 1
    return spans


_HOLDS: dict[str, Callable[[Term, Subject], bool]] = {
    "word": lambda term, subject: term.text in subject.name or term.text in subject.title,
    "fuzzy": lambda term, subject: bool(_fuzzy(term.text, subject.name)),
    "level": lambda term, subject: subject.level.startswith(term.text),
    "needs": lambda term, subject: term.text in subject.needs,
    "in": lambda term, subject: term.text in subject.category,
    "conflicts": lambda term, subject: term.text in subject.conflicts,
}


def holds(terms: Iterable[Term], subject: Subject, is_in: Callable[[str], bool]) -> bool:
    """Whether every term matches a member.

    Args:
        terms: the result of :func:`parse`.
        subject: the member.
        is_in: returns whether the member is in one of :data:`STATES`.
    """
    for term in terms:
        found = is_in(term.text) if term.kind == "state" else _HOLDS[term.kind](term, subject)
        if found == term.negated:
            return False
    return True


def marked(terms: Iterable[Term], text: str) -> list[Span]:
    """The parts of a shown name or title that the words of a filter match, in order and without overlap."""
    low = text.lower()
    if len(low) != len(text):  # lower-casing changed the length, so positions would differ
        return []
    spans: list[Span] = []
    for term in terms:
        if term.negated:
            continue
        if term.kind == "word":
            spans += [(found.start(), found.end()) for found in re.finditer(re.escape(term.text), low)]
        elif term.kind == "fuzzy":
            spans += _fuzzy(term.text, low)
    return _joined(spans)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
