"""Words of a sentence that depend on a number or on a list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from asterism.words import agreed, both, counted, either

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("asterism", "menuselect", "buildsys", "runtime", "asterism_testing", "res", "apps", "funcs")


@pytest.mark.parametrize(
    ("number", "noun", "plural", "expected"),
    [
        (0, "module", "", "0 modules"),
        (1, "module", "", "1 module"),
        (2, "active call", "", "2 active calls"),
        (1, "priority", "priorities", "1 priority"),
        (3, "priority", "priorities", "3 priorities"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, noun: str, plural: str, expected: str) -> None:
    assert counted(number, noun, plural) == expected


def test_a_verb_agrees_with_its_number() -> None:
    assert [agreed(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


@pytest.mark.parametrize(
    ("names", "any_of", "all_of"),
    [
        ([], "", ""),
        (["a"], "'a'", "'a'"),
        (["a", "b"], "'a' or 'b'", "'a' and 'b'"),
        (["a", "b", "c"], "'a', 'b' or 'c'", "'a', 'b' and 'c'"),
    ],
)
def test_names_are_joined_as_in_a_sentence(names: list[str], any_of: str, all_of: str) -> None:
    assert (either(names), both(names)) == (any_of, all_of)


def is_home_made(node: ast.AST) -> bool:
    """Whether an expression makes a plural: ``"s" * (count != 1)``, ``"" if count == 1 else "s"`` and their like."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Constant) and node.left.value == "s"
    if not isinstance(node, ast.IfExp) or not isinstance(node.test, ast.Compare):
        return False
    one = any(isinstance(side, ast.Constant) and side.value in (1, "1") for side in node.test.comparators)
    ends = [ast.unparse(side).rstrip("'\"").lstrip("f'\"") for side in (node.body, node.orelse)]
    return one and all(ends) and abs(len(ends[0]) - len(ends[1])) <= 1 and any(f"{end}s" in ends for end in ends)


def test_plurals_are_made_in_one_place() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for folder in FOLDERS
        for path in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if is_home_made(node)
    ]
    assert found == []
