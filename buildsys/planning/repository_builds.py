"""What only a repository's own build provides: headers that it makes, macros that it defines, patches to Asterisk.

Nothing of that build is run. Its files are read when a module does not compile, to name what is missing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from asterism import files
from asterism.values import dataclass
from menuselect.sources import module_files

_MAKEFILES = ("GNUmakefile", "Makefile", "makefile", "Makefile.am", "Makefile.in")
_OTHERS = (".cmake", ".mk", ".sh")
_PATCHES = (".patch", ".diff")
_VALUE = re.compile(r"[\w.,+-]+|\"[\w ./+-]*\"")
"""Values of macros that mean the same in asterism.toml as in a Makefile."""
_REFERENCE = re.compile(r"\$[({](\w+)[)}]")


@dataclass(frozen=True, slots=True)
class Found:
    """A line of a repository's own build that explains a failure."""

    where: str
    """The file, relative to the repository, and the line: ``src/Makefile:12``."""
    cure: str = ""
    """What to do, where that line says so."""
    flag: str = ""
    """The compiler flag that stands there; empty when it depends on more than that file."""


def maker(top: Path, name: str, near: str) -> Found | None:
    """The line of a repository's build that makes a header; None when none does.

    Args:
        top: the repository.
        name: the header, as it is included.
        near: the source that includes it; its directory is searched, and those above it.
    """
    base = re.escape(os.path.basename(name))
    rule = re.compile(rf"^(?:\S*/)?{base}(?:\s+\S+)*\s*:(?!=)", re.MULTILINE)
    made = re.compile(rf"\b(?:configure_file|file)\s*\([^)]*\b{base}\b|>+\s*\S*\b{base}\b", re.IGNORECASE)
    for path in _build_files(top, near):
        text = files.text_or_empty(top / path)
        found = rule.search(text) if os.path.basename(path).startswith(_MAKEFILES) else None
        if found:
            place = os.path.dirname(path) or "this directory"
            return Found(_at(path, text, found.start()), f"run 'make {os.path.basename(name)}' in {place}")
        if found := made.search(text):
            flag = 'cflags = "-IDIR" with the directory that it is made in'
            return Found(_at(path, text, found.start()), f"run that build once, and write {flag}")
    return None


def definition(top: Path, name: str, near: str) -> Found | None:
    """The line of a repository's build that defines a macro with ``-D``; None when none does."""
    flag = re.compile(rf"(?<!\S)-D{re.escape(name)}(?:=(?P<value>\S*))?(?!\S)")
    for path in _build_files(top, near):
        text = files.text_or_empty(top / path)
        for match in flag.finditer(text):
            if "#" not in text[text.rfind("\n", 0, match.start()) + 1 : match.start()]:
                value = _expanded(match["value"] or "", text)
                is_plain = not match["value"] or _VALUE.fullmatch(value)
                return Found(_at(path, text, match.start()), "", _flag(name, value) if is_plain else "")
    return None


def patch(top: Path, name: str) -> Found | None:
    """The line of a patch in a repository that adds a name or a header to Asterisk; None when none does."""
    added = re.compile(rf"^\+.*(?<![\w/]){re.escape(name)}\b|^\+\+\+ \S*/{re.escape(name)}(?=\s|$)", re.MULTILINE)
    for place in module_files.directories(top):
        for file in _names(top / place):
            if file.endswith(_PATCHES):
                path = os.path.join(place, file)
                text = files.text_or_empty(top / path)
                if found := added.search(text):
                    return Found(_at(path, text, found.start()))
    return None


def _flag(name: str, value: str) -> str:
    return f"-D{name}={value}" if value else f"-D{name}"


def _expanded(value: str, text: str) -> str:
    """The value of a macro, with variables that the same file sets to one word filled in."""

    def filled(reference: re.Match[str]) -> str:
        setting = rf"^[ \t]*{reference[1]}[ \t]*[?:]?=[ \t]*([^\s#$]+)[ \t]*$"
        found = re.findall(setting, text, re.MULTILINE)
        return found[-1] if len(found) == 1 else reference[0]

    return _REFERENCE.sub(filled, value)


def _build_files(top: Path, near: str) -> Iterator[str]:
    """The files of a repository's build in the directory of a source and those above it."""
    place = os.path.dirname(os.path.normpath(near))
    while True:
        names = _names(top / place)
        yield from (os.path.join(place, name) for name in (*_MAKEFILES, "CMakeLists.txt") if name in names)
        yield from (os.path.join(place, name) for name in names if name.endswith(_OTHERS))
        if not place:
            return
        place = os.path.dirname(place)


def _names(directory: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in directory.iterdir() if entry.is_file())
    except OSError:
        return []


def _at(path: str, text: str, start: int) -> str:
    return f"{path}:{text.count(chr(10), 0, start) + 1}"
