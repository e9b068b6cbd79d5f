"""The rules of ``asterism port``: the example of each rule is its test."""

from __future__ import annotations

import re

import pytest

from asterism.branches import api_names
from asterism.branches.changes import rules
from asterism.branches.changes.rules import Rule
from asterism.branches.known_names import BRANCHES
from build_tools import changes_page
from buildsys.porting import includes, rewriting
from buildsys.porting.rewriting import Job
from buildsys.porting.transforms.table import TRANSFORMS

NEW = "22"
EXAMPLES = [rule for rule in rules.load() if rule.before]
_PREFIXED = re.compile(r"\b_?(?:ast|AST|ao2|AO2)_\w+")


def job(rule: Rule) -> Job:
    return Job(BRANCHES[BRANCHES.index(rule.since) - 1], NEW, (rule,), TRANSFORMS)


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.id)
def test_a_rule_makes_its_example_and_changes_it_once(rule: Rule) -> None:
    made = rewriting.rewrite(rule.before.encode(), job(rule)).text.decode()
    assert made == rule.after
    assert rewriting.rewrite(made.encode(), job(rule)).text.decode() == rule.after


@pytest.mark.parametrize("rule", [rule for rule in rules.load() if rule.is_mechanical], ids=lambda rule: rule.id)
def test_what_a_rule_writes_is_there_in_the_new_branch(rule: Rule) -> None:
    written = " ".join([*(new for _, new in rule.changes), *rule.renames.values()])
    kinds = (*api_names.LINKED, "enumerator")
    known = {name for name in _PREFIXED.findall(written) for row in api_names.find(name, kinds) if NEW in row.branches}
    types = {name for name in _PREFIXED.findall(written) if api_names.find(f"struct {name}", ("type",))}
    assert set(_PREFIXED.findall(written)) - known - types == set()
    assert [header for header in rule.adds if includes.is_gone(f"asterisk/{header}", NEW)] == []


@pytest.mark.parametrize("rule", rules.load(), ids=lambda rule: rule.id)
def test_a_rule_says_what_and_why_and_has_an_example_or_a_way(rule: Rule) -> None:
    assert rule.since in BRANCHES
    assert rule.about
    assert not rule.about.endswith(".")
    assert rule.why.endswith(".")
    assert rule.before or rule.look or not rule.is_mechanical
    assert not rule.transform or rule.transform in TRANSFORMS or rule.id == includes.RULE


def test_names_and_rules_are_unique() -> None:
    loaded = rules.load()
    assert len({rule.id for rule in loaded}) == len(loaded)
    assert rules.explaining("ast_getformatname") == rules.by_id()["format-names"]
    assert rules.explaining("ast_cdr_setapp") == rules.by_id()["call-records"]
    assert rules.explaining("ast_nothing") is None


def test_rules_are_chosen_by_name() -> None:
    loaded = rules.load()
    assert [rule.id for rule in rules.chosen(loaded, ["events"], [])] == ["events"]
    assert len(rules.chosen(loaded, [], ["events"])) == len(loaded) - 1


def test_the_page_of_changes_is_up_to_date() -> None:
    """``make pages`` writes it."""
    assert changes_page.PAGE.read_text() == changes_page.page()
