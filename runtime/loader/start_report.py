"""The report of the modules that did not start, grouped by cause, root causes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from asterism.errors import Fault
from asterism.values import TYPE_CHECKING, asdict

if TYPE_CHECKING:
    from runtime.loader.loaded_modules import Turn

GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("no such file", frozenset({"no-such-file", "module-name"})),
    (
        "not a module that can be opened",
        frozenset(
            {
                "not-elf",
                "wrong-machine",
                "cannot-open",
                "missing-library",
                "registers-nothing",
                "registers-twice",
                "other-layout",
                "python-module",
                "no-load",
            },
        ),
    ),
    ("left out since they brought the program down", frozenset({"distrusted"})),
    ("did not pass the trial in a child process", frozenset({"probe"})),
    ("undefined symbol", frozenset({"undefined-symbol"})),
    ("licence key or description", frozenset({"wrong-key", "no-key", "no-description"})),
    ("other build options", frozenset({"build-options"})),
    ("no configuration", frozenset({"no-configuration"})),
    ("failed", frozenset({"failed", "invalid-result", "invalid", "raised"})),
    ("declined", frozenset({"declined"})),
    ("need themselves", frozenset({"cycle"})),
    ("need what is not there", frozenset({"absent"})),
    ("need what does not run", frozenset({"need"})),
    ("required", frozenset({"required"})),
)
"""Headings and the fault codes under each: independent causes first, consequences last."""
OTHER = "other reasons"


def grouped(faults: Iterable[Fault]) -> list[tuple[str, list[Fault]]]:
    """The faults under their headings, in the order of GROUPS and without duplicates."""
    by_heading: dict[str, list[Fault]] = {heading: [] for heading, _ in GROUPS}
    by_heading[OTHER] = []
    for fault in dict.fromkeys(faults):
        by_heading[_heading(fault)].append(fault)
    ordered = [heading for heading, _ in GROUPS]
    ordered.insert(_AFTER_FILES, OTHER)
    return [(heading, by_heading[heading]) for heading in ordered if by_heading[heading]]


_AFTER_FILES = 7
"""The index of the heading for unknown causes: after faults of files, before faults of running code."""


def _heading(fault: Fault) -> str:
    return next((heading for heading, codes in GROUPS if fault.code in codes), OTHER)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults in one list, root causes first."""
    return [fault for _, group in grouped(faults) for fault in group]


def text(faults: Iterable[Fault]) -> str:
    """The report as lines of text; empty when there are no faults."""
    lines: list[str] = []
    for heading, group in grouped(faults):
        lines.append(f"{heading} ({len(group)}):")
        lines += [f"  {line}" for fault in group for line in str(fault).split("\n")]
    return "\n".join(lines)


# ---- the order of a start ----------------------------------------------------------------------------


def order_text(turns: Sequence[Turn], faults: Sequence[Fault]) -> str:
    """The start order as a table, followed by the modules that do not run; ``turns`` are in order of starting."""
    width = max([30, *(len(turn.file) for turn in turns)])
    lines = [f"{'Order':>5} {'Module':<{width}} Why"]
    lines += [f"{place:>5} {turn.file:<{width}} {_why(turn)}" for place, turn in enumerate(turns, 1)]
    if faults:
        lines += ["", "Not running:", *(f"  {line}" for line in text(faults).split("\n"))]
    return "\n".join(lines)


def _why(turn: Turn) -> str:
    return f"{turn.reason}; after {', '.join(turn.needs)}" if turn.needs else turn.reason


def order_json(turns: Sequence[Turn], faults: Sequence[Fault]) -> str:
    """The start order and the faults as JSON."""
    data = {"order": [asdict(turn) for turn in turns], "failed": [fault.as_json() for fault in faults]}
    return json.dumps(data, indent=2)
