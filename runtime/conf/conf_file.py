r"""Asterisk's ``.conf`` syntax: text to sections and variables, each with the place it came from.

::

    file      = { line }
    line      = [ section | directive | variable ] [ comment ]
    section   = "[" name "]" [ "(" option { "," option } ")" ]
    option    = "!" | "+" | name of an earlier section
    directive = "#include" file | "#tryinclude" file | "#exec" command
    variable  = name ( "=" | "=>" | "+=" ) value
    comment   = ";" rest of the line | ";--" anything, over lines and nested "--;"

``\;`` is a plain semicolon, and a backslash as the first character of a variable's line takes away the meaning of
the next one.  What is accepted and refused follows main/config.c (``process_text_line``).

docs/decisions.md (section 5) says why no parser generator reads it.
"""

from __future__ import annotations

import os

from asterism import files
from asterism.errors import AsterismError, Fault, Place, Severity
from asterism.light.types import NamedTuple
from asterism.names import did_you_mean
from runtime.conf.conf_values import Config, Section, Variable

MAX_INCLUDES = 10
"""The maximum depth of nested includes (``MAX_INCLUDE_LEVEL``)."""


def load(path: str | os.PathLike[str], base: str | os.PathLike[str] | None = None, *, exec_: bool = False) -> Config:
    """Read a file and the files that it includes.

    Args:
        path: the file.
        base: the directory that relative includes refer to; by default the file's own.
        exec_: whether ``#exec`` may run programs (``execincludes`` of asterisk.conf).

    Raises:
        AsterismError: with all faults of the file; an unreadable file is one.
    """
    file = os.fspath(path)
    reader = _FileReader(Config(file), os.fspath(base) if base else os.path.dirname(file), exec_)
    reader.read(file, None)
    return reader.finish()


def loads(text: str, file: str = "text", base: str = ".", *, exec_: bool = False) -> Config:
    """Parse configuration given as text; ``file`` is the name in places.  Raises AsterismError with all faults."""
    reader = _FileReader(Config(file), base, exec_)
    reader.text(text, file)
    return reader.finish()


# ---- comments ------------------------------------------------------------------------------------


def uncomment(line: str, depth: int) -> tuple[str, list[int], int]:
    r"""Remove the comments from a line.

    Args:
        line: the line, without its line end.
        depth: the number of ``;--`` open before the line.

    Returns:
        The remaining text, the column (from 0) of each of its characters, and the number of ``;--`` open after the
        line.
    """
    if ";" not in line:
        return ("", [], depth) if depth else (line, list(range(len(line))), 0)
    kept: list[int] = []
    position = 0
    since = 0  # a "--;" must not reuse the dashes of the ";--" before it
    while position < len(line):
        char = line[position]
        if char == "\\" and line.startswith(";", position + 1):
            kept += [position + 1] if not depth else []
            position += 2
        elif char != ";":
            kept += [position] if not depth else []
            position += 1
        elif line.startswith(";--", position) and line[position + 3 : position + 4] != "-":
            depth += 1
            position += 3
            since = position
        elif depth and line.startswith("--", position - 2) and position - 2 >= since:
            depth -= 1
            position += 1
            since = position
        elif depth:
            position += 1
        else:
            break
    return "".join(line[index] for index in kept), kept, depth


# ---- lines -----------------------------------------------------------------------------------------


class _FileLine(NamedTuple):
    """A line without comments and outer blanks, with the file column of each character."""

    text: str
    columns: list[int]
    file: str
    number: int
    source: str

    def place(self, index: int = 0) -> Place:
        column = self.columns[index] + 1 if index < len(self.columns) else len(self.source) + 1
        return Place(self.file, self.number, column, self.source)

    def after(self, index: int) -> int:
        """The index of the first nonblank character from ``index`` on."""
        while index < len(self.text) and self.text[index].isspace():
            index += 1
        return index


class _FileReader:
    """Parses lines into a :class:`Config` and collects all faults."""

    def __init__(self, config: Config, base: str, exec_: bool) -> None:
        self.config = config
        self.base = base
        self.exec = exec_
        self.current: Section | None = None
        self.faults: list[Fault] = []
        self.open_files: list[str] = []

    def finish(self) -> Config:
        if any(fault.severity == "error" for fault in self.faults):
            raise AsterismError(*self.faults)
        self.config.warnings = self.faults
        return self.config

    def fail(self, what: str, place: Place, cure: str = "", code: str = "syntax", *, warn: bool = False) -> None:
        self.faults.append(Fault(what, place, cure=cure, code=code, severity="warning" if warn else "error"))

    def read(self, file: str, asked: Place | None, *, lenient: bool = False) -> None:
        """Read a file.

        Args:
            file: its path.
            asked: the line that includes it; None for the top-level file.
            lenient: whether a directory or a device is only a warning, as among the matches of a pattern.
        """
        if len(self.open_files) >= MAX_INCLUDES:
            self.fail(f"files include each other more than {MAX_INCLUDES} deep", asked or Place(file), code="too-deep")
            return
        try:
            text = files.read_text(file, pipes=asked is None)
        except AsterismError as error:
            self._unreadable(file, error, asked, lenient)
            return
        real = os.path.realpath(file)
        if real in self.open_files:
            self._cycle(file, asked)
            return
        self.open_files.append(real)
        self.text(text, file)
        self.open_files.pop()

    def _unreadable(self, file: str, error: AsterismError, asked: Place | None, lenient: bool) -> None:
        if asked is None:
            raise error
        fault = error.faults[0]
        severity: Severity = "warning" if lenient and files.is_other_kind(error) else "error"
        what = f"cannot include '{file}'"
        self.faults.append(Fault(what, asked, fault.why, fault.cure, code="include", severity=severity))

    def _cycle(self, file: str, asked: Place | None) -> None:
        names = [os.path.basename(name) for name in (*self.open_files, file)]
        self.fail(f"a file includes itself: {' -> '.join(names)}", asked or Place(file), code="include-cycle")

    def text(self, text: str, file: str) -> None:
        """Read the lines of one file."""
        self.config.files.append(file)
        depth = 0
        opened: Place | None = None
        for number, source in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            bare, columns, after = uncomment(source.removesuffix("\r"), depth)
            if after and not depth:
                opened = Place(file, number, source.index(";--") + 1, source)
            depth = after
            self._line(bare, columns, file, number, source)
        if depth and opened:
            self.fail("this comment does not end", opened, "end it with '--;'", "open-comment", warn=True)

    def _line(self, bare: str, columns: list[int], file: str, number: int, source: str) -> None:
        text = bare.strip()
        if not text:
            return
        start = len(bare) - len(bare.lstrip())
        line = _FileLine(text, columns[start:], file, number, source.rstrip("\r"))
        if text[0] == "[":
            self._section(line)
        elif text[0] == "#":
            self._directive(line)
        else:
            self._variable(line)

    # -- [name](options)

    def _section(self, line: _FileLine) -> None:
        end = line.text.find("]")
        if end < 0:
            cure = f"write {line.text.rstrip()}]"
            self.fail("expected ']' after the section's name", line.place(len(line.text)), cure, code="section")
            self.current = Section(
                line.text[1:], line.file, line.number
            )  # collects the lines that follow, so that they cause no further faults
            return
        section = Section(line.text[1:end], line.file, line.number)
        options, append = self._options(line, end + 1)
        for option, index in options:
            if option == "!":
                section.is_template = True
            elif not option.startswith("+"):
                self._inherit(section, option, line.place(index))
        if append is None:
            self.config.sections.append(section)
            self.current = section
        else:
            self._append(section, line.place(append))

    def _options(self, line: _FileLine, start: int) -> tuple[list[tuple[str, int]], int | None]:
        """The options between the parentheses with their index, and the index of a ``+`` among them or None."""
        if line.text[start : start + 1] != "(":
            return [], None
        end = line.text.find(")", start)
        if end < 0:
            self.fail("expected ')' after the section's options", line.place(len(line.text)), code="section")
            return [], None
        found: list[tuple[str, int]] = []
        index = start + 1
        for piece in line.text[start + 1 : end].split(","):
            if piece.strip():
                found.append((piece.strip(), line.after(index)))
            index += len(piece) + 1
        return found, next((index for option, index in found if option.startswith("+")), None)

    def _inherit(self, section: Section, name: str, place: Place) -> None:
        base = self.config.section(name, templates=True)
        if base is None:
            self._no_section(f"the section '{name}' to inherit from does not exist", name, place)
            return
        section.bases.append(base.name)
        section.variables.extend(base.variables)

    def _append(self, addition: Section, place: Place) -> None:
        section = self.config.section(addition.name, templates=True)
        if section is None:
            self._no_section(f"the section '{addition.name}' to add to does not exist", addition.name, place)
            self.current = addition
            return
        section.is_template = section.is_template or addition.is_template
        section.bases += addition.bases
        section.headings += addition.headings
        section.variables += addition.variables
        self.current = section

    def _no_section(self, what: str, name: str, place: Place) -> None:
        cure = did_you_mean(name, [section.name for section in self.config.sections])
        self.fail(what, place, cure or "write that section above this one", "no-section")

    # -- #include

    def _directive(self, line: _FileLine) -> None:
        word, _, rest = line.text.partition(" ") if " " in line.text else line.text.partition("\t")
        argument = _unquoted(rest.strip())
        kind = word[1:].lower()
        place = line.place()
        if kind not in ("include", "tryinclude", "exec"):
            cure = "there are #include, #tryinclude and #exec; a comment starts with ';'"
            self.fail(f"unknown directive '{word}'", place, cure, "directive", warn=True)
        elif not argument:
            thing = "a command" if kind == "exec" else "a file"
            self.fail(f"'{word}' needs {thing}", line.place(len(line.text)), code="directive", warn=True)
        elif kind == "exec":
            self._exec(argument, place)
        else:
            self._include(argument, place, must=kind == "include")

    def _include(self, name: str, place: Place, *, must: bool) -> None:
        pattern = os.path.join(self.base, name)
        is_pattern = any(mark in pattern for mark in "*?[")
        found = files.matching(pattern) if is_pattern else [pattern] * _is_there(pattern)
        for file in found:
            self.read(file, place, lenient=is_pattern or not must)
        if must and not found:
            cure = f"it is looked for as {pattern}; '#tryinclude' goes on without it"
            self.fail(f"cannot include '{name}': no such file", place, cure, "include")

    def _exec(self, command: str, place: Place) -> None:
        if not self.exec:
            cure = "set 'execincludes = yes' in [options] of asterisk.conf if you trust every file here"
            self.fail("'#exec' is not allowed", place, cure, "exec", warn=True)
            return
        from runtime.conf.exec_output import output_of  # few files have an #exec

        try:
            output = output_of(command)
        except (OSError, ValueError) as error:
            self.faults.append(Fault(f"'#exec {command}' failed", place, why=str(error), code="exec"))
            return
        self.text(output.decode("utf-8", "surrogateescape"), f"#exec {command}")

    # -- name = value

    def _variable(self, line: _FileLine) -> None:
        start = 1 if line.text.startswith("\\") else 0
        if start and (len(line.text) == 1 or line.text[1].isspace()):
            self.fail("a backslash must be followed by the first character of a name", line.place())
            return
        equals = line.text.find("=", 2 * start)
        if self.current is None:
            cure = "put it under a section, such as [general]"
            self.fail("a line before the first section", line.place(), cure, "no-context")
        elif equals < 0:
            self.fail("expected 'name = value'", line.place(len(line.text)), code="no-equals", warn=True)
        else:
            self._assign(self.current.variables, line, start, equals)

    def _assign(self, variables: list[Variable], line: _FileLine, start: int, equals: int) -> None:
        appends = equals > start and line.text[equals - 1] == "+"
        is_object = line.text.startswith("=>", equals) and not appends
        name = line.text[start : equals - appends].strip()
        value = line.text[equals + 1 + is_object :].strip()
        if not name:
            self.fail("expected a name before '='", line.place(), code="no-name", warn=True)
            return
        before = _last(variables, name) if appends else None
        if before is not None:
            value = (variables[before].value + value).strip()
        column = line.place(line.after(equals + 1 + is_object)).column
        variable = Variable(name, value, line.file, line.number, column, is_object, line.source)
        if before is None:
            variables.append(variable)
        else:
            variables[before] = variable


def _is_there(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # the path contains a NUL
        return False


def _last(variables: list[Variable], name: str) -> int | None:
    found = [index for index, entry in enumerate(variables) if entry.name == name]
    return found[-1] if found else None


def _unquoted(text: str) -> str:
    if len(text) > 1 and (text[0], text[-1]) in (('"', '"'), ("<", ">")):
        return text[1:-1]
    return text
