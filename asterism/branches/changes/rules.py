"""The rules that tell how a source follows a change of Asterisk's API: records in the files beside this one."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism.branches.known_names import BRANCHES
from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

DIRECTORY = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: a change of the API, its reason and what to do in a source."""

    id: str
    """A stable name: ``channel-accessors``."""
    since: str
    """The first branch that has the change."""
    about: str
    """What changed, in a sentence without a full stop."""
    why: str
    """Why Asterisk made the change."""
    look: str = ""
    """What the author has to look at afterwards."""
    changes: tuple[tuple[str, str], ...] = ()
    """Patterns in C and their replacements."""
    where: Mapping[str, str] = field(default_factory=dict)
    """The types of what the holes of a pattern stand for; a hole that is not here takes any."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Names of functions, macros and types, and their new ones."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers below ``asterisk/`` that are gone, and what is included in their place; empty for nothing."""
    adds: tuple[str, ...] = ()
    """Headers below ``asterisk/`` that a replacement needs."""
    names: tuple[str, ...] = ()
    """Names that are gone and have no mechanical replacement; ``look`` tells the way."""
    literals: str = ""
    """A regular expression of text in quotes that the author has to look at; ``look`` tells the way."""
    transform: str = ""
    """A change that no pattern expresses, by the name of its function in ``buildsys.porting.transforms``."""
    before: str = ""
    """An example that the rule changes; with ``after`` it is the rule's test."""
    after: str = ""

    @property
    def is_mechanical(self) -> bool:
        """Whether the rule rewrites anything."""
        return bool(self.changes or self.renames or self.headers or self.transform)

    def applies(self, old: str, new: str) -> bool:
        """Whether the change lies between two branches."""
        return BRANCHES.index(old) < BRANCHES.index(self.since) <= BRANCHES.index(new)

    def as_json(self) -> dict[str, object]:
        """The rule as plain data."""
        return {
            "id": self.id,
            "since": self.since,
            "about": self.about,
            "why": self.why,
            "look": self.look,
            "mechanical": self.is_mechanical,
            "before": self.before,
            "after": self.after,
        }


@functools.cache
def load() -> tuple[Rule, ...]:
    """All rules, oldest change first."""
    found = [rule for file in sorted(DIRECTORY.glob("*.toml")) for rule in _of_file(file)]
    return tuple(sorted(found, key=lambda rule: BRANCHES.index(rule.since)))


def _of_file(file: Path) -> list[Rule]:
    from asterism import files  # as the next line
    from asterism.parsing import toml_table  # only a question about a rule needs them

    table: Mapping[str, Any] = toml_table(files.read_text(file))
    return [_rule(row) for row in table["rule"]]


def _rule(row: Mapping[str, Any]) -> Rule:
    listed = {name: tuple(row[name]) for name in ("adds", "names") if name in row}
    changes = tuple((old, new) for old, new in row.get("changes", ()))
    return Rule(**{**row, **listed, "changes": changes})


def by_id() -> dict[str, Rule]:
    """All rules by their names."""
    return {rule.id: rule for rule in load()}


@functools.cache
def explaining(name: str) -> Rule | None:
    """The rule that tells what became of a name of the API: of a function, a macro, a type or a member."""
    return next((rule for rule in load() if name in rule.renames or name in rule.names), None)


def chosen(rules: Iterable[Rule], only: Iterable[str], without: Iterable[str]) -> tuple[Rule, ...]:
    """The rules with the names in ``only``, or all, but for those in ``without``."""
    wanted, left = set(only), set(without)
    return tuple(rule for rule in rules if (not wanted or rule.id in wanted) and rule.id not in left)
