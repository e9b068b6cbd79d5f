"""The names that the headers of Asterisk's branches declare: kind, header, signature, and the branches with each."""

from __future__ import annotations

import functools
from pathlib import Path

from asterism.branches import known_names
from asterism.values import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FILE = Path(__file__).with_name("api_names.txt.xz")
"""The table of names, written by ``build_tools/branch_names.py``."""

CALLABLE = ("function", "macro")
LINKED = (*CALLABLE, "variable")


@dataclass(frozen=True, slots=True)
class ApiName:
    """A name with one declaration that one or more branches have."""

    kind: str
    """The kind: function, macro, type, member, enumerator, variable or include (a header that another one includes)."""
    name: str
    """The name; a member is ``struct ast_frame.datalen``, and a structure type is ``struct ast_frame``."""
    header: str
    """The header with the declaration: ``asterisk/frame.h``, or ``asterisk.h``."""
    span: str
    """The branches, in the form of :func:`asterism.branches.known_names.span_text`."""
    signature: str = ""
    """Type of a function or a member; parameters of a macro; enumeration of an enumerator; file of an include."""

    @property
    def branches(self) -> frozenset[str]:
        """The branches that have this declaration."""
        return known_names.branches_of(self.span)

    @property
    def parameters(self) -> tuple[str, ...] | None:
        """Types of a function's parameters, or names of a macro's; None for names that are not called."""
        return _parameters(self.signature) if self.kind in CALLABLE and self.signature else None

    @property
    def result(self) -> str:
        """The type that a function returns, or the type of a member."""
        return self.signature.partition(" (")[0] if self.kind == "function" else self.signature

    def takes(self, count: int) -> bool:
        """Whether a call with ``count`` arguments is valid."""
        given = self.parameters
        if given is None:
            return self.kind == "macro" or self.kind == "variable"
        if given and given[-1].endswith("..."):
            return count >= len(given) - 1
        return count == len(given)


@functools.cache
def _parameters(signature: str) -> tuple[str, ...]:
    inside = signature[_opening(signature) + 1 : signature.rindex(")")]
    if inside.strip() in ("", "void"):
        return ()
    found, depth, start = [], 0, 0
    for at, char in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth:
            found.append(inside[start:at].strip())
            start = at + 1
    return (*found, inside[start:].strip())


def _opening(signature: str) -> int:
    """The position of the last opening parenthesis at the top level."""
    depth = 0
    for at in range(len(signature) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(signature[at], 0)
        if signature[at] == "(" and not depth:
            return at
    return 0


@functools.cache
def text() -> str:
    """The whole table; each line has kind, name, header, span and signature, separated by tabs."""
    import lzma  # 3 ms: only a look-up needs the table

    from asterism import files  # only a look-up needs it

    return lzma.decompress(files.read_bytes(FILE)).decode()


def _row(line: str) -> ApiName:
    kind, name, header, span, signature = line.split("\t")
    return ApiName(kind, name, header, span, signature)


@functools.cache
def find(name: str, kinds: Sequence[str] = CALLABLE) -> tuple[ApiName, ...]:
    """The rows for a name, without parsing the whole table unless :func:`load` has done so already."""
    if load.cache_info().currsize:
        return tuple(row for kind in kinds for row in load().get((kind, name), ()))
    whole, found = text(), []
    for kind in kinds:
        start = whole.find(f"\n{kind}\t{name}\t")
        while start >= 0:
            end = whole.index("\n", start + 1)
            found.append(_row(whole[start + 1 : end]))
            start = end if whole.startswith(f"{kind}\t{name}\t", end + 1) else -1
    return tuple(found)


@functools.cache
def load() -> Mapping[tuple[str, str], tuple[ApiName, ...]]:
    """All rows, by kind and name."""
    found: dict[tuple[str, str], tuple[ApiName, ...]] = {}
    for line in text().split("\n")[1:-1]:
        row = _row(line)
        found[row.kind, row.name] = (*found.get((row.kind, row.name), ()), row)
    return found


def spans(rows: Iterable[ApiName]) -> str:
    """The branches of several rows, as one span."""
    return known_names.span_text(branch for row in rows for branch in row.branches)


def gone_words(name: str, newest: str = known_names.BRANCHES[-1]) -> str:
    """``Asterisk 1.4 to 11 had it``; an empty string when no branch had the name, or ``newest`` still has it.

    Args:
        name: a function, a macro or a variable.
        newest: the branch that has to lack the name.
    """
    rows = find(name, LINKED)
    if not rows or any(newest in row.branches for row in rows):
        return ""
    return f"{known_names.words(spans(rows))} had it"
