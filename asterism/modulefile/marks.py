"""Marks that Asterism's headers leave in a module's file, to be found without parsing the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism.light.patterns import pattern

BUILDOPTS_MARK = b"asterism-buildopts:"
"""The mark before the build options (``AST_MODULE_BUILDOPTS_`` of asterisk/module.h)."""

SOURCE_MARK = b"asterism-source:"
"""The mark before a source's name and version (``ASTERISK_FILE_VERSION`` of asterisk.h)."""

_SOURCE = pattern(re.escape(SOURCE_MARK) + rb"([^\0]*)\0")
_REVISION = pattern(rb"\$(?:Revision|Id)(?::[^$\0\n]*)?\$")
"""The keywords that the version control of Asterisk 13 and before expanded in each file."""


def buildopts_named(data: bytes) -> tuple[str, ...] | None:
    """The build options that a file names; None when it names none."""
    at = data.find(BUILDOPTS_MARK)
    if at < 0:
        return None
    end = data.find(b"\0", at)
    text = data[at + len(BUILDOPTS_MARK) : end if end >= 0 else len(data)].decode("utf-8", "replace")
    return tuple(text.replace(",", " ").split())


def sources_named(data: bytes) -> tuple[str, ...]:
    """The names and versions of a file's sources; files not compiled with Asterism's headers have versions only."""
    return tuple(dict.fromkeys(_sources(data)))


def _sources(data: bytes) -> Iterator[str]:
    tagged = [found.decode("utf-8", "replace").strip() for found in _SOURCE.findall(data)]
    yield from tagged
    if not tagged:
        yield from (found.decode("utf-8", "replace") for found in _REVISION.findall(data))
