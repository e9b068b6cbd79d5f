"""Report compilers that have been running for long while no step ends."""

from __future__ import annotations

import threading
import time

from asterism import files
from asterism.errors import AsterismError
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Protocol

    from buildsys.planning.plan import Step

    Say = Callable[[list[str]], None]

    class Running(Protocol):
        """A running ninja: :class:`subprocess.Popen`, or what a quick build has of it."""

        @property
        def pid(self) -> int:
            """The number of its process."""

        @property
        def stdout(self) -> Iterable[str] | None:
            """What it prints, line by line."""

        def wait(self) -> int:
            """Wait for its end; returns its exit status."""


PATIENCE = 60.0
"""Seconds without the end of a step before a notice, and between two notices."""


def watched(
    process: Running, steps: Callable[[], Sequence[Step]], say: Say, patience: float = PATIENCE
) -> Iterator[str]:
    """Yield the lines that ninja prints, and say what it waits for when none comes for long.

    Args:
        process: the running ninja.
        steps: gives the steps of the plan, when they are needed.
        say: shows lines; called from another thread.
        patience: seconds without a line before a notice.
    """
    heard = [time.monotonic()]
    done = threading.Event()

    def watch() -> None:
        told = 0.0
        while not done.wait(patience / 4):
            now = time.monotonic()
            if now - max(heard[0], told) >= patience:
                told = now
                say([notice(at_work(process.pid, steps()), now - heard[0])])

    thread = threading.Thread(target=watch, name="watchdog", daemon=True)
    thread.start()
    try:
        for line in process.stdout or ():
            heard[0] = time.monotonic()
            yield line
    finally:
        done.set()
        thread.join()


def notice(files: Iterable[str], seconds: float) -> str:
    """The text of a notice: ``nothing has ended for 60 s; at work on res/res_x.c; Ctrl-C stops``."""
    names = ", ".join(files)
    work = f"at work on {names}" if names else "ninja waits"
    return f"nothing has ended for {seconds:.0f} s; {work}; Ctrl-C stops, and the next make goes on from here"


def at_work(pid: int, steps: Iterable[Step]) -> list[str]:
    """The sources of the steps whose commands run as children of ninja; empty on a system without /proc."""
    running = [_command_line(child) for child in _children(pid)]
    # A step is identified by its output, which no other command line has at that place.
    return [
        (step.inputs or step.outputs)[0]
        for step in steps
        if any(f" {step.outputs[0]} " in f"{line} " for line in running)
    ]


def _children(pid: int) -> list[str]:
    try:
        return files.read_text(f"/proc/{pid}/task/{pid}/children").split()
    except AsterismError:
        return []


def _command_line(pid: str) -> str:
    try:
        return files.read_bytes(f"/proc/{pid}/cmdline").decode("utf-8", "replace").replace("\0", " ")
    except AsterismError:
        return ""
