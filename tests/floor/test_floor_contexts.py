"""Contexts and enumerations made without contextlib and enum do what those do."""

from __future__ import annotations

import contextlib
import copy
import enum
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from asterism.light import contexts, enumeration

NOTED: list[str] = []


def body(*, passes: bool = False, raises: BaseException | None = None) -> Iterator[str]:
    """A context that notes its end, and may suppress or replace what its body raises."""
    try:
        yield "entered"
    except ValueError:
        if raises:
            raise raises from None
        if not passes:
            raise
    finally:
        NOTED.append("left")


def twice() -> Iterator[None]:
    yield
    yield


def fail(error: BaseException) -> Any:
    raise error


def outcome(made: Callable[..., Any], inside: Callable[[], object], **given: Any) -> tuple[object, ...]:
    """What a context does with a body, and what it has noted."""
    NOTED.clear()
    try:
        with made(**given) as entered:
            inside()
    except BaseException as error:
        return type(error), str(error), *NOTED
    return entered, *NOTED


@pytest.mark.parametrize(
    ("function", "given", "error"),
    [
        (body, {}, None),
        (body, {}, ValueError("wrong")),
        (body, {"passes": True}, ValueError("wrong")),
        (body, {"raises": KeyError("other")}, ValueError("wrong")),
        (body, {}, KeyboardInterrupt()),
        (body, {}, StopIteration("stop")),
        (twice, {}, None),
        (twice, {}, ValueError("wrong")),
    ],
)
def test_a_generator_is_the_context_that_the_standard_library_makes_of_it(
    function: Callable[..., Any], given: dict[str, Any], error: BaseException | None
) -> None:
    inside = (lambda: fail(error)) if error else (lambda: None)
    theirs = outcome(contextlib.contextmanager(function), inside, **given)
    assert outcome(contexts.contextmanager(function), inside, **given) == theirs


@pytest.mark.parametrize("error", [None, ValueError("a"), KeyError("b"), UnicodeDecodeError("a", b"", 0, 1, "c")])
def test_exceptions_of_some_kinds_are_suppressed(error: BaseException | None) -> None:
    inside = (lambda: fail(error)) if error else (lambda: None)
    theirs = outcome(lambda: contextlib.suppress(ValueError, OSError), inside)
    assert outcome(lambda: contexts.suppress(ValueError, OSError), inside) == theirs


def kinds(plain: Any, numbers: Any) -> tuple[Any, Any]:
    """An enumeration of texts and one of numbers."""

    class Colour(plain):  # type: ignore[misc]
        RED = "red"
        GREEN = "green"

        @property
        def is_warm(self) -> bool:
            return self is type(self).RED

    class Rank(numbers):  # type: ignore[misc]
        LOW = 1
        HIGH = 2

    return Colour, Rank


OURS, THEIRS = kinds(enumeration.Enum, enumeration.IntEnum), kinds(enum.Enum, enum.IntEnum)


@pytest.mark.parametrize(
    "asked",
    [
        lambda colour, _: [(each.name, each.value, each.is_warm) for each in colour],
        lambda colour, rank: [str(colour.RED), repr(colour.RED), str(rank.LOW), repr(rank.LOW), f"{rank.LOW}"],
        lambda colour, rank: [colour("red") is colour.RED, rank(2) is rank.HIGH],
        lambda colour, _: [colour.RED == colour.RED, colour.RED == colour.GREEN, colour.RED == "red"],
        lambda _, rank: [rank.LOW == 1, rank.LOW < rank.HIGH, rank.HIGH + 1, [0, 1, 2][rank.LOW], bool(rank.LOW)],
        lambda colour, rank: [len({colour.RED, colour.GREEN, colour.RED}), sorted([rank.HIGH, rank.LOW])],
        lambda colour, rank: [copy.deepcopy(colour.RED) is colour.RED, copy.copy(rank.LOW) is rank.LOW],
        lambda colour, _: colour("blue"),
        lambda _, rank: rank(3),
    ],
)
def test_an_enumeration_answers_as_that_of_the_standard_library(asked: Callable[[Any, Any], object]) -> None:
    def said(both: tuple[Any, Any]) -> object:
        try:
            return asked(*both)
        except (ValueError, KeyError) as error:
            return type(error), str(error).replace("kinds.<locals>.", "")

    assert said(OURS) == said(THEIRS)


class Level(enumeration.IntEnum):
    """At the top of a module, where pickle finds it."""

    ONE = 1


def test_a_member_is_itself_after_a_pickle() -> None:
    assert pickle.loads(pickle.dumps(Level.ONE)) is Level.ONE


def test_a_run_of_the_drop_in_imports_neither_of_them() -> None:
    code = "import sys, menuselect.dropin.command; print(sorted({'contextlib', 'enum', 're'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
