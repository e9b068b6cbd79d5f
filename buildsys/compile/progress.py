"""Parse ninja's output while it runs: which steps have ended, what they printed, which failed.

ninja prints a status line when a step has ended, then the step's output. The status line is defined here
(:data:`STATUS`) and starts with a control character that no compiler prints at the start of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from asterism.errors import Fault, Place
from asterism.tree import BUILD
from asterism.values import dataclass, field, replace
from buildsys.settled import compiler_launcher

MARK = "\x1e"
STATUS = f"{MARK}%f %t %e "
"""The value of NINJA_STATUS: steps that have ended, all steps, seconds so far; the description follows."""

ENGLISH = "LC_ALL=C "
"""The prefix of each compiler command: messages in the C locale can be parsed."""

LAUNCHED = f"${compiler_launcher.VARIABLE} "
"""The prefix of each compilation after :data:`ENGLISH`; the shell expands it, so the command line stays the same."""

SLOPPY = f"{compiler_launcher.SLOPPY} "
"""The prefix of each compilation with a precompiled header, between :data:`ENGLISH` and :data:`LAUNCHED`."""

_LINE = re.compile(
    MARK + r"(?P<ended>\d+) (?P<total>\d+) (?P<seconds>[\d.]+) (?P<unit>\S+) (?P<label>\S+) (?P<file>.*)"
)
NO_ROOM = "No space left on device"
"""The English message of the C library for a full disk."""
_FAILED = re.compile(r"FAILED: (?:\[code=(?P<code>-?\d{1,9})\] )?")
_SPEAKS = "ninja: "


@dataclass(frozen=True, slots=True)
class Ended:
    """A step that has ended."""

    unit: str
    """The module or other unit that the step belongs to."""
    label: str
    """The kind of step: CC, CXX, PCH, LD, GEN or PY."""
    file: str
    """The source, or the output of a link."""
    ended: int
    total: int
    seconds: float
    """Seconds from the begin of the build."""
    status: int = 0
    """The exit status of the command."""
    command: str = ""
    """The command line of a failed step, otherwise empty."""
    output: tuple[str, ...] = ()
    """The output of the command, line by line."""

    @property
    def remaining(self) -> float:
        """The estimated seconds until the build ends."""
        return self.seconds / self.ended * (self.total - self.ended) if self.ended else 0.0


@dataclass(slots=True)
class Reader:
    """A parser that takes ninja's lines one by one and yields steps when they are complete.

    Attributes:
        said: messages of ninja itself.
    """

    said: list[str] = field(default_factory=list)
    _current: Ended | None = None
    _lines: list[str] = field(default_factory=list)

    def read(self, lines: Iterable[str]) -> Iterator[Ended]:
        """Yield the steps in the order in which they ended."""
        for line in lines:
            match = _LINE.match(line)
            if match:
                yield from self._flush()
                self._current = _started(match)
            elif line.startswith(_SPEAKS):
                self.said.append(line.removeprefix(_SPEAKS).rstrip("\n"))
            else:
                self._lines.append(line.rstrip("\n"))
        yield from self._flush()

    def _flush(self) -> Iterator[Ended]:
        if self._current:
            yield _with_output(self._current, self._lines)
        else:
            self.said += self._lines
        self._current, self._lines = None, []


def _started(match: re.Match[str]) -> Ended:
    return Ended(
        match["unit"],
        match["label"],
        match["file"].rstrip("\n"),
        int(match["ended"]),
        int(match["total"]),
        float(match["seconds"]),
    )


def _with_output(step: Ended, lines: Sequence[str]) -> Ended:
    failed = _FAILED.match(lines[0]) if lines else None
    if failed is None:
        return replace(step, output=tuple(lines))
    command = lines[1].removeprefix(ENGLISH).removeprefix(SLOPPY).removeprefix(LAUNCHED) if len(lines) > 1 else ""
    return replace(step, status=int(failed["code"] or 1), command=command, output=tuple(lines[2:]))


def full_disk(steps: Iterable[Ended]) -> Fault | None:
    """The fault of a full disk, a single one for all steps that failed because of it; None when no step did."""
    for step in steps:
        line = next((line for line in step.output if NO_ROOM in line), "") if step.status else ""
        if line:
            cure = "free some room on that disk and run make again; what is built stays"
            return Fault("the disk is full", Place(BUILD), line.strip(), cure, "full-disk")
    return None


def log_text(steps: Iterable[Ended], commands: dict[str, str]) -> str:
    """The log of one module: each command, its output and its exit status.

    Args:
        steps: the steps of the module that ran.
        commands: the command line of each step, by its label and file.
    """
    lines: list[str] = []
    for step in steps:
        lines.append(f"$ {commands.get(f'{step.label} {step.file}') or step.command}")
        lines += step.output
        lines.append(f"= exit status {step.status}")
    return "\n".join(lines) + "\n"
