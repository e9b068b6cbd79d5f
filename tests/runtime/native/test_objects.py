"""Objects and containers (asterisk/astobj2.h): against a model, under the sanitizers, and from many threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from native_support import Ask

Thing = tuple[str, int]
"""Name and number."""


def hash_of(name: str) -> int:
    """ast_str_hash of one character, in three buckets."""
    return (5381 * 33 ^ ord(name)) & 0x7FFFFFFF


class Model:
    """What a container of the driver does, as a list in the order of iteration."""

    def __init__(self, kind: str, dups: str, begin: str) -> None:
        self.is_sorted = kind in "HLt"
        self.buckets = 3 if kind in "hH" else 1
        self.dups = dups if self.is_sorted else "a"
        self.at_front = begin == "b"
        self.things: list[Thing] = []

    def order(self, name: str) -> tuple[int, str]:
        return hash_of(name) % self.buckets, name if self.is_sorted else ""

    def link(self, thing: Thing) -> int:
        name = thing[0]
        equal = [index for index, other in enumerate(self.things) if other[0] == name]
        if equal and self.dups == "r":
            return 0
        if equal and self.dups == "p":
            self.things[equal[0]] = thing
            return 1
        order = self.order(name)
        before = [other for other in self.things if self.order(other[0]) < order]
        same = [other for other in self.things if self.order(other[0]) == order]
        after = [other for other in self.things if self.order(other[0]) > order]
        self.things = [*before, *([thing, *same] if self.at_front else [*same, thing]), *after]
        return 1

    def named(self, name: str) -> list[Thing]:
        return [thing for thing in self.things if thing[0] == name]

    def remove(self, things: list[Thing]) -> None:
        self.things = [thing for thing in self.things if thing not in things]

    def change_while_going(self, name: str, number: int) -> list[int]:
        met: list[int] = []
        at: Thing | None = None
        while True:
            index = self.things.index(at) + 1 if at else 0
            if index >= len(self.things):
                return met
            thing = self.things[index]
            met.append(thing[1])
            if thing[0] == name and name != "z":
                at = self.things[index - 1] if index else None
                self.things.remove(thing)
                self.link(("z", 1000 * number + thing[1]))
            else:
                at = thing

    def act(self, what: str, name: str, number: int) -> list[object]:
        """What the driver prints for one act."""
        named = self.named(name)
        if what == "+":
            return [self.link((name, number))]
        if what == "-":
            self.remove(named[:1])
            return [named[0][1]] if named else ["-"]
        if what == "!":
            self.remove(named)
        elif what == "~":
            return list(self.change_while_going(name, number))
        elif what == "*":
            self.remove(self.named(self.things[0][0]) if self.things else [])
            return []
        return [number for _, number in (reversed(named) if what == "<" else named)]


ACTS = st.lists(st.tuples(st.sampled_from("+++++-?<^!~*"), st.sampled_from("abcdz")), max_size=30)


@settings(deadline=None, max_examples=500)
@given(st.sampled_from("hHlLt"), st.sampled_from("arop"), st.sampled_from("-b"), ACTS)
@example("t", "a", "-", [("+", "a"), ("+", "a"), ("~", "a"), ("~", "a")])
@example("l", "a", "b", [("+", "a"), ("+", "b"), ("~", "a")])
def test_a_container_does_what_a_list_would(ask: Ask, kind: str, dups: str, begin: str, acts: list[tuple[str, str]]):
    model = Model(kind, dups, begin)
    told: list[object] = []
    for number, (what, name) in enumerate(acts, 1):
        told += model.act(what, name, number)
    numbers = [number for _, number in model.things]
    expected = [*told, "|", len(numbers), "|", *numbers, "|", *reversed(numbers), "|", "0000"]
    request = f"{kind}{dups}{begin}" + "".join(what + name for what, name in acts)
    assert ask("container", request.encode()).split() == [str(word) for word in expected]


def test_references_locks_and_global_objects_do_as_they_say_and_misuse_is_told(ask: Ask):
    locks = "0 0 0 0 1 1 " * 3
    assert ask("objects", b"x") == (
        "1 1 3 1 1 3 1 1 0 1 1 | "  # counts before each change; a global object in, out, replaced, released
        + locks
        + "1 1 0 0 | "
        + "0 0 -1 -1 1 -1 0 0 1 1 1 9 "
    )


@pytest.mark.parametrize("kind", ["t", "h", "L"])
def test_memory_stays_whole_while_eight_threads_change_a_container(kind: str, ask: Ask):
    assert ask("container-threads", f"{kind}500".encode()) == "0 0 0"


@pytest.mark.parametrize("kind", ["t", "h", "H", "l", "L"])
def test_eight_threads_change_a_container_without_a_race(kind: str, raced: Ask):
    assert raced("container-threads", f"{kind}1000".encode()) == "0 0 0"


def test_use_counts_and_locks_of_modules_have_no_race(raced: Ask):
    assert raced("module-threads", b"res_x") == "0 1"


OBJECTS = """
#include "asterisk/astobj2.h"

static int load_module(void)
{
	void *object = ao2_alloc(8, NULL);

	ao2_ref(object, -1);
	return ao2_ref(object, -1);
}
static int unload_module(void) { return 0; }
"""


def test_a_reference_dropped_twice_is_named(opened: Callable[..., object], log: list[str]):
    assert opened("res_twice", OBJECTS, callbacks="").load() == -1
    assert log == [
        "ERROR cannot release a reference to an object that is already destroyed: "
        "its last reference was released before"
    ]
