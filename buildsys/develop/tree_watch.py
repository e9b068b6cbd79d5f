"""``asterism watch`` in Asterisk's own source tree: build changed files, and load the results into a running Asterisk.

:mod:`buildsys.adopted` builds the tree; the Asterisk is the tree's own installation, or a target.
"""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from asterism.errors import AsterismError, Fault
from asterism.tree import BUILD, Tree
from asterism.values import dataclass, field
from buildsys.adopted import kept_graph, tree_build
from buildsys.adopted.tree_build import Made
from buildsys.compile.failures import failed_steps
from buildsys.compile.following import Reporter
from buildsys.develop import changed_files, run_target
from buildsys.develop.changed_files import Stamp
from buildsys.develop.target_attendant import TargetAttendant
from buildsys.develop.watch_events import Event

_KEPT = f"{BUILD}/watch"


class Taker(Protocol):
    """The part of an attendant that the watch uses: it loads builds into a running Asterisk."""

    def ask(self, **request: str) -> Iterator[dict[str, Any]]:
        """Yield each answer to a request to load a file, the outcome last."""
        ...  # pragma: no cover


@dataclass(slots=True)
class TreeWatch:
    """The watch of a source tree of Asterisk.

    Args:
        tree: the source tree.
        tell: receives each event.
        taker: loads the builds; None to build only.
    """

    tree: Tree
    tell: Callable[[Event], None]
    taker: Taker | None = None
    modules: Sequence[str] = ()
    """The names of the modules that the tree builds."""
    seen: dict[str, Stamp] = field(default_factory=dict)

    def begin(self) -> None:
        """Build everything; the results are not loaded."""
        self.seen = self.look()
        with self._told():
            self._failures(self._made(), 0.0)

    def turn(self) -> None:
        """Find the changed files, build them, and load the results."""
        before, self.seen = self.seen, self.look()
        if not changed_files.change(before, self.seen):
            return
        begun = time.time()
        with self._told():
            began = time.monotonic()
            made = self._made()
            seconds = round(time.monotonic() - began, 4)
            self._failures(made, seconds)
            for name, file in made.products.items():
                self._give(name, self.tree.top.resolve() / file, begun, seconds)

    def directories(self) -> list[str]:
        """The directories of sources, headers and Makefiles."""
        return [".", *kept_graph.header_directories(self.tree), *kept_graph.source_directories(self.tree)]

    def look(self) -> dict[str, Stamp]:
        """The files that can affect a build, with their stamps; files that a build writes at the top are left out."""
        found: dict[str, Stamp] = {}
        for directory in self.directories():
            with contextlib.suppress(OSError), os.scandir(self.tree / directory) as entries:
                for entry in entries:
                    if changed_files.counts(entry.name) and entry.is_file() and entry.name not in _WRITTEN:
                        status = entry.stat()
                        path = os.path.normpath(os.path.join(directory, entry.name))
                        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    # -- building and loading

    def _made(self) -> Made:
        made = tree_build.make(self.tree, Reporter(io.StringIO(), quiet=True))
        self.modules = sorted(
            {edge.unit for edge in made.graph.edges if edge.is_product and edge.outputs[0].endswith(".so")}
        )
        return made

    def _failures(self, made: Made, seconds: float) -> None:
        for failure in failed_steps.failures(made.ended):
            faults = (failure.fault.as_json(),)
            self.tell(Event("failed", failure.unit, 0.0, seconds, faults=faults, excerpt=failure.excerpt))

    def _give(self, name: str, file: Path, begun: float, compiling: float) -> None:
        outcome: Mapping[str, Any] = {"outcome": "built"}
        if self.taker is not None:
            for answer in self.taker.ask(replace=str(file), kept=str(self.tree / _KEPT / file.name)):
                outcome = answer
        seconds = round(max(time.time() - begun, 0.0), 4)
        times = (outcome.get("trial", 0.0), outcome.get("taking", 0.0))
        faults = tuple(outcome.get("faults", ()))
        self.tell(Event(outcome["outcome"], name, seconds, compiling, *times, faults=faults))

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Report faults that stop the whole build as an event, and continue."""
        try:
            yield
        except AsterismError as error:
            self.tell(_told_of(error.faults))


_WRITTEN = ("defaults.h", "version.c", "buildopts.h", "build.h")


def _told_of(faults: Sequence[Fault]) -> Event:
    return Event("fault", faults=tuple(fault.as_json() for fault in faults))


def watch_of(tree: Tree, tell: Callable[[Event], None], word: str) -> TreeWatch:
    """The watch of a tree whose builds are loaded into a target, or into the tree's own installation.

    Without an installation the tree is only built.

    Args:
        tree: the source tree.
        tell: receives each event.
        word: the target; empty for the tree's own installation.

    Raises:
        AsterismError: the named target is unknown, has no program or is not installed.
    """
    watch = TreeWatch(tree, tell)
    watch.begin()
    try:
        asterisk = run_target.the_one(word or str(tree.top.resolve()), tree)
        watch.taker = TargetAttendant(tree, asterisk, tree / _KEPT)
    except AsterismError as error:
        if word:
            raise
        tell(_told_of(error.faults))
    return watch
