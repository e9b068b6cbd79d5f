"""The standard streams of a command: closed, full or without a reader, they are no reason for a traceback."""

from __future__ import annotations

import errno
import os
import sys

from asterism.errors import Fault, report
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

READER_GONE = 141
"""Exit status when the reader of our output has gone: that of a program which SIGPIPE ends."""

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def guarded(command: Callable[[], int], program: str, status: int = 1) -> int:
    """Run a command, see its output off, and return its exit status.

    Args:
        command: does the work and prints; every fault but those of its output it tells by itself.
        program: what messages call it.
        status: what to return when standard output cannot be written, on a full disk for example.
    """
    _open_closed()
    try:
        try:
            return command()
        finally:
            # What is still buffered would fail after the last of our handlers, with words of Python's own.
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return READER_GONE
    except OSError as error:
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _drop_output()
        why = (error.strerror or "").lower()
        import contextlib  # a third of a bare start, that only a full disk should pay for

        with contextlib.suppress(OSError):  # standard error may be no better; the status tells
            report([Fault("cannot write to standard output", why=why, code="output")], program)
        return status


def _open_closed() -> None:
    """Take a stream that was closed for the null device, before some file of ours gets its number."""
    for number, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - as long as the program runs


def _drop_output() -> None:
    """Send what is buffered, and is flushed once more at exit, nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
