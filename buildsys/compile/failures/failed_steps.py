"""The faults of steps that have failed, from the output of compilers and linkers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import Fault, Place
from asterism.modulefile import headers
from asterism.tree import LOGS
from asterism.values import dataclass
from asterism.words import counted
from buildsys.compile.progress import Ended
from buildsys.planning.plan import CORE


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error of a compiler or linker, as far as the output shows it."""

    what: str
    place: Place | None
    lines: tuple[str, ...]
    """All lines of the error: the include chain, the message, the source line, the notes."""


_ERROR = re.compile(r"(?P<file>[^\s:][^:]*):(?P<line>\d{1,9}):(?:(?P<column>\d{1,9}):)? (?:fatal )?error: (?P<what>.*)")
_OTHER = re.compile(r"[^\s:][^:]*:\d+:(?:\d+:)? (?:(?:fatal )?error|warning): ")
_CONTEXT = re.compile(r"(?:In file included from |\s+from )|.*: (?:In (?:\w+ )*\w+ .*|At top level):$")
_LINKER = re.compile(r".*(?:undefined reference to|multiple definition of|cannot find|undefined symbol).*")
_CRASH = re.compile(r"internal compiler error|Segmentation fault|fatal error: Killed signal|Killed$|Aborted")
_ABSENT = (126, 127)


def complaints(output: Sequence[str]) -> list[Complaint]:
    """The errors in the output of a compiler or linker, in order."""
    found: list[Complaint] = []
    for number, line in enumerate(output):
        match = _ERROR.match(line)
        if match:
            place = Place(match["file"], int(match["line"]), int(match["column"] or 0))
            found.append(Complaint(match["what"], place, tuple(_around(output, number))))
        elif _LINKER.match(line):
            found.append(Complaint(line.partition(": ")[2] or line, None, (line,)))
    return found


def _around(output: Sequence[str], number: int) -> Iterator[str]:
    first = number
    while first and _CONTEXT.match(output[first - 1]):
        first -= 1
    yield from output[first : number + 1]
    for line in output[number + 1 :]:
        if _OTHER.match(line) or _CONTEXT.match(line):
            return
        yield line


@dataclass(frozen=True, slots=True)
class Failure:
    """A module that was not built, with its first error."""

    unit: str
    fault: Fault
    excerpt: tuple[str, ...]
    """The first error as the compiler printed it."""


def failures(steps: Iterable[Ended], logs: str = LOGS) -> list[Failure]:
    """The first failure of each module with a failed step, in the order of failing; ``logs`` is the log directory."""
    failed: dict[str, list[Ended]] = {}
    for step in steps:
        if step.status:
            failed.setdefault(step.unit, []).append(step)
    return [_failure(unit, ended, logs) for unit, ended in failed.items()]


def _failure(unit: str, steps: Sequence[Ended], logs: str) -> Failure:
    first = steps[0]
    found = complaints(first.output)
    file = f"{logs}/{unit}.log"
    log = f"'asterism log {unit}' shows all of it ({file})" if logs == LOGS else f"all of it is in {file}"
    if first.status in _ABSENT:
        program = first.command.split(" ", 1)[0]
        cure = "run ./configure again, so that it looks for the compiler"
        return Failure(unit, Fault(f"{program} cannot be run", None, "", cure, "no-compiler"), first.output)
    if first.status < 0 or any(_CRASH.search(line) for line in first.output):
        cure = f"{log};\n    free some memory or build with 'make -j1', or name another compiler: ./configure CC=..."
        place = Place(first.file)
        return Failure(
            unit, Fault("the compiler crashed on this file", place, "", cure, "compiler-crash"), first.output[:12]
        )
    more = sum(len(complaints(step.output)) for step in steps) - 1
    cure = f"{counted(more, 'more error')}; {log}" if more > 0 else log
    verb = "link" if first.label == "LD" else "compile"
    absent = _no_header(unit, first, found, log) or _undeclared(unit, first, found, cure)
    if absent:
        return absent
    why = _GUESS.sub("", found[0].what) if found else next(iter(first.output), f"exit status {first.status}")
    place = (found[0].place if found else None) or Place(first.file)
    name = f"module {unit}" if unit != CORE else "the core library"
    fault = Fault(f"{name} does not {verb}", place, why, cure, f"does-not-{verb}")
    return Failure(unit, fault, found[0].lines if found else first.output[:12])


_GUESS = re.compile(r"; did you mean '[^']*'\?|\s*\[-W[^\]]*\]$")
"""The spelling suggestion of GCC and the name of the warning, at the end of a message."""

_NO_HEADER = re.compile(
    r"'?asterisk/(?P<name>[\w-]+)\.h'?: No such file.*|'asterisk/(?P<named>[\w-]+)\.h' file not found"
)


def _no_header(unit: str, step: Ended, found: Sequence[Complaint], log: str) -> Failure | None:
    """The failure of a source that includes a missing header of Asterisk; a compiler stops at the first one."""
    match = _NO_HEADER.fullmatch(found[0].what) if found else None
    if match is None:
        return None
    name = match["name"] or match["named"]
    why, cure = headers.why_absent(name, headers_beside(step.command))
    what = f"module {unit} does not compile: there is no asterisk/{name}.h"
    return Failure(unit, Fault(what, found[0].place, why, f"{cure}\n    {log}", "no-header"), found[0].lines)


_UNDECLARED = re.compile(r"(?:implicit declaration of function|call to undeclared function) '(?P<name>\w+)'")


def _undeclared(unit: str, step: Ended, found: Sequence[Complaint], log: str) -> Failure | None:
    """The failure of a source that calls a function of Asterisk that its headers do not declare."""
    match = _UNDECLARED.search(found[0].what) if found else None
    if match is None:
        return None
    name = match["name"]
    header = headers.declaring(name)
    if header is None and not name.startswith(_OF_ASTERISK):
        return None
    here = "" if header else _declaring_beside(step.command, name)
    if header:
        why, cure = f"asterisk/{header.name}.h of Asterisk declares it ({header.holds}): {header.why}", header.cure
    elif here:
        why, cure = f"{here} declares it", f'write #include "{here}" into {step.file}'
    else:
        why, cure = "", "include the header that declares it, or build for an Asterisk that has it: --target"
    what = f"module {unit} does not compile: there is no function {name} in the headers that it includes"
    return Failure(unit, Fault(what, found[0].place, why, f"{cure}\n    {log}", "no-function"), found[0].lines)


def _declaring_beside(command: str, function: str) -> str:
    """The header in the ``asterisk`` directories of a command's include path that declares a function, if any."""
    declared = re.compile(rf"^[^#*/\n]*\b{function}\s*\(", re.MULTILINE)
    found = (file.name for file in _headers(command) if declared.search(files.text_or_empty(file)))
    return next((f"asterisk/{name}" for name in found), "")


_OF_ASTERISK = ("ast_", "ao2_", "stasis_", "pbx_", "manager_")
"""Prefixes of the names of Asterisk's functions."""


def headers_beside(command: str) -> list[str]:
    """The header names in the ``asterisk`` directories of a command's include path, without suffix, sorted."""
    return sorted({file.stem for file in _headers(command)})


def _headers(command: str) -> Iterator[Path]:
    """The headers in the ``asterisk`` directories of a command's include path, in the order of the search."""
    for place in re.findall(r"-I\s*(\S+)", command):
        yield from sorted(Path(place, "asterisk").glob("*.h"))
