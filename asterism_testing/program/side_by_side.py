"""Test several programs at the same time, and give the results of each in order."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


def in_order(sources: Sequence[Callable[[], Iterator[Result]]], most: int) -> Iterator[Iterator[Result]]:
    """Yield the results of each source, in the order of the sources.

    The sources run in threads, and their results are given as they come. A source that fails ends with its exception;
    when the caller stops, each running source is closed after its current result.

    Args:
        sources: each gives the results of one program.
        most: how many run at the same time; a single one runs in the thread of the caller.
    """
    if min(len(sources), most) < 2:
        yield from (source() for source in sources)
        return
    runner = _Runner(sources)
    threads = [threading.Thread(target=runner.work) for _ in range(min(len(sources), most))]
    for thread in threads:
        thread.start()
    try:
        for results in runner.results:
            yield _taken(results)
    finally:
        runner.stopped.set()
        for thread in threads:
            thread.join()


class _Runner:
    """Takes one source after the other, in as many threads as call :meth:`work`."""

    def __init__(self, sources: Sequence[Callable[[], Iterator[Any]]]) -> None:
        self.results: list[SimpleQueue[Any]] = [SimpleQueue() for _ in sources]
        self.stopped = threading.Event()
        self._waiting = deque(zip(sources, self.results, strict=True))

    def work(self) -> None:
        while self._waiting and not self.stopped.is_set():
            with contextlib.suppress(IndexError):  # another thread has taken the last one
                source, results = self._waiting.popleft()
                self._run(source, results)

    def _run(self, source: Callable[[], Iterator[Any]], results: SimpleQueue[Any]) -> None:
        error: BaseException | None = None
        try:
            with contextlib.closing(source()) as found:  # type: ignore[type-var]
                for result in found:
                    results.put((result,))
                    if self.stopped.is_set():
                        break
        except BaseException as raised:  # given to the caller's thread
            error = raised
        results.put(error)


def _taken(results: SimpleQueue[Any]) -> Iterator[Any]:
    while isinstance(item := results.get(), tuple):
        yield item[0]
    if item is not None:
        raise item
