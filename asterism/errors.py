"""Faults as data: what is wrong, where, why, and what to do about it.

A :class:`Fault` is a value that a command line, a menu, JSON and a test share; ``str(fault)`` puts it into words. An
:class:`AsterismError` carries one or more faults, so that all faults of a run are shown together.
"""

from __future__ import annotations

import sys

from asterism.values import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any, Literal, TextIO

    Severity = Literal["error", "warning"]
else:
    Severity = str


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a fault in a file; lines and columns count from 1, and 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    """The source line, to show with a caret; empty when unknown."""

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])

    def excerpt(self) -> str:
        """The source line with a caret under the column, shortened when very long; empty without a source line."""
        if not self.text:
            return ""
        line, before = _near(self.text.rstrip("\r\n"), max(self.column - 1, 0))
        return f"    {line}\n    {_blank(before)}^" if self.column else f"    {line}"


_LONGEST = 400
"""The most characters of a line to show; only damaged sources have longer lines."""


def _near(line: str, at: int) -> tuple[str, str]:
    """A line and its part before the character ``at``; both are shortened with marks when the line is very long."""
    if len(line) <= _LONGEST:
        return line, line[:at]
    start = max(0, min(at, len(line)) - _LONGEST // 2)
    shown = line[start : start + _LONGEST]
    mark = "..." if start else ""
    more = "..." if start + _LONGEST < len(line) else ""
    return f"{mark}{shown}{more}", f"{mark}{shown[: at - start]}"


def _blank(text: str) -> str:
    """Blanks of the same width as a text on a terminal; tabs stay tabs."""
    if text.isascii():
        return "".join("\t" if char == "\t" else " " for char in text)
    import unicodedata  # only a line that is not ASCII needs it

    def cells(char: str) -> str:
        if char == "\t":
            return char
        is_wide = unicodedata.east_asian_width(char) in "WF"
        return "" if unicodedata.combining(char) else "  " if is_wide else " "

    return "".join(map(cells, text))


@dataclass(frozen=True, slots=True)
class Setting:
    """Values for a key below ``[modules.NAME]`` in asterism.toml."""

    module: str
    key: str
    """The key: ``sources``, ``cflags``, ``libs`` or ``packages``."""
    values: tuple[str, ...]

    def __str__(self) -> str:
        listed = ", ".join(f'"{value}"' for value in self.values)
        return f"[modules.{self.module}] {self.key} = [{listed}]"

    def as_json(self) -> dict[str, object]:
        """The setting as plain data."""
        return {"module": self.module, "key": self.key, "values": list(self.values)}


class Suggestion(str):
    """A cure that names what the user may have meant: words for a person, and the names as data."""

    __slots__ = ("names",)

    names: tuple[str, ...]
    """The suggested names, the most similar first."""

    def __new__(cls, text: str, names: Iterable[str]) -> Suggestion:
        """Join the words of a cure and the names in them."""
        made = super().__new__(cls, text)
        made.names = tuple(names)
        return made


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: what is wrong, where, why, and what to do about it."""

    what: str
    """A short sentence without a full stop, lower case: ``unknown tag 'dependd'``."""
    place: Place | None = None
    why: str = ""
    """The reason, when ``what`` does not already say it."""
    cure: str = ""
    """The next step for the person who reads it."""
    code: str = ""
    """A stable name of this kind of fault, for JSON, tests and CI formats: ``unknown-tag``."""
    severity: Severity = "error"
    names: tuple[str, ...] = ()
    """All names that ``what`` counts, when it lists only the first of them."""
    settings: tuple[Setting, ...] = ()
    """Settings of asterism.toml that correct the fault; ``cure`` has them in words."""

    @property
    def similar(self) -> tuple[str, ...]:
        """The names that the user may have meant by the one at :attr:`place`, the most similar first."""
        return self.cure.names if isinstance(self.cure, Suggestion) else ()

    def __str__(self) -> str:
        head = f"{self.place}: {self.what}" if self.place else self.what
        if self.severity == "warning":
            head = f"{self.place}: warning: {self.what}" if self.place else f"warning: {self.what}"
        if self.why:
            head = f"{head}: {self.why}"
        parts = [head]
        if self.place and self.place.excerpt():
            parts.append(self.place.excerpt())
        if self.cure:
            parts.append(f"    {self.cure}")
        return "\n".join(parts)

    def as_json(self) -> dict[str, object]:
        """The fault as plain data; empty fields are left out."""
        place = self.place
        entries: dict[str, object] = {
            "code": self.code,
            "severity": self.severity,
            "file": place.file if place else "",
            "line": place.line if place else 0,
            "column": place.column if place else 0,
            "what": self.what,
            "why": self.why,
            "cure": self.cure,
            "similar": list(self.similar),
            "names": list(self.names),
            "settings": [setting.as_json() for setting in self.settings],
        }
        return {key: value for key, value in entries.items() if value}

    @classmethod
    def of_json(cls, entries: Mapping[str, Any]) -> Fault:
        """The fault that :meth:`as_json` has written, without the source line, which is not written."""
        file, line, column = entries.get("file", ""), entries.get("line", 0), entries.get("column", 0)
        place = Place(file, line, column) if file else None
        what, why, cure, code = (str(entries.get(name, "")) for name in ("what", "why", "cure", "code"))
        settings = tuple(Setting(e["module"], e["key"], tuple(e["values"])) for e in entries.get("settings", ()))
        if entries.get("similar"):
            cure = Suggestion(cure, entries["similar"])
        severity, names = entries.get("severity", "error"), tuple(entries.get("names", ()))
        return cls(what, place, why, cure, code, severity, names, settings)


class AsterismError(Exception):
    """The exception that ends a run with one or more faults; ``str()`` shows all of them.

    Attributes:
        faults: the faults, in the order in which they were found.
        status: the exit status of the program, 1 by default.
    """

    def __init__(self, *faults: Fault, status: int = 1) -> None:
        super().__init__(*faults)
        self.faults = faults
        self.status = status

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(slots=True)
class Collector:
    """A collector of faults, so that all faults of a run are reported together."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Add one fault."""
        self.faults.append(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Add several faults."""
        self.faults.extend(faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    @property
    def errors(self) -> list[Fault]:
        """The faults that are errors, not warnings."""
        return [fault for fault in self.faults if fault.severity == "error"]

    def check(self, status: int = 1) -> None:
        """Raise :class:`AsterismError` with all faults when any of them is an error."""
        if self.errors:
            raise AsterismError(*self.faults, status=status)


def trace_of(error: BaseException, trace: TracebackType | None = None) -> str:
    """The traceback of an exception as text, for the log of whoever mends the code that raised it.

    Args:
        error: the exception.
        trace: where it came from; empty for its own record of that.
    """
    import traceback  # 7 ms of each start, and most runs need none

    return "".join(traceback.format_exception(type(error), error, trace or error.__traceback__)).rstrip()


def report(faults: Iterable[Fault], program: str = "", stream: TextIO | None = None) -> None:
    """Print each fault once on ``stream`` (standard error by default)."""
    from asterism.controls import escaped_lines  # only a run with faults needs this import and the next
    from asterism.home.clone import spelled

    out = sys.stderr if stream is None else stream
    for fault in dict.fromkeys(faults):
        prefix = f"{program}: " if program and fault.place is None else ""
        text = escaped_lines(spelled(f"{prefix}{fault}"))
        print(_fitted(fault, text, out) if out.isatty() else text, file=out)


def _fitted(fault: Fault, text: str, terminal: TextIO) -> str:
    """The text of a fault with long lines broken for a terminal, except those of its excerpt, which a caret follows."""
    from asterism.terminal.columns import fitted  # only a terminal needs it

    excerpt = fault.place.excerpt().split("\n") if fault.place else []
    return "\n".join(line if line in excerpt else fitted(line, terminal) for line in text.split("\n"))
