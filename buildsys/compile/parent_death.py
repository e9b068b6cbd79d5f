"""A program that ends with the one that has started it, even when that one is killed and can tell nobody."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
"""Of Linux's ``prctl``: the signal that a process gets when its parent has died."""


def on_parent_death(number: signal.Signals) -> Callable[[], None]:
    """What a child calls before it becomes another program, to get a signal when this process dies.

    Meant as the ``preexec_fn`` of a :class:`subprocess.Popen`.  Linux takes the end of the thread that starts the
    child for the parent's death.  On a system without ``prctl`` the child outlives this process.
    """
    parent = os.getpid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def ask() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before it could be asked for
            os._exit(1)

    return ask
