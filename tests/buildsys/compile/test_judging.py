"""Which built modules are judged: those just made, and those that nobody has judged or that could not be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from asterism.errors import Fault
from asterism.tree import Kind, Tree
from buildsys.compile.judging import Judged, LoadCheck
from buildsys.planning.plan import CORE, Module, Plan

ONE, TWO = Module("res_one", ("res_one.c",)), Module("res_two", ("res_two.c",))
WHOLE = Plan((), (ONE, TWO))


class Judge:
    """Refuses res_two, and keeps the names of what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, made: Mapping[Module, Path]) -> Judged:
        self.asked = [module.name for module in made]
        return [(module, Fault("refused")) for module in made if module is TWO]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A directory in which both modules are built."""
    for product in WHOLE.products:
        (tmp_path / product).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / product).touch()
    return Tree(tmp_path, Kind.MODULES)


def judged(tree: Tree, plan: Plan = WHOLE, made: tuple[str, ...] = (), failed: tuple[str, ...] = ()) -> list[str]:
    """The modules that a build judges."""
    judge = Judge()
    LoadCheck.begun(tree, WHOLE, judge).carry_out(tree, plan, made, failed)
    return judge.asked


def test_all_modules_are_judged_once_and_then_those_that_were_refused_or_made(tree: Tree):
    assert [judged(tree), judged(tree), judged(tree, made=("res_one",)), judged(tree, made=(CORE,))] == [
        ["res_one", "res_two"],
        ["res_two"],
        ["res_one", "res_two"],
        ["res_one", "res_two"],
    ]


def test_a_build_that_is_cut_short_has_all_modules_judged_by_the_next_one(tree: Tree):
    judged(tree)
    LoadCheck.begun(tree, WHOLE, Judge())
    assert judged(tree) == ["res_one", "res_two"]


def test_a_build_of_some_modules_keeps_the_doubts_about_the_others(tree: Tree):
    part = Plan((), (ONE,))
    assert [judged(tree, part), judged(tree, part), judged(tree)] == [["res_one"], [], ["res_two"]]


def test_a_module_that_failed_is_not_judged(tree: Tree):
    assert judged(tree, made=("res_two",), failed=("res_two",)) == ["res_one"]


def test_a_damaged_record_has_all_modules_judged(tree: Tree):
    judged(tree)
    (tree / "build" / "unloadable.json").write_text('{"res_one"')
    assert judged(tree) == ["res_one", "res_two"]
