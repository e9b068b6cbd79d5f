"""What a build shows of a running ninja: the display of its progress, its logs, and its environment.

This file imports little: a build of one source takes as long as Python needs for its imports.
"""

from __future__ import annotations

import os

from asterism import files
from asterism.errors import AsterismError
from asterism.tree import BUILD
from asterism.values import TYPE_CHECKING, dataclass, field
from buildsys.compile import progress, slow_steps
from buildsys.compile.progress import Ended
from buildsys.settled import compiler_launcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from buildsys.compile.slow_steps import Running
    from buildsys.planning.plan import Step

GOES_ON = "the next make goes on from here"
"""What Ctrl-C leaves."""

IDLE = f"{BUILD}/idle.txt"
"""The file with the message that make prints when nothing is to be done, without starting Python."""


@dataclass(slots=True)
class Reporter:
    """The display of a running build: one changing line on a terminal, otherwise a line for each step."""

    out: TextIO
    quiet: bool = False
    verbose: bool = False
    commands: Mapping[str, str] = field(default_factory=dict)
    """The command line of each step by its label and file, shown in verbose mode."""
    _shown: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the terminal can change the line in place."""
        return not (self.verbose or self.quiet) and self.out.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def step(self, ended: Ended) -> None:
        """Show a step that has ended."""
        if self.verbose:
            print(ended.command or self.commands.get(ended.key, ""), file=self.out)
        elif self.is_live:
            self._live(ended)
        elif not self.quiet:
            print(f"   [{ended.label}] {ended.file}", file=self.out)
        if ended.output and not ended.status:
            self.lines(ended.output)
        self.out.flush()

    def _live(self, ended: Ended) -> None:
        left = f", {ended.remaining:.0f} s left" if ended.remaining >= 1 else ""
        line = f"[{ended.ended}/{ended.total}{left}] {ended.key}"
        import shutil  # 5 ms, which a build without a terminal saves

        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{line[:width]}", end="", file=self.out)
        self._shown = True

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines that stay on the screen."""
        self.clear()
        for line in lines:
            print(line, file=self.out)

    def clear(self) -> None:
        """Remove the changing line."""
        if self._shown:
            print("\r\x1b[K", end="", file=self.out, flush=True)
            self._shown = False


def followed(
    process: Running,
    steps: Callable[[], Sequence[Step]],
    reporter: Reporter,
    located: Callable[[Ended], Ended | None] = lambda step: step,
) -> Iterator[Ended]:
    """Follow a running ninja to its end, report each step when it has ended, and yield it.

    Args:
        process: ninja, as :func:`buildsys.compile.ninja_process.started` gives it.
        steps: gives the steps of its graph, when they are needed.
        reporter: shows the steps, and the first failure of each unit.
        located: gives the step to report in place of one that ninja prints; None for a step to pass over.

    Raises:
        AsterismError: ninja itself failed, and no step.
    """
    reader = progress.Reader()
    failed: set[str] = set()
    for raw in reader.read(slow_steps.watched(process, steps, reporter.lines)):
        step = located(raw)
        if step is None:
            continue
        reporter.step(step)
        if step.status and step.unit not in failed:
            failed.add(step.unit)
            reporter.lines(() if progress.full_disk([step]) else _excerpt(step))
        yield step
    status = process.wait()
    reporter.clear()
    if status and not failed:
        from buildsys.compile.ninja_process import ninja_fault  # only a ninja that stops by itself needs it

        raise AsterismError(ninja_fault(reader.said, status))


def _excerpt(step: Ended) -> Sequence[str]:
    """The first error of a failed step as its compiler printed it."""
    from buildsys.compile.failures import failed_steps  # 15 ms that a build without failures saves

    return failed_steps.failures([step])[0].excerpt


def environment(tree: str | os.PathLike[str], launched: Sequence[str]) -> dict[str, str]:
    """The environment variables of ninja and its commands."""
    made = {**os.environ, **compiler_launcher.environment(launched, tree, os.environ)}
    made |= {"NINJA_STATUS": progress.STATUS, "TERM": "dumb"}
    # gcc records this name of the directory in what it compiles, unless flags leave it out.
    made["PWD"] = os.path.realpath(tree)
    if _FIFO not in made.get("MAKEFLAGS", ""):
        made.pop("MAKEFLAGS", None)
    return made


_FIFO = "--jobserver-auth=fifo:"


def jobs(makeflags: str, launched: Sequence[str] = ()) -> list[str]:
    """The ninja options that correspond to ``make -jN``.

    ninja joins the job server of make 4.4 by itself; with an older make it gets ``-jN``. Without ``-j``, a build
    farm's launcher sets the number of compilations, since ninja counts the processors of this machine only.
    """
    asked = next((word[2:] for word in makeflags.split() if word.startswith("-j") and word[2:].isdecimal()), "")
    if asked:
        return [] if _FIFO in makeflags else ["-j", asked]
    most = compiler_launcher.jobs(launched)
    return ["-j", str(most)] if most else []


def write_logs(place: str | os.PathLike[str], ended: Iterable[Ended], commands: Mapping[str, str]) -> None:
    """Write the log of each unit of the steps into a directory."""
    units: dict[str, list[Ended]] = {}
    for step in ended:
        units.setdefault(step.unit, []).append(step)
    for unit, steps in units.items():
        files.write(os.path.join(place, f"{unit}.log"), progress.log_text(steps, commands), is_lasting=False)
