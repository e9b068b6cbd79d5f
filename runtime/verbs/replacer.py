"""The replacement of modules in the running program, through its control socket.

The order of the steps makes it safe.  The users of the module are checked; the new file is tried in a child process;
only then is it put into the module directory, and the module refreshed; then the program is asked for the build in its
memory.  A failure from there on restores the old file and the old module.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.values import dataclass, field, replace
from runtime.conf import asterisk_conf, install_tree
from runtime.conf.asterisk_conf import Settings
from runtime.control import socket_frames
from runtime.control.remote_client import answer, connect
from runtime.host import process
from runtime.loader.trial_load import Child, Tried, refused
from runtime.modules import build_id
from runtime.verbs.module_place import Before, put
from runtime.verbs.replacement import (
    ALONE,
    BACK,
    BUSY,
    HOPELESS,
    LOST,
    REFUSED,
    RUN,
    SAME,
    Replaced,
    Shown,
    dependents,
    in_use,
)


class Console:
    """A connection to the running program.  The constructor raises AsterismError when none answers."""

    def __init__(self, path: str) -> None:
        self._sock, self._reader, _ = connect(path)

    def run(self, line: str) -> tuple[int | None, str]:
        """Run a command.  Returns its status (None when the program has gone), and its output or errors."""
        out: list[str] = []
        err: list[str] = []
        try:
            self._sock.sendall(socket_frames.pack("run", line))
            status = answer(self._reader.read, out.append, err.append)
        except (OSError, socket_frames.WireError):
            status = None
        return status, "".join(err if status else out)

    def rows(self) -> list[Shown]:
        """The opened modules of the program.

        Raises:
            AsterismError: the program has gone, or has another version.
        """
        status, text = self.run("module show json")
        try:
            rows = json.loads(text) if status == 0 else []
            return [Shown(r["file"], r["use_count"], r["running"], tuple(r["needs"]), r["build"]) for r in rows]
        except (ValueError, KeyError, TypeError):
            cure = "run 'make install' and start it again"
            raise AsterismError(Fault("the running asterism is another version", cure=cure, code="version")) from None

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()


@dataclass(slots=True)
class Replacer:
    """Replaces modules in the program that answers.

    Args:
        confs: paths of asterisk.conf files; the first one whose program answers is used.
        lasting: whether the child for the next trial is kept ready.
    """

    confs: Sequence[str]
    lasting: bool = False
    preview: Callable[[Sequence[str]], None] = lambda _others: None
    """Called before any change, with the modules that will be refreshed too."""
    _child: tuple[str, Child] | None = None
    _settings: dict[str, Settings] = field(default_factory=dict)

    def replace(self, file: Path, kept: Path | None = None) -> Replaced:
        """Replace the module with a file's name.

        Args:
            file: the new build.
            kept: the last build that ran, for module directories that link to ``file`` itself.
        """
        made = Replaced(file.name, REFUSED)
        try:
            wanted = build_id.of_file(file)
            found = self._reached()
            if found is None:
                return replace(made, outcome=ALONE)
            with contextlib.closing(found[1]) as console:
                return self._replace(replace(made, build=wanted), file, found[0], console, kept)
        except AsterismError as error:
            return replace(made, faults=error.faults)
        finally:
            self.prepare()

    def unload(self, name: str) -> Replaced:
        """Unload a module whose source was removed."""
        try:
            found = self._reached()
            if found is None:
                return Replaced(name, ALONE)
            with contextlib.closing(found[1]) as console:
                if all(row.file != name for row in console.rows()):
                    return Replaced(name, SAME)
                status, text = console.run(f"module unload {name}")
        except AsterismError as error:
            return Replaced(name, REFUSED, error.faults)
        return Replaced(name, RUN) if status == 0 else Replaced(name, REFUSED, (_said(name, text),))

    def prepare(self) -> None:
        """Start a child for the next trial, if it is to be kept ready."""
        if self.lasting and self._child is None:
            for conf in self.confs:
                with contextlib.suppress(OSError, AsterismError):
                    if os.path.exists(self._of(conf).socket):
                        self._child = (conf, Child(conf))
                        return

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child[1].close()
            self._child = None

    def _of(self, conf: str) -> Settings:
        if conf not in self._settings:
            self._settings[conf] = asterisk_conf.load(install_tree.load, conf or None)
        return self._settings[conf]

    def _reached(self) -> tuple[Settings, Console] | None:
        """The program that answers, or None.  Raises AsterismError when a configuration cannot be read."""
        self._settings.clear()
        for conf in self.confs:
            if conf and not os.path.exists(conf):
                continue
            chosen = self._of(conf)
            try:
                return chosen, Console(chosen.socket)
            except AsterismError as error:
                if error.faults[0].code != "not-running":
                    raise
        return None

    def _replace(self, made: Replaced, file: Path, chosen: Settings, console: Console, kept: Path | None) -> Replaced:
        rows = console.rows()
        row = next((row for row in rows if row.file == made.module), None)
        if row is not None and row.running and row.build == made.build:
            return replace(made, outcome=SAME)
        others = tuple(dependents(rows, made.module))
        made = replace(made, others=others)
        fault = in_use(rows, (made.module, *others))
        if fault is not None:
            return replace(made, outcome=BUSY, faults=(fault,))
        begun = time.monotonic()
        tried = self._tried(file, chosen.file)
        made = replace(made, trial=round(time.monotonic() - begun, 4))
        if tried.crash:
            return replace(made, faults=(refused(file, tried.crash),))
        if any(fault.code in HOPELESS for fault in tried.faults):
            return replace(made, faults=tried.faults)
        if others:
            self.preview(others)
        begun = time.monotonic()
        before = put(file, Path(chosen.directories.astmoddir) / made.module, kept)
        turn = _Turn(console, made.module, others, chosen)
        fault = turn.take(row is not None and row.running, made.build)
        if fault is None:
            return replace(made, outcome=RUN, taking=round(time.monotonic() - begun, 4))
        return self._back(replace(made, faults=(fault,)), turn, before, rows)

    def _back(self, made: Replaced, turn: _Turn, before: Before, rows: Sequence[Shown]) -> Replaced:
        """Restore the old file, and start the modules that ran before."""
        had = before.is_there
        before.restore()
        faults = list(turn.load_again([row.file for row in rows if row.running]) if had else ())
        return replace(made, outcome=BACK if had and not faults else LOST, faults=(*made.faults, *faults))

    def _tried(self, file: Path, conf: str) -> Tried:
        ready, self._child = self._child, None
        if ready is not None and ready[0] != conf:
            ready[1].close()
            ready = None
        try:
            return (ready[1] if ready else Child(conf)).attempt(file)
        except OSError as error:
            return Tried(f"the child could not be started: {error}")


@dataclass(slots=True)
class _Turn:
    """The commands of one replacement."""

    console: Console
    module: str
    others: tuple[str, ...]
    chosen: Settings

    def take(self, is_running: bool, wanted: str) -> Fault | None:
        """Make the program load the new file.  Returns why the new build does not run, or None."""
        recursively = " recursively" if self.others else ""
        line = f"module refresh {self.module}{recursively}" if is_running else f"module load {self.module}"
        status, text = self.console.run(line)
        if status is None:
            return self._gone()
        if status:
            return _said(self.module, text)
        row = next((row for row in self.console.rows() if row.file == self.module), None)
        if row is None or not row.running:
            return Fault(f"{self.module} does not run, though it was loaded", code="not-running")
        if row.build != wanted:
            why = f"the file has build {wanted[:12]}, the program has {row.build[:12] or 'none'} in memory"
            return Fault(f"{self.module} runs, but not from the new file", why=why, code="other-code")
        return None

    def load_again(self, names: Sequence[str]) -> Iterator[Fault]:
        """Start the modules that ran before and do not run now."""
        if self.console.run("core show version")[0] is None:
            return
        running = {row.file for row in self.console.rows() if row.running}
        for name in (name for name in (self.module, *self.others) if name in names and name not in running):
            status, text = self.console.run(f"module load {name}")
            if status:
                yield _said(name, text)

    def _gone(self) -> Fault:
        """The fault of a program that ended; the crash log may have the reason."""
        log = os.path.join(self.chosen.directories.astlogdir, process.CRASH_LOG)
        cure = "the old file is back in its place; start the program again"
        return Fault(f"asterism ended while it took {self.module}", Place(log), _last_crash(log), cure, "ended")


def _last_crash(log: str) -> str:
    """The last line of the crash handler."""
    try:
        said = files.read_bytes(log).decode("utf-8", "replace")
    except AsterismError:
        return ""
    lines = [line.strip() for line in said.split("\n") if line.startswith("asterism: ")]
    return lines[-1].removeprefix("asterism: ") if lines else ""


def _said(name: str, text: str) -> Fault:
    """The failure of a command as a fault."""
    first, *rest = text.strip().split("\n")
    first = first.rpartition("could not be loaded again: ")[2]  # it was: the old one
    return Fault(first or f"{name} was refused", cure="\n    ".join(line.strip() for line in rest), code="refused")
