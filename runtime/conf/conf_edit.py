"""Edits of ``.conf`` files that preserve everything else: comments, blank lines, order, templates.

A file is a value, :class:`ConfText`; each function here returns a new one.  The new text is parsed again and compared
with the intended content, so that no name or value can turn into another line, a directive or a comment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass, field, replace
from runtime.conf import conf_file
from runtime.conf.conf_file import uncomment
from runtime.conf.conf_values import Config, Section, Variable

Outline = list[tuple[str, bool, list[tuple[str, str, bool]]]]
"""The content of a file: for each section its name, whether it is a template, and its own variables.

A variable is its name, its value, and whether it is written with ``=>``.
"""


@dataclass(frozen=True, slots=True)
class ConfText:
    """The text of a configuration file with its parsed content; ``#exec`` programs are not run.

    Raises AsterismError when the text is invalid.
    """

    file: str
    text: str
    config: Config = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        read = conf_file.loads(self.text, self.file, os.path.dirname(self.file))
        object.__setattr__(self, "config", read)

    @property
    def lines(self) -> list[str]:
        """The lines without line feeds; carriage returns remain."""
        return self.text.split("\n")

    def own(self, section: Section) -> list[Variable]:
        """The variables of a section itself, without inherited ones."""
        inherited = self.config.inherited(section)
        return [entry for entry in section.variables if id(entry) not in inherited]

    def outline(self) -> Outline:
        """The content of the file, with that of included files."""
        return [
            (entry.name, entry.is_template, [(one.name, one.value, one.is_object) for one in self.own(entry)])
            for entry in self.config.sections
        ]

    def __getitem__(self, index: int) -> Section:
        return self.config.sections[index]

    def index(self, section: Section) -> int:
        """The index of a section in the file."""
        return next(index for index, entry in enumerate(self.config.sections) if entry is section)


# ---- lines -----------------------------------------------------------------------------------------


def _here(text: ConfText, file: str, what: str, line: int) -> None:
    """Refuse an edit of something in another file.  Raises AsterismError."""
    if file != text.file:
        cure = "name the file in which it stands"
        raise AsterismError(Fault(f"{what} stands in {file}", Place(file, line), cure=cure, code="other-file"))


def _with_lines(text: ConfText, lines: Sequence[str], expected: Outline) -> ConfText:
    """The file with other lines.

    Raises:
        AsterismError: the parsed lines differ from the expected content.
    """
    changed = replace(text, text="\n".join(lines))
    if changed.outline() != expected:
        what = "the change cannot be written: a name or a value would be read as something else"
        raise AsterismError(Fault(what, cure="names and values have no line ends, brackets or marks at their ends"))
    return changed


def _escaped(value: str) -> str:
    return value.replace(";", "\\;")


def _written(name: str, value: str, is_object: bool) -> str:
    return f"{name} {'=>' if is_object else '='} {_escaped(value)}"


def _end(lines: Sequence[str]) -> str:
    """What lines of the file have before the line feed: a carriage return or nothing."""
    return "\r" if lines[0].endswith("\r") else ""


def _tail(line: str) -> str:
    """The comment after the value of a line, including the blanks before it."""
    bare, columns, _ = uncomment(line, 0)
    end = len(bare.rstrip())
    return line[columns[end - 1] + 1 :] if end else line


def _above(lines: Sequence[str], index: int) -> int:
    """The index of the first comment line directly above a line; the line's own index when there is none."""
    while index and lines[index - 1].lstrip().startswith(";"):
        index -= 1
    return index


def _after_own(text: ConfText, section: Section) -> tuple[int, int]:
    """The index of the line after the last of a section's own variables, or after its heading.

    Also the number of own variables before that line: those of an included file may come later.
    """
    here = [(entry.line, position + 1) for position, entry in enumerate(text.own(section)) if entry.file == text.file]
    return max([(section.headings[0][1], 0), *here])


# ---- variables -------------------------------------------------------------------------------------


def _changed(text: ConfText, at: int, change: Callable[[list[tuple[str, str, bool]]], None]) -> Outline:
    """The outline with the variables of one section changed."""
    outline = text.outline()
    change(outline[at][2])
    return outline


def inserted(text: ConfText, at: int, position: int, name: str, value: str, is_object: bool = False) -> ConfText:
    """The file with a new variable in section ``at``, before the own variable at ``position`` (index from 0)."""
    section = text[at]
    _here(text, section.file, f"'{section.name}'", section.line)
    own = text.own(section)
    lines = text.lines
    if position >= len(own):
        place, position = _after_own(text, section)
    else:
        following = own[position]
        _here(text, following.file, f"'{following.name}'", following.line)
        place = _above(lines, following.line - 1)
    lines.insert(place, f"{_written(name, value, is_object)}{_end(lines)}")
    expected = _changed(text, at, lambda own: own.insert(position, (name, value, is_object)))
    return _with_lines(text, lines, expected)


def updated(text: ConfText, at: int, variable: Variable, name: str, value: str, is_object: bool) -> ConfText:
    """The file with a new name and value on a variable's line; the rest of the line after the value stays."""
    _here(text, variable.file, f"'{variable.name}'", variable.line)
    _whole(variable)
    position = _position(text, at, variable)
    is_object = is_object or variable.is_object
    lines = text.lines
    line = lines[variable.line - 1]
    lines[variable.line - 1] = f"{_written(name, value, is_object)}{_tail(line)}"

    def change(own: list[tuple[str, str, bool]]) -> None:
        own[position] = (name, value, is_object)

    return _with_lines(text, lines, _changed(text, at, change))


def removed(text: ConfText, at: int, variables: Iterable[Variable]) -> ConfText:
    """The file without some of a section's own variables."""
    gone = list(variables)
    positions = {_position(text, at, entry) for entry in gone}
    for entry in gone:
        _here(text, entry.file, f"'{entry.name}'", entry.line)
        _whole(entry)
    numbers = {entry.line for entry in gone}
    lines = [line for number, line in enumerate(text.lines, 1) if number not in numbers]

    def change(own: list[tuple[str, str, bool]]) -> None:
        own[:] = [entry for position, entry in enumerate(own) if position not in positions]

    return _with_lines(text, lines, _changed(text, at, change))


def _position(text: ConfText, at: int, variable: Variable) -> int:
    return next(position for position, entry in enumerate(text.own(text[at])) if entry is variable)


_APPENDS = re.compile(r"[^=]*\+=")


def _whole(variable: Variable) -> None:
    """Refuse a variable that consists of several lines.  Raises AsterismError."""
    if _APPENDS.match(variable.text):
        what = f"'{variable.name}' is put together with '+=' from several lines"
        raise AsterismError(Fault(what, variable.place, cure="change the file by hand", code="several-lines"))


# ---- sections --------------------------------------------------------------------------------------


def with_section(text: ConfText, name: str, *, is_template: bool, bases: Sequence[str], before: int | None) -> ConfText:
    """The file with a new section at its end, or before the section with index ``before``."""
    options = ",".join(["!"] * is_template + list(bases))
    heading = f"[{name}]({options})" if options else f"[{name}]"
    lines = text.lines
    outline = text.outline()
    if before is None:
        while len(lines) > 1 and not lines[-1].strip():
            lines.pop()
        lines += ([f"{_end(lines)}"] if lines[-1].strip() else []) + [f"{heading}{_end(lines)}", ""]
        lines = lines[1:] if not text.text.strip() else lines
        outline.append((name, is_template, []))
    else:
        section = text[before]
        _here(text, section.file, f"'{section.name}'", section.line)
        place = _above(lines, section.line - 1)
        lines[place:place] = [f"{heading}{_end(lines)}", _end(lines)]
        outline.insert(before, (name, is_template, []))
    return _with_lines(text, lines, outline)


def renamed(text: ConfText, at: int, name: str) -> ConfText:
    """The file with a section renamed."""
    lines = text.lines
    for file, number in text[at].headings:
        _here(text, file, f"'{text[at].name}'", number)
        opening, closing = lines[number - 1].index("["), lines[number - 1].index("]")
        lines[number - 1] = f"{lines[number - 1][: opening + 1]}{name}{lines[number - 1][closing:]}"
    outline = text.outline()
    outline[at] = (name, *outline[at][1:])
    return _with_lines(text, lines, outline)


def without_section(text: ConfText, at: int) -> ConfText:
    """The file without a section, its variables and the comments directly above its heading."""
    section = text[at]
    own = text.own(section)
    for file, line in (*section.headings, *((entry.file, entry.line) for entry in own)):
        _here(text, file, f"a part of '{section.name}'", line)
    lines = text.lines
    gone = {entry.line - 1 for entry in own}
    for _, number in section.headings:
        gone |= set(range(_above(lines, number - 1), number))
    outline = text.outline()
    del outline[at]
    return _with_lines(text, [line for index, line in enumerate(lines) if index not in gone], outline)


# ---- templates -------------------------------------------------------------------------------------


def kept_for_heirs(before: ConfText, after: ConfText) -> ConfText:
    """The changed file, with variables added that sections inherited before a template changed.

    A section that has its own variable of the name gets none (``CONFIG_SAVE_FLAG_PRESERVE_EFFECTIVE_CONTEXT``).
    """
    if len(before.config.sections) != len(after.config.sections):
        return after
    for at, section in enumerate(before.config.sections):
        for name, value, is_object in _lost(before, after, section, after[at]):
            after = inserted(after, at, 0, name, value, is_object)
    return after


def _lost(before: ConfText, after: ConfText, old: Section, new: Section) -> list[tuple[str, str, bool]]:
    """The variables that a section inherited before and no longer inherits, last first."""
    inherited = [entry for entry in old.variables if id(entry) in before.config.inherited(old)]
    still = after.config.inherited(new)
    kept = {(entry.name.lower(), entry.value) for entry in new.variables if id(entry) in still}
    own = {entry.name.lower() for entry in after.own(new)}
    lost = [
        (entry.name, entry.value, entry.is_object)
        for entry in inherited
        if (entry.name.lower(), entry.value) not in kept and entry.name.lower() not in own
    ]
    return lost[::-1]
