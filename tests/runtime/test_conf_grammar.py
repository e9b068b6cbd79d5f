"""The grammar of ``.conf`` files, ``runtime/config.lark``, and the reader by hand: they must understand the same."""

from __future__ import annotations

import functools
from importlib.resources import files

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Tree, UnexpectedInput

from asterism.errors import AsterismError
from runtime import config

Said = list[tuple[str, list[tuple[str, str, bool]]]]
"""Sections with their options, and what is assigned in each."""


@functools.cache
def grammar(start: str) -> Lark:
    source = files("runtime").joinpath("config.lark").read_text("utf-8")
    return Lark(source, parser="lalr" if start == "text" else "earley", start=start, keep_all_tokens=start == "text")


def uncommented(text: str) -> list[str] | None:
    """The lines of a file without comments by the grammar; None when a comment does not end."""
    try:
        tree = grammar("text").parse(text)
    except UnexpectedInput:
        return None
    out: list[str] = []
    walk(tree, out)
    return "".join(out).split("\n")


def walk(tree: Tree[Token], out: list[str]) -> None:
    for child in tree.children:
        if isinstance(child, Tree):
            out.append("\n" * sum(token.type == "BREAK" for token in child.scan_values(lambda _: True)))
        elif child.type in ("PLAIN", "NEWLINE"):
            out.append(str(child))
        elif child.type == "ESCAPED":
            out.append(";")


def by_hand(text: str) -> list[str] | None:
    kept, depth = [], 0
    for line in text.split("\n"):
        bare, _, depth = config.uncomment(line, depth)
        kept.append(bare)
    return None if depth else kept


@settings(deadline=None, max_examples=400)
@given(st.text(";-\\ax \n", max_size=30))
@example(";--a;--b--;c--;d")
@example("a;--;")
@example("a;---b\nc")
@example(";----;x--;y")
@example("x;--\n--;--\n--;--;z")
@example("\\;-- a\\")
def test_comments_are_the_same_by_both(text: str) -> None:
    assert by_hand(text) == uncommented(text)


def assigned(line: str) -> tuple[str, str, str] | None:
    """Name, sign and value of a line by the grammar; None when it is none, or is no variable."""
    try:
        tree = grammar("line").parse(line)
    except UnexpectedInput:
        return None
    (kind,) = tree.children
    if kind.data != "variable":
        return None
    tokens = {token.type: str(token) for token in kind.children}
    sign = next(token.type for token in kind.children if token.type in ("APPENDS", "ARROW", "EQUALS"))
    return tokens.get("KEY", "").strip(), sign, tokens.get("VALUE", "").strip()


@settings(deadline=None, max_examples=300)
@given(st.text("ab=+> .", min_size=1, max_size=12).map(str.strip).filter(bool))
@example("a=>b")
@example("a+=>b")
@example("a = b = c")
@example("a+b=c")
def test_variables_are_the_same_by_both(line: str) -> None:
    said = assigned(line)
    read = config.loads(f"[s]\n{line}\n")
    found = [(entry.name, entry.value, entry.is_object) for entry in read.variables("s")]
    if said is None or not said[0]:
        assert found == []
    else:
        assert found == [(said[0], said[2], said[1] == "ARROW")]


@settings(deadline=None, max_examples=200)
@given(st.text("ab]()!+, x", max_size=14))
@example("a](!)")
@example("a](!,+)x")
def test_sections_are_the_same_by_both(rest: str) -> None:
    line = f"[{rest}".strip()
    try:
        (kind,) = grammar("line").parse(line).children
        well_formed = kind.data == "section" and not is_open(kind)
    except UnexpectedInput:
        well_formed = False
    try:
        config.loads(line)
        faults: set[str] = set()
    except AsterismError as error:
        faults = {fault.code for fault in error.faults}
    assert well_formed == ("section" not in faults)
    if well_formed:
        name = "".join(token for token in kind.children if isinstance(token, Token) and token.type == "NAME")
        assert faults or [section.name for section in config.loads(line).sections] == [name]


def is_open(section: Tree[Token]) -> bool:
    """Whether what follows the bracket begins options that do not end."""
    trailing = [str(token) for token in section.children if isinstance(token, Token) and token.type == "TRAILING"]
    has_options = any(isinstance(child, Tree) for child in section.children)
    return not has_options and bool(trailing) and trailing[0].startswith("(")


@pytest.mark.parametrize("line", ["#include x.conf", "#exec a", "#tryinclude *.conf", "# x"])
def test_what_begins_with_a_hash_is_a_directive(line: str) -> None:
    assert grammar("line").parse(line).children[0].data == "directive"
