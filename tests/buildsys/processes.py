"""Other processes for tests: one that is killed in the middle of its work, one that holds on to something."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator


def killed(work: Callable[[], object]) -> None:
    """Do something in a child that is killed right after it, with nothing tidied up."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@contextlib.contextmanager
def holding(enter: Callable[[], contextlib.AbstractContextManager[object]]) -> Iterator[tuple[int, Callable[[], None]]]:
    """A child that has entered a context; gives its number, and what lets it leave and end."""
    ready, tell = os.pipe()
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        with enter():
            os.write(tell, b".")
            os.read(wait, 1)
        os._exit(0)
    os.close(wait)
    os.read(ready, 1)
    ended = False

    def leave() -> None:
        nonlocal ended
        ended = True
        os.close(go)
        os.waitpid(child, 0)

    try:
        yield child, leave
    finally:
        if not ended:
            leave()
        os.close(ready)
        os.close(tell)


def as_nobody(work: Callable[[], None]) -> int:
    """Do something as a user without rights; the status of the child, 0 when it raised nothing."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
