"""The standard streams of a command: handle streams that are closed, full or without a reader, without a traceback."""

from __future__ import annotations

import errno
import os
import sys

from asterism.errors import AsterismError, Fault, report
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

READER_GONE = 141
"""Exit status when the reader of the output has closed it, as of a program ended by SIGPIPE."""

INTERRUPTED = 130
"""Exit status of a program that Ctrl-C ended, as of one ended by SIGINT."""

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def guarded(command: Callable[[], int], program: str, status: int = 1) -> int:
    """Run a command, flush its output, and return its exit status.

    Args:
        command: does the work and prints; reports all faults except those of its output.
        program: the name of the program in messages.
        status: the exit status when standard output cannot be written, for example on a full disk.
    """
    _open_closed()
    try:
        try:
            return command()
        finally:
            # A flush at exit would fail after the last of these handlers, with a message of Python's own.
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return READER_GONE
    except OSError as error:
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _drop_output()
        why = (error.strerror or "").lower()
        import contextlib  # takes a third of a bare start, and only a full disk needs it

        with contextlib.suppress(OSError):  # standard error may be unusable as well; the status reports the fault
            report([Fault("cannot write to standard output", why=why, code="output")], program)
        return status


def reported(command: Callable[[], int], program: str, advice: str = "") -> int:
    """Run a command and return its exit status; faults and Ctrl-C are told on standard error.

    Args:
        command: does the work.
        program: the name of the program in messages.
        advice: what to do after Ctrl-C; empty for nothing.
    """
    try:
        return command()
    except AsterismError as error:
        report(error.faults, program=program)
        return error.status
    except KeyboardInterrupt:
        print(f"{program}: interrupted{f'; {advice}' if advice else ''}", file=sys.stderr)
        return INTERRUPTED


def _open_closed() -> None:
    """Open the null device for closed streams, before another file gets their descriptors."""
    for number, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - open as long as the program runs


def _drop_output() -> None:
    """Redirect output that is still buffered to the null device, since Python flushes it at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
