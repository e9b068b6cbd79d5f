"""A directory to choose in, and the drop-in run in it without a process of its own."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from menuselect.dropin import command

ORIGIN = 1_000_000_000
"""The modification time of files that are there before a run."""


@dataclass(frozen=True)
class Outcome:
    """What a run of the drop-in did."""

    status: int
    stdout: str
    stderr: str


class Captured:
    """A standard stream that keeps the bytes written to it, and is not a terminal."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()

    def write(self, text: str) -> None:
        self.buffer.write(text.encode("utf-8", "surrogateescape"))

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def text(self) -> str:
        return self.buffer.getvalue().decode("utf-8", "surrogateescape")


def run_in(directory: str | os.PathLike[str], *words: str) -> Outcome:
    """Run the drop-in in a directory, in this process: a start of Python for each case would take minutes."""
    streams = sys.stdin, sys.stdout, sys.stderr
    before = os.getcwd()
    out, err = Captured(), Captured()
    sys.stdin, sys.stdout, sys.stderr = Captured(), out, err  # type: ignore[assignment]
    os.chdir(directory)
    try:
        status = command.main([os.fsdecode(word.encode("utf-8", "surrogateescape")) for word in words])
        return Outcome(status, out.text(), err.text())
    finally:
        os.chdir(before)
        sys.stdin, sys.stdout, sys.stderr = streams


@dataclass(frozen=True)
class Place:
    """A directory with a tree to choose from."""

    path: Path

    def put(self, name: str, text: str) -> Path:
        """Write a file, dated long ago."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        os.utime(path, (ORIGIN, ORIGIN))
        return path

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode("utf-8", "surrogateescape")

    def run(self, *words: str) -> Outcome:
        return run_in(self.path, *words)

    @property
    def makeopts(self) -> str:
        return self.read("menuselect.makeopts")

    @property
    def makedeps(self) -> str:
        return self.read("menuselect.makedeps")
