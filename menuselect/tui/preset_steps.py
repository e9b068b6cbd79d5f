"""Presets in the menu: preview one, apply one as a step, save the current selection as one."""

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
    """The available presets: those of the tree, of the user, and of the program."""
    return presets.available(steps.session.directory)


def wanted(steps: Steps, name: str) -> Wanted:
    """Merge a preset and the presets that it inherits; unknown words are recorded as faults of the result.

    Raises:
        AsterismError: the preset is missing or malformed.
    """
    top = steps.session.directory
    return presets.merge(steps.menu, presets.gather([name], top), lenient=True)


def _perform(steps: Steps, want: Wanted) -> Outcome:
    """Carry out the requests that can be met; the menu shows the others."""
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
    """Apply a preset, as one step that can be undone.

    Returns:
        A sentence with the changes, or with the reason why nothing changed.
    """
    try:
        want = wanted(steps, name)
    except AsterismError as error:
        return str(error.faults[0])
    sentence = steps.take(f"preset {name}", lambda: _change(_perform(steps, want)))
    return f"{sentence} Names that are not in this tree: {len(want.unknown)}." if want.unknown else sentence


def _change(outcome: Outcome) -> Change:
    return Change(outcome.change.switched, tuple(_refusal(unmet) for unmet in outcome.unmet))


def _refusal(unmet: Unmet) -> Refusal:
    return unmet.refusal or Refusal(unmet.request.member, "overruled", unmet.by.other if unmet.by else None)


def outlook(steps: Steps, preset: Preset) -> list[Line]:
    """The description of a preset and a preview of its changes."""
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
    lines += [(Piece("Unavailable: ", "bad"), Piece(_told(unmet))) for unmet in outcome.unmet]
    lines += [(Piece("Left out: ", "faint"), Piece(_told(unmet))) for unmet in outcome.skipped]
    lines += [(Piece("Ignored: ", "faint"), Piece(fault.what)) for fault in want.unknown]
    return lines if change else [*lines, (Piece("The preset changes nothing.", "faint"),)]


def _told(unmet: Unmet) -> str:
    return f"{unmet.request.member.name}, {unmet.why}"


def keep(steps: Steps, name: str) -> str:
    """Save the differences from the defaults as a preset of the user.

    Returns:
        A sentence with the path.

    Raises:
        AsterismError: the name is invalid or taken, or the file cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise AsterismError(
            Fault(f"'{name}' is not a preset name", cure="use letters, digits, '-' and '_'", code="bad-preset-name")
        )
    directory = presets.directories(steps.session.directory)[1]
    path = directory / f"{name}{presets.SUFFIX}"
    if path.exists():
        cure = "choose another name, or remove that file"
        raise AsterismError(Fault("the preset already exists", Place(str(path)), cure=cure, code="preset-exists"))
    files.write(
        path,
        presets.dumps(steps.menu, *difference(steps.defaults, steps.selection), title=f"{name}, saved from the menu"),
    )
    return f"Saved as the preset '{name}' in {path}."


def told(steps: Steps, text: str) -> list[str]:
    """The output of the command ``p`` in plain mode: the list, an applied preset, or a saved one (``keep NAME``)."""
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
        *(lines or ["No presets found."]),
        "p NAME applies a preset, p keep NAME saves the difference from the defaults as a preset.",
    ]


def described(steps: Steps, preset: Preset) -> str:
    """The preview of a preset as text."""
    return "\n".join(map(plain, outlook(steps, preset)))
