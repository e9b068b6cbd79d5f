"""Results of several programs under test, which run at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from asterism_testing.program.side_by_side import in_order


def test_results_come_in_the_order_of_the_sources_while_these_run_at_once() -> None:
    both = threading.Barrier(2, timeout=30)

    def source(name: str) -> Iterator[str]:
        yield f"{name} begins"
        both.wait()  # passes when both sources run
        yield f"{name} ends"

    found = [list(results) for results in in_order([lambda: source("one"), lambda: source("two")], 2)]
    assert found == [["one begins", "one ends"], ["two begins", "two ends"]]


def test_a_single_source_runs_in_the_thread_of_the_caller() -> None:
    def source() -> Iterator[threading.Thread]:
        yield threading.current_thread()

    (results,) = in_order([source], 8)
    assert list(results) == [threading.current_thread()]


def test_a_source_that_fails_raises_where_its_results_are_taken() -> None:
    def fails() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    running = in_order([fails, fails], 2)
    results = next(running)
    assert next(results) == 1
    with pytest.raises(ValueError, match="no more"):
        next(results)
    assert list(running)  # which joins the threads


def test_sources_are_closed_when_the_caller_stops() -> None:
    closed: list[str] = []
    stop = threading.Event()

    def source(name: str) -> Iterator[str]:
        try:
            while True:
                yield name
                stop.wait(0.01)
        finally:
            closed.append(name)

    running = in_order([lambda: source("one"), lambda: source("two")], 2)
    assert next(next(running)) == "one"
    running.close()  # type: ignore[attr-defined]
    assert sorted(closed) == ["one", "two"]
