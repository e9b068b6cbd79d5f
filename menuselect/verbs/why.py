"""``asterism why NAME...``: explain why a member is on, off or unavailable, down to the missing library."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError
from asterism.home import clone
from asterism.home.loading import by_name
from asterism.terminal import columns
from menuselect.choice.selection import Selection
from menuselect.cli import arguments, opening, output, states
from menuselect.cli.output import Paint, shown
from menuselect.model.known_libraries import find
from menuselect.model.member_names import pick, unknown
from menuselect.model.menu import Member
from menuselect.reasons.advice import to_get
from menuselect.reasons.config_log import FILE, Log
from menuselect.reasons.explain import Reason, reasons, root_causes, text_of
from menuselect.reasons.requests import Request, perform
from menuselect.verbs.show import heading

MOST_NAMES = 12
"""The maximum number of names in a line; further names are counted."""

MOST_VERDICTS = 4
"""The maximum number of results of config.log that are shown for a library."""

MOST_EVIDENCE = 16
"""The maximum number of lines of config.log that are shown below a result: commands and their output."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("why", "Explain why a member is on, off or unavailable.", arguments.WORDS)
    made.add_argument("names", nargs="+", metavar="NAME", help="a member, or a library that members name")
    made.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="ask the configured sources of a real Asterisk, also about modules of this directory",
    )
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _why)


def _why(args: Namespace) -> int:
    if args.target:
        tree = by_name("buildsys.targets.known_targets:directory_of")(args.target, Path(args.directory))
        selection = opening.reading_for(args.directory, tree).selection
    else:
        tree = args.directory
        selection = opening.reading(tree).selection
    log = _log(tree)
    subjects = _subjects(selection, args.names)
    if args.json:
        output.print_json([_as_json(selection, subject, log) for subject in subjects])
        return 0
    paint = output.paint_for(args.color)
    blocks = ("\n".join(_lines(selection, subject, log, paint)) for subject in subjects)
    columns.show(clone.spelled("\n\n".join(blocks)))
    return 0


def _log(directory: str) -> Log:
    path = Path(directory) / FILE
    try:
        return Log(files.read_text(path), os.path.normpath(path))
    except AsterismError:
        return Log("")


Subject = Member | str
"""A member, or the name of a library."""


def _subjects(selection: Selection, words: Sequence[str]) -> list[Subject]:
    faults, found = [], list[Subject]()
    for word in words:
        members = pick(selection.menu, word)
        library = states.spelled(selection, word) if not members else None
        if not members and library is None:
            faults.append(unknown(selection.menu, word))
        found += members or ([library] if library else [])
    if faults:
        raise AsterismError(*faults)
    return found


def _lines(selection: Selection, subject: Subject, log: Log, paint: Paint) -> Iterator[str]:
    if isinstance(subject, str):
        yield from _library_lines(selection, subject, log, paint)
        return
    state = states.state_of(selection, subject)
    yield heading(selection, subject, paint)
    yield f"    {paint(states.LOOKS[state], state)}: {states.STATES[state]}"
    # The members that need it follow below, with their states.
    yield from _tree(tuple(r for r in reasons(selection, subject) if r.code != "needed-by"), "    ", paint)
    yield from _company(selection, subject)
    libraries = root_causes(selection, subject)
    for name in libraries:
        yield from _how(selection, name, log, paint)
    if not libraries and state != "on":
        yield f"    to enable it: {_next(selection, subject)}"


def _next(selection: Selection, member: Member) -> str:
    """The next step to switch a member on."""
    before = selection.snapshot()
    outcome = perform(selection, [Request(member, on=True)])
    selection.restore(before)
    return outcome.unmet[0].cure if outcome.unmet else f"{clone.command()} enable {member.name}"


def _tree(found: tuple[Reason, ...], indent: str, paint: Paint) -> Iterator[str]:
    for reason in found:
        bad = reason.code in ("missing", "present", "needs-unavailable", "conflict", "cycle")
        yield f"{indent}{paint('faint', '-')} {paint('bad' if bad else '', shown(text_of(reason)))}"
        yield from _tree(reason.because, f"{indent}  ", paint)


def _company(selection: Selection, member: Member) -> Iterator[str]:
    """The members that need a member, and those that conflict with it."""
    for label, members in (
        ("needed by", selection.dependents(member)),
        ("conflicts with", selection.opponents(member)),
    ):
        if members:
            yield f"    {label}: {_names(selection, members)}"


def _names(selection: Selection, members: Sequence[Member]) -> str:
    texts = [f"{shown(member.name)} ({states.state_of(selection, member)})" for member in members[:MOST_NAMES]]
    rest = len(members) - len(texts)
    return ", ".join(texts) + (f" and {rest} more" if rest else "")


def _how(selection: Selection, name: str, log: Log, paint: Paint) -> Iterator[str]:
    library = find(name)
    title = f", {library.title}" if library else ""
    yield f"  {paint('label', shown(name))}{title}: {states.found_text(selection, name)}"
    for verdict in log.of(name)[:MOST_VERDICTS]:
        yield f"    {shown(str(verdict))}"
        yield from (f"      {paint('faint', shown(line))}" for line in _cut(verdict.evidence))
    if not selection.deps.is_met(name):
        yield f"    {to_get(selection.deps, name)}"
    if library and library.note and library.packages and not selection.deps.is_met(name):
        yield f"    {library.note}"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_EVIDENCE]
    if len(lines) > MOST_EVIDENCE:
        yield f"... and {len(lines) - MOST_EVIDENCE} more lines in {FILE}"


def _library_lines(selection: Selection, name: str, log: Log, paint: Paint) -> Iterator[str]:
    yield from _how(selection, name, log, paint)
    for label, members in states.users_of(selection, name).items():
        if members:
            words = {"depends": "needed by", "uses": "used by", "conflicts": "in conflict with"}[label]
            yield f"    {words}: {_names(selection, members)}"


def _as_json(selection: Selection, subject: Subject, log: Log) -> dict[str, object]:
    if isinstance(subject, str):
        users = {key: [member.name for member in found] for key, found in states.users_of(selection, subject).items()}
        return {"library": subject, **users, "libraries": [_library(selection, subject, log)]}
    built = selection.is_built(subject)
    return {
        **states.record(selection, subject),
        "next": "" if built else _next(selection, subject),
        "reasons": [reason.as_json() for reason in reasons(selection, subject)],
        "opponents": [other.name for other in selection.opponents(subject)],
        "libraries": [_library(selection, name, log) for name in root_causes(selection, subject)],
    }


def _library(selection: Selection, name: str, log: Log) -> dict[str, object]:
    library = find(name)
    return {
        **(library.as_json() if library else {"name": name}),
        "state": selection.deps.state(name).value,
        "checks": [
            {
                "what": v.what,
                "result": v.result,
                "why": v.why,
                "line": v.place.line if v.place else 0,
                "evidence": list(v.evidence),
            }
            for v in log.of(name)
        ],
        "next": to_get(selection.deps, name) if not selection.deps.is_met(name) else "",
    }
