"""Lists and string fields (asterisk/linkedlists.h, dlinkedlists.h, stringfields.h), under the sanitizers."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st
from native_support import Ask

NAMES = "abcdefg"
MORE = "uvwxyz"


class Lists:
    """Two lists, the second for what is moved there; a name is in one of them at most."""

    def __init__(self) -> None:
        self.one: list[str] = []
        self.other: list[str] = []
        self.told = ""

    def has(self, name: str) -> bool:
        return name in self.one or name in self.other

    def put(self, index: int, name: str) -> None:
        self.one.insert(index, name)

    def sort_in(self, name: str) -> None:
        index = next((index for index, other in enumerate(self.one) if other >= name), len(self.one))
        self.put(index, name)

    def append_other(self, index: int) -> None:
        self.one[index:index] = self.other
        self.other = []

    def take(self, name: str) -> str:
        if name not in self.one:
            return "-"
        self.one.remove(name)
        return name

    def pop(self, index: int) -> str:
        return self.one.pop(index) if self.one else "-"


def act(model: Lists, what: str, name: str, put: str) -> bool:
    """Do it; False when it makes no sense now and must not be asked for."""
    if what in ADDS:
        return not model.has(name) and (ADDS[what](model, name), True)[1]
    if what in TAKES:
        model.told += TAKES[what](model, name)
        return True
    if what in "ai":
        if what == "i" and name not in model.one:
            return False
        model.append_other(len(model.one) if what == "a" else model.one.index(name) + 1)
        return True
    return name not in model.one or change(model, what, name, put)


ADDS: dict[str, Callable[[Lists, str], None]] = {
    "h": lambda model, name: model.put(0, name),
    "t": lambda model, name: model.put(len(model.one), name),
    "s": Lists.sort_in,
    "o": lambda model, name: model.other.append(name),
}
TAKES: dict[str, Callable[[Lists, str], str]] = {
    "r": Lists.take,
    "f": lambda model, _name: model.pop(0),
    "l": lambda model, _name: model.pop(-1),
}


def change(model: Lists, what: str, name: str, put: str) -> bool:
    """What is done while going over the list, when `name` is met."""
    index = model.one.index(name)
    if what in "+*":
        return not model.has(put) and (model.put(index + (what == "*"), put), True)[1]
    model.one.remove(name)
    if what in "<>":
        model.other.insert(0 if what == "<" else len(model.other), name)
    return True


def requests(kinds: str, puts: str) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    return st.lists(st.tuples(st.sampled_from(kinds), st.sampled_from(NAMES), st.sampled_from(puts)), max_size=25)


def run(acts: list[tuple[str, str, str]]) -> tuple[Lists, bytes]:
    model = Lists()
    asked = [one for one in acts if act(model, *one)]
    return model, "".join(map("".join, asked)).encode()


@settings(deadline=None, max_examples=200)
@given(requests("htsoair->+", MORE))
@example([("t", "a", "u"), ("+", "a", "v"), ("-", "a", "u"), ("t", "b", "u"), (">", "b", "u"), ("i", "v", "u")])
def test_a_list_changes_as_it_should(ask: Ask, acts: list[tuple[str, str, str]]):
    model, text = run(acts)
    ends = ["".join(names) + (names[-1] if names else "-") for names in (model.one, model.other)]
    assert ask("list", text) == "/".join(ends)


@settings(deadline=None, max_examples=200)
@given(requests("htoarfl-><+*", MORE + "BB"))
@example([("t", "a", "u"), ("h", "b", "u"), ("*", "a", "B"), ("<", "a", "B"), ("-", "b", "u"), ("a", "a", "u")])
def test_a_doubly_linked_list_changes_as_it_should_and_is_the_same_backwards(
    ask: Ask, acts: list[tuple[str, str, str]]
):
    model, text = run(acts)
    shown = ["".join(names) + "/" + "".join(reversed(names)) for names in (model.one, model.other)]
    assert ask("double-list", text) == model.told + " ".join([*shown, ""])


CHANGES = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("123456789+<0")), max_size=30)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from("ep"), CHANGES, st.integers(0, 30))
@example("e", [("a", "9"), ("b", "9"), ("a", "0"), ("b", "0"), ("c", "9"), ("c", "+"), ("d", "1")], 30)
def test_string_fields_hold_what_was_set_last(ask: Ask, kind: str, changes: list[tuple[str, str]], reset: int):
    fields = dict.fromkeys("abcd", "")
    text = kind
    for number, (field, what) in enumerate(changes):
        if number == reset:
            fields = dict.fromkeys("abcd", "")
            text += "r0"
        old = fields[field]
        if len(old) > 3000 and what == "+":
            continue
        text += field + what
        fields[field] = {"+": f"{old}[{field}]{old}", "<": old[1:], "0": ""}.get(
            what, "123456789"[: int(what or 0)] if what.isdigit() else ""
        )
    values = ".".join(["", *fields.values()])
    assert ask("string-fields", text.encode()) == f"0 0 {values} 1 "


def test_fields_without_a_pool_and_texts_that_are_long_do_no_harm(ask: Ask):
    assert ask("field-mistakes", b"xyz") == "-1 -1 -1 -1 1 -1 3 3 3 3 3 7 2"
