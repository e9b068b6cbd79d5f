"""``asterism watch`` in Asterisk's own source tree: what is saved is built, and a running Asterisk takes it.

The tree is built as :mod:`buildsys.adopted` does; the Asterisk is the one that the tree is installed as, or a target.
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
from buildsys.compile import progress
from buildsys.compile.ninja_process import Reporter
from buildsys.develop import changed_files, run_target
from buildsys.develop.changed_files import Stamp
from buildsys.develop.target_attendant import TargetAttendant
from buildsys.develop.watch_events import Event

_KEPT = f"{BUILD}/watch"


class Taker(Protocol):
    """Whom builds are given to."""

    def ask(self, **request: str) -> Iterator[dict[str, Any]]:
        """Each answer to a request to take a file, the outcome last."""
        ...  # pragma: no cover


@dataclass(slots=True)
class TreeWatch:
    """A source tree of Asterisk, watched.

    Args:
        tree: the tree.
        tell: takes each event.
        taker: whom builds are given to; None builds alone.
    """

    tree: Tree
    tell: Callable[[Event], None]
    taker: Taker | None = None
    modules: Sequence[str] = ()
    """Those that the tree builds."""
    seen: dict[str, Stamp] = field(default_factory=dict)

    def begin(self) -> None:
        """Build what there is to build; nothing of that is given to anybody."""
        self.seen = self.look()
        with self._told():
            self._failures(self._made(), 0.0)

    def turn(self) -> None:
        """Look at what has changed, build it, and have it taken."""
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
        """The directories that sources, headers and Makefiles lie in."""
        return [".", *kept_graph.header_directories(self.tree), *kept_graph.source_directories(self.tree)]

    def look(self) -> dict[str, Stamp]:
        """Every file that counts, and what tells a change of it; what a build writes at the top does not count."""
        found: dict[str, Stamp] = {}
        for directory in self.directories():
            with contextlib.suppress(OSError), os.scandir(self.tree / directory) as entries:
                for entry in entries:
                    if changed_files.counts(entry.name) and entry.is_file() and entry.name not in _WRITTEN:
                        status = entry.stat()
                        path = os.path.normpath(os.path.join(directory, entry.name))
                        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    # -- building and giving

    def _made(self) -> Made:
        made = tree_build.make(self.tree, Reporter(io.StringIO(), quiet=True))
        self.modules = sorted(
            {edge.unit for edge in made.graph.edges if edge.is_product and edge.outputs[0].endswith(".so")}
        )
        return made

    def _failures(self, made: Made, seconds: float) -> None:
        for failure in progress.failures(made.ended):
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
        """Tell what cannot be built at all, and watch on."""
        try:
            yield
        except AsterismError as error:
            self.tell(_told_of(error.faults))


_WRITTEN = ("defaults.h", "version.c", "buildopts.h", "build.h")


def _told_of(faults: Sequence[Fault]) -> Event:
    return Event("fault", faults=tuple(fault.as_json() for fault in faults))


def watch_of(tree: Tree, tell: Callable[[Event], None], word: str) -> TreeWatch:
    """The watch of a tree whose builds a running Asterisk takes: a target, or what the tree is installed as.

    A tree that is not installed is built alone.

    Args:
        tree: the tree.
        tell: takes each event.
        word: the target; empty for the tree's own installation.

    Raises:
        AsterismError: the target that was named is not known, has no program or is not installed.
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
