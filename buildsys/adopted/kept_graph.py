"""The steps of a tree as last computed, kept below ``build``, with the state of the files that they came from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from asterism import files
from asterism.errors import AsterismError
from asterism.parsing import json_value
from asterism.tree import BUILD, Tree
from asterism.values import TYPE_CHECKING, dataclass
from buildsys.adopted import tree_state
from buildsys.adopted.edges import Edge, Graph

if TYPE_CHECKING:
    from typing import Any

FILE = f"{BUILD}/steps.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """The steps of a tree, and further facts about it."""

    graph: Graph
    environment: Mapping[str, str]
    """The variables that the Makefiles export for their commands."""
    documentation: tuple[str, ...]
    """The documentation files that the top Makefile makes."""
    made_from: Mapping[str, tuple[int, str]]
    """Time and digest of each file that the steps were made from."""
    sources: str
    """A digest of the names of the sources."""
    given: str
    """The other inputs of the steps: variables of the command line and of the environment."""


def save(tree: Tree, kept: Kept) -> None:
    """Keep the steps of a tree."""
    edges = [[getattr(edge, name) for name in Edge.__slots__] for edge in kept.graph.edges]
    data = {
        "format": tree_state.FORMAT,
        "top": str(tree.top),
        "edges": edges,
        "directories": kept.graph.directories,
        "tangled": dict(kept.graph.tangled),
        "environment": dict(kept.environment),
        "documentation": kept.documentation,
        "made from": dict(kept.made_from),
        "sources": kept.sources,
        "given": kept.given,
    }
    files.write(tree / FILE, json.dumps(data, separators=(",", ":")) + "\n", is_lasting=False)


def load(tree: Tree) -> Kept | None:
    """The kept steps; None when no steps were kept, or when the steps belong to another directory or release."""
    try:
        data = json_value(files.read_text(tree / FILE))
        if data["format"] != tree_state.FORMAT or data["top"] != str(tree.top):
            return None
        edges = tuple(map(_edge, data["edges"]))
        made_from = {path: (int(moment), str(digest)) for path, (moment, digest) in data["made from"].items()}
        graph = Graph(edges, tuple(data["directories"]), data["tangled"])
        documentation = tuple(data["documentation"])
        return Kept(graph, data["environment"], documentation, made_from, data["sources"], data["given"])
    except (AsterismError, ValueError, KeyError, TypeError):
        return None


def _edge(row: Sequence[Any]) -> Edge:
    parts: list[Any] = [tuple(part) if isinstance(part, list) else part for part in row]
    return Edge(*parts)


def is_current(tree: Tree, kept: Kept, given: str) -> bool:
    """Whether kept steps still match the tree."""
    if kept.given != given or kept.sources != names_digest(tree):
        return False
    return all(_is_same(tree, path, moment, digest) for path, (moment, digest) in kept.made_from.items())


def stamps(tree: Tree, names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Time and digest of each file."""
    return {name: (_time(tree, name), _digest(tree, name)) for name in names}


def _is_same(tree: Tree, path: str, moment: int, digest: str) -> bool:
    return _time(tree, path) == moment or _digest(tree, path) == digest


def _time(tree: Tree, name: str) -> int:
    return files.age(f"{tree}/{name}")


def _digest(tree: Tree, name: str) -> str:
    try:
        return hashlib.sha256(files.read_bytes(tree / name)).hexdigest()[:16]
    except AsterismError:
        return ""


def names_digest(tree: Tree) -> str:
    """A digest of the names of all sources, which changes when one is added or removed."""
    return digest_of(sources(tree))


def sources(tree: Tree) -> dict[str, str]:
    """The directories below the tree that contain sources of modules and programs, each with the names in it."""
    return {
        directory: tree_state.as_line(names, below)
        for each in _top_directories(tree)
        for directory, names, below in tree_state.walked(os.fspath(tree), each)
    }


def digest_of(found: Mapping[str, str]) -> str:
    """A digest of the names of all sources; directories without sources make no difference."""
    names = sorted(f"{path}/{line.partition('//')[0]}" for path, line in found.items() if not line.startswith("//"))
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def source_directories(tree: Tree) -> list[str]:
    """The directories below the tree that contain sources of modules and programs."""
    return [*sources(tree)]


def _top_directories(tree: Tree) -> list[str]:
    names = (name for name in sorted(os.listdir(tree)) if name not in _NO_SOURCES and not name.startswith("."))
    return [name for name in names if (tree / name / "Makefile").is_file()]


_NO_SOURCES = (BUILD, "menuselect", "sounds", "third-party", "contrib")


def header_directories(tree: Tree) -> list[str]:
    """The include directories that all sources share."""
    return [name for name in ("include", "include/asterisk") if (tree / name).is_dir()]


# ---- files that the tree's own make has built ----------------------------------------------------------------------


def note_outputs(tree: Tree, graph: Graph) -> None:
    """Record the ages of all outputs, so that files which the tree's own make builds later can be recognized."""
    outputs = [output for edge in graph.edges for output in edge.outputs]
    tree_state.save_outputs(os.fspath(tree), tree_state.ages(os.fspath(tree), outputs))


def built_elsewhere(tree: Tree, graph: Graph) -> list[Edge]:
    """The steps whose outputs the tree's own make has brought up to date since the ages were recorded."""
    top = os.fspath(tree)
    known = tree_state.load_outputs(top)
    ages = _Ages(tree, tree_state.ages(top, [output for edge in graph.edges for output in edge.outputs]))
    return [
        edge
        for edge in graph.edges
        if any(ages.of(output) not in (0, known.get(output)) for output in edge.outputs) and _is_built(edge, ages)
    ]


class _Ages:
    """The ages of files, each looked at once."""

    def __init__(self, tree: Tree, known: dict[str, int]) -> None:
        self.tree = tree
        self.top = os.fspath(tree)
        self.known = known

    def of(self, name: str) -> int:
        if name not in self.known:
            self.known[name] = files.age(name if name.startswith("/") else f"{self.top}/{name}")
        return self.known[name]


def _is_built(edge: Edge, ages: _Ages) -> bool:
    """Whether the outputs of a step exist and are newer than all its inputs."""
    oldest = min(ages.of(output) for output in edge.outputs)
    if not oldest or (edge.depfile and not ages.of(edge.depfile)):
        return False
    needs = [*edge.inputs, *(headers_of(ages.tree, edge) if edge.depfile else ())]
    return all(0 < ages.of(need) <= oldest for need in needs)


def headers_of(tree: Tree, edge: Edge) -> list[str]:
    """The files that a compiler has read, from its dependency file."""
    text = files.read_text(tree / edge.depfile)
    rule = text.replace("\\\n", " ").partition("\n")[0].partition(":")[2]
    return [name if name.startswith("/") else f"{edge.directory}/{name}" for name in rule.split()]


def goals(graph: Graph, names: Collection[str], missing: Callable[[str], AsterismError]) -> Sequence[str]:
    """The files to make for some modules or programs.

    Raises:
        AsterismError: the fault that ``missing`` makes for the first name that no link produces.
    """
    products = {edge.unit: edge.outputs[0] for edge in graph.edges if edge.is_product}
    for name in names:
        if name not in products:
            raise missing(name)
    return [products[name] for name in names]
