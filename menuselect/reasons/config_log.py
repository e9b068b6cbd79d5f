"""The checks for a library in config.log, and their results.

Two formats are read: autoconf's, which Asterisk's own configure writes, and that of this project's configure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from asterism.errors import Place
from asterism.values import dataclass

FILE = "config.log"

_CHECKING = re.compile(r"configure:\d+: checking (?P<what>.+)")
_RESULT = re.compile(r"configure:\d+: result: (?P<result>.*)")
_COMPLAINTS = (
    re.compile(r"(?:.*: )?(?:fatal )?error: (.+)"),
    re.compile(r".*(cannot find -l[\w.+-]+)"),
    re.compile(r"(Package \S+ was not found)"),
)
"""Error lines of the compiler, the linker and pkg-config."""

_SECTION = re.compile(r"## (?P<name>\S+)$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check and its result."""

    what: str
    """The subject of the check: ``curl_easy_init in -lcurl``."""
    result: str
    """``yes``, ``no``, or a sentence."""
    why: str = ""
    """The first complaint of the compiler or the linker."""
    place: Place | None = None
    evidence: tuple[str, ...] = ()
    """The commands of the check and their output, line by line; empty for a log of autoconf."""

    def __str__(self) -> str:
        text = f"{self.place}: {self.what}: {self.result}" if self.place else f"{self.what}: {self.result}"
        return f"{text} ({self.why})" if self.why else text


class Log:
    """The text of a config.log, searched on demand."""

    def __init__(self, text: str, file: str = FILE) -> None:
        self._lines = text.split("\n")
        self._file = file

    def of(self, name: str) -> list[Verdict]:
        """The verdicts on a library, in the order of the file."""
        own = list(self._own_section(name))
        return own or [verdict for verdict in self._checks if _is_about(verdict.what, name)]

    def _own_section(self, name: str) -> Iterator[Verdict]:
        inside, start = False, 0
        for number, line in enumerate(self._lines, 1):
            section = _SECTION.match(line)
            if section:
                inside, start = section["name"].lower() == name.lower(), number
            elif inside and line.lower().startswith(f"{name.lower()}: "):
                _, result, why = (*line.split(": ", 2), "", "")[:3]
                evidence = tuple(each for each in self._lines[start : number - 1] if each.strip())
                yield Verdict(name, result, why, Place(self._file, number), evidence)
                start = number

    @cached_property
    def _checks(self) -> list[Verdict]:
        return list(_checks(self._lines, self._file))


def _checks(lines: Iterable[str], file: str) -> Iterator[Verdict]:
    what, why, start = "", "", 0
    for number, line in enumerate(lines, 1):
        checking = _CHECKING.match(line)
        result = _RESULT.match(line) if what else None
        if checking:
            what, why, start = checking["what"].removeprefix("for ").removesuffix("..."), "", number
        elif result:
            # autoconf substitutes ':' for a program that it does not find.
            answer = "no" if result["result"] in ("", ":") else result["result"]
            yield Verdict(what, answer, why if answer == "no" else "", Place(file, start))
            what = ""
        elif what and not why:
            why = _complaint(line)


def _complaint(line: str) -> str:
    found = (complaint.match(line) for complaint in _COMPLAINTS)
    return next((match[1].strip() for match in found if match), "")


def _is_about(what: str, name: str) -> bool:
    """Whether a check is about a library: the check names it as a word, or after ``-l`` or ``lib``."""
    # A version may follow, as in -llua5.4; but sqlite3 is not sqlite.
    tail = r"(?:\d*\.\d+|-\d[\d.]*)?(?![a-z0-9])"
    return any(re.search(rf"(?<![a-z0-9])(?:-l|lib)?{re.escape(part)}{tail}", what.lower()) for part in _names(name))


def _names(name: str) -> list[str]:
    lowered = name.lower()
    bare = lowered.removeprefix("generic_").removeprefix("have_")
    parts = [lowered, bare, lowered.removeprefix("lib"), re.sub(r"\d+$", "", lowered)]
    return list(dict.fromkeys(part for part in parts if len(part) > 2))
