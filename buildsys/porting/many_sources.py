"""Port many sources side by side, in a process for each processor."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Iterator, Sequence

from asterism.branches import api_names
from asterism.errors import AsterismError, Fault
from buildsys.porting import one_source
from buildsys.porting.one_source import PortRequest
from buildsys.porting.results import Result

_FEW = 8
"""A process takes as long to start as some sources to port."""


def port(names: Sequence[str], wanted: PortRequest) -> Iterator[Result | AsterismError]:
    """Port files in memory, and yield for each its result, or the fault of one that cannot be read, in their order.

    Raises:
        AsterismError: a process was killed.
    """
    work = functools.partial(_attempt, wanted=wanted)
    workers = min(len(os.sched_getaffinity(0)), len(names))
    return map(work, names) if len(names) < _FEW or workers < 2 else _side_by_side(work, names, workers)


def _attempt(name: str, wanted: PortRequest) -> Result | AsterismError:
    try:
        return one_source.port(name, wanted)
    except AsterismError as error:
        return error


def _side_by_side(
    work: functools.partial[Result | AsterismError], names: Sequence[str], workers: int
) -> Iterator[Result | AsterismError]:
    from concurrent.futures import ProcessPoolExecutor  # 25 ms, and a single source needs no other process
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    api_names.load()  # before the processes start, which then share it
    with ProcessPoolExecutor(workers, get_context("fork"), _leave_interrupts_to_the_parent) as pool:
        try:
            yield from pool.map(work, names)
        except BrokenProcessPool as error:
            what = "a process that ports sources was killed"
            raise AsterismError(
                Fault(what, None, "the system may have run out of memory", "port fewer sources at once", "killed")
            ) from error


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
