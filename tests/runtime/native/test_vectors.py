"""Vectors (asterisk/vector.h) against Python's lists, under the sanitizers."""

from __future__ import annotations

import bisect
from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st
from native_support import Ask

ACTS = st.lists(st.tuples(st.sampled_from("aaaasirduxocnbmez"), st.integers(0, 9)), max_size=30)


class Model:
    """What the driver does to a vector of numbers."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.cleaned = 0

    def put(self, index: int, number: int) -> None:
        self.numbers += [0] * (index + 1 - len(self.numbers))
        self.numbers[index] = number

    def insert(self, index: int, number: int) -> None:
        if index < len(self.numbers):
            self.numbers.insert(index, number)
        else:
            self.put(index, number)

    def take(self, index: int, ordered: bool) -> int:
        if index >= len(self.numbers):
            return -1
        taken, last = self.numbers[index], self.numbers[-1]
        if ordered:
            del self.numbers[index]
        else:
            self.numbers[index] = last
            self.numbers.pop()
        return taken

    def drop(self, number: int) -> int:
        count = self.numbers.count(number)
        self.numbers = [other for other in self.numbers if other != number]
        self.cleaned += number * count
        return count

    def drop_first(self, number: int) -> int:
        if number not in self.numbers:
            return -1
        self.numbers.remove(number)
        return 0

    def nth(self, number: int) -> int:
        places = [index for index, other in enumerate(self.numbers) if other == number]
        return places[1] if len(places) > 1 else -1

    def add_sorted(self, number: int) -> None:
        self.numbers.sort()
        bisect.insort(self.numbers, number)

    def search(self, number: int) -> int:
        self.numbers.sort()
        return number if number in self.numbers else -1

    def match(self, limit: int) -> list[int]:
        above = [other for other in self.numbers if other > limit]
        return [len(above), above[0] if above else -1]

    def set_all(self, size: int, number: int) -> None:
        for index in range(size or len(self.numbers)):
            self.put(index, number)

    def reset(self) -> None:
        self.cleaned += sum(self.numbers)
        self.numbers.clear()


DO: dict[str, Callable[[Model, int, int], object]] = {
    "a": lambda model, _n, number: model.numbers.append(number),
    "s": lambda model, n, _number: model.add_sorted(n),
    "i": lambda model, n, number: model.insert(n, number),
    "r": lambda model, n, number: model.put(n, number),
    "d": lambda model, n, _number: model.take(n, True),
    "u": lambda model, n, _number: model.take(n, False),
    "x": lambda model, n, _number: model.drop(n),
    "o": lambda model, n, _number: model.drop_first(n),
    "c": lambda _model, _n, _number: 1,
    "n": lambda model, n, _number: model.nth(n),
    "b": lambda model, n, _number: model.search(n),
    "m": lambda model, n, _number: model.match(n),
    "e": lambda model, n, number: model.set_all(n, number),
    "z": lambda model, _n, _number: model.reset(),
}
"""What each letter does, with its digit and its place in the request; what the driver prints, None for nothing."""


@settings(deadline=None, max_examples=300)
@given(ACTS)
@example([("r", 9), ("d", 9), ("i", 9), ("c", 0), ("e", 3), ("z", 0), ("c", 0)])
def test_a_vector_does_what_a_list_would(ask: Ask, acts: list[tuple[str, int]]):
    model = Model()
    told: list[object] = []
    for number, (what, n) in enumerate(acts, 1):
        answer = DO[what](model, n, number)
        told += answer if isinstance(answer, list) else [] if answer is None else [answer]
    expected = [*told, "|", *model.numbers, "|", 0, model.cleaned, "-1-10"]
    request = "".join(f"{what}{n}" for what, n in acts)
    assert ask("vector", request.encode()).split() == [str(word) for word in expected]


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="aAb ,;", max_size=12))
@example("")
def test_a_text_is_split_with_and_without_blanks_empty_and_equal_parts(ask: Ask, text: str):
    parts = text.replace(";", ",").split(",") if text else []
    kept: list[str] = []
    for part in map(str.strip, parts):
        if part and part.lower() not in map(str.lower, kept):
            kept.append(part)
    answers = [bytes.fromhex(word[1:]).decode() for word in ask("split-text", text.encode()).split(" ") if word]
    assert answers == [",".join(kept), ",".join(parts)]
