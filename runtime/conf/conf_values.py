"""What a ``.conf`` file contains: sections and variables, each with the place it came from.

Since every start reads such files, even of ``-rx``, a variable is a named tuple: a frozen data class costs 1 ms to
define.
"""

from __future__ import annotations

from collections.abc import Iterator

from asterism.errors import Fault, Place
from asterism.light.types import NamedTuple

TRUE_WORDS = frozenset({"yes", "true", "y", "t", "1", "on"})
"""The words that mean yes in a configuration file (main/utils.c, ``ast_true``)."""


FALSE_WORDS = frozenset({"no", "false", "n", "f", "0", "off"})
"""The words that mean no in a configuration file (main/utils.c, ``ast_false``)."""


def is_true(text: str) -> bool:
    """Whether a value means yes (``ast_true``); any other value, even an invalid one, means no."""
    return text.strip().lower() in TRUE_WORDS


def is_unclear(text: str) -> bool:
    """Whether a value is neither a yes nor a no word (``ast_true``, ``ast_false``); it then counts as no."""
    return not is_true(text) and text.strip().lower() not in FALSE_WORDS


class Variable(NamedTuple):
    """A line ``name = value``."""

    name: str
    value: str
    file: str
    line: int
    column: int = 1
    is_object: bool = False
    """Whether the line has ``=>``."""
    text: str = ""
    """The line as it is in the file."""

    @property
    def place(self) -> Place:
        """The position of the value."""
        return Place(self.file, self.line, self.column, self.text)

    @property
    def name_place(self) -> Place:
        """The position of the name."""
        return Place(self.file, self.line, self.text.find(self.name) + 1, self.text)


class Section:
    """A section ``[name]`` with its variables, inherited ones first."""

    __slots__ = ("bases", "file", "headings", "is_template", "line", "name", "variables")

    def __init__(self, name: str, file: str, line: int) -> None:
        self.name = name
        self.file = file
        self.line = line
        self.is_template = False
        self.bases: list[str] = []
        """Names of the sections that this one inherits from."""
        self.variables: list[Variable] = []
        self.headings: list[tuple[str, int]] = [(file, line)]
        """File and line of each ``[name]`` of the section: more than one with ``(+)``."""

    def get(self, name: str, default: str = "") -> str:
        """The value of the last variable of that name, so that own values override inherited ones."""
        variable = self.find(name)
        return variable.value if variable else default

    def find(self, name: str) -> Variable | None:
        """The last variable of that name, or None."""
        wanted = name.lower()
        return next((entry for entry in reversed(self.variables) if entry.name.lower() == wanted), None)

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.variables)


class Config:
    """The content of a configuration file and of the files that it includes."""

    __slots__ = ("file", "files", "sections", "warnings")

    def __init__(self, file: str) -> None:
        self.file = file
        self.sections: list[Section] = []
        self.warnings: list[Fault] = []
        """Warnings about lines without a meaning, which Asterisk ignores too."""
        self.files: list[str] = []
        """Every file that was read, in order."""

    def section(self, name: str, *, templates: bool = False) -> Section | None:
        """The first section of that name, or None; templates are included only when ``templates`` is set."""
        wanted = name.lower()
        for section in self.sections:
            if section.name.lower() == wanted and (templates or not section.is_template):
                return section
        return None

    def inherited(self, section: Section) -> set[int]:
        """Identities (``id``) of the variables that a section shares with its bases."""
        bases = [self.section(name, templates=True) for name in section.bases]
        return {id(variable) for base in bases if base is not None for variable in base.variables}

    def variables(self, name: str) -> list[Variable]:
        """The variables of the first section of that name; empty without one."""
        section = self.section(name)
        return section.variables if section else []
