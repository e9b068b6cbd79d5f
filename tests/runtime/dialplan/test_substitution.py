"""``${...}`` in text: variables, parts of them, functions, expressions, nesting, and what is not closed."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.dialplan.substitution import MOST_NESTING, split_call, substitute, substring
from runtime.model.emulated_channel import Channel, Variables


class World:
    """Some variables and functions."""

    def __init__(self, **variables: str) -> None:
        self.variables = variables
        self.warnings: list[str] = []

    def variable(self, name: str) -> str | None:
        return self.variables.get(name)

    def call(self, name: str, arguments: str) -> str | None:
        if name == "AGAIN":
            return substitute("${AGAIN()}x", self)
        return {"UPPER": arguments.upper(), "ARGS": f"<{arguments}>"}.get(name)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


SIMPLE = {"NAME": "abcdef", "N": "NAME", "ONE": "1", "UMLAUT": "aäb"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("nothing here", "nothing here"),
        ("a ${NAME} b", "a abcdef b"),
        ("${MISSING}", ""),
        ("cost: 5$", "cost: 5$"),
        ("$NAME $$ {x}", "$NAME $$ {x}"),
        ("${NAME:2}", "cdef"),
        ("${NAME:-2}", "ef"),
        ("${NAME:-20}", "abcdef"),
        ("${NAME:1:2}", "bc"),
        ("${NAME:1:-2}", "bcd"),
        ("${NAME:1:-9}", ""),
        ("${NAME:9}", ""),
        ("${NAME:0:0}", ""),
        ("${NAME:-3:2}", "de"),
        ("${NAME:x}", "abcdef"),
        ("${UMLAUT:0:2}", "a\udcc3"),
        ("${${N}}", "abcdef"),
        ("${NAME:${ONE}:1}", "b"),
        ("${UPPER(x${NAME}y)}", "XABCDEFY"),
        ("${UPPER(abc):1}", "BC"),
        ("${ARGS(a:b,(c))}", "<a:b,(c)>"),
        ("${ARGS(${ARGS(x)})}", "<<x>>"),
        ("${NOSUCH(x)}", ""),
        ("$[1 + ${ONE}]", "2"),
        ("$[$[1+1]*3]", "6"),
        ("${ARGS($[1+1])}", "<2>"),
        ("${ARGS({x})}", "<{x}>"),
    ],
)
def test_a_text_is_replaced(text, result):
    world = World(**SIMPLE)
    assert (substitute(text, world), world.warnings) == (result, [])


@pytest.mark.parametrize(
    ("text", "result", "warning"),
    [
        ("a${NAME", "aabcdef", "the '}' that closes '${NAME' is missing"),
        ("$[1+1", "2", "the ']' that closes '$[1+1' is missing"),
        ("${ARGS(x}", "<x>", "the closing parenthesis of 'ARGS(x' is missing"),
    ],
)
def test_what_is_not_closed_is_told_and_taken_to_the_end(text, result, warning):
    world = World(**SIMPLE)
    assert (substitute(text, world), world.warnings) == (result, [warning])


def test_a_function_that_substitutes_itself_for_ever_is_stopped_with_one_warning():
    world = World()
    assert substitute("${AGAIN()}", world) == "x" * (MOST_NESTING - 1)
    assert world.warnings == [f"'${{AGAIN()}}x' is nested more than {MOST_NESTING} deep; it was left out"]


def test_text_nested_without_an_end_is_stopped():
    world = World()
    substitute("${" * 5000, world)
    assert len(world.warnings) == MOST_NESTING + 1


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='ab${}[]():,1+"', max_size=30))
def test_any_text_is_replaced_by_some_text(text: str):
    assert isinstance(substitute(text, World(a="1", b="${a}")), str)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=20), st.integers(-25, 25), st.integers(0, 25))
def test_a_part_of_a_text_is_a_slice_of_its_bytes(text: str, offset: int, length: int):
    data = text.encode("utf-8", "surrogateescape")
    begin = max(len(data) + offset, 0) if offset < 0 else offset
    assert substring(text, offset, length).encode("utf-8", "surrogateescape") == data[begin : begin + length]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("NAME", ("NAME", "", True)),
        ("NAME()", ("NAME", "", True)),
        ("NAME(a(b),c)", ("NAME", "a(b),c", True)),
        ("NAME(a", ("NAME", "a", False)),
    ],
)
def test_a_call_is_split_at_its_first_and_last_parenthesis(text, parts):
    assert split_call(text) == parts


def test_a_variable_hides_an_older_one_until_it_is_deleted():
    variables = Variables()
    variables.set("__A", "1")
    variables.push("_A", "2")
    assert (variables.get("A"), list(variables.items()), len(variables)) == ("2", [("A", "2")], 1)
    variables.set("A", None)
    assert variables.get("A") == "1"
    variables.set("A", None)
    assert (variables.get("A"), len(variables)) == (None, 0)


def test_every_channel_has_a_unique_id_even_when_threads_make_them():
    made: list[Channel] = []
    threads = [threading.Thread(target=lambda: made.extend(Channel() for _ in range(200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({channel.uniqueid for channel in made}) == 800
