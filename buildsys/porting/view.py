"""The view of a source that the transforms of a round of changes get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asterism.branches.changes.rules import Rule
from asterism.values import dataclass
from buildsys.porting.edits import Edit
from buildsys.porting.language.expression_types import Types
from buildsys.porting.language.syntax import Source


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A source with the types of its expressions, and the branches it is ported from and to."""

    source: Source
    types: Types
    old: str
    """The branch that the source is written for."""
    new: str
    """The branch that the source is ported to."""
    hidden: Sequence[tuple[int, int]] = ()
    """The regions that the new branch leaves out."""


Transform = Callable[[View, Rule], Iterator[Edit]]
"""A function that finds the edits of a rule that no pattern can express."""
