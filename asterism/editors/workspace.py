"""The tree that an edited file belongs to: its members, its libraries, and their states."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from asterism.errors import AsterismError
from asterism.tree import MENU, SETTINGS, Kind
from menuselect.cli import opening
from menuselect.model import known_libraries
from menuselect.model.deps import Deps
from menuselect.model.menu import Member, fold
from menuselect.session.session import Session
from menuselect.sources import recognition

_MARKS = (MENU, SETTINGS, "configure", ".git")
"""What the top of a tree has."""


def top_of(path: str) -> Path:
    """The top of the tree that a file lies in: the nearest directory above it that looks like one, else its own."""
    directory = Path(path).absolute().parent
    tops = (place for place in (directory, *directory.parents) if any((place / mark).exists() for mark in _MARKS))
    return next(tops, directory)


class Workspace:
    """What is known of a tree; read when it is first asked for, and empty where the tree cannot be read."""

    def __init__(self, top: Path) -> None:
        self.top = top

    @cached_property
    def session(self) -> Session | None:
        """The open tree; None for a directory without modules, or with files that cannot be read."""
        try:
            return opening.reading(str(self.top))
        except AsterismError:
            return None

    @cached_property
    def is_open(self) -> bool:
        """Whether the modules are for another tree, so that what Asterisk has elsewhere counts."""
        return recognition.at(self.top).kind not in (Kind.ASTERISK, Kind.SOURCES)

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of the tree."""
        return self.session.menu.members if self.session else ()

    @property
    def names(self) -> list[str]:
        """The names of the members."""
        return [member.name for member in self.members]

    @property
    def deps(self) -> Deps:
        """The libraries that configure looked for."""
        return self.session.deps if self.session else Deps()

    @property
    def libraries(self) -> list[str]:
        """The names of all libraries that a block can name, in lower case."""
        return sorted({*known_libraries.table(), *(fold(entry.name) for entry in self.deps.entries)})

    def directory_of(self, path: str) -> Path:
        """The directory that the paths of a file of settings are relative to."""
        return Path(path).absolute().parent
