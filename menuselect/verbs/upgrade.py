"""``asterism upgrade [OLD]``: compare a saved selection with this tree, and correct it."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, report
from asterism.home.clone import spelled
from asterism.tree import DEPS, MAKEDEPS, MENU, SELECTION
from menuselect.choice.selection import Selection
from menuselect.cli import arguments, changing, opening, output, states
from menuselect.cli.output import Paint, shown
from menuselect.model import deps, tree_file
from menuselect.model.menu import Member
from menuselect.reasons.advice import to_get
from menuselect.reasons.explain import text_of
from menuselect.reasons.requests import Outcome, perform
from menuselect.reasons.tree_changes import Gone, Known, LostMember, Upgrade, compare, known_of
from menuselect.session import makeopts
from menuselect.session.makeopts import Config
from menuselect.session.session import Session

_MORE = """\
OLD is the tree in which the selection was saved, or a makeopts file. Without OLD, the menuselect.makeopts of this
tree is read. Only with the old tree are all new members known."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("upgrade", "Compare a saved selection with this tree.", _MORE)
    made.add_argument("old", nargs="?", metavar="OLD")
    made.add_argument("--write", action="store_true", help="save the corrected selection in this tree")
    arguments.dry_run(made)
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _upgrade)


def _upgrade(args: Namespace) -> int:
    path = _makeopts_of(args.old, args.directory)
    config = makeopts.loads(files.read_text(path), str(path))
    session = _session(args, config)
    with session.locked():
        found = compare(_known(path, config, args.old), session.selection)
        outcome = perform(session.selection, found.requests())
        sentence = _save(session, args)
    if args.json:
        output.print_json(_as_json(found, outcome, sentence))
    else:
        output.print_lines(_lines(session.selection, found, outcome, output.paint_for(args.color)))
        print(sentence)
    report(session.faults, program="asterism")
    return 0


def _makeopts_of(old: str | None, directory: str) -> Path:
    path = Path(old or directory)
    if path.is_dir():
        path /= SELECTION
    if path.is_file():
        return path
    if old is None:
        what, cure = f"no selection was saved in '{path}'", "name the old tree or a makeopts file: asterism upgrade OLD"
    elif Path(old).is_dir():
        what = f"no selection was saved in '{old}': {SELECTION} is missing"
        cure = f"name another makeopts file, or save the defaults: asterism save -C {shlex.quote(old)}"
    else:
        what, cure = f"'{old}' does not exist", "check the path"
    raise AsterismError(Fault(what, cure=cure, code="no-choice"))


def _session(args: Namespace, config: Config) -> Session:
    """Open this tree with the selection of the old file."""
    session = opening.fresh(args.directory)
    if args.old:
        makeopts.apply(config, session.selection)
    else:
        session.read(SELECTION)
    session.selection.settle()
    return session


def _known(path: Path, config: Config, old: str | None) -> Known:
    makedeps = path.parent / MAKEDEPS
    text = files.read_text(makedeps) if makedeps.is_file() else ""
    return known_of(config, text, _old_selection(path.parent, config) if old else None)


def _old_selection(directory: Path, config: Config) -> Selection | None:
    """The selection of the file in its own tree; None without ``menuselect-tree`` there."""
    if not (directory / MENU).is_file():
        return None
    menu = tree_file.load(str(directory / MENU)).menu
    selection = Selection(menu, deps.load_if_there(str(directory / DEPS)))
    makeopts.apply(config, selection)
    selection.settle()
    return selection


def _save(session: Session, args: Namespace) -> str:
    if args.write and not args.dry_run:
        return session.save()
    if not session.is_changed:
        return f"'{SELECTION}' needs no change"
    old = f" {shlex.quote(args.old)}" if args.old else ""
    return spelled(f"nothing was written; 'asterism upgrade{old} --write' saves the corrected selection")


Section = tuple[str, Sequence[str]]


def _lines(selection: Selection, found: Upgrade, outcome: Outcome, paint: Paint) -> Iterator[str]:
    for title, lines in _sections(selection, found, outcome, paint):
        if lines:
            yield paint("label", f"{title}:")
            yield from (f"  {line}" for line in lines)


def _sections(selection: Selection, found: Upgrade, outcome: Outcome, paint: Paint) -> Iterator[Section]:
    yield "renamed", [_renamed_text(gone) for gone in found.gone if gone.is_renamed]
    yield "gone", [_gone_text(gone) for gone in found.gone if not gone.is_renamed]
    title = "new" if found.complete else "new, as far as the saved files show"
    yield title, [_new_text(selection, member, paint) for member in found.new]
    yield "can no longer be built", list(_lost_lines(selection, found.lost))
    title = "on, though off by default: new since the file was written, or selected then"
    yield title, [shown(member.name) for member in found.doubtful]
    yield "corrected", [changing.line(switch, paint) for switch in outcome.change.switched]


def _new_text(selection: Selection, member: Member, paint: Paint) -> str:
    state = states.state_of(selection, member)
    text = f"{shown(member.name)}  {shown(member.displayname)}".rstrip()
    return f"{paint(states.LOOKS[state], selection.mark(member))} {text}"


def _was(gone: Gone) -> str:
    return {True: " (was on)", False: " (was off)", None: ""}[gone.was_on]


def _renamed_text(gone: Gone) -> str:
    names = ", ".join(member.name for member in gone.to)
    state = "" if not gone.carried else ", on" if gone.was_on else ", off"
    return f"{shown(gone.name)}{_was(gone)} -> {names}{state}: {gone.past}"


def _gone_text(gone: Gone) -> str:
    why = f": {gone.past}" if gone.past else ""
    step = f"; asterism enable {gone.to[0].name}" if gone.to and gone.was_on else ""
    return f"{shown(gone.name)}{_was(gone)}{why}{step}"


def _lost_lines(selection: Selection, found: Iterable[LostMember]) -> Iterator[str]:
    """A line for each member with its reasons; the step to get a library follows the first member that needs it."""
    told: set[str] = set()
    for lost in found:
        texts = [text_of(reason) for reason in lost.because]
        yield f"{shown(lost.member.name)}: {shown('; '.join(texts))}"
        missing = {each.name.lower(): each.name for each in lost.because if each.code == "missing"}
        yield from (f"    {to_get(selection.deps, name)}" for key, name in missing.items() if key not in told)
        told |= set(missing)


def _as_json(found: Upgrade, outcome: Outcome, sentence: str) -> dict[str, object]:
    return {
        "new": [member.name for member in found.new],
        "new_is_complete": found.complete,
        "gone": [_gone_json(gone) for gone in found.gone if not gone.is_renamed],
        "renamed": [_gone_json(gone) for gone in found.gone if gone.is_renamed],
        "unavailable": [
            {"name": lost.member.name, "because": [reason.as_json() for reason in lost.because]} for lost in found.lost
        ],
        "doubtful": [member.name for member in found.doubtful],
        "on": [switch.member.name for switch in outcome.change.switched if switch.on],
        "off": [switch.member.name for switch in outcome.change.switched if not switch.on],
        "text": sentence,
    }


def _gone_json(gone: Gone) -> dict[str, object]:
    past = gone.past.as_json() if gone.past else {}
    return {
        "name": gone.name,
        "was_on": gone.was_on,
        **({"past": past} if past else {}),
        "to": [m.name for m in gone.to],
    }
