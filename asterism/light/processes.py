"""Child processes for short commands: to import :mod:`subprocess` takes as long as to start Python."""

from __future__ import annotations

import os

from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

INTERRUPT, PIPE, FILE_SIZE = 2, 13, 25
"""The numbers of SIGINT, SIGPIPE and SIGXFSZ; the last two are ignored by Python, and its children get them back."""


@dataclass(slots=True)
class Child:
    """A running program, whose output and errors are read here; nothing is on its standard input."""

    pid: int
    stdout: TextIO
    """What it prints, as text; bytes outside of UTF-8 are lone surrogates."""
    status: int | None = None
    """The exit status, negative for the number of a signal; None until it was waited for."""

    def wait(self) -> int:
        """Wait for the end of the program; returns its exit status."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self.stdout.close()
        return self.status

    def stop(self) -> None:
        """Interrupt the program, and wait until it has ended."""
        if self.status is None:
            os.kill(self.pid, INTERRUPT)
            for _ in self.stdout:
                pass  # a program that cannot print would not end
        self.wait()


def start(words: Sequence[str], environment: Mapping[str, str], *, errors: bool = True) -> Child:
    """Start a program in the current directory.

    Args:
        words: the path of the program, or its name on PATH, and its arguments.
        environment: its environment variables.
        errors: whether its errors are read with its output; otherwise they are dropped.

    Raises:
        OSError: the program cannot be started.
    """
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_DUP2, writing, 2) if errors else (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        pid = os.posix_spawnp(words[0], [*words], environment, file_actions=actions, setsigdef=[PIPE, FILE_SIZE])
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return Child(pid, os.fdopen(reading, encoding="utf-8", errors="surrogateescape"))
