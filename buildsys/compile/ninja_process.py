"""A running ninja: how it is started and interrupted, the display of its progress, and its logs.

Plans are made elsewhere: by :mod:`buildsys.compile.ninja_run` for modules, by :mod:`buildsys.adopted` for Asterisk's
own tree.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.tree import BUILD, Tree
from asterism.values import TYPE_CHECKING, dataclass, field
from buildsys.compile import progress, slow_steps
from buildsys.compile.progress import Ended
from buildsys.planning.plan import Step
from buildsys.settled import compiler_launcher, ninja_program, toolchain
from buildsys.settled.toolchain import on_parent_death

if TYPE_CHECKING:
    from typing import TextIO

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
            print(ended.command or self.commands.get(f"{ended.label} {ended.file}", ""), file=self.out)
        elif self.is_live:
            self._live(ended)
        elif not self.quiet:
            print(f"   [{ended.label}] {ended.file}", file=self.out)
        if ended.output and not ended.status:
            self.lines(ended.output)
        self.out.flush()

    def _live(self, ended: Ended) -> None:
        left = f", {ended.remaining:.0f} s left" if ended.remaining >= 1 else ""
        line = f"[{ended.ended}/{ended.total}{left}] {ended.label} {ended.file}"
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


@contextmanager
def started(
    tree: Tree, manifest: str, words: Sequence[str], surroundings: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start ninja on a manifest; it keeps going after a failed step, and is interrupted when the body raises.

    Args:
        tree: the directory in which it runs.
        manifest: the path of the build.ninja.
        words: further options and the targets to build.
        surroundings: the environment variables.

    Raises:
        AsterismError: no usable ninja is found.
    """
    with subprocess.Popen(
        [ninja_program.find(), "-f", manifest, "-k", "0", *words],
        cwd=tree,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="surrogateescape",
        env=surroundings,
        # ninja ends its compilers; each is a process group of its own, which no other signal reaches.
        preexec_fn=on_parent_death(signal.SIGTERM),
    ) as process:
        try:
            yield process
        except BaseException:
            # ninja removes half-written outputs of interrupted commands; wait until it has done so.
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def followed(
    process: subprocess.Popen[str],
    steps: Sequence[Step],
    reporter: Reporter,
    located: Callable[[Ended], Ended | None] = lambda step: step,
) -> Iterator[Ended]:
    """Follow a running ninja to its end, report each step when it has ended, and yield it.

    Args:
        process: ninja, as :func:`started` gives it.
        steps: the steps of its graph.
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
        raise AsterismError(ninja_fault(reader.said, status))


def _excerpt(step: Ended) -> Sequence[str]:
    """The first error of a failed step as its compiler printed it."""
    from buildsys.compile.failures import failed_steps  # 15 ms that a build without failures saves

    return failed_steps.failures([step])[0].excerpt


def environment(tree: Tree, launched: Sequence[str]) -> dict[str, str]:
    """The environment variables of ninja and its commands."""
    made = {**os.environ, **compiler_launcher.environment(launched, tree, os.environ)}
    made |= {"NINJA_STATUS": progress.STATUS, "TERM": "dumb"}
    # gcc records this name of the directory in what it compiles, unless flags leave it out.
    made["PWD"] = str(tree.top.resolve())
    if not _FIFO.search(made.get("MAKEFLAGS", "")):
        made.pop("MAKEFLAGS", None)
    return made


_FIFO = re.compile(r"--jobserver-auth=fifo:")
_JOBS = re.compile(r"(?:^|\s)-j(\d+)")


def jobs(makeflags: str, launched: Sequence[str] = ()) -> list[str]:
    """The ninja options that correspond to ``make -jN``.

    ninja joins the job server of make 4.4 by itself; with an older make it gets ``-jN``. Without ``-j``, a build
    farm's launcher sets the number of compilations, since ninja counts the processors of this machine only.
    """
    found = _JOBS.search(makeflags)
    if found:
        return [] if _FIFO.search(makeflags) else ["-j", found[1]]
    most = compiler_launcher.jobs(launched)
    return ["-j", str(most)] if most else []


def ninja_fault(said: Sequence[str], status: int) -> Fault:
    """The fault of a ninja that stopped without a failed step, from its messages."""
    words = "; ".join(said) or toolchain.how_it_ended(status)
    vanished = re.search(r"'([^']+)', needed by '[^']+', missing", words)
    if vanished:
        return Fault("the source no longer exists", Place(vanished[1]), "", "run make again", "no-source")
    cure = "free some room on that disk and build again" if progress.NO_ROOM in words else "build again"
    return Fault("the build stopped", why=words, cure=f"{cure}; what is built stays", code="ninja")


def write_logs(place: Path, ended: Iterable[Ended], commands: dict[str, str]) -> None:
    """Write the log of each unit of the steps into a directory."""
    units: dict[str, list[Ended]] = {}
    for step in ended:
        units.setdefault(step.unit, []).append(step)
    for unit, steps in units.items():
        files.write(place / f"{unit}.log", progress.log_text(steps, commands))
