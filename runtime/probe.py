"""Trying a new module in a child process first: one that crashes, exits or hangs there never comes near the program.

The child opens the core as the program does, loads what the module needs, then the module, unloads it again and ends.
A module that passed is remembered by the size and time of its file, and not tried again until that changes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from asterism import files
from asterism.errors import AsterismError, Fault, Place
from runtime.order import key_of

FILE = "probed.json"
"""Its name in astdbdir: what passed."""
SECONDS = 10
"""How long a child may take."""
_CHILD = "import json, sys; path, *words = json.loads(sys.argv[1]); sys.path[:] = path\n"
_CHILD += "from runtime.probe import child; child(*words)"


class Prober:
    """Tries modules before they are opened.

    Args:
        conf: the asterisk.conf of the program, for the child.
        path: where is noted what passed.
        seconds: how long a child may take.
    """

    def __init__(self, conf: str, path: str, seconds: float = SECONDS) -> None:
        self._conf = conf
        self._path = path
        self._seconds = seconds
        self._passed = _load(path)

    def against(self, file: Path) -> Fault | None:
        """Why a module must not be opened, or None when it passed, now or before."""
        try:
            status = os.stat(file)
        except OSError:
            return None  # opening it will tell
        identity = [status.st_size, status.st_mtime_ns]
        if self._passed.get(file.name) == identity:
            return None
        fault = self._tried(file)
        if fault is None:
            self._passed[file.name] = identity
            self._save()
        return fault

    def _tried(self, file: Path) -> Fault | None:
        words = json.dumps([sys.path, self._conf, file.name])
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", _CHILD, words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _refused(file, f"it did not come to an end within {self._seconds:g} seconds")
        except OSError as error:
            return _refused(file, f"the child could not be started: {error}")
        told = done.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("asterism: ")
        if done.returncode == 0:
            return None
        return _refused(file, told or f"the child ended with status {done.returncode}")

    def _save(self) -> None:
        try:
            files.write(self._path, json.dumps(self._passed, indent=1, sort_keys=True) + "\n", 0o600)
        except AsterismError:
            return  # it is tried again at the next start, and nothing else


def _refused(file: Path, why: str) -> Fault:
    cure = "mend it; it is tried again as soon as somebody wants to load it"
    return Fault("it did not pass the trial in a child process", Place(os.fspath(file)), why, cure, "probe")


def _load(path: str) -> dict[str, list[int]]:
    """What passed before; a damaged file means nothing did."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        return {str(name): [int(number) for number in identity] for name, identity in data.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


# ---- in the child ------------------------------------------------------------------------------------


def child(conf: str, name: str) -> None:
    """Load a module and what it needs, unload it, and end with 0, even when it declined or could not be opened.

    That much is no danger, and the program will tell it.
    """
    from runtime import layout, settings
    from runtime.core import Core
    from runtime.library import open_module, open_native
    from runtime.loader import Loader
    from runtime.wanted import Entry, Wanted

    try:
        chosen = settings.load(layout.load, conf if os.path.exists(conf) else None)
        tree = chosen.layout or layout.load()
        core = Core(chosen)
        native = open_native(Path(tree.native), core)
        native.install_crash_handler()
        directory = Path(chosen.directories.astmoddir)
        loader = core.loader = Loader(core, open_module, directory, (tree.buildopt_sum, tree.buildopts))
        loader.start(Wanted(tuple(map(Entry, needed(directory, name, loader.files())))))
        loader.unload(name)
    except AsterismError:
        os._exit(0)
    os._exit(0)


def needed(directory: Path, name: str, among: Sequence[str]) -> list[str]:
    """A module and all that it requires, uses or enhances, by way of others too, as far as there are files for them."""
    from runtime import declaration

    known = {key_of(file): file for file in among}
    found = {name: None}
    waiting = [name]
    for file in waiting:
        try:
            info = declaration.read(directory / file)
        except AsterismError:
            continue
        needs = (*info.requires, *info.optional, *info.enhances)
        new = [known[key_of(need)] for need in needs if key_of(need) in known]
        waiting += [need for need in dict.fromkeys(new) if need not in found]
        found.update(dict.fromkeys(new))
    return list(found)
