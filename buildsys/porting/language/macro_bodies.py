"""The bodies of macros as code, which the parser of a source does not look into."""

from __future__ import annotations

import functools
import re

from buildsys.porting.language import syntax
from buildsys.porting.language.syntax import Source

_LINE = re.compile(rb"[^\n]")
_CONTINUED = re.compile(rb"\\\r?\n")
_BEFORE, _AFTER = b"int _(){", b";}"
"""What makes a function of a body; ``#define X`` has room for one, the line end and the next byte for the other."""


@functools.lru_cache(maxsize=4)
def read(text: bytes) -> Source:
    """The bodies of a source's macros, each as the body of a function; places are those of the source."""
    made = bytearray(_LINE.sub(b" ", text) + b"  ")  # room after a macro in the last line
    for node in syntax.read(text).of_kind("preproc_arg"):
        start, end = node.start_byte, node.end_byte
        if start >= len(_BEFORE):
            made[start - len(_BEFORE) : start] = _BEFORE
            made[start:end] = _CONTINUED.sub(lambda match: b" " * len(match[0]), text[start:end])
            made[end : end + len(_AFTER)] = _AFTER
    root = syntax.parse(bytes(made).translate(syntax.NOT_ASCII))
    return Source(text, root, 0)


def is_broken(source: Source, start: int, end: int) -> bool:
    """Whether a part of a body goes over a line end, whose backslash a replacement would lose."""
    return bool(_CONTINUED.search(source.text, start, end))
