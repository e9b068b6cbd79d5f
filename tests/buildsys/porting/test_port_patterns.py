"""Patterns in C, which find calls and expressions however they are laid out."""

from __future__ import annotations

import pytest
from tree_sitter import Node

from buildsys.porting.language import patterns
from buildsys.porting.language.syntax import Source, parse, text_of


def _expression(text: str) -> Node:
    root = parse(b"void f(void) { " + text.encode() + b"; }")
    block = next(node for node in root.children[0].children if node.type == "compound_statement")
    return block.named_children[0].named_children[0]


def _bound(pattern: str, text: str) -> dict[str, str] | None:
    found = patterns.match(patterns.compiled(pattern), _expression(text))
    return None if found is None else {name: ", ".join(map(text_of, nodes)) for name, nodes in found.items()}


@pytest.mark.parametrize(
    ("pattern", "text", "bound"),
    [
        ("f($a, $b)", "f( x ,\n  g(y))", {"$a": "x", "$b": "g(y)"}),
        ("f($a, $b)", "f(x)", None),
        ("f($a, $a)", "f(x, x)", {"$a": "x"}),
        ("f($a, $a)", "f(x, y)", None),
        ("f($a, $$rest)", "f(x, y, z)", {"$a": "x", "$$rest": "y, ,, z"}),
        ("f($a, $$rest)", "f(x)", {"$a": "x", "$$rest": ""}),
        ("f($$rest)", "f()", {"$$rest": ""}),
        ("$c->name", "chan->name", {"$c": "chan"}),
        ("$c->name", "chan->uniqueid", None),
        ("f(1)", "f(2)", None),
    ],
)
def test_holes_stand_for_expressions(pattern: str, text: str, bound: dict[str, str] | None) -> None:
    assert _bound(pattern, text) == bound


@pytest.mark.parametrize(("pattern", "key"), [("f($a)", "f"), ("$c->name", "name"), ("AST_FLAG", "AST_FLAG")])
def test_a_pattern_has_a_word_that_is_in_all_it_matches(pattern: str, key: str) -> None:
    assert patterns.compiled(pattern).key == key


@pytest.mark.parametrize(("call", "made"), [("f(x, y + 1)", "g(y + 1, x)"), ("f(x)", "g(x)")])
def test_a_replacement_takes_the_texts_of_the_holes(call: str, made: str) -> None:
    text = f"void f(void) {{ {call}; }}".encode()
    root = parse(text)
    block = next(node for node in root.children[0].children if node.type == "compound_statement")
    node = block.named_children[0].named_children[0]
    bound = patterns.match(patterns.compiled("f($a, $$rest)"), node)
    assert bound is not None
    template = "g($$rest, $a)" if bound["$$rest"] else "g($a, $$rest)"
    assert patterns.filled(template, bound, Source(text, root, 0)).decode() == made
