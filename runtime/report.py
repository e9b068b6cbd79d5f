"""What did not start, grouped by cause, root causes first."""

from __future__ import annotations

from collections.abc import Iterable

from asterism.errors import Fault

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
                "registers-other-name",
                "other-layout",
                "python-module",
                "no-load",
            },
        ),
    ),
    ("undefined symbol", frozenset({"undefined-symbol"})),
    ("licence key or description", frozenset({"wrong-key", "no-key", "no-description"})),
    ("other build options", frozenset({"build-options"})),
    ("failed", frozenset({"failed", "invalid-result", "invalid", "raised"})),
    ("declined", frozenset({"declined"})),
    ("need themselves", frozenset({"cycle"})),
    ("need what is not there", frozenset({"absent"})),
    ("need what does not run", frozenset({"need"})),
    ("required", frozenset({"required"})),
)
"""Headings and the codes of faults under each: first what nothing else explains, last what follows from it."""
OTHER = "other reasons"


def grouped(faults: Iterable[Fault]) -> list[tuple[str, list[Fault]]]:
    """The faults under their headings, each once, in the order of GROUPS."""
    by_heading: dict[str, list[Fault]] = {heading: [] for heading, _ in GROUPS}
    by_heading[OTHER] = []
    for fault in dict.fromkeys(faults):
        by_heading[_heading(fault)].append(fault)
    ordered = [heading for heading, _ in GROUPS]
    ordered.insert(_AFTER_FILES, OTHER)
    return [(heading, by_heading[heading]) for heading in ordered if by_heading[heading]]


_AFTER_FILES = 5
"""Where unknown causes stand: after what is wrong with files, before what modules did."""


def _heading(fault: Fault) -> str:
    return next((heading for heading, codes in GROUPS if fault.code in codes), OTHER)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The same faults in one list, root causes first."""
    return [fault for _, group in grouped(faults) for fault in group]


def text(faults: Iterable[Fault]) -> str:
    """The report in lines, for people; empty when there is nothing to report."""
    lines: list[str] = []
    for heading, group in grouped(faults):
        lines.append(f"{heading} ({len(group)}):")
        lines += [f"  {line}" for fault in group for line in str(fault).split("\n")]
    return "\n".join(lines)
