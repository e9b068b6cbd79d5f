"""Keep old and new code side by side: each changed place between ``#if ASTERISK_VERSION_NUM`` and ``#endif``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence

from asterism.branches.header_branch import version_number
from asterism.values import dataclass

_QUIET = re.compile(rb"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
_OPENS, _CLOSES, _MIDDLE = (re.compile(rb"^[ \t]*#[ \t]*" + word) for word in (rb"if", rb"endif", rb"el(?:se|if)"))
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include\b", re.MULTILINE)
MACRO = "ASTERISK_VERSION_NUM"
"""The macro by which authors of modules tell versions apart; their builds define it."""


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines of the old text that become lines of the new one; ends are exclusive."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def both(old: bytes, new: bytes, since: Mapping[int, str], newest: str) -> bytes:
    """A text with the old code for old branches and the new code for new branches.

    Args:
        old: the source as it was.
        new: the source after its changes.
        since: for each changed line of the old text, from 1, the branch that asks for its change.
        newest: the branch to assume when a build does not define the macro.
    """
    if old == new:
        return old
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    eol = b"\r\n" if b"\r\n" in old else b"\n"
    made, at = [], 0
    for hunk in _hunks(before, after):
        made += before[at : hunk.old_start]
        made += _guarded(before, after, hunk, _threshold(hunk, since, newest), eol)
        at = hunk.old_end
    return _defined(b"".join([*made, *before[at:]]), newest, eol)


def _threshold(hunk: _Hunk, since: Mapping[int, str], newest: str) -> int:
    found = [version_number(branch) for line, branch in since.items() if hunk.old_start < line <= hunk.old_end + 1]
    return max(found, default=version_number(newest))


def _guarded(before: Sequence[bytes], after: Sequence[bytes], hunk: _Hunk, number: int, eol: bytes) -> Iterator[bytes]:
    old, new = before[hunk.old_start : hunk.old_end], after[hunk.new_start : hunk.new_end]
    macro = MACRO.encode()
    if new:
        yield b"#if %s >= %d" % (macro, number) + eol
        yield from _ended(new, eol)
        if old:
            yield b"#else" + eol
    else:
        yield b"#if %s < %d" % (macro, number) + eol
    yield from _ended(old, eol)
    yield b"#endif" + eol


def _ended(lines: Sequence[bytes], eol: bytes) -> Iterator[bytes]:
    yield from (line if line.endswith(b"\n") else line + eol for line in lines)


def _defined(text: bytes, newest: str, eol: bytes) -> bytes:
    """The text with a definition of the macro for builds that have none, before its first ``#include``."""
    macro = MACRO.encode()
    if b"#ifndef %s" % macro in text:
        return text
    match = _INCLUDE.search(text)
    at = _outside(text, match.start()) if match else 0
    number = b"%d" % version_number(newest)
    lines = (b"#ifndef " + macro, b"#define " + macro + b" " + number, b"#endif")
    return text[:at] + b"".join(line + eol for line in lines) + eol + text[at:]


def _outside(text: bytes, at: int) -> int:
    """The last place, at or before another one, that is outside of any condition."""
    depth, start, found = 0, 0, 0
    for line in text[:at].splitlines(keepends=True):
        if not depth and _OPENS.match(line):
            found = start
        depth += bool(_OPENS.match(line)) - bool(_CLOSES.match(line))
        start += len(line)
    return found if depth else at


# ---- which lines go together -----------------------------------------------------------------------------------------


def _hunks(before: Sequence[bytes], after: Sequence[bytes]) -> list[_Hunk]:
    """The changed places, each extended until it can stand between two directives."""
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    raw = [_Hunk(i, j, k, m) for tag, i, j, k, m in codes if tag != "equal"]
    free = _boundaries(before)
    merged: list[_Hunk] = []
    for hunk in raw:
        grown = _grown(hunk, before, free)
        if merged and grown.old_start < merged[-1].old_end:
            last = merged.pop()
            grown = _grown(_joined(last, grown), before, free)
        merged.append(grown)
    return merged


def _joined(one: _Hunk, other: _Hunk) -> _Hunk:
    return _Hunk(
        min(one.old_start, other.old_start),
        max(one.old_end, other.old_end),
        min(one.new_start, other.new_start),
        max(one.new_end, other.new_end),
    )


def _grown(hunk: _Hunk, before: Sequence[bytes], free: Sequence[bool]) -> _Hunk:
    """A hunk extended by unchanged lines until it holds whole statements and whole conditions."""
    above = below = 0
    while True:
        start, end = hunk.old_start - above, hunk.old_end + below
        if not free[start] and start > 0:
            above += 1
        elif not free[end] and end < len(before):
            below += 1
        elif not _is_whole(before[start:end]) and (start > 0 or end < len(before)):
            above, below = above + (start > 0), below + (end < len(before))
        else:
            return _Hunk(start, end, hunk.new_start - above, hunk.new_end + below)


def _is_whole(lines: Sequence[bytes]) -> bool:
    """Whether each condition that begins in some lines ends there."""
    depth = 0
    for line in lines:
        depth += bool(_OPENS.match(line)) - bool(_CLOSES.match(line))
        if depth < 0 or (not depth and _MIDDLE.match(line)):
            return False
    return not depth


def _boundaries(lines: Sequence[bytes]) -> list[bool]:
    """For each place between two lines, whether no parenthesis, comment or continued line goes across it."""
    text = _QUIET.sub(lambda match: re.sub(rb"[^\n]", b"\x01", match[0]), b"".join(lines))
    found, depth = [True], 0
    quiet = text.split(b"\n")
    for at in range(len(lines)):
        line = quiet[at] if at < len(quiet) else b""
        depth = max(0, depth + line.count(b"(") - line.count(b")"))
        is_comment = line.rstrip(b"\r").endswith(b"\x01") and at + 1 < len(quiet) and quiet[at + 1].startswith(b"\x01")
        found.append(not depth and not line.rstrip(b"\r").endswith(b"\\") and not is_comment)
    return found
