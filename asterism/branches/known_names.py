"""The names that Asterisk's branches provide; a reference to one of them is not reported as a mistake."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism import files
from asterism.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = Path(__file__).with_name("known_names.txt")
"""The table of names, written by ``build_tools/branch_names.py``."""

BRANCHES = ("1.4", "1.6.0", "1.6.1", "1.6.2", "1.8", *(str(number) for number in range(10, 24)), "master")
"""The branches in the table, oldest first."""

KINDS = ("module", "option", "header", "library", "element")
"""The kinds of names; an element is an element of DOCUMENTATION blocks."""


@functools.cache
def load() -> Mapping[tuple[str, str], str]:
    """The span of each (kind, name).  Options are in capitals, elements as written, all other names in lower case."""
    found: dict[tuple[str, str], str] = {}
    for line in files.read_text(FILE).splitlines():
        if not line.startswith("#"):
            kind, span, *names = line.split()
            found |= {(kind, name): span for name in names}
    return found


def find(name: str, kinds: Iterable[str] = ("module", "option", "library")) -> str:
    """The branches of Asterisk that have a name, as a span; an empty string when none has it.

    Args:
        name: the name as written in a MODULEINFO block, or a header without directory and suffix.
        kinds: the kinds to search, of :data:`KINDS`.
    """
    known = load()
    found = (known.get((kind, _written(kind, name))) for kind in kinds)
    return next(filter(None, found), "")


def _written(kind: str, name: str) -> str:
    """A name in the spelling of the table."""
    if kind == "option":
        return name.upper()
    return name if kind == "element" else name.lower()


def names(kind: str) -> Iterator[str]:
    """All names of a kind."""
    return (name for each, name in load() if each == kind)


def span_text(branches: Iterable[str]) -> str:
    """Branches as runs, such as ``13-16,20-master``, in the order of :data:`BRANCHES`."""
    runs: list[list[int]] = []
    for at in sorted(set(map(BRANCHES.index, branches))):
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return ",".join("-".join(dict.fromkeys((BRANCHES[run[0]], BRANCHES[run[-1]]))) for run in runs)


@functools.cache
def branches_of(span: str) -> frozenset[str]:
    """The branches in a span: the reverse of :func:`span_text`."""
    found: set[str] = set()
    for run in filter(None, span.split(",")):
        first, _, last = run.partition("-")
        found.update(BRANCHES[BRANCHES.index(first) : BRANCHES.index(last or first) + 1])
    return frozenset(found)


def words(span: str) -> str:
    """A span for people: ``Asterisk 13 to 16 and 20 or later``."""
    *some, last = map(_run_words, span.split(","))
    return f"Asterisk {', '.join(some)} and {last}" if some else f"Asterisk {last}"


def _run_words(run: str) -> str:
    first, _, last = run.partition("-")
    if not last:
        return first
    return f"{first} or later" if last == BRANCHES[-1] else f"{first} to {last}"
