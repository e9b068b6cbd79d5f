"""``${...}`` and ``$[...]`` in a text: variables, functions and expressions replaced by their values.

Mirrors ``ast_str_substitute_variables_full2`` of main/pbx_variables.c.  Offsets and lengths count bytes
of UTF-8, as there.
"""

from __future__ import annotations

import threading

from asterism.light.patterns import pattern
from asterism.light.types import Protocol

MOST_NESTING = 50
"""Substitutions inside substitutions, functions that substitute included, before one is refused."""

_RANGE = pattern(r"\s*([-+]?\d{1,18})(?::\s*([-+]?\d{1,18}))?")
_nesting = threading.local()


class ValueSource(Protocol):
    """Where values come from."""

    def variable(self, name: str) -> str | None:
        """The value of a variable, or None when it is not set."""

    def call(self, name: str, arguments: str) -> str | None:
        """The value of a dialplan function, or None when it has none (it was reported)."""

    def warn(self, text: str) -> None:
        """Something is odd, but the substitution goes on."""


def substring(value: str, offset: int, length: int | None) -> str:
    """Part of a text, in bytes.

    Args:
        value: the text.
        offset: where it begins; a negative one counts from the end.
        length: how much of it; a negative one leaves that much off the end; None takes all.
    """
    data = value.encode("utf-8", "surrogateescape")
    begin = max(len(data) + offset, 0) if offset < 0 else offset
    rest = data[begin:]
    if length is not None:
        rest = rest[:length] if length >= 0 else rest[: max(len(rest) + length, 0)]
    return rest.decode("utf-8", "surrogateescape")


def split_call(text: str) -> tuple[str, str, bool]:
    """``NAME(arguments)`` as name, arguments and whether the closing parenthesis is there."""
    name, opened, rest = text.partition("(")
    if not opened:
        return text, "", True
    arguments, closed, _ = rest.rpartition(")")
    return (name, arguments, True) if closed else (name, rest, False)


def _split_range(text: str) -> tuple[str, int, int | None]:
    """``NAME:offset:length`` as name, offset and length; colons in parentheses do not count."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == ":" and not depth:
            found = _RANGE.match(text, index + 1)
            if found is None:
                return text[:index], 0, None
            return text[:index], int(found[1]), int(found[2]) if found[2] else None
    return text, 0, None


def _closing(text: str, start: int, opening: str, closing: str) -> int:
    """Index of the bracket that closes the one before ``start``; the length of the text when there is none."""
    depth = 1
    while (end := text.find(closing, start)) >= 0:
        depth += text.count(opening, start, end) - 1
        if not depth:
            return end
        start = end + 1
    return len(text)


def value_of(inner: str, scope: ValueSource) -> str:
    """The value of what stands between ``${`` and ``}``; empty when it has none (``pbx_retrieve_variable``)."""
    name, offset, length = _split_range(inner)
    if "(" in name:
        function, arguments, closed = split_call(name)
        if not closed:
            scope.warn(f"the closing parenthesis of '{name}' is missing")
        found = scope.call(function, arguments)
    else:
        found = scope.variable(name)
    return "" if found is None else substring(found, offset, length)


def substitute(text: str, scope: ValueSource) -> str:
    """The text with every ``${...}`` and ``$[...]`` replaced.

    What is not set becomes nothing.  A bracket that is not closed is reported and taken to the end.
    """
    if "$" not in text:
        return text
    depth: int = getattr(_nesting, "depth", 0)
    if depth >= MOST_NESTING:
        scope.warn(f"'{text[:60]}' is nested more than {MOST_NESTING} deep; it was left out")
        return ""
    _nesting.depth = depth + 1
    try:
        return "".join(_pieces(text, scope))
    finally:
        _nesting.depth = depth


def _evaluated(inner: str, scope: ValueSource) -> str:
    from runtime.dialplan.expression import evaluate  # 10 ms that only an expression should pay for

    return evaluate(inner, scope)


def _pieces(text: str, scope: ValueSource) -> list[str]:
    pieces: list[str] = []
    at = 0
    while (found := text.find("$", at)) >= 0:
        pieces.append(text[at:found])
        kind = text[found + 1 : found + 2]
        if kind not in ("{", "["):
            pieces.append("$")
            at = found + 1
            continue
        closing = "}" if kind == "{" else "]"
        end = _closing(text, found + 2, kind, closing)
        if end == len(text):
            scope.warn(f"the '{closing}' that closes '{text[found : found + 40]}' is missing")
        inner = substitute(text[found + 2 : end], scope)
        pieces.append(value_of(inner, scope) if kind == "{" else _evaluated(inner, scope))
        at = end + 1
    pieces.append(text[at:])
    return pieces
