"""The parts of a source that a version of Asterisk does not see: arms of ``#if`` that ask for another version."""

from __future__ import annotations

import re

from asterism.branches.header_branch import version_number

_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b((?:\\\r?\n|[^\n])*)", re.MULTILINE)
_COMMENT = re.compile(rb"/\*.*?\*/|//.*", re.DOTALL)
_TEST = re.compile(
    r"(?P<macro>ASTERISK_VERSION_NUM(?:BER)?|ASTERISK_VERSION_GROUP)\s*(?P<how>>=|<=|==|!=|>|<)\s*(?P<number>\d+)"
)
_HOW = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


def _group_of(branch: str) -> int:
    """The value of ``ASTERISK_VERSION_GROUP`` in a branch: 108 for 1.8, 111 for 11."""
    number = version_number(branch)
    return number // 100 if number < 20000 else 100 + number // 10000


def hidden(text: bytes, branch: str) -> list[tuple[int, int]]:
    """The regions that a compiler for a branch leaves out because of its version, or of ``#if 0``."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[int, bool | None, bool]] = []  # where the arm begins, what its condition says, whether one held
    for match in _DIRECTIVE.finditer(text):
        word = match[1].decode()
        if word.startswith("if"):
            said = _said(word, match[2], branch)
            stack.append((match.end(), said, said is True))
        elif stack:
            begin, said, held = stack.pop()
            if said is False:
                found.append((begin, match.start()))
            if word != "endif":
                now = _arm(word, match[2], branch, said, held)
                stack.append((match.end(), now, held or now is True))
    return found


def _arm(word: str, condition: bytes, branch: str, before: bool | None, held: bool) -> bool | None:
    """Whether the arm of an ``#elif`` or ``#else`` is seen; None when that is not known."""
    if held:
        return False
    if word == "elif":
        return _said("if", condition, branch) if before is False else None
    return None if before is None else not before


def _said(word: str, condition: bytes, branch: str) -> bool | None:
    if word != "if":
        return None
    words = _COMMENT.sub(b" ", condition).decode("latin-1").strip()
    if words in ("0", "1"):
        return words == "1"
    parts = [_TEST.fullmatch(part.strip().strip("()").strip()) for part in re.split(r"&&", words)]
    if not words or not all(parts):
        return None
    return all(_holds(part, branch) for part in parts if part)


def _holds(test: re.Match[str], branch: str) -> bool:
    value = _group_of(branch) if test["macro"].endswith("GROUP") else version_number(branch)
    return bool(_HOW[test["how"]](value, int(test["number"])))


def is_in(at: int, places: list[tuple[int, int]]) -> bool:
    """Whether a place is in one of several regions."""
    return any(start <= at < end for start, end in places)
