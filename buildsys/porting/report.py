"""The report of a port: words, a diff, JSON or SARIF."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence

from asterism.branches import known_names
from asterism.branches.changes.rules import Rule, by_id
from asterism.words import counted
from buildsys.porting.results import Result, faults, reason, words_of
from menuselect.cli import sarif
from menuselect.cli.output import Paint, shown

_LONGEST = 60
"""The maximum number of characters of code in a line of the report."""


def text(results: Sequence[Result], paint: Paint) -> Iterator[str]:
    """The lines of the report: each file with its changes and with what is left to do, then the reasons once each."""
    for result in results:
        yield from _of_file(result, paint)
    used = dict.fromkeys(rule for result in results for rule in _rules_of(result))
    known = by_id()
    if used:
        yield ""
        yield paint("label", "Why:")
    for name in used:
        yield from _reason(known[name])
    yield from _summary(results, paint)


def _rules_of(result: Result) -> Iterator[str]:
    yield from (change.rule for change in result.changes)
    yield from (each.rule for each in result.left if each.rule)


def _of_file(result: Result, paint: Paint) -> Iterator[str]:
    if result.note:
        yield shown(str(result.note).split("\n")[0])
        return
    if not result.changes and not result.left and result.to in known_names.branches_of(result.fits):
        yield f"{shown(result.file)}: fits {known_names.words(result.fits)} as it is{_proof(result)}"
        return
    fits = known_names.words(result.fits) if result.fits else "no branch"
    yield paint("label", f"{shown(result.file)}: fits {fits} as it is, by its names{_proof(result)}")
    if result.unparsed:
        places = counted(result.unparsed, "place does", "places do")
        yield f"  {places} not parse: what is written there was left alone"
    for change in result.changes:
        yield f"  {change.line}: {_code(words_of(change))} [{change.rule}]"
    for each in result.left:
        rule = f" [{each.rule}]" if each.rule else ""
        yield paint("bad", f"  {each.line}: to do: {shown(each.what)}{rule}")


def _proof(result: Result) -> str:
    said = result.compiled
    if said is None:
        return ""
    if not said.after:
        how = "compiles" if not said.before else "compiles after its port"
        return f"; {how} for {said.target}"
    return f"; {counted(said.before, 'error')} for {said.target}, {said.after} after its port"


def _code(words: str) -> str:
    return shown(words if len(words) <= 3 * _LONGEST else f"{words[: 3 * _LONGEST]}...")


def _reason(rule: Rule) -> Iterator[str]:
    yield f"  {rule.id}: {reason(rule)}."
    yield f"    {rule.why}"
    if rule.look:
        yield f"    Look at this: {rule.look}"


def _summary(results: Sequence[Result], paint: Paint) -> Iterator[str]:
    changes = sum(len(result.changes) for result in results)
    left = sum(len(result.left) for result in results)
    said = f"{counted(len(results), 'file')}: {counted(changes, 'change')}, {left} left to do"
    yield paint("bad" if left else "good", said)


def diff(result: Result) -> Iterator[str]:
    """A unified diff of a file, for patch and git apply."""
    old, new = (each.decode("utf-8", "surrogateescape").splitlines(keepends=True) for each in (result.old, result.new))
    for line in difflib.unified_diff(old, new, f"a/{result.file}", f"b/{result.file}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def as_json(results: Sequence[Result]) -> str:
    """All results as data."""
    return json.dumps({"files": [result.as_json() for result in results]}, indent=2)


def as_sarif(results: Sequence[Result]) -> str:
    """All changes and all remaining work as SARIF."""
    return sarif.dumps([fault for result in results for fault in faults(result)], "asterism port")


def explained(rule: Rule) -> str:
    """The explanation of a rule: what changed, why, what to check, and an example."""
    lines = [f"{rule.id}: {reason(rule)}.", "", rule.why]
    if rule.look:
        lines += ["", f"Look at this: {rule.look}"]
    if not rule.is_mechanical:
        lines += ["", "This change is not made by 'asterism port': it needs the author."]
    if rule.names:
        lines += ["", f"It is about {', '.join(rule.names)}."]
    if rule.before:
        lines += ["", "Before:", rule.before.rstrip(), "", "After:", rule.after.rstrip()]
    return "\n".join(lines)


def listed(rules: Sequence[Rule]) -> Iterator[str]:
    """A line for each rule."""
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        mark = "" if rule.is_mechanical else " (explained only)"
        yield f"{rule.id:<{width}}  {rule.since:>5}  {rule.about}{mark}"
