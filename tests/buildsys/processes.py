"""Other processes for tests: one that is killed in the middle of its work, one that holds on to something."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
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


CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.utime", "os.truncate", "os.link"}
"""What Python tells an audit hook just before it asks the system for a change of files, or for an open one."""


def killed_before(work: Callable[[], object], number: int) -> bool:
    """Do something in a child that is killed just before its N-th change of files; False when it has fewer."""
    child = os.fork()
    if child == 0:
        left = number

        def count(event: str, _arguments: object) -> None:
            nonlocal left
            left -= event in CHANGES
            if event in CHANGES and not left:
                os.kill(os.getpid(), signal.SIGKILL)

        status = 1
        try:
            sys.addaudithook(count)
            work()
            status = 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    return status != 0


def at_once(*works: Callable[[], object]) -> None:
    """Do several things at the same time, each in a child that must end well."""
    gate, opener = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(opener)
                os.read(gate, 1)
                work()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    os.close(gate)
    os.close(opener)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * len(children)
