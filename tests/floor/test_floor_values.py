"""Values made without dataclasses."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from asterism import values
from asterism.values import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Point:
    """A point."""

    x: int
    y: int = 2
    name: str = field(default="p", compare=False)
    total: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.x + self.y)


@dataclass(slots=True)
class Basket:
    """Something that lives."""

    words: list[str] = field(default_factory=list)


def test_a_value_is_made_by_position_by_name_and_by_default() -> None:
    assert repr([Point(1), Point(1, 3, "q"), Point(name="r", y=5, x=4)]) == (
        "[Point(x=1, y=2, name='p'), Point(x=1, y=3, name='q'), Point(x=4, y=5, name='r')]"
    )
    assert (Point(1).total, Point(4, 5).total) == (3, 9)


def test_values_are_compared_field_by_field() -> None:
    assert Point(1, name="a") == Point(1, name="b")
    assert hash(Point(1, name="a")) == hash(Point(1, name="b"))
    assert Point(1) != Point(2)
    assert Point(1) != (1, 2)


def both_ways(decorate: Callable[..., Any], field_of: Callable[..., Any]) -> tuple[type, type]:
    """The classes Point and Basket, made by one of the two decorators."""

    @decorate(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        words: list[str] = field_of(default_factory=list)
        total: int = field_of(default=0, init=False)
        parts: tuple[str, ...] = field_of(default_factory=tuple, init=False)

    @decorate(slots=True)
    class Basket:
        words: list[str]

    return Point, Basket


THEIRS = both_ways(dataclasses.dataclass, dataclasses.field)


def outcome(call: Callable[[Any, Any], object], classes: tuple[type, type]) -> str:
    """What a call gives, or the words of its error."""
    try:
        return repr(call(*classes))
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize(
    "call",
    [
        lambda point, _: point(),
        lambda point, _: point(1, 2, [], 4),
        lambda point, _: point(1, x=1),
        lambda point, _: point(1, z=1),
        lambda point, _: point(1, total=1),
        lambda point, _: point(1),
        lambda point, _: point(y=1, x=4, words=["a"]),
        lambda point, _: [point(1) == point(1, 2), point(1) == point(2), point(1) == 1, point(1) != point(1)],
        lambda point, _: hash(point(1, words=())) == hash(point(1, 2, ())),
        lambda _, basket: hash(basket([])),
        lambda _, basket: [basket([]) == basket([]), basket([]) == basket(["a"])],
        lambda _, basket: basket(),
    ],
)
@pytest.mark.parametrize("made_before", [0, 20])
def test_a_call_gives_what_the_standard_library_gives(call: Callable[[Any, Any], object], made_before: int) -> None:
    ours = both_ways(values.dataclass, values.field)
    for _ in range(made_before):
        ours[0](1), ours[1]([])
    assert outcome(call, ours) == outcome(call, THEIRS)


def test_methods_are_compiled_once_for_a_class() -> None:
    made, _ = both_ways(values.dataclass, values.field)
    before = [vars(made)[name] for name in ("__init__", "__eq__", "__hash__")]
    assert hash(made(1, words=())) == hash(made(1, words=()))
    for number in range(10):
        assert made(1, number, words=()) == made(1, words=(), y=number)
    after = [vars(made)[name] for name in ("__init__", "__eq__", "__hash__")]
    assert made(1, words=()) == made(1, words=())
    hash(made(1, words=()))
    assert [vars(made)[name] for name in ("__init__", "__eq__", "__hash__")] == after
    assert [one is other for one, other in zip(before, after, strict=True)] == [False] * 3


def test_a_method_that_was_replaced_before_its_first_use_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = both_ways(values.dataclass, values.field)
    late = vars(made)["__init__"]
    monkeypatch.setattr(made, "__init__", lambda value, x: late(value, x + 1))
    assert [made(1).x, made(1).x] == [2, 2]


@pytest.mark.parametrize("name", ["x", "total", "new"])
def test_a_frozen_value_stays_as_it_is(name: str) -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(point, name, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(point, name)
    assert (point.x, point.total) == (1, 3)


def test_what_is_not_frozen_changes_and_shares_no_default() -> None:
    one, other = Basket(), Basket()
    one.words += ["egg"]
    assert (one, other) == (Basket(["egg"]), Basket())


def test_a_value_matches_by_position() -> None:
    match Point(1, 5):
        case Point(1, y):
            assert y == 5
        case _:
            pytest.fail("did not match")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_value_is_copied_and_pickled(again: Callable[[Point], Point]) -> None:
    assert repr(again(Point(4, name="q"))) == "Point(x=4, y=2, name='q')"
    assert again(Point(4)).total == 6


@pytest.mark.parametrize("other", [replace, dataclasses.replace])
def test_a_value_is_made_with_other_fields(other: Callable[..., Point]) -> None:
    assert repr(other(Point(1, name="q"), x=7)) == "Point(x=7, y=2, name='q')"
    assert other(Point(1), x=7).total == 9


def test_dataclasses_knows_the_fields() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [(about.name, about.init, about.compare) for about in dataclasses.fields(Point)] == [
        ("x", True, True),
        ("y", True, True),
        ("name", True, False),
        ("total", False, False),
    ]
    assert dataclasses.asdict(Basket(["egg"])) == {"words": ["egg"]}


def test_the_floor_imports_no_heavy_module() -> None:
    heavy = {"dataclasses", "typing", "re", "pathlib", "enum", "inspect", "collections.abc"}
    code = "import asterism.__main__, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    bare = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True
    )
    assert heavy & (set(done.stdout.split()) - set(bare.stdout.split())) == set()


def test_value_that_is_compared_by_identity_is_hashed_by_it():
    @values.dataclass(slots=True, eq=False)
    class Thing:
        name: str

    one, other = Thing("a"), Thing("a")
    assert (one == one, one == other, len({one, other})) == (True, False, 2)


def test_value_becomes_a_dictionary_with_the_values_in_it():
    @values.dataclass(frozen=True, slots=True)
    class Inner:
        number: int

    @values.dataclass(frozen=True, slots=True)
    class Outer:
        inner: Inner
        many: tuple[Inner, ...]
        named: dict[str, Inner]

    value = Outer(Inner(1), (Inner(2),), {"three": Inner(3)})
    expected = {"inner": {"number": 1}, "many": ({"number": 2},), "named": {"three": {"number": 3}}}
    assert values.asdict(value) == dataclasses.asdict(value) == expected


def test_field_may_be_called_self():
    @values.dataclass(frozen=True, slots=True)
    class Seen:
        self: int
        other: int

    assert (Seen(1, other=2).self, Seen(1, 2) == Seen(1, 2)) == (1, True)
