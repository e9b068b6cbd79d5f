"""How tests wait: for a condition, as long as it takes.  No result depends on how long that was."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HANG = 600
"""Seconds after which something hangs.  Nothing takes so long on the busiest machine."""


def until(condition: Callable[[], object], what: str = "what the test waits for") -> None:
    """Wait until something holds."""
    __tracebackhide__ = True
    deadline = time.monotonic() + HANG
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen in {HANG} seconds")
        time.sleep(0.01)


def send(process: subprocess.Popen[str] | subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal and wait until the process has taken it: the kernel makes one of two that wait."""
    process.send_signal(number)
    until(lambda: not _is_pending(process, number), f"taking {number.name}")


def _is_pending(process: subprocess.Popen[str] | subprocess.Popen[bytes], number: signal.Signals) -> bool:
    if process.poll() is not None:
        return False
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    masks = [int(line.split()[1], 16) for line in lines if line.startswith(("SigPnd:", "ShdPnd:"))]
    return any(mask >> (number - 1) & 1 for mask in masks)
