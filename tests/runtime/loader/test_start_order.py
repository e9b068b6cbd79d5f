"""The order of a start: needs first, then preload, rank and listing; and why each stands where it does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.loader.start_order import Candidate, Cause, Start, StepResult, key_of, plan


def steps(*candidates: Candidate) -> list[tuple[str, str]]:
    return [(step.name, step.reason) for step in plan(candidates).steps]


def refusals(*candidates: Candidate) -> list[str]:
    return [str(refusal) for refusal in plan(candidates).refusals]


def play(candidates: list[Candidate], results: dict[str, StepResult]) -> tuple[list[str], Start]:
    """Run a start in which some modules do not succeed; the modules in the order they were tried."""
    start = Start(candidates)
    tried: list[str] = []
    running = start.run()
    step = next(running, None)
    while step is not None:
        tried.append(step.name)
        try:
            step = running.send(results.get(step.name, StepResult.SUCCESS))
        except StopIteration:
            break
    return tried, start


def test_equals_start_as_listed() -> None:
    assert steps(Candidate("c"), Candidate("a"), Candidate("b")) == [
        ("c", "rank 128"),
        ("a", "rank 128"),
        ("b", "rank 128"),
    ]


def test_preload_comes_before_rank_and_rank_before_listing() -> None:
    listed = [Candidate("a"), Candidate("b", rank=40), Candidate("c", rank=150, preload=True), Candidate("d", rank=10)]
    assert steps(*listed) == [("c", "preloaded"), ("d", "rank 10"), ("b", "rank 40"), ("a", "rank 128")]


def test_needs_start_first_whatever_their_rank_and_however_they_are_spelled() -> None:
    listed = [Candidate("res_a.so", requires=("RES_B",)), Candidate("res_b.so", rank=200)]
    assert steps(*listed) == [("res_b.so", "needed by res_a.so"), ("res_a.so", "rank 128")]


def test_a_diamond_starts_from_its_foot() -> None:
    listed = [
        Candidate("a", requires=("b", "c")),
        Candidate("b", requires=("d",)),
        Candidate("c", requires=("d",)),
        Candidate("d"),
    ]
    assert [name for name, _ in steps(*listed)] == ["d", "b", "c", "a"]


def test_among_needs_that_are_ready_the_lower_rank_goes_first() -> None:
    listed = [
        Candidate("m", requires=("x", "y")),
        Candidate("x", rank=120, requires=("z",)),
        Candidate("y", rank=100),
        Candidate("z", rank=200),
    ]
    assert [name for name, _ in steps(Candidate("m", rank=1, requires=("x", "y")), *listed[1:])] == ["y", "z", "x", "m"]


def test_an_optional_module_counts_only_when_it_is_there() -> None:
    assert steps(Candidate("a", optional=("b", "nowhere")), Candidate("b")) == [("b", "needed by a"), ("a", "rank 128")]


def test_who_requires_a_module_waits_for_its_enhancers() -> None:
    listed = [Candidate("user", requires=("core",)), Candidate("plug", enhances=("core",)), Candidate("core")]
    assert [name for name, _ in steps(*listed)] == ["core", "plug", "user"]


def test_an_enhancer_of_a_need_of_a_need_starts_too() -> None:
    listed = [
        Candidate("user", requires=("middle",)),
        Candidate("middle", requires=("core",)),
        Candidate("plug", enhances=("core",)),
        Candidate("core"),
    ]
    assert [name for name, _ in steps(*listed)] == ["core", "plug", "middle", "user"]


def test_a_module_that_requires_and_enhances_the_same_does_not_wait_for_itself() -> None:
    assert [name for name, _ in steps(Candidate("a", requires=("b",), enhances=("b",)), Candidate("b"))] == ["b", "a"]


def test_a_module_does_not_wait_for_an_enhancer_that_waits_for_it() -> None:
    listed = [
        Candidate("m", requires=("user",)),
        Candidate("plug", enhances=("core",), requires=("user",)),
        Candidate("user", requires=("core",)),
        Candidate("core"),
    ]
    assert [name for name, _ in steps(*listed)] == ["core", "user", "plug", "m"]
    assert [name for name, _ in steps(*listed[::-1])] == ["core", "user", "plug", "m"]


def test_what_is_absent_is_named_as_the_module_spells_it() -> None:
    assert refusals(Candidate("a", requires=("Res_X",)), Candidate("b", requires=("a",))) == [
        "a needs Res_X, which is not there",
        "b needs a, which does not run",
    ]


def test_a_cycle_is_told_once_and_all_the_way_round() -> None:
    assert refusals(
        Candidate("u", requires=("a",)),
        Candidate("a", requires=("b",)),
        Candidate("b", requires=("a",)),
        Candidate("z"),
    ) == [
        "u needs a, which does not run",
        "a needs itself: a -> b -> a",
        "b needs a, which does not run",
    ]


def test_a_module_may_not_require_itself() -> None:
    assert refusals(Candidate("a", requires=("a",))) == ["a needs itself: a -> a"]


def test_a_decline_takes_those_with_it_that_need_it_and_no_others() -> None:
    listed = [Candidate("a"), Candidate("b", requires=("a",)), Candidate("c", optional=("a",)), Candidate("d")]
    tried, start = play(listed, {"a": StepResult.DECLINE})
    assert tried == ["a", "d"]
    assert [(refusal.name, refusal.cause) for refusal in start.refusals] == [
        ("a", Cause.DECLINED),
        ("b", Cause.NEED),
        ("c", Cause.NEED),
    ]


def test_an_enhancer_that_declines_holds_up_nobody() -> None:
    listed = [Candidate("user", requires=("core",)), Candidate("plug", enhances=("core",)), Candidate("core")]
    tried, start = play(listed, {"plug": StepResult.DECLINE})
    assert tried == ["core", "plug", "user"]
    assert start.holds["user"] == ["core"]


def test_a_failure_stops_the_start() -> None:
    tried, start = play([Candidate("a"), Candidate("b"), Candidate("c")], {"b": StepResult.FAILURE})
    assert tried == ["a", "b"]
    assert start.stopped is not None
    assert (start.stopped.name, start.stopped.cause) == ("b", Cause.FAILED)


@pytest.mark.parametrize("result", [StepResult.DECLINE, StepResult.INVALID])
def test_a_required_module_that_does_not_run_stops_the_start(result: StepResult) -> None:
    tried, start = play([Candidate("a", required=True), Candidate("b")], {"a": result})
    assert tried == ["a"]
    assert start.stopped is not None
    assert start.stopped.required


def test_a_required_module_whose_need_declines_stops_the_start_at_once() -> None:
    tried, start = play(
        [Candidate("a"), Candidate("b"), Candidate("c", required=True, requires=("a",))], {"a": StepResult.DECLINE}
    )
    assert tried == ["a"]
    assert str(start.stopped) == "c needs a, which does not run"


def test_a_module_that_starts_holds_all_it_needs() -> None:
    listed = [
        Candidate("user", requires=("core",), optional=("extra",)),
        Candidate("plug", enhances=("core",)),
        Candidate("core"),
        Candidate("extra"),
    ]
    _, start = play(listed, {})
    assert start.holds == {"user": ["core", "extra", "plug"], "plug": ["core"], "core": [], "extra": []}


def test_long_chains_are_ordered_without_deep_recursion() -> None:
    count = 3000
    listed = [Candidate(f"m{n}", requires=(f"m{n + 1}",)) for n in range(count)]
    assert [name for name, _ in steps(*listed, Candidate(f"m{count}"))] == [f"m{n}" for n in range(count, -1, -1)]
    assert len(refusals(*listed)) == count


NAMES = st.sampled_from([f"m{n}" for n in range(8)])
LISTS = st.lists(NAMES, max_size=2).map(tuple)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        name=NAMES,
        rank=st.sampled_from([10, 128, 200]),
        preload=st.booleans(),
        requires=LISTS,
        optional=LISTS,
        enhances=LISTS,
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.key,
)


@settings(deadline=None, max_examples=300)
@given(CANDIDATES, st.dictionaries(NAMES, st.sampled_from([StepResult.DECLINE, StepResult.INVALID]), max_size=2))
def test_every_module_is_tried_after_its_needs_or_refused_with_a_reason(
    candidates: list[Candidate], results: dict[str, StepResult]
) -> None:
    tried, start = play(candidates, results)
    assert len(tried) == len(set(tried))
    assert set(start.running) | set(start.refused) == {candidate.key for candidate in candidates}
    assert not set(start.running) & set(start.refused)
    for candidate in candidates:
        if candidate.key not in start.running:
            continue
        before = tried[: tried.index(candidate.name)]
        present = {key_of(name) for name in candidate.optional} & {other.key for other in candidates}
        for need in {*map(key_of, candidate.requires), *map(key_of, candidate.enhances), *present}:
            assert need in before
            assert need in start.running


@settings(deadline=None, max_examples=100)
@given(CANDIDATES)
def test_the_same_modules_start_whatever_the_order_of_listing(candidates: list[Candidate]) -> None:
    forward, backward = plan(candidates), plan(candidates[::-1])
    assert {step.name for step in forward.steps} == {step.name for step in backward.steps}
