"""The checksum of the files that determine how a core is built, from pip's record of them or from the files."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from asterism import __version__, files

SOURCES = ("asterism/sources", "buildsys", "runtime/api", "runtime/bridge", "runtime/model", "runtime/native")
"""The directories of those files, below the directory that contains the packages of the program."""

_BELOW = tuple(f"{top}/" for top in SOURCES)


def digest(packages: Path) -> str:
    """SHA-256 over the names and contents of all files in :data:`SOURCES`, without byte code.

    The record of the installation has the checksum of each file: reading it takes 4 ms, reading the files 30 ms or
    more, at each start. A file that was changed after the installation is newer than the record; then the files are
    read.
    """
    return sha256("\n".join(_recorded(packages) or _read(packages)).encode()).hexdigest()


def _recorded(packages: Path) -> list[str]:
    """A line for each file, sorted, from the record of the installation; empty without a record that fits the files."""
    record = packages / f"asterism-{__version__}.dist-info/RECORD"
    lines = sorted(filter(_counts, files.text_or_empty(record).splitlines()))
    try:
        written = os.stat(record).st_mtime_ns
        # A path is made as text here: pathlib takes four times as long.
        newest = max((os.stat(f"{packages}/{line.partition(',')[0]}").st_mtime_ns for line in lines), default=0)
    except OSError:
        return []
    return lines if newest <= written else []


def _counts(name: str) -> bool:
    return name.startswith(_BELOW) and "/__pycache__/" not in name


def _read(packages: Path) -> list[str]:
    return sorted(_line(packages, name) for name in _names(packages) if _counts(name))


def _names(packages: Path) -> Iterator[str]:
    for top in SOURCES:
        yield from (path.relative_to(packages).as_posix() for path in (packages / top).rglob("*") if path.is_file())


def _line(packages: Path, name: str) -> str:
    """The line of a file as in a record (Python's packaging specification of installed projects)."""
    data = files.read_bytes(packages / name, files.BINARY)
    checksum = urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={checksum},{len(data)}"
