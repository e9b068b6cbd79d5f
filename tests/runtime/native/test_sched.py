"""Heaps, moments and calls that are made later (asterisk/heap.h, time.h, sched.h), under the sanitizers."""

from __future__ import annotations

import signal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from native_support import FOOT, HEAD, Ask
from test_boundary_crash import crash, cure

ACTS = st.lists(st.one_of(st.sampled_from("0123456789ppp"), st.integers(0, 9).map("r{}".format)), max_size=60)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from("+-"), ACTS)
@example("+", ["1", "2", "3", "4", "5", "6", "r2", "p", "r0", "p", "p", "p", "p"])
def test_a_heap_gives_the_largest_first_and_any_other_when_asked(ask: Ask, kept: str, acts: list[str]):
    put_in: list[int] = []
    inside: set[int] = set()
    told: list[int] = []
    for act in acts:
        if act.isdigit():
            put_in.append(int(act) * 100 + len(put_in))
            inside.add(put_in[-1])
            continue
        which = put_in[int(act[1])] if act[0] == "r" and int(act[1]) < len(put_in) else -1
        number = max(inside, default=-1) if act == "p" else which
        told.append(number if number in inside else -1)
        inside.discard(number)
    expected = [*told, "|", len(inside), max(inside, default=-1), 1]
    assert ask("heap", (kept + "".join(acts)).encode()).split() == [str(word) for word in expected]


MOMENT = st.integers(-(10**12), 10**12)


@settings(deadline=None, max_examples=200)
@given(MOMENT, MOMENT, st.integers(-3, 3), st.integers(-3, 3))
@example(0, 500, 0, 0)
@example(-1, 999_999, 2, -2)
def test_moments_are_added_and_subtracted_as_their_microseconds_are(ask: Ask, a: int, b: int, moved: int, other: int):
    # Microseconds may be more than a second's, or fewer than none.
    one = (a // 1_000_000 - moved, a % 1_000_000 + moved * 1_000_000)
    two = (b // 1_000_000 - other, b % 1_000_000 + other * 1_000_000)
    difference = a - b
    seconds = abs(difference) // 1_000_000 * (1 if difference >= 0 else -1)
    expected = [
        *divmod(a + b, 1_000_000),
        *divmod(difference, 1_000_000),
        difference,
        difference // 1000,
        seconds,
        (a > b) - (a < b),
        int(a == b),
    ]
    assert ask("moments", " ".join(map(str, (*one, *two))).encode()).split() == [str(word) for word in expected]


@pytest.mark.parametrize(
    ("text", "unit", "microseconds"),
    [
        ("1500 ns", 0, 1),
        ("7 usecs", 1, 7),
        ("1500 milliseconds", 2, 1_500_000),
        ("90 sec", 3, 90_000_000),
        ("2 Minutes", 4, 120_000_000),
        ("1 hr", 5, 3_600_000_000),
        ("1 day", 6, 86_400_000_000),
        ("1 w", 7, 604_800_000_000),
        ("1 months", 8, 2_629_746_000_000),
        ("1 y", 9, 31_556_952_000_000),
        ("5 fortnights", -1, 0),
        ("5", -1, 0),
    ],
)
def test_lengths_of_time_have_units(ask: Ask, text: str, unit: int, microseconds: int):
    value = int(text.split()[0])
    shown = f"{value // 3600:02}:{value // 60 % 60:02}:{value % 60:02}"
    assert ask("time-units", text.encode()) == f"{unit} {microseconds} {shown} 0 {value} {-1 if value > 9 else 0}"


@pytest.mark.parametrize(
    ("calls", "made", "left", "first", "cleaned", "logged"),
    [
        ("oo", "0o 1o | 2 0", (2, 0), "0 0", "", 1),
        ("aof", "0a 1o 2f 0a 0a | 5 1", (3, 1), "0 0", "c2 ", 1),
        ("fo", "0f 1o | 2 1", (2, 1), "1 1", "", 1),
        ("doo", "0d (0) 2o | 2 0", (3, 0), "0 0", "", 1),
        ("so", "0s (-1) 1o | 2 0", (2, 0), "0 0", "", 2),
        ("no", "0n 1o 1o | 3 0", (2, 0), "0 0", "", 1),
        ("Fo", "1o | 1 1", (2, 1), "1 1", "", 1),
    ],
    ids=["once", "again", "variable", "deletes another", "deletes itself", "adds another", "later"],
)
def test_calls_are_made_in_the_order_they_fall_due(
    ask: Ask, calls: str, made: str, left: tuple[int, int], first: str, cleaned: str, logged: int
):
    report = f" Highwater = {left[0]}; schedcnt = {left[1]};    later : {left[1]};   <unknown> : 0;"
    assert ask("schedule", calls.encode()) == f"0 {made} {report}{first} 0 -1 -1 unref {cleaned}-1 -1 {logged}"


def test_eight_threads_add_and_delete_and_nothing_is_lost_or_made_twice(ask: Ask, raced: Ask):
    assert (ask("schedule-threads", b"300"), raced("schedule-threads", b"200")) == ("0 1", "0 1")


CRASH = """
#include "asterisk/sched.h"
static int boom(const void *data) { return *(const volatile int *) data; }
static int unload_module(void) { return 0; }
static int load_module(void)
{
	struct ast_sched_context *sched = ast_sched_context_create();

	return ast_sched_start_thread(sched) || ast_sched_add(sched, 1, boom, NULL) < 0;
}
"""


def test_a_crash_in_a_scheduled_call_names_its_module(native_directory, compile_module):
    module = compile_module("res_later", HEAD + CRASH + FOOT)
    wait = "import time; time.sleep(30)"
    assert crash(native_directory, module, wait) == (
        -signal.SIGSEGV,
        [
            "asterism: module res_later crashed in a scheduled call (SIGSEGV, invalid memory access)",
            cure("res_later"),
        ],
    )
