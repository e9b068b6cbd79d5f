"""How far the module binaries of a real Asterisk get here: ``python build_tools/asterisk_modules.py DIR``.

Each module is opened, loaded and unloaded in a process of its own, with the modules
that it requires.  DIR is a module directory; the configuration files are those of --config.  A line for each module
that does not get to the end, and for each that called stand-ins; then the sums.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from asterism.errors import AsterismError
from asterism.modulefile import reader
from asterism.modulefile.content import ModuleFile
from asterism.values import dataclass
from runtime.cli import all_commands
from runtime.conf import install_tree
from runtime.conf.asterisk_conf import Directories, Options, Settings
from runtime.core.core import Core
from runtime.loader.loader import Loader
from runtime.loader.modules_conf import Wanted, WantedModule
from runtime.logs.log_files import Logs
from runtime.manager.service import Service
from runtime.modules import stand_ins
from runtime.modules.module_opening import Module, open_module, open_native

SECONDS = 20
"""A module that takes longer hangs."""
STEPS = ("opened", "loaded", "unloaded")


@dataclass(frozen=True, slots=True)
class Course:
    """How far a module got."""

    step: str
    """The last of :data:`STEPS` that it reached; empty when it was not opened."""
    why: str
    """Why it got no further."""
    stand_ins: tuple[str, ...]
    """The stand-ins that it called."""
    lacks: int
    """How many names it needs that are not here."""


class _Said:
    """Keeps what is logged."""

    verbose = 0

    def __init__(self) -> None:
        self.lines: list[str] = []

    def wants(self, _record: object) -> bool:
        return True

    def write(self, record: object) -> None:
        self.lines.append(str(getattr(record, "text", record)))


def needs(name: str, files: Mapping[str, ModuleFile], found: list[str]) -> list[str]:
    """A module behind those that it requires, and those whose symbols it uses."""
    if name in files and name not in found:
        module = files[name]
        symbols = {need.name for need in module.needs}
        provided = [other for other, one in files.items() if other != name and symbols & set(one.exports)]
        if "__ast_sorcery_open" in symbols:  # a start has loaded the wizards before
            provided += ["res_sorcery_config", "res_sorcery_astdb", "res_sorcery_memory"]
        for other in (*module.requires, *module.optional, *provided):
            if other != name and other not in found:
                needs(other.removesuffix(".so"), files, found)
        if name not in found:
            found.append(name)
    return found


def tried(directory: Path, config: Path, names: list[str], room: str, options: Options) -> Course:
    """Load the modules in a core of their own, and unload the last one."""
    places = {field: os.path.join(room, field) for field in Directories._fields}
    places |= {"astmoddir": str(directory), "astetcdir": str(config)}
    for place in places.values():
        os.makedirs(place, exist_ok=True)
    tree = install_tree.provide()
    core = Core(Settings(os.path.join(config, "asterisk.conf"), Directories(**places), options, tree))
    said = _Said()
    core.logger.attach(said)
    open_native(Path(tree.native), core)
    opened: set[str] = set()

    def noting(path: Path, *, global_symbols: bool = False) -> Module:
        module = open_module(path, global_symbols=global_symbols)
        opened.add(path.stem)
        return module

    loader = Loader(core, noting, directory, (tree.buildopt_sum, tree.buildopts))
    core.loader = loader
    all_commands.register(core, loader, Logs(core.logger, places["astlogdir"]), Service(core))
    name = names[-1]
    try:
        faults = loader.start(Wanted(tuple(WantedModule(each) for each in names)))
    except AsterismError as error:  # one of those before it stops the start
        faults = list(error.faults)
    needed = reader.needs_of((directory / f"{name}.so").read_bytes(), name)[0]
    lacks = len({need.name for need in needed} & set(stand_ins.names()))
    step = "opened" if name in opened else ""
    why = "; ".join(str(fault).replace("\n", " ") for fault in faults)
    one = loader.find(name)
    if one is not None:
        if one.running:
            step = "loaded"
            try:
                loader.unload(name)
                step = "unloaded"
            except AsterismError as error:
                why = str(error).replace("\n", " ")
        else:
            why = " | ".join([why, *said.lines[-3:]])
    called = tuple(call.name for call in stand_ins.calls() if call.module == name)
    return Course(step, why, called, lacks)


def in_a_process(directory: Path, config: Path, names: list[str], options: Options) -> Course:
    """What became of a module in a child process."""
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory(prefix="asterism-") as room:
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            os.close(reading)
            silent = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(silent, descriptor)
            try:
                course = tried(directory, config, names, room, options)
                os.write(writing, json.dumps([course.step, course.why[:2000], course.stand_ins, course.lacks]).encode())
            except BaseException as error:  # the child tells whatever goes wrong
                os.write(writing, json.dumps(["", f"{type(error).__name__}: {error}", [], 0]).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as stream:
            told = stream.read()
        _, status = os.waitpid(child, 0)
    if not told:
        return Course("", f"crashed: {signal.Signals(os.WTERMSIG(status)).name}", (), 0)
    step, why, called, lacks = json.loads(told)
    return Course(step, why, tuple(called), lacks)


def courses(directory: Path, config: Path, options: Options, only: Iterable[str]) -> Iterator[tuple[str, Course]]:
    """Try each module."""
    files = {path.stem: reader.parse_shared(path.read_bytes(), str(path)) for path in sorted(directory.glob("*.so"))}
    for name in only or files:
        yield name, in_a_process(directory, config, needs(name, files, []), options)


def main() -> None:
    """Serve the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("only", nargs="*", help="these modules alone")
    parser.add_argument("--config", type=Path, default=Path("/nonexistent"))
    parser.add_argument("--no-stand-ins", action="store_true")
    given = parser.parse_args()
    counted: Counter[str] = Counter()
    for name, course in courses(
        given.directory.resolve(), given.config, Options(standins=not given.no_stand_ins), given.only
    ):
        reached = STEPS[: STEPS.index(course.step) + 1] if course.step else ()
        counted.update(reached)
        counted.update(
            {"modules": 1, "have every name": not course.lacks, "crashed or hung": course.why.startswith("crashed")}
        )
        counted["unloaded without a stand-in"] += course.step == "unloaded" and not course.stand_ins
        if course.step != "unloaded" or course.stand_ins:
            print(f"{name}: {course.step or 'not opened'}; {course.why} {', '.join(course.stand_ins)}", flush=True)
    print(", ".join(f"{what} {count}" for what, count in counted.items()))


if __name__ == "__main__":
    main()
