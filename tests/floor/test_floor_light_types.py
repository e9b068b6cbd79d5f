"""Named tuples and patterns made without typing and before their first use are those of typing and re."""

from __future__ import annotations

import collections.abc
import pickle
import re
import typing

import pytest

from asterism.light import patterns, types
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    Made = typing.Any


class OurPoint(types.NamedTuple):
    """A place."""

    x: int
    y: int = 2

    @property
    def total(self) -> int:
        """The sum of both."""
        return self.x + self.y

    def moved(self, by: int) -> OurPoint:
        """A place further right."""
        return self._replace(x=self.x + by)


class TheirPoint(typing.NamedTuple):
    """A place."""

    x: int
    y: int = 2

    @property
    def total(self) -> int:
        """The sum of both."""
        return self.x + self.y

    def moved(self, by: int) -> TheirPoint:
        """A place further right."""
        return self._replace(x=self.x + by)


def told(point: type[Made]) -> object:
    """What a class of points and its values answer, without the name of the class."""
    one, (x, y) = point(1), point(3, y=4)
    answers = (
        one, x, y, one.total, one.moved(5), one == point(1, 2), one < point(2), hash(one), one._asdict(), one[1:],
        point._fields, point._field_defaults, point.__doc__, point.__module__, point.__bases__,
        pickle.loads(pickle.dumps(one)), repr(one), point.__qualname__, isinstance(one, collections.abc.Sequence),
    )  # fmt: skip
    return [str(answer).replace(point.__name__, "Point") for answer in answers]


def test_a_named_tuple_is_that_of_typing() -> None:
    assert told(OurPoint) == told(TheirPoint)


@pytest.mark.parametrize("given", [(), (1, 2, 3)])
def test_a_named_tuple_refuses_other_arguments_as_that_of_typing(given: tuple[int, ...]) -> None:
    refused = []
    for point in (OurPoint, TheirPoint):
        with pytest.raises(TypeError) as error:
            point(*given)
        refused.append(str(error.value).replace(point.__name__, "Point"))
    assert refused[0] == refused[1]


def test_a_generic_class_takes_its_parameters() -> None:
    kind = types.TypeVar("kind")

    class Box(types.Generic[kind]):
        """Holds one."""

    assert isinstance(Box[int](), Box)


def test_a_pattern_is_compiled_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: compiled.append(given) or compile_(*given))
    word = patterns.pattern(r"(\w)\w*", re.ASCII)
    assert compiled == []
    found = word.match("ab cd"), word.findall("ab cd"), word.sub("x", "ab cd"), word.pattern, word.match("é")
    assert (found[0] and found[0][0], *found[1:]) == ("ab", ["a", "c"], "x x", r"(\w)\w*", None)
    word.match("ab")
    assert len(compiled) == 4  # each method once


def test_a_pattern_of_bytes_is_one() -> None:
    assert patterns.pattern(rb"[a-z]+").fullmatch(b"abc") is not None
