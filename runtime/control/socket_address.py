"""Addresses of the control socket: paths of any length, within the kernel's limit of 107 bytes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

_LONGEST = 100


@contextlib.contextmanager
def reachable(path: str) -> Iterator[str]:
    """A name for ``path`` that is short enough to bind or connect to, valid while the body runs.

    Raises ``OSError`` when its directory cannot be opened.
    """
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    directory = os.open(os.path.dirname(path), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{os.path.basename(path)}"
    finally:
        os.close(directory)
