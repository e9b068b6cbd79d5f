"""Load new builds into a running real Asterisk: try, install, load, verify, and go back on failure.

The counterpart of ``asterism replace --serve``, with the same requests and answers.
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.modulefile import elf
from asterism.tree import Kind, Tree
from buildsys.develop import run_target, target_install
from buildsys.installing import module_install
from buildsys.planning import module_directory
from buildsys.targets import control_client, installed_asterisk, private_instance
from buildsys.targets.installed_asterisk import InstalledAsterisk, require_program
from menuselect.sources import recognition

SECONDS = 30.0
"""Seconds that a command to the running Asterisk may take."""
_LAST = 6
"""The number of log lines to show."""


class TargetAttendant:
    """Loads new builds of modules into a running Asterisk.

    Args:
        tree: the directory of the modules.
        asterisk: the target.
        kept: the directory with the last builds that ran.
    """

    def __init__(self, tree: Tree, asterisk: InstalledAsterisk, kept: Path) -> None:
        target_install.destination(asterisk)  # refuse an Asterisk that is not installed
        installed_asterisk.require_startable(asterisk)
        self.tree = tree
        self.asterisk = asterisk
        self.kept = kept

    def ask(self, **request: str) -> Iterator[dict[str, Any]]:
        """Yield the outcome of a request: ``replace`` with a file, or ``unload`` with a file name."""
        try:
            yield (
                self._replaced(Path(request["replace"])) if "replace" in request else self._unloaded(request["unload"])
            )
        except AsterismError as error:
            yield _outcome("refused", faults=error.faults)

    def close(self) -> None:
        """Do nothing: no process is left running between requests."""

    # -- loading a build

    def _replaced(self, file: Path) -> dict[str, Any]:
        name = file.stem
        began = time.monotonic()
        refusal = self._tried(name, file)
        tried = time.monotonic() - began
        if refusal is not None:
            return _outcome("refused", trial=tried, faults=(refusal,))
        installed = self._place(name)
        if _is_same(file, installed) and self._is_running(name):
            return _outcome("same", trial=tried)
        if not self._answers():
            self._put(name, file)
            return _outcome("alone", trial=tried)
        began = time.monotonic()
        outcome, faults = self._taken(name, file)
        return _outcome(outcome, trial=tried, taking=time.monotonic() - began, faults=faults)

    def _tried(self, name: str, file: Path) -> Fault | None:
        """The fault of a build that does not run in a private instance; None when it runs."""
        modules = run_target.with_needs({name: file}, self.asterisk)
        configurations = list(module_directory.configurations(self.tree))
        with run_target.instance(self.tree, self.asterisk, modules, configurations) as made:
            with private_instance.running(made, is_trial=True):
                if _shows_running(_asked(made.run, f"module show like {name}"), name):
                    return None
            said = files.read_text(made.log).splitlines() if made.log.exists() else []
        about = [line for line in said if name in line][-_LAST:]
        what = f"{name} does not run in a private instance"
        return Fault(what, Place(str(file)), "\n".join(about), "'asterism run --target' shows all it says", "trial")

    def _taken(self, name: str, file: Path) -> tuple[str, tuple[Fault, ...]]:
        """Load a build into the running Asterisk; returns the outcome and the faults."""
        before = self._bytes(name)
        was_running = self._is_running(name)
        if was_running and not self._unload(name):
            why = self._say(f"module show like {name}").strip().splitlines()
            what = f"{name} cannot be unloaded"
            return "busy", (Fault(what, Place(str(file)), why[1] if len(why) > 1 else "", "hang up its calls", "busy"),)
        self._put(name, file)
        said = self._say(f"module load {name}.so")
        if self._is_running(name) and self._is_mapped(name):
            return "run", ()
        fault = Fault(f"{name} does not run in the Asterisk", Place(str(file)), said.strip(), "", "not-running")
        return self._gone_back(name, before, was_running), (fault,)

    def _gone_back(self, name: str, before: bytes | None, was_running: bool) -> str:
        self._unload(name)
        if before is None:
            return "lost"
        files.write(self._place(name), before, 0o755)
        if was_running:
            self._say(f"module load {name}.so")
        return "back" if self._is_running(name) or not was_running else "lost"

    def _unloaded(self, file: str) -> dict[str, Any]:
        name = Path(file).stem
        return _outcome("run" if self._unload(name) else "alone")

    # -- files

    def _place(self, name: str) -> Path:
        return Path(self.asterisk.module_directory or "") / f"{name}.so"

    def _bytes(self, name: str) -> bytes | None:
        with contextlib.suppress(AsterismError):
            return files.read_bytes(self._place(name), files.BINARY)
        return None

    def _put(self, name: str, file: Path) -> None:
        """Install a build, together with the last good builds of the other modules.

        Raises:
            AsterismError: the file belongs to another install, or cannot be written.
        """
        others = {path.stem: path for path in sorted(self.kept.glob("*.so")) if self._place(path.stem).exists()}
        items = list(target_install.items(self.tree, self.asterisk, {**others, name: file}))
        module_install.put(self.tree, items, target_install.destination(self.asterisk), is_shared=True)

    # -- the running Asterisk

    def _say(self, line: str) -> str:
        """The output of a command; empty when the Asterisk does not answer."""
        control = self.asterisk.control
        if control is not None and (control / control_client.SOCKET).exists():
            return _asked(control, line)
        configuration = self.asterisk.configuration
        conf = ["-C", str(configuration / private_instance.CONF)] if configuration else []
        argv = [str(require_program(self.asterisk)), *conf, "-rx", line]
        try:
            return private_instance.answered(argv, self.asterisk.environment, SECONDS).stdout
        except subprocess.TimeoutExpired:
            return ""

    def _answers(self) -> bool:
        return bool(self._say("core show version").strip())

    def _is_running(self, name: str) -> bool:
        return _shows_running(self._say(f"module show like {name}"), name)

    def _unload(self, name: str) -> bool:
        self._say(f"module unload {name}.so")
        return not self._is_running(name)

    def _is_mapped(self, name: str) -> bool:
        """Whether the program has mapped the installed file itself; true where that cannot be determined."""
        if self.asterisk.control is None:
            return True
        try:
            number = files.read_text(self.asterisk.control / "asterisk.pid").strip()
            maps = files.read_text(f"/proc/{int(number)}/maps")
            inode = self._place(name).stat().st_ino
        except (AsterismError, OSError, ValueError):
            return True
        return any(line.split(None, 5)[4] == str(inode) for line in maps.splitlines() if line.endswith(f"/{name}.so"))


def replace_there(word: str, products: Sequence[Path]) -> list[dict[str, Any]]:
    """Load builds of modules of the current directory into a target's running Asterisk, each as ``watch`` does.

    Args:
        word: the name of the target, or its directory.
        products: the files of the modules.

    Raises:
        AsterismError: the directory has no modules, or the Asterisk is not installed.
    """
    tree = recognition.here()
    if tree.kind is not Kind.MODULES:
        cure = "call this in the directory of the modules; its manifest lists what it has installed there"
        raise AsterismError(recognition.no_modules(tree, cure))
    asterisk = installed_asterisk.the_one(word, tree.top)
    with tempfile.TemporaryDirectory(prefix="asterism-") as kept:
        attendant = TargetAttendant(tree, asterisk, Path(kept))
        for path in target_install.installed(tree, asterisk):
            (Path(kept) / path.name).symlink_to(path)
        return [next(attendant.ask(replace=str(each))) for each in products]


def _asked(run: Path, line: str) -> str:
    """The answer of an Asterisk to a command on its control socket; empty when it does not answer."""
    try:
        return control_client.ask(run, line, SECONDS)
    except OSError:
        return ""


def _shows_running(shown: str, name: str) -> bool:
    rows = [line for line in shown.splitlines() if line.split(".so")[0].strip() == name]
    return any(" Running " in row and " Not Running " not in row for row in rows)


def _is_same(file: Path, installed: Path) -> bool:
    """Whether two files are the same build."""
    try:
        one, other = (elf.identity_of(files.read_bytes(path, files.BINARY)) for path in (file, installed))
    except AsterismError:
        return False
    return one == other


def _outcome(name: str, *, trial: float = 0.0, taking: float = 0.0, faults: tuple[Fault, ...] = ()) -> dict[str, Any]:
    told = [fault.as_json() for fault in faults]
    return {"outcome": name, "trial": round(trial, 4), "taking": round(taking, 4), "faults": told, "others": []}
