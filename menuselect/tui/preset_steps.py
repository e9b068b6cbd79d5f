"""Presets in the menu: what one would change, taking it as a step, keeping the present choice as one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from menuselect.choice.selection import Change, Refusal
from menuselect.listing.styled_text import Line, Piece, plain
from menuselect.reasons.minimal import difference
from menuselect.reasons.requests import Outcome, Request, Unmet, perform
from menuselect.session import presets
from menuselect.session.presets import Preset, Wanted
from menuselect.tui.step_words import names
from menuselect.tui.undo import Steps

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def offered(steps: Steps) -> list[Preset]:
    """The presets that can be picked: those of the tree, of the person, and the ones that come with us."""
    return presets.available(steps.session.directory)


def wanted(steps: Steps, name: str) -> Wanted:
    """What a preset and those it inherits come to here; words for what this tree does not have are told apart.

    Raises:
        AsterismError: it is missing or malformed.
    """
    top = steps.session.directory
    return presets.merge(steps.menu, presets.gather([name], top), lenient=True)


def _perform(steps: Steps, want: Wanted) -> Outcome:
    """Meet what can be met: a menu shows the rest, where a script wants all or nothing."""
    requests = list(_requests(want))
    first = perform(steps.selection, requests, want.rest)
    if not first.unmet:
        return first
    lost = {unmet.request.member.index for unmet in first.unmet}
    possible = [request for request in requests if request.member.index not in lost]
    second = perform(steps.selection, possible, want.rest)
    change = Change() if second.unmet else second.change
    return Outcome(change, (*first.unmet, *second.unmet), second.skipped)


def _requests(want: Wanted) -> Iterator[Request]:
    for members, on in ((want.off, False), (want.on, True)):
        for member in members:
            yield Request(member, on, want.places.get(member.index), member.index in want.optional)


def take(steps: Steps, name: str) -> str:
    """Take a preset, as one step that can be undone.

    Returns:
        The sentence that says what changed, or why nothing could.
    """
    try:
        want = wanted(steps, name)
    except AsterismError as error:
        return str(error.faults[0])
    sentence = steps.take(f"preset {name}", lambda: _change(_perform(steps, want)))
    return f"{sentence} Passed over, not in this tree: {len(want.unknown)}." if want.unknown else sentence


def _change(outcome: Outcome) -> Change:
    return Change(outcome.change.switched, tuple(_refusal(unmet) for unmet in outcome.unmet))


def _refusal(unmet: Unmet) -> Refusal:
    return unmet.refusal or Refusal(unmet.request.member, "overruled", unmet.by.other if unmet.by else None)


def outlook(steps: Steps, preset: Preset) -> list[Line]:
    """What a preset is, and what taking it would change; nothing changes."""
    lines: list[Line] = [(Piece(preset.name, "label"), Piece(f"  {preset.title}")), (Piece(preset.file, "faint"),)]
    try:
        want = wanted(steps, preset.name)
    except AsterismError as error:
        return [*lines, *((Piece(text, "bad"),) for text in str(error).splitlines())]
    before = steps.selection.snapshot()
    outcome = _perform(steps, want)
    steps.selection.restore(before)
    change = outcome.change
    for label, look, members in (("Turns on: ", "good", change.turned_on), ("Turns off: ", "bad", change.turned_off)):
        if members:
            lines.append((Piece(label, look), Piece(names(members, 60))))
    lines += [(Piece("Cannot be had: ", "bad"), Piece(_told(unmet))) for unmet in outcome.unmet]
    lines += [(Piece("Left out: ", "faint"), Piece(_told(unmet))) for unmet in outcome.skipped]
    lines += [(Piece("Passed over: ", "faint"), Piece(fault.what)) for fault in want.unknown]
    return lines if change else [*lines, (Piece("It changes nothing.", "faint"),)]


def _told(unmet: Unmet) -> str:
    return f"{unmet.request.member.name}, {unmet.why}"


def keep(steps: Steps, name: str) -> str:
    """Keep what turns the defaults into the present choice as a preset of the person's own.

    Returns:
        The sentence that says where it is.

    Raises:
        AsterismError: the name is no name for a file, or taken, or the file cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise AsterismError(
            Fault(f"'{name}' is no name for a preset", cure="use letters, digits, '-' and '_'", code="bad-preset-name")
        )
    directory = presets.directories(steps.session.directory)[1]
    path = directory / f"{name}{presets.SUFFIX}"
    if path.exists():
        cure = "choose another name, or remove that file"
        raise AsterismError(Fault("there is such a preset already", Place(str(path)), cure=cure, code="preset-exists"))
    files.write(
        path,
        presets.dumps(steps.menu, *difference(steps.defaults, steps.selection), title=f"{name}, kept from the menu"),
    )
    return f"Kept as the preset '{name}' in {path}."


def told(steps: Steps, text: str) -> list[str]:
    """The lines of the plain mode: the presets, one taken, or one kept with ``keep NAME``."""
    word, _, name = text.partition(" ")
    if word == "keep":
        try:
            return [keep(steps, name.strip())]
        except AsterismError as error:
            return [str(error)]
    if text:
        return [take(steps, text)]
    lines = [f"{preset.name}: {preset.title or preset.file}" for preset in offered(steps)]
    return [
        *(lines or ["There are no presets."]),
        "p NAME takes one, p keep NAME keeps what differs from the defaults.",
    ]


def described(steps: Steps, preset: Preset) -> str:
    """The outlook as text."""
    return "\n".join(map(plain, outlook(steps, preset)))
