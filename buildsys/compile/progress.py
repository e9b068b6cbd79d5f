"""Parse ninja's output while it runs: which steps have ended, what they printed, which failed.

ninja prints a status line when a step has ended, then the step's output. The status line is defined here
(:data:`STATUS`) and starts with a control character that no compiler prints at the start of a line.
"""

from __future__ import annotations

from asterism.errors import Fault, Place
from asterism.tree import BUILD
from asterism.values import TYPE_CHECKING, dataclass, field, replace
from buildsys.settled import compiler_launcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MARK = "\x1e"
STATUS = f"{MARK}%f %t %e "
"""The value of NINJA_STATUS: steps that have ended, all steps, seconds so far; the description follows."""

ENGLISH = "LC_ALL=C "
"""The prefix of each compiler command: messages in the C locale can be parsed."""

LAUNCHED = f"${compiler_launcher.VARIABLE} "
"""The prefix of each compilation after :data:`ENGLISH`; the shell expands it, so the command line stays the same."""

SLOPPY = f"{compiler_launcher.SLOPPY} "
"""The prefix of each compilation with a precompiled header, between :data:`ENGLISH` and :data:`LAUNCHED`."""

NO_ROOM = "No space left on device"
"""The English message of the C library for a full disk."""
_FAILED, _CODE = "FAILED: ", "FAILED: [code="
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
    def key(self) -> str:
        """The label and file, by which the command of the step is found."""
        return f"{self.label} {self.file}"

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
            started = _started(line)
            if started:
                yield from self._flush()
                self._current = started
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


def _started(line: str) -> Ended | None:
    """The step of a status line; None for any other line."""
    # Without a regular expression: to import these takes as long as to start Python.
    words = line.removeprefix(MARK).rstrip("\n").split(" ", 5) if line.startswith(MARK) else []
    if len(words) < 6 or not (words[0].isdecimal() and words[1].isdecimal() and _is_time(words[2])):
        return None
    ended, total, seconds, unit, label, file = words
    return Ended(unit, label, file, int(ended), int(total), float(seconds))


def _is_time(word: str) -> bool:
    """Whether a word is a number of seconds: ``0.012``."""
    whole, _, part = word.partition(".")
    return whole.isdecimal() and (part.isdecimal() or not part)


def _with_output(step: Ended, lines: Sequence[str]) -> Ended:
    if not (lines and lines[0].startswith(_FAILED)):
        return replace(step, output=tuple(lines))
    command = lines[1].removeprefix(ENGLISH).removeprefix(SLOPPY).removeprefix(LAUNCHED) if len(lines) > 1 else ""
    return replace(step, status=_status(lines[0]), command=command, output=tuple(lines[2:]))


def _status(line: str) -> int:
    """The exit status in a line such as ``FAILED: [code=2] res_x.so``; ninja before 1.13 does not tell it."""
    code = line.removeprefix(_CODE).partition("]")[0] if line.startswith(_CODE) else ""
    return int(code) if code.removeprefix("-").isdecimal() and len(code) < 10 else 1


def full_disk(steps: Iterable[Ended]) -> Fault | None:
    """The fault of a full disk, a single one for all steps that failed because of it; None when no step did."""
    return no_room(line for step in steps if step.status for line in step.output)


def no_room(lines: Iterable[str]) -> Fault | None:
    """The fault of the first line that says so of the disk; None when no line does."""
    line = next((line for line in lines if NO_ROOM in line), "")
    if not line:
        return None
    cure = "free some room on that disk and run make again; what is built stays"
    return Fault("the disk is full", Place(BUILD), line.strip(), cure, "full-disk")


def log_text(steps: Iterable[Ended], commands: Mapping[str, str]) -> str:
    """The log of one module: each command, its output and its exit status.

    Args:
        steps: the steps of the module that ran.
        commands: the command line of each step, by its label and file.
    """
    lines: list[str] = []
    for step in steps:
        lines.append(f"$ {commands.get(step.key) or step.command}")
        lines += step.output
        lines.append(f"= exit status {step.status}")
    return "\n".join(lines) + "\n"
