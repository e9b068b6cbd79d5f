"""Waiting for the end of a process without asking at intervals."""

from __future__ import annotations

import os
import select
import subprocess


def wait(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Wait until a process has ended, as ``process.wait(seconds)``; returns its exit status.

    ``Popen.wait`` with a timeout asks every 50 ms. The kernel reports the end at once, by a descriptor of the process.

    Raises:
        subprocess.TimeoutExpired: the process runs on.
    """
    if (status := process.poll()) is not None:
        return status
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:  # the kernel is older than Linux 5.3
        return process.wait(seconds)
    try:
        end = select.poll()
        end.register(descriptor, select.POLLIN)
        if not end.poll(seconds * 1000):
            raise subprocess.TimeoutExpired(process.args, seconds)
    finally:
        os.close(descriptor)
    return process.wait()
