"""``asterism depmod``: which module of a directory provides and which needs each symbol."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from asterism import files
from asterism.branches import built_in
from asterism.errors import AsterismError, Collector, Fault, Place, report
from asterism.home import directory_option
from asterism.modulefile import reader
from asterism.modulefile.content import SUFFIXES, ModuleFile
from asterism.modulefile.library_search import Find
from asterism.values import dataclass
from buildsys.compile.symbol_check import exports_of, libraries_of
from buildsys.compile.symbol_table import Survey, survey
from buildsys.planning.plan import LIBRARY
from buildsys.settled import shared_libraries, toolchain, tree_facts
from buildsys.settled.shared_libraries import finder
from buildsys.targets import installed_asterisk
from buildsys.verbs import modinfo
from menuselect.choice import dependency_graph
from menuselect.choice.dependency_graph import Edge, Graph, Node
from menuselect.sources import recognition


def module_files(directory: Path) -> list[Path]:
    """The module files of a directory, sorted by name.  Raises AsterismError when it cannot be read."""
    with files.told(directory, "read"):
        return sorted(path for path in directory.iterdir() if path.suffix in SUFFIXES)


def read_all(paths: Iterable[Path]) -> tuple[list[ModuleFile], list[Fault]]:
    """The modules in some files, and the faults of files that are not modules."""
    modules, faults = list[ModuleFile](), list[Fault]()
    for path in paths:
        try:
            modules.append(reader.read(path))
        except AsterismError as error:
            faults += error.faults
    return modules, faults


def core_library() -> Path:
    """The libasterism.so for the modules of :func:`buildsys.verbs.modinfo.home`."""
    tree = tree_facts.installed()
    return tree.parent / "native" / Path(LIBRARY).name if tree else Path(LIBRARY)


def picture(found: Survey) -> Graph:
    """The dependencies between modules as a graph to draw."""
    present = {module.name for module in found.modules}

    def node(name: str) -> Node:
        return Node(name, is_library=False, state="on" if name in present else "unavailable")

    edges = tuple(
        Edge(node(link.source), node(link.target), "depend" if link.is_needed else "use") for link in found.links
    )
    return Graph(tuple(node(module.name) for module in found.modules), edges)


def as_text(found: Survey) -> str:
    """The survey for people: a line for each dependency and each module that provides symbols."""
    lines = [f"{link.source} -> {link.target}: {_link_text(link.kinds, link.symbols)}" for link in found.links]
    providers = [module for module in found.modules if module.is_global and module.exports]
    lines += [f"{module.name} provides {' '.join(module.exports)}" for module in providers]
    lines.append(f"modules: {len(found.modules)}, dependencies between them: {len(found.links)}")
    return "\n".join(lines) + "\n"


def _link_text(kinds: Sequence[str], symbols: Sequence[str]) -> str:
    said = [kind for kind in kinds if kind != "uses"]
    return ", ".join([*said, *([f"uses {' '.join(symbols)}"] if symbols else [])])


def as_json(found: Survey) -> str:
    """The survey as JSON."""
    providers = {symbol: module.name for module in found.modules for symbol in module.exports}
    data = {
        "modules": [module.name for module in found.modules],
        "provides": dict(sorted(providers.items())),
        "links": [
            {"source": each.source, "target": each.target, "kinds": each.kinds, "symbols": each.symbols}
            for each in found.links
        ],
        "missing": dict(found.missing),
        "doubled": dict(found.doubled),
        "cycles": found.cycles,
        "faults": [fault.as_json() for fault in found.faults],
    }
    return json.dumps(data, indent=1) + "\n"


FORMATS: Mapping[str, Callable[[Survey], str]] = {
    "text": as_text,
    "json": as_json,
    "dot": lambda found: dependency_graph.as_dot(picture(found)),
    "svg": lambda found: dependency_graph.as_svg(picture(found)),
}
"""The output formats."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The modules to examine, and the program that loads them."""

    modules: tuple[Path, ...]
    core: Path
    find: Find
    parts: frozenset[str] = built_in.OURS
    """The parts of the program that modules may require."""


def of_target(word: str, directory: Path | None) -> Subject:
    """The module files of a real Asterisk, and its program.

    Args:
        word: the name or directory of a target.
        directory: modules that replace those of the same name; None takes the modules built here for the target.

    Raises:
        AsterismError: the target is unknown, or it has no program.
    """
    tree = recognition.here()
    asterisk = installed_asterisk.the_one(word, tree.top)
    built = tree / asterisk.headers.place / "modules"
    place = directory or (built if built.is_dir() else None)
    own = {path.stem: path for path in module_files(place)} if place else {}
    modules = {**asterisk.modules, **own}
    program, find = asterisk.required_program(), installed_asterisk.finder(asterisk)
    return Subject(tuple(modules.values()), program, find, built_in.NAMES)


def of_asterism(directory: Path | None, core: Path | None) -> Subject:
    """The module files of a directory, or of Asterism's own tree, and the core library that loads them.

    Raises:
        AsterismError: no modules or no core library are found.
    """
    tree = modinfo.home()
    place = directory or (tree.modules if tree else None)
    if place is None:
        raise AsterismError(
            Fault("which modules?", None, "this is not a configured tree", "name a directory"), status=2
        )
    library = core or core_library()
    if not library.is_file():
        cure = "run make first, or name it: --core FILE"
        raise AsterismError(Fault("the core library is not there", Place(str(library)), "", cure, "not-built"))
    return Subject(tuple(module_files(place)), library, finder(toolchain.run))


def parser() -> argparse.ArgumentParser:
    """The command line of ``asterism depmod``."""
    made = argparse.ArgumentParser(
        prog="asterism depmod",
        description="Show which modules need which others, by their symbols and by what they declare. Nothing is run.",
        epilog="The status is 1 when a module could not be loaded because of what it needs.",
    )
    directory_option.add(made)
    made.add_argument("directory", nargs="?", type=Path, help="default: the modules that are built, or installed")
    made.add_argument("--core", type=Path, metavar="FILE", help="the libasterism.so that is to load them")
    made.add_argument(
        "--target",
        metavar="NAME|DIR",
        help="the modules of a real Asterisk, with those that are built for it here; see 'asterism target list'",
    )
    made.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    made.add_argument("--json", action="store_const", dest="format", const="json", help="short for --format json")
    return made


def main(words: Sequence[str]) -> int:
    """Serve ``asterism depmod``."""
    options = parser().parse_args(words)
    if options.target:
        subject = of_target(options.target, options.directory)
    else:
        subject = of_asterism(options.directory, options.core)
    modules, unread = read_all(subject.modules)
    found = survey(modules, exports_of(subject.core), libraries_of(modules, subject.find), subject.parts)
    lost = shared_libraries.lost({module.path: module for module in modules}, subject.find)
    print(FORMATS[options.format](found), end="")
    faults = Collector(
        [*unread, *(shared_libraries.fault(Place(path), names) for path, names in lost.items()), *found.faults]
    )
    report(faults)
    return 1 if faults.errors else 0
