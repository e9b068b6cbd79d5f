"""Fixtures of the runtime's tests: a core with no files behind it, and modules that are plain Python."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from runtime_support import SOURCE
from runtime_support import Place as Installed
from shared_builds import compiler

from asterism.errors import AsterismError, Fault, Place
from runtime.conf.asterisk_conf import loads
from runtime.conf.install_tree import parse
from runtime.core.core import Core
from runtime.core.message_log import Level, Record
from runtime.loader.loader import Loader
from runtime.manager.service import Service
from runtime.model.module_record import ModuleInfo


@dataclass
class FakeModule:
    """A module whose callbacks note that they were called, and do what they were told to."""

    path: Path
    info: ModuleInfo
    trace: list[str]
    results: dict[str, int] = field(default_factory=dict)
    use_count: int = 0
    running: bool = False
    build: str = "b1"
    at_load: Callable[[], object] = lambda: None

    def use(self, change: int) -> int:
        self.use_count = max(0, self.use_count + change)
        return self.use_count

    def set_running(self, running: bool) -> None:
        self.running = running

    def _call(self, callback: str) -> int:
        self.trace.append(f"{callback} {self.info.name}")
        return self.results.get(callback, 0)

    def load(self) -> int:
        self.at_load()
        return self._call("load")

    def unload(self) -> int:
        return self._call("unload")

    def reload(self) -> int:
        return self._call("reload")

    def close(self) -> None:
        self.trace.append(f"close {self.info.name}")


class Shelf:
    """A module directory with modules that are values; it opens them as the library opens files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.trace: list[str] = []
        self.opened: dict[str, FakeModule] = {}
        self.at_load: dict[str, Callable[[], object]] = {}
        """What a module does in its load callback, by its name."""
        self._infos: dict[str, ModuleInfo] = {}
        self._results: dict[str, dict[str, int]] = {}
        self._faults: dict[str, Callable[[], Fault | None]] = {}

    def add(self, name: str, *, results: dict[str, int] | None = None, **said: object) -> None:
        """Put a module on the shelf; ``said`` are fields of its record."""
        (self.directory / f"{name}.so").touch()
        values: dict[str, object] = {
            "description": f"Module {name}",
            "flags": 0,
            "support_level": 2,
            "has_load": True,
            "has_unload": True,
            **said,
        }
        self._infos[name] = ModuleInfo(name=name, **values)
        self._results[name] = results or {}

    def spoil(self, name: str, fault: Callable[[], Fault | None]) -> None:
        """Have opening it fail while ``fault`` gives a fault."""
        self._faults[name] = fault

    def open(self, path: Path, *, global_symbols: bool = False) -> FakeModule:
        """Open one, as :func:`runtime.modules.module_opening.open_module` does."""
        fault = self._faults.get(path.stem, lambda: None)()
        if fault is not None:
            raise AsterismError(fault)
        if global_symbols:
            self.trace.append(f"global {path.stem}")
        module = FakeModule(path, self._infos[path.stem], self.trace, self._results[path.stem])
        module.at_load = self.at_load.get(path.stem, module.at_load)
        self.opened[path.stem] = module
        return module

    def calls(self) -> list[str]:
        """The callbacks called since the last time, in order."""
        found = [entry for entry in self.trace if not entry.startswith(("close", "global"))]
        self.trace.clear()
        return found


class Journal:
    """A log sink that keeps everything."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def wants(self, record: Record) -> bool:
        return True

    def write(self, record: Record) -> None:
        self.records.append(record)

    def lines(self, *levels: Level) -> list[str]:
        """What was said, at these levels only if any are given."""
        return [record.text for record in self.records if not levels or record.level in levels]


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """A core whose directories are all below the test's own."""
    layout = parse({"version": "1", "prefix": "."}, str(tmp_path / "tree.json"))
    made = Core(loads("", layout, str(tmp_path / "asterisk.conf")))
    Service(made)
    return made


@pytest.fixture
def journal(core: Core) -> Journal:
    """Everything the core logs."""
    sink = Journal()
    core.logger.attach(sink)
    return sink


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A module directory, empty."""
    directory = tmp_path / "modules"
    directory.mkdir()
    return Shelf(directory)


@pytest.fixture
def loader(core: Core, shelf: Shelf) -> Loader:
    """A loader over the shelf."""
    made = Loader(core, shelf.open, shelf.directory)
    core.loader = made
    return made


@pytest.fixture
def undefined() -> Fault:
    """What the library says of a symbol nobody provides."""
    return Fault("it needs 'x', which nobody provides", Place("res_a.so"), code="undefined-symbol")


@pytest.fixture
def place(tree: Path, tmp_path: Path) -> Installed:
    made = Installed(tree, tmp_path)
    for name in ("etc", "modules"):
        (tmp_path / name).mkdir()
    made.configure("autoload = yes\n")
    return made


@pytest.fixture
def compiled(place: Installed) -> Callable[..., None]:
    """Compiles a module with a given body of its load callback into the place's module directory."""

    def make(
        name: str,
        load: str,
        before: str = "",
        source: str = SOURCE,
        suffix: str = ".c",
        flags: Sequence[str] = (),
        to: Path | None = None,
    ) -> None:
        file = place.root / f"{name}{suffix}"
        file.write_text(source.format(load=load, before=before))
        include = place.tree / "include/asterism"
        names = [f'-DAST_MODULE="{name}"', f"-DAST_MODULE_SELF_SYM=__internal_{name}_self"]
        cc = "cc" if suffix == ".c" else "c++"
        words = [
            *([cc] if "-g" in flags else compiler(cc)),
            "-shared",
            "-fPIC",
            "-w",
            f"-I{include}",
            *names,
            *flags,
            file.name,
            "-o",
            str((to or place.modules) / f"{name}.so"),
        ]
        subprocess.run(words, check=True, cwd=place.root)

    return make
