"""One source in one round of changes, as the transforms see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from asterism.branches.changes.rules import Rule
from asterism.values import dataclass
from buildsys.porting.edits import Edit
from buildsys.porting.language.expression_types import Types
from buildsys.porting.language.syntax import Source


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A source with the types of its expressions, and where it is from and to."""

    source: Source
    types: Types
    old: str
    """The branch that the source is written for."""
    new: str
    """The branch that it is to fit."""
    hidden: Sequence[tuple[int, int]] = ()
    """Parts that the new branch does not see."""


Transform = Callable[[View, Rule], Iterator[Edit]]
"""Finds the edits of a rule that no pattern expresses."""
