"""Verbs that change the selection: open, request, print the changes and reasons, save; all or nothing."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from asterism.errors import report
from menuselect.choice.selection import Switch
from menuselect.cli import output
from menuselect.cli.output import Paint, shown
from menuselect.model.menu import Member
from menuselect.reasons.explain import switch_text
from menuselect.reasons.requests import Outcome, Request, perform
from menuselect.session.session import Session

MANY = 10
"""The number of lines from which on a count is printed at the end."""

REFUSED = 1
"""Exit status when a request cannot be met; nothing is changed then."""


def ask(session: Session, requests: Iterable[Request], args: Namespace, quiet: Iterable[Member] = ()) -> int:
    """Carry out requests, print the changes, and save.

    Args:
        session: an open tree, locked.
        requests: the requests.
        args: ``json``, ``dry_run`` and ``color`` of the command line.
        quiet: members to switch off first.

    Returns:
        The exit status: 0, or 1 when something was refused.

    Raises:
        AsterismError: the files cannot be written.
    """
    outcome = perform(session.selection, requests, quiet)
    sentence = _save(session, outcome, args.dry_run)
    if args.json:
        output.print_json(_as_json(outcome, saved=bool(sentence) and not args.dry_run, sentence=sentence))
    else:
        _print(outcome, sentence, output.paint_for(args.color))
    report(session.faults, program="asterism")
    return REFUSED if outcome.unmet else 0


def _save(session: Session, outcome: Outcome, dry_run: bool) -> str:
    if outcome.unmet:
        return ""
    return "nothing was written: this was a dry run" if dry_run else session.save()


def _print(outcome: Outcome, sentence: str, paint: Paint) -> None:
    if outcome.unmet:
        report((unmet.fault() for unmet in outcome.unmet), program="asterism")
        print("nothing was changed")
        return
    if outcome.skipped:
        names = [unmet.request.member.name for unmet in outcome.skipped]
        print(f"left out because they cannot be built: {shown(', '.join(names))}")
    change = outcome.change
    if not change:
        print("nothing changes: every request is met already")
    output.print_lines(line(switch, paint) for switch in change.switched)
    if len(change.switched) >= MANY:
        print(f"{len(change.turned_on)} on, {len(change.turned_off)} off")
    print(sentence)


def line(switch: Switch, paint: Paint) -> str:
    """The line for a switch: ``+ app_x (app_y needs it)``."""
    text = shown(switch_text(switch)).removesuffix(" (as asked)")
    return paint("good" if switch.on else "bad", text[:1]) + text[1:]


def _as_json(outcome: Outcome, saved: bool, sentence: str) -> dict[str, object]:
    return {
        "on": [_switch(switch) for switch in outcome.change.switched if switch.on],
        "off": [_switch(switch) for switch in outcome.change.switched if not switch.on],
        "refused": [unmet.as_json() for unmet in outcome.unmet],
        "left_out": [unmet.as_json() for unmet in outcome.skipped],
        "saved": saved,
        "text": sentence,
    }


def _switch(switch: Switch) -> dict[str, object]:
    entries: dict[str, object] = {
        "name": switch.member.name,
        "category": switch.member.category,
        "why": switch.why.name.lower(),
    }
    return entries | ({"because_of": switch.other.name} if switch.other else {})
