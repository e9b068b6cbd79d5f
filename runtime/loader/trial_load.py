"""Trial loads: a new module is loaded in a child process first, so that a crash or hang does not harm the program.

The child opens the core as the program does, loads what the module needs, then the module, unloads it again and exits.
A module that passed is recorded with the size and modification time of its file, and is not tried again until they
change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from asterism.parsing import json_value
from runtime.conf import asterisk_conf, install_tree
from runtime.core.core import Core
from runtime.loader.backtrace import source_of
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import Wanted, WantedModule
from runtime.loader.start_order import key_of
from runtime.modules import declaration, module_copies
from runtime.modules.module_opening import open_module, open_native

if TYPE_CHECKING:
    from runtime.model.module_record import ModuleInfo

FILE = "probed.json"
"""The name of the file in astdbdir that records the modules which passed."""
SECONDS = 10
"""The time limit of a child, in seconds."""
_CHILD = "import json, sys; path, *words = json.loads(sys.argv[1]); sys.path[:] = path\n"
_CHILD += "from runtime.loader.trial_load import serve; serve(*words)"


class Tried(NamedTuple):
    """The result of a trial load."""

    crash: str = ""
    """What went wrong when the child did not exit normally; empty when it did."""
    faults: tuple[Fault, ...] = ()
    """Why the module did not start in the child."""


class Child:
    """A child process, with the core opened, that waits for one module to try.

    Args:
        conf: the path of the program's asterisk.conf.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, conf: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _CHILD, json.dumps([sys.path, conf])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def attempt(self, file: Path, seconds: float = SECONDS) -> Tried:
        """Try a file as the module of its name; the child serves one attempt.  ``seconds`` is the time limit."""
        try:
            answer, said = self._process.communicate(f"{file}\n".encode("utf-8", "surrogateescape"), seconds)
        except subprocess.TimeoutExpired:
            self.close()
            return Tried(f"it did not come to an end within {seconds:g} seconds")
        if self._process.returncode == 0 and answer.endswith(b"\n"):
            return Tried(faults=tuple(_fault(entry) for entry in json.loads(answer)))
        text = said.decode("utf-8", "replace").strip()
        source = source_of(file, text)
        told = text.split("\n")[0].removeprefix("asterism: ") + (f" at {source}" if text and source else "")
        return Tried(told or f"the child ended with status {self._process.returncode}")

    def close(self) -> None:
        """Kill the child and wait for it."""
        self._process.kill()
        self._process.communicate()


class Prober:
    """Tries modules before they are opened.

    Args:
        conf: the path of the program's asterisk.conf, for the child.
        path: the file that records the modules which passed.
        seconds: the time limit of a child, in seconds.
    """

    def __init__(self, conf: str, path: str, seconds: float = SECONDS) -> None:
        self._conf = conf
        self._path = path
        self._seconds = seconds
        self._passed = _load(path)

    def against(self, file: Path) -> Fault | None:
        """The fault of a module that must not be opened, or None when it passed the trial, now or before."""
        try:
            status = os.stat(file)
        except OSError:
            return None  # opening the file reports the error
        identity = [status.st_size, status.st_mtime_ns]
        if self._passed.get(file.name) == identity:
            return None
        fault = self._tried(file)
        if fault is None:
            self._passed[file.name] = identity
            self._save()
        return fault

    def _tried(self, file: Path) -> Fault | None:
        try:
            tried = Child(self._conf).attempt(file, self._seconds)
        except OSError as error:
            return refused(file, f"the child could not be started: {error}")
        return refused(file, tried.crash) if tried.crash else None

    def _save(self) -> None:
        try:
            files.write(self._path, json.dumps(self._passed, indent=1, sort_keys=True) + "\n", 0o600)
        except AsterismError:
            return  # the only consequence: the module is tried again at the next start


def refused(file: Path, why: str) -> Fault:
    """The fault of a module that did not pass its trial."""
    cure = "mend it; it is tried again as soon as somebody wants to load it"
    return Fault("it did not pass the trial in a child process", Place(os.fspath(file)), why, cure, "probe")


def _fault(data: Mapping[str, Any]) -> Fault:
    """Make a fault from its JSON."""
    place = Place(data["file"], data.get("line", 0), data.get("column", 0)) if "file" in data else None
    words = {name: str(data.get(name, "")) for name in ("what", "why", "cure", "code")}
    names = tuple(map(str, data.get("names", ())))
    return Fault(words["what"], place, words["why"], words["cure"], code=words["code"], names=names)


def _load(path: str) -> dict[str, list[int]]:
    """The recorded modules that passed, by file name; a damaged file counts as empty."""
    try:
        data = json_value(files.read_text(path))
        return {str(name): list(map(int, identity)) for name, identity in data.items()}
    except (AsterismError, ValueError, TypeError, AttributeError, OverflowError):
        return {}


# ---- in the child ------------------------------------------------------------------------------------


def serve(conf: str) -> None:
    """Open the core, read the name of a file, try it, and write the faults as JSON: the main function of the child.

    The child exits with 0 even when the module declined or could not be opened: that is harmless, and the program
    reports it.
    """
    answers = os.dup(1)  # a module may print
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    try:
        attempt = _prepared(conf)
        file = Path(sys.stdin.buffer.readline().decode("utf-8", "surrogateescape").rstrip("\n"))
        os.dup2(null, 0)
        faults = attempt(file) if file.name else ()
    except AsterismError as error:
        faults = error.faults
    module_copies.close_all()
    os.write(answers, json.dumps([fault.as_json() for fault in faults]).encode() + b"\n")
    os._exit(0)


def _prepared(conf: str) -> Callable[[Path], tuple[Fault, ...]]:
    """Open the core.  Returns the function that tries a module and returns its faults."""
    chosen = asterisk_conf.load(install_tree.load, conf if os.path.exists(conf) else None)
    tree = chosen.layout or install_tree.load()
    core = Core(chosen)
    native = open_native(Path(tree.native), core)
    native.install_crash_handler()
    directory = Path(chosen.directories.astmoddir)

    def attempt(file: Path) -> tuple[Fault, ...]:
        loader = core.loader = Loader(core, open_module, directory, (tree.buildopt_sum, tree.buildopts))
        loader.instead[key_of(file.name)] = file

        def read(name: str) -> ModuleInfo:
            return declaration.read(file if name == file.name else directory / name)

        names = needed(file.name, [*loader.files(), file.name], read)
        try:
            loader.start(Wanted(tuple(map(WantedModule, names))))
            loader.unload(file.name)
        except AsterismError as error:
            return (loader.failed.get(key_of(file.name)) or error.faults[-1],)
        return ()

    return attempt


def needed(name: str, among: Iterable[str], read: Callable[[str], ModuleInfo]) -> list[str]:
    """A module and all modules that it requires, uses or enhances, directly or indirectly, as far as they have files.

    Args:
        name: the module's file name.
        among: names of the existing files.
        read: reads the declaration of the module in a file; one that raises AsterismError needs nothing.
    """
    known = {key_of(file): file for file in among}
    found = {name: None}
    waiting = [name]
    for file in waiting:
        try:
            info = read(file)
        except AsterismError:
            continue
        needs = (*info.requires, *info.optional, *info.enhances)
        new = [known[key_of(need)] for need in needs if key_of(need) in known]
        waiting += [need for need in dict.fromkeys(new) if need not in found]
        found.update(dict.fromkeys(new))
    return list(found)
