"""What menuselect-tree takes of a source: the description, the lines of MODULEINFO blocks and of a MAKEOPTS block.

The bytes are those of the Makefiles, which use grep, awk and cut, faults included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

C, CXX, PYTHON = ".c", ".cc", ".py"
_NAME = b"MODULEINFO"
_OPENING = re.compile(rb"/\*\*\* +MODULEINFO")
_CLOSING = b"***/"
_LEVEL = b"<support_level>"
_MAKEOPTS = b"/*** MAKEOPTS"
_INFO = b"AST_MODULE_INFO"


def lines_of_all(contents: list[bytes]) -> Iterator[bytes]:
    """The lines of the MODULEINFO blocks of several sources of one module; only the first level counts."""
    level_seen = [False]
    for data in contents:
        yield from lines_of(data, level_seen)
        # A level counts anywhere, even outside a block.
        level_seen[0] = level_seen[0] or _LEVEL in data


def lines_of(data: bytes, level_seen: list[bool]) -> Iterator[bytes]:
    """The lines of the MODULEINFO blocks of a source, all levels but the first left out (``get_moduleinfo``).

    Args:
        data: the source.
        level_seen: one item, whether a level was seen before; set when one is found.
    """
    at = 0
    while True:
        at = data.find(_NAME, at)
        if at < 0:
            return
        line = data.rfind(b"\n", 0, at) + 1
        opening = _OPENING.search(data, line, at + len(_NAME))
        at = _line_end(data, at)
        if opening is None:
            continue
        while at < len(data):
            end = _line_end(data, at)
            text = data[at:end]
            at = end
            if _LEVEL in text:
                if level_seen[0]:
                    continue
                level_seen[0] = True
            if _CLOSING in text:
                break
            yield text if text.endswith(b"\n") else text + b"\n"


def _line_end(data: bytes, at: int) -> int:
    return data.find(b"\n", at) + 1 or len(data)


def own_options(data: bytes) -> Iterator[bytes]:
    """The lines of the first MAKEOPTS block of a source (``get_makeopts``)."""
    at = data.find(_MAKEOPTS)
    if at < 0:
        return
    start = _line_end(data, at)
    closing = data.find(_CLOSING, start)
    end = data.rfind(b"\n", 0, closing) + 1 if closing >= 0 else len(data)
    text = data[start:end]
    if text:
        yield text if text.endswith(b"\n") else text + b"\n"


def description(data: bytes, suffix: str = C, *, clean: bool = False) -> bytes:
    """The description of a module in its source.

    Args:
        data: the source.
        suffix: ``.py`` for a Python module.
        clean: take the first string of the macro's call, on any line, escaped for XML; otherwise take
            the result of grep and cut on the first line that holds the macro's name.
    """
    if suffix == PYTHON:
        return escaped(_python_description(data))
    if clean:
        return escaped(_macro_description(data))
    at = data.find(_INFO)
    if at < 0:
        return b""
    line = data[data.rfind(b"\n", 0, at) + 1 : _line_end(data, at)].rstrip(b"\n")
    parts = line.split(b'"')
    return parts[1] if len(parts) > 1 else line


_CALL = re.compile(rb"^[ \t]*AST_MODULE_INFO\w*\s*\(", re.MULTILINE)
_STRINGS = re.compile(rb'"((?:[^"\\\n]|\\.)*)"(?:\s*"((?:[^"\\\n]|\\.)*)")*')
_STRING = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')


def _macro_description(data: bytes) -> bytes:
    start = data.find(_INFO)
    call = _CALL.search(data, data.rfind(b"\n", 0, start) + 1) if start >= 0 else None
    if call is None:
        return description(data)
    end = data.find(b";", call.end())
    strings = _STRINGS.search(data, call.end(), end if end >= 0 else len(data))
    return _unescaped(b"".join(_STRING.findall(strings[0]))) if strings else b""


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text)


_PYTHON_CALL = re.compile(rb"^MODULE\b[^=\n]*=\s*(?:\w+\.)*ModuleInfo\s*\(", re.MULTILINE)


_PYTHON_TEXT = re.compile(rb"""(?:\A|[(,]\s*description\s*=)\s*[rRuU]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")


def _python_description(data: bytes) -> bytes:
    """The first argument of ``MODULE = ModuleInfo("...")``, or its argument ``description``."""
    call = _PYTHON_CALL.search(data)
    text = _PYTHON_TEXT.search(data[call.end() : call.end() + 2000]) if call else None
    return _unescaped(text[1][1:-1]) if text else b""


def escaped(text: bytes) -> bytes:
    """A text as the value of an attribute in XML."""
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b'"', b"&quot;")
