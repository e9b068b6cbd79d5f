"""Turn the recipes of the tree's own make into steps of a build: commands that make files of files. Pure.

A target that is not a file, or whose recipe only starts another make, does not become a step: the steps of the make
that it starts build its prerequisites.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from asterism.tree import BUILD
from asterism.values import TYPE_CHECKING, dataclass, field, replace
from buildsys.adopted.recipes import Printed, Recipe

if TYPE_CHECKING:
    from buildsys.planning.plan import Kind, Step

PROGRAM = "asterisk"
"""The unit of the main program."""

_OBJECTS: Mapping[str, Kind] = {".o": "cc", ".oo": "cxx"}
_NOT_LINKED = (*_OBJECTS, ".c", ".cc", ".h")
_LIBRARIES = (".so", ".a", ".dylib")
_HEADERS = (".h", ".hh", ".hpp")
_MAKES_DIRECTORY = re.compile(r"mkdir -p (?P<path>[\w./+-]+)$")
_ONCE = f"{BUILD}/once"
"""The directory in which the steps of targets that are not files leave a mark, so that each runs once."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A step of the build of Asterisk's tree; paths are relative to the tree, those outside of it absolute."""

    kind: Kind
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    directory: str
    """The working directory of its commands."""
    commands: tuple[str, ...]
    """Command lines for the shell; each runs after the one before it has succeeded."""
    depfile: str = ""
    """The file in which the compiler lists the headers that it read; empty for steps without a compiler."""
    order_only: tuple[str, ...] = ()
    """Files that have to exist before the step runs; a change of them alone does not cause it to run."""
    unit: str = ""
    """The module, program or library that the step belongs to."""
    place: str = ""
    """The Makefile and the line number of its recipe."""

    @property
    def step(self) -> Step:
        """The step in the form that timelines and reports take."""
        from buildsys.planning.plan import Step  # 8 ms, which only timelines and slow steps need

        return Step(self.kind, self.unit, self.outputs, self.inputs, (self.text,), (), self.order_only)

    @property
    def is_product(self) -> bool:
        """Whether the edge links a module or a program, not a library for other links."""
        return self.kind == "link" and ".so." not in self.outputs[0]

    @property
    def text(self) -> str:
        """The command lines as one, as people read it."""
        return " && ".join(self.commands)


@dataclass(frozen=True, slots=True)
class Graph:
    """The steps of a tree."""

    edges: tuple[Edge, ...]
    directories: tuple[str, ...] = ()
    """Directories to create before the build."""
    tangled: Mapping[str, str] = field(default_factory=dict)
    """Directories that the tree's own make builds, and why."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the make of a directory printed, as steps."""

    edges: tuple[Edge, ...] = ()
    directories: tuple[str, ...] = ()
    """Directories to create before the build."""
    trouble: str = ""
    """Why the recipes are not understood; empty when they are."""


def part(top: str, said: Printed) -> Part:
    """The steps of a directory, not yet connected to those of others.

    Args:
        top: the directory of the tree; absolute.
        said: what the make of the directory printed.
    """
    trouble = _trouble(said.recipes)
    if trouble:
        return Part(trouble=trouble)
    phony = frozenset(_inside(top, path) for path in said.phony)
    made = (each for recipe in said.recipes for each in _edge_of(top, recipe, phony))
    directories = (each for recipe in said.recipes for each in _directories(top, recipe))
    return Part(tuple(made), tuple(directories))


def graph(parts: Mapping[str, Part], is_file: Callable[[str], bool]) -> Graph:
    """The steps of a tree.

    Args:
        parts: the steps of each directory.
        is_file: whether a path, relative to the tree or absolute, is a file now.
    """
    tangled = {name: each.trouble for name, each in parts.items() if each.trouble}
    directories = [path for each in parts.values() for path in each.directories]
    edges = list(_merged(edge for each in parts.values() for edge in each.edges))
    tangled |= _conflicts(edges, parts)
    edges = [edge for edge in edges if edge.directory.split("/", 1)[0] not in tangled]
    return Graph(tuple(_connected(edges, is_file)), tuple(dict.fromkeys(directories)), tangled)


def _trouble(recipes: Sequence[Recipe]) -> str:
    for recipe in recipes:
        if recipe.entangled:
            return f"{recipe.place} starts another make and does more in one command"
    return ""


def _inside(top: str, path: str, directory: str = "") -> str:
    """A path in an absolute directory as the graph names it: relative to the tree; absolute when it lies outside."""
    # A recipe names thousands of files, and os.path.join takes most of the time of this function.
    whole = os.path.normpath(path if path.startswith("/") else f"{directory or top}/{path}")
    return "." if whole == top else whole.removeprefix(f"{top}/")


def _directories(top: str, recipe: Recipe) -> Iterator[str]:
    for command in recipe.commands:
        found = _MAKES_DIRECTORY.match(command)
        if found:
            yield _inside(top, found["path"], recipe.directory)


def _edge_of(top: str, recipe: Recipe, phony: Collection[str]) -> Iterator[Edge]:
    commands = tuple(command for command in recipe.commands if not _MAKES_DIRECTORY.match(command))
    if not commands:
        return
    output = _inside(top, recipe.target, recipe.directory)
    if output in phony:
        mark = f"{_ONCE}/{output.replace('/', '-')}"
        commands, output = (*commands, f": > {shlex.quote(os.path.join(top, mark))}"), mark
    words = commands[-1].split()
    directory = _inside(top, recipe.directory)
    kind = _kind(output, words)
    depfile = _inside(top, _after("-MF", words), recipe.directory) if "-MF" in words else ""
    # The compiler says which headers it reads, and a make that has built before lists those.
    needs = (need for need in recipe.needs if not (depfile and need.startswith("/") and need.endswith(_HEADERS)))
    named = dict.fromkeys(_inside(top, need, recipe.directory) for need in needs)
    inputs = tuple(need for need in named if need not in phony)
    yield Edge(kind, (output,), inputs, directory, commands, depfile, place=recipe.place)


def _kind(output: str, words: Sequence[str]) -> Kind:
    suffix = os.path.splitext(output)[1]
    if "-c" in words and suffix in _OBJECTS:
        return _OBJECTS[suffix]
    is_linked = "-o" in words and "-c" not in words and suffix not in _NOT_LINKED
    return "link" if is_linked else "generate"


def _after(option: str, words: Sequence[str]) -> str:
    at = words.index(option) + 1
    return words[at] if at < len(words) else ""


def _merged(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Merge edges with the same commands into one edge with all their targets; make prints some recipes twice."""
    by_commands: dict[tuple[str, tuple[str, ...]], list[Edge]] = {}
    for edge in edges:
        by_commands.setdefault((edge.directory, edge.commands), []).append(edge)
    for same in by_commands.values():
        if len(same) == 1:
            yield same[0]
            continue
        outputs = tuple(dict.fromkeys(output for edge in same for output in edge.outputs))
        inputs = tuple(dict.fromkeys(needed for edge in same for needed in edge.inputs))
        yield replace(same[0], outputs=outputs, inputs=inputs)


def _conflicts(edges: Sequence[Edge], parts: Mapping[str, Part]) -> dict[str, str]:
    """Directories in which two recipes make the same file."""
    places: dict[str, Edge] = {}
    found: dict[str, str] = {}
    for edge in edges:
        for output in edge.outputs:
            other = places.setdefault(output, edge)
            if other is not edge:
                name = edge.directory.split("/", 1)[0]
                found[name if name in parts else edge.directory] = f"{output} is made in two ways"
    return found


def _connected(edges: Sequence[Edge], is_file: Callable[[str], bool]) -> Iterator[Edge]:
    """The edges with the files that their commands name, and with their units; files that no edge makes are sources."""
    made = {output for edge in edges for output in edge.outputs}
    kept = [edge for edge in edges if edge.inputs or edge.outputs[0].startswith(_ONCE) or not _is_there(edge, is_file)]
    units = _units(kept)
    for edge in kept:
        inputs = tuple(need for need in edge.inputs if need in made or _is_source(need, edge, is_file))
        libraries = tuple(path for path in _libraries(edge) if path in made and path not in inputs)
        yield replace(edge, inputs=inputs, order_only=libraries, unit=units[edge.outputs[0]])


def _is_source(need: str, edge: Edge, is_file: Callable[[str], bool]) -> bool:
    return not (edge.depfile and need.endswith(_HEADERS)) and is_file(need)


def _is_there(edge: Edge, is_file: Callable[[str], bool]) -> bool:
    return all(map(is_file, edge.outputs))


def _libraries(edge: Edge) -> Iterator[str]:
    """The files that ``-L`` and ``-l`` of a link command may refer to, as paths in the tree."""
    words = edge.commands[-1].split() if edge.kind == "link" else []
    places = [os.path.normpath(os.path.join(edge.directory, word[2:])) for word in words if word.startswith("-L")]
    for name in (word[2:] for word in words if word.startswith("-l")):
        yield from (f"{place}/lib{name}{suffix}" for place in places for suffix in _LIBRARIES)


def _units(edges: Sequence[Edge]) -> dict[str, str]:
    """The unit of each edge by its first output: the file that is linked from it, when there is one such file."""
    makers = {output: edge for edge in edges for output in edge.outputs}
    users: dict[str, set[str]] = {}
    for edge in edges:
        if edge.kind == "link" or edge.outputs[0].endswith(".a"):
            for name in _part_names(edge, makers):
                users.setdefault(name, set()).add(_bare(edge.outputs[0]))
    found: dict[str, str] = {}
    for edge in edges:
        names = users.get(edge.outputs[0], set())
        is_product = edge.kind == "link" or not names
        found[edge.outputs[0]] = _bare(edge.outputs[0]) if is_product or len(names) > 1 else min(names)
    return found


def _part_names(edge: Edge, makers: Mapping[str, Edge]) -> Iterator[str]:
    """The inputs of a link, without those that are linked themselves."""
    waiting = list(edge.inputs)
    seen: set[str] = set()
    while waiting:
        maker = makers.get(waiting.pop())
        if maker is None or maker.outputs[0] in seen or maker.kind == "link" or maker.outputs[0].endswith(".a"):
            continue
        seen.add(maker.outputs[0])
        yield maker.outputs[0]
        waiting += maker.inputs


def _bare(path: str) -> str:
    """The name of an output without its suffix: ``app_dial`` for ``apps/app_dial.so``."""
    return os.path.basename(path).split(".", 1)[0] or os.path.basename(path)
