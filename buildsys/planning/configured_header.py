"""The header that a repository's own configure makes: ``config.h``, by the habits of autoconf.

Its configure is never run here. What it has made is used as its Makefile would use it, with ``-DHAVE_CONFIG_H``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from asterism import files
from asterism.values import dataclass

INPUTS = ("configure.ac", "configure.in")
"""The files that autoconf makes a configure from."""
PREPARE = ("bootstrap", "bootstrap.sh", "autogen.sh")
"""Scripts that make a configure, by the names that repositories give them."""
_MACRO = re.compile(r"^[ \t]*A[CM]_CONFIG_HEADERS?\(\[?\s*(?P<path>[\w./-]+)", re.MULTILINE)
_USED = re.compile(r'\bHAVE_CONFIG_H\b|^[ \t]*#[ \t]*include[ \t]*[<"]config\.h[>"]', re.MULTILINE)
_SOURCES = (".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp")


@dataclass(frozen=True, slots=True)
class ConfiguredHeader:
    """A header that a repository's configure makes."""

    path: str
    """The path of the header, relative to the repository."""
    home: str
    """The directory of that configure, relative to the repository; empty for its top."""

    def is_made(self, top: Path) -> bool:
        """Whether that configure has been run."""
        return (top / self.path).is_file()

    def cure(self, top: Path) -> str:
        """The commands that make the header."""
        home = top / self.home
        script = next((name for name in PREPARE if (home / name).is_file()), "")
        before = "" if (home / "configure").is_file() else f"sh {script} && " if script else "autoreconf -i && "
        return f"run '{before}./configure' in {self.home or 'this directory'} with the options that its README names"


def find(top: Path, source: str) -> ConfiguredHeader | None:
    """The header that the configure nearest above a source makes; None without a configure that makes one."""
    for place in _above(source):
        for name in INPUTS:
            path = top / place / name
            match = _MACRO.search(files.text_or_empty(path)) if path.is_file() else None
            if match:
                return ConfiguredHeader(os.path.normpath(os.path.join(place, match["path"])), place)
    return None


def flags(top: Path, source: str) -> tuple[str, ...]:
    """The flags with which the repository's own Makefile would compile a source once its configure has been run."""
    header = find(top, source)
    if header is None or not header.is_made(top) or not is_used(top, source):
        return ()
    return ("-DHAVE_CONFIG_H", "-iquote", os.path.dirname(header.path) or ".")


def unmade(top: Path, source: str) -> ConfiguredHeader | None:
    """The header that a source needs and that the repository's configure has not made; None when nothing is missing."""
    header = find(top, source)
    return header if header and not header.is_made(top) and is_used(top, source) else None


def is_used(top: Path, source: str) -> bool:
    """Whether a source or a file beside it looks at the header."""
    place = (top / source).parent
    beside = [path for path in sorted(place.iterdir()) if path.suffix in _SOURCES] if place.is_dir() else []
    return any(_USED.search(files.text_or_empty(path)) for path in beside)


def _above(source: str) -> Iterator[str]:
    """The directory of a source and those above it, up to the top of the repository."""
    place = os.path.dirname(os.path.normpath(source))
    while place:
        yield place
        place = os.path.dirname(place)
    yield ""
