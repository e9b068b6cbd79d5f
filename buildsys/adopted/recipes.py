"""Read the recipes that GNU make prints (``make -n -B -w --trace``) as values. Pure.

Before each recipe, ``--trace`` prints its place, its target and the prerequisites; ``-w`` prints the directory
that a make works in; ``-n`` prints the commands, ``-B`` all of them. A make that a recipe starts prints in this
form too, between lines that name the directory it enters and leaves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from asterism.values import dataclass, field

_MOVED = re.compile(r"(?:# )?\S*make(?:\[\d+\])?: (?P<how>Entering|Leaving) directory [`'](?P<directory>.*)'$")
_TRACED = re.compile(
    r"(?P<place>[^\s:]\S*:\d+): (?:target '(?P<missing>[^']*)' does not exist|"
    r"update target '(?P<target>[^']*)' due to: (?P<needs>.*))$"
)
_SAID = re.compile(r"\S*make(?:\[\d+\])?: ")
_PHONY = re.compile(r"\.PHONY: (?P<names>.*)$")
_DATA_BASE, _END_OF_DATA_BASE = "# Make data base, printed on", "# Finished Make data base on"
_SIMPLE = re.compile(r"[^;|&`<>]*$")
"""A command line that runs one program."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The recipe of a target, as make would run it now."""

    directory: str
    """The working directory of its commands; absolute."""
    target: str
    """The target as make names it: relative to the directory, or absolute."""
    needs: tuple[str, ...]
    """The prerequisites of the target, as make names them."""
    commands: tuple[str, ...]
    """Command lines for the shell, without those that start another make."""
    place: str
    """The Makefile and the line number of the recipe."""
    entangled: tuple[str, ...] = ()
    """Command lines that start another make and do something else, or that have a line end in single quotes."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The output of a make and of the makes that it started."""

    recipes: tuple[Recipe, ...]
    phony: frozenset[str]
    """The targets that are not files, as absolute paths."""


@dataclass(slots=True)
class _Open:
    """A recipe while its lines are read."""

    directory: str
    target: str
    needs: tuple[str, ...]
    place: str
    lines: list[str] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)
    """The indexes of the lines that started another make."""

    def add(self, line: str) -> None:
        if self.lines and _continues(self.lines[-1]):
            self.lines[-1] = f"{self.lines[-1]}\n{line}"
        else:
            self.lines.append(line)

    def closed(self) -> Recipe:
        entangled = [self.lines[index] for index in sorted(self.starts) if not _SIMPLE.match(self.lines[index])]
        own = [_finished(line) for index, line in enumerate(self.lines) if index not in self.starts]
        entangled += [line for line in own if "\n" in line and "'" in line]
        commands = (line.replace("\\\n", "") for line in own if line and not line.startswith("#"))
        return Recipe(self.directory, self.target, self.needs, tuple(commands), self.place, tuple(entangled))


def read(text: str, directory: str) -> Printed:
    """The recipes that a make printed, in order.

    Args:
        text: its standard output.
        directory: its working directory; absolute.
    """
    directories, current = [directory], list[_Open | None]([None])
    found: list[_Open] = []
    phony: set[str] = set()
    for line in _without_data_bases(text.splitlines(), directories, phony):
        moved, traced = _MOVED.match(line), _TRACED.match(line)
        if moved and moved["how"] == "Entering":
            _note_start(current[-1])
            directories.append(moved["directory"])
            current.append(None)
        elif moved:
            _leave(directories, current)
        elif traced:
            needs = tuple((traced["needs"] or "").split())
            opened = _Open(directories[-1], traced["missing"] or traced["target"], needs, traced["place"])
            current[-1] = opened
            found.append(opened)
        elif current[-1] is not None and not _SAID.match(line):
            current[-1].add(line)
    return Printed(tuple(each.closed() for each in found), frozenset(phony))


def trimmed(text: str) -> str:
    """The output of a make without most of the data base that ``-p`` prints at its end."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        inside = (inside or line.startswith(_DATA_BASE)) and not line.startswith(_END_OF_DATA_BASE)
        if not inside or line.startswith((_DATA_BASE, ".PHONY: ")):
            kept.append(line)
    return "\n".join(kept) + "\n"


def _leave(directories: list[str], current: list[_Open | None]) -> None:
    if len(directories) > 1:
        directories.pop()
        current.pop()


def _without_data_bases(lines: Iterable[str], directories: list[str], phony: set[str]) -> Iterator[str]:
    """The lines outside of the data base that ``-p`` prints; the phony targets in the data base are recorded."""
    inside = False
    for line in lines:
        if line.startswith(_DATA_BASE):
            inside = True
        elif line.startswith(_END_OF_DATA_BASE):
            inside = False
        elif not inside:
            yield line
        elif match := _PHONY.match(line):
            phony |= {os.path.join(directories[-1], name) for name in match["names"].split()}


def _note_start(recipe: _Open | None) -> None:
    if recipe is not None and recipe.lines:
        recipe.starts.add(len(recipe.lines) - 1)


def _continues(line: str) -> bool:
    return line.endswith("\\") and not line.endswith("\\\\")


def _finished(line: str) -> str:
    """A command line without a trailing backslash, and without the ``;`` before it."""
    text = line.strip()
    while text.endswith((";\\", "\\", ";")):
        text = text.removesuffix("\\").removesuffix(";").strip()
    return text
