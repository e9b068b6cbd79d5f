"""The results of a port of a file: values for text, JSON, SARIF and tests."""

from __future__ import annotations

from collections.abc import Iterator

from asterism.branches import known_names
from asterism.branches.changes.rules import Rule, by_id
from asterism.errors import Fault, Place
from asterism.values import dataclass
from buildsys.porting.edits import CodeChange


@dataclass(frozen=True, slots=True)
class Left:
    """A task that is left to the author."""

    line: int
    """The line number in the original file, from 1."""
    what: str
    rule: str = ""
    """The rule that explains the task; empty when no rule does."""

    def as_json(self) -> dict[str, object]:
        """The entry as plain data."""
        return {"line": self.line, "what": self.what, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The compiler's result with the headers of a target."""

    target: str
    before: int
    """The number of errors of the original source."""
    after: int


@dataclass(frozen=True, slots=True)
class Result:
    """The result for a source."""

    file: str
    old: bytes
    new: bytes
    written_for: str
    """The branch that the changes start from."""
    fits: str
    """The span of branches that the original source fits, by the names it uses."""
    to: str
    changes: tuple[CodeChange, ...] = ()
    left: tuple[Left, ...] = ()
    unparsed: int = 0
    """The number of places that do not parse and were left alone."""
    compiled: Compiled | None = None
    note: Fault | None = None
    """The reason why the source was left alone."""

    @property
    def is_changed(self) -> bool:
        """Whether the port changes the file."""
        return self.old != self.new

    def as_json(self) -> dict[str, object]:
        """The result as plain data."""
        compiled = self.compiled
        proof = {"target": compiled.target, "before": compiled.before, "after": compiled.after} if compiled else None
        return {
            "file": self.file,
            "written_for": self.written_for,
            "fits": self.fits,
            "to": self.to,
            "changes": [change.as_json() for change in self.changes],
            "left": [each.as_json() for each in self.left],
            "unparsed": self.unparsed,
            "compiled": proof,
            "note": self.note.as_json() if self.note else None,
        }


def faults(result: Result) -> Iterator[Fault]:
    """A result as faults: a warning for each change, an error for what is left."""
    known = by_id()
    if result.note:
        yield result.note
    for change in result.changes:
        rule, place = known[change.rule], Place(result.file, change.line)
        yield Fault(words_of(change), place, reason(rule), rule.look, rule.id, "warning")
    for each in result.left:
        rule_or_none = known.get(each.rule)
        why, cure = (reason(rule_or_none), rule_or_none.look) if rule_or_none else ("", "")
        yield Fault(each.what, Place(result.file, each.line), why, cure, each.rule or "not-there")


def words_of(change: CodeChange) -> str:
    """``'chan->name' becomes 'ast_channel_name(chan)'``."""
    if not change.before:
        return f"'{change.after}' is added"
    return f"'{change.before}' becomes '{change.after}'" if change.after else f"'{change.before}' is removed"


def reason(rule: Rule) -> str:
    """What changed, and since when."""
    return f"since {known_names.words(rule.since)} {rule.about}"
