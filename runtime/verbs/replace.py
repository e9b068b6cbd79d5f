"""``asterism replace``: put a new build of a module into the running program, and restore the old one on failure.

The order of the steps makes it safe.  The users of the module are checked; the new file is tried in a child process;
only then is it put into the module directory, and the module refreshed; then the program is asked for the build in its
memory.  A failure from there on restores the old file and the old module.

``--serve`` does so repeatedly, with a line of JSON for each request and each answer, for ``asterism watch``; the child
for the next trial is kept ready.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Fault, Place, report
from asterism.home.loading import by_name
from asterism.values import asdict, dataclass, field, replace
from asterism.words import both, counted
from runtime.conf import asterisk_conf, install_tree
from runtime.conf.asterisk_conf import Settings
from runtime.control import socket_frames
from runtime.control.remote_client import answer, connect
from runtime.host import process
from runtime.loader.trial_load import Child, Tried, refused
from runtime.modules import build_id

HOPELESS = frozenset(
    {
        "file",
        "no-such-file",
        "not-elf",
        "wrong-machine",
        "missing-library",
        "registers-nothing",
        "registers-twice",
        "other-layout",
        "python-module",
        "no-load",
        "wrong-key",
        "no-key",
        "no-description",
        "build-options",
    }
)
"""Codes of trial faults that occur in every program.

A decline may depend on a resource that the running module holds, such as a port or a lock, and undefined symbols may
exist in the program: such modules are tried there.
"""

RUN, SAME, REFUSED, BUSY, BACK, LOST = "run", "same", "refused", "busy", "back", "lost"
ALONE, PUT = "alone", "put"
"""The outcomes of a replacement.

The new build runs; the same build runs already; refused, nothing changed; in use; failed, the old build runs again;
neither runs; no program answers, and the file was not, or was, put into the module directory.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A module in the running program: a row of ``module show json``."""

    file: str
    use_count: int
    running: bool
    needs: tuple[str, ...] = ()
    build: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The result of a replacement."""

    module: str
    """The module's file name."""
    outcome: str
    faults: tuple[Fault, ...] = ()
    others: tuple[str, ...] = ()
    """Modules that need this one, and were unloaded and loaded with it."""
    build: str = ""
    """The identifier of the new build; with ``run`` and ``same`` that of the build in the program's memory."""
    trial: float = 0.0
    """The duration of the trial in seconds."""
    taking: float = 0.0
    """The time from the trial until the new code was confirmed to run, in seconds."""

    def as_json(self) -> dict[str, object]:
        """The result as plain data."""
        data = asdict(self)
        return {**data, "faults": [fault.as_json() for fault in self.faults]}


# ---- decided ----------------------------------------------------------------------------------------------


def dependents(rows: Iterable[Shown], file: str) -> list[str]:
    """The modules that hold a module, directly or through others, the nearest first."""
    known = {row.file: row for row in rows}
    found = {file: None}
    for name in (waiting := [file]):
        new = [row.file for row in known.values() if name in row.needs and row.file not in found]
        waiting += new
        found.update(dict.fromkeys(new))
    return list(found)[1:]


def in_use(rows: Sequence[Shown], names: Iterable[str]) -> Fault | None:
    """The fault of modules that cannot be unloaded because something other than a module holds one, or None."""
    for name in names:
        row = next((row for row in rows if row.file == name), None)
        held = sum(name in other.needs for other in rows)
        if row is not None and row.use_count > held:
            extra = row.use_count - held
            why = f"{counted(extra, 'reference')} on it, of a command, a call or the like"
            cure = "the old one goes on; try again when it is let go"
            return Fault(f"{name} is in use", why=why, cure=cure, code="in-use")
    return None


# ---- done -------------------------------------------------------------------------------------------------


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
class Before:
    """The previous content of a place in the module directory, for restoring it."""

    target: Path
    link: str | None = None
    data: bytes | None = None

    def restore(self) -> None:
        """Restore the previous content; without one, delete the new file.  Raises AsterismError."""
        with files.told(self.target, "put the old file back to"):
            if self.link is not None:
                relink(self.target, self.link)
            elif self.data is not None:
                files.write(self.target, self.data)
            else:
                self.target.unlink(missing_ok=True)

    @property
    def is_there(self) -> bool:
        """Whether there is previous content."""
        return self.link is not None or self.data is not None


def put(file: Path, target: Path, kept: Path | None) -> Before:
    """Put a file into the module directory; a link there is kept, and redirected to the new file.

    Args:
        file: the new build.
        target: its place.
        kept: the last build that ran, for a link that leads to ``file`` itself already.

    Raises:
        AsterismError: the file cannot be written.
    """
    with files.told(target, "write"):
        if target.is_symlink():
            is_same = os.path.realpath(target) == os.path.realpath(file)
            link = str(kept) if is_same and kept and kept.exists() else None if is_same else os.readlink(target)
            if not is_same:
                relink(target, str(file))
            return Before(target, link=link)
        data = files.read_bytes(target, files.BINARY) if target.exists() else None
    files.write(target, files.read_bytes(file, files.BINARY), 0o644 if file.suffix == ".py" else 0o755)
    return Before(target, data=data)


def relink(target: Path, to: str) -> None:
    """Redirect a link, atomically."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.symlink_to(to)
    os.replace(beside, target)


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


# ---- the verb ---------------------------------------------------------------------------------------------


def sentence(made: Replaced) -> str:
    """The result in words."""
    also = f"; {both(made.others)} with it" if made.others else ""
    return {
        RUN: f"{made.module} runs anew{also} (build {made.build[:12]})",
        SAME: f"{made.module} runs already, in this very build",
        REFUSED: f"{made.module} was refused; nothing was touched",
        BUSY: f"{made.module} was not replaced",
        BACK: f"{made.module} does not run; the old one runs again",
        LOST: f"{made.module} does not run, and neither does the old one",
        ALONE: f"no running asterism answers: {made.module} was not replaced",
        PUT: f"no running Asterisk answers: {made.module} is installed, and its next start loads it",
    }[made.outcome]


def parser() -> argparse.ArgumentParser:
    """The argument parser of the verb."""
    made = argparse.ArgumentParser(
        prog="asterism replace",
        description="Put a new build of a module into the running asterism: try it in a child process, "
        "refresh it with all that depend on it, see that it is the new code that runs, and go back if it is not.",
        epilog="Ends with 1 when the new build does not run.",
    )
    made.add_argument("files", metavar="FILE", nargs="*", help="a module: NAME.so or NAME.py")
    made.add_argument("-C", metavar="FILE", dest="confs", action="append", help="the asterisk.conf of the program")
    made.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="a running real Asterisk instead, in the directory of the modules; see 'asterism target list'",
    )
    made.add_argument("--json", action="store_true", help="for programs")
    made.add_argument("--serve", action="store_true", help="take requests as lines of JSON on standard input")
    return made


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status.  Raises AsterismError."""
    options = parser().parse_args(words)
    if options.target and (options.serve or options.confs):
        what = "--target goes with neither -C nor --serve"
        raise AsterismError(Fault(what, cure="'asterism watch --target' builds and replaces again and again"), status=2)
    if options.serve:
        return serve(Replacer(options.confs or [""], options.serve))
    if not options.files:
        raise AsterismError(
            Fault("name the file of a module", cure="asterism replace build/modules/res_x.so"), status=2
        )
    paths = [Path(file).absolute() for file in options.files]
    if options.target:
        made = _replaced_there(options.target, paths)
    else:
        replacer = Replacer(options.confs or [""])
        made = [replacer.replace(path) for path in paths]
    for one in made:
        print(json.dumps(one.as_json()) if options.json else sentence(one))
        report(one.faults if not options.json else ())
    return int(any(one.outcome not in (RUN, SAME, PUT) for one in made))


def _replaced_there(word: str, paths: Sequence[Path]) -> list[Replaced]:
    """The results of replacements in the running Asterisk of a target.  Raises AsterismError."""
    builds = [build_id.of_file(path) for path in paths]  # a file that is no module is refused before anything is done
    outcomes = by_name("buildsys.develop.target_attendant:replace_there")(word, paths)
    return [
        Replaced(
            path.name,
            PUT if said["outcome"] == ALONE else said["outcome"],
            tuple(map(Fault.of_json, said["faults"])),
            build=build,
            trial=said["trial"],
            taking=said["taking"],
        )
        for path, build, said in zip(paths, builds, outcomes, strict=True)
    ]


def serve(replacer: Replacer) -> int:
    """Answer requests until the input ends."""
    replacer.preview = lambda others: print(json.dumps({"preview": list(others)}), flush=True)
    replacer.prepare()
    print(json.dumps({"ready": True}), flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(_answered(replacer, json.loads(line))), flush=True)
    finally:
        replacer.close()
    return 0


def _answered(replacer: Replacer, asked: Mapping[str, Any]) -> dict[str, object]:
    actions: dict[str, Callable[[str], Replaced]] = {
        "replace": lambda name: replacer.replace(Path(name), Path(asked["kept"]) if asked.get("kept") else None),
        "unload": replacer.unload,
    }
    made = next((action(asked[name]) for name, action in actions.items() if name in asked), None)
    return {} if made is None else made.as_json()
