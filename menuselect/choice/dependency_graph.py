"""The graph of dependencies, written as text, for Graphviz, for Mermaid, or as an SVG picture.

The picture is drawn in layers, without another program: every node is in a layer after all nodes that
lead to it, near the middle of its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Literal

from asterism.values import dataclass, field
from menuselect.choice.selection import Selection
from menuselect.model.menu import Kind, Member, fold

State = Literal["on", "off", "unavailable", "met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class Node:
    """A member or a library."""

    name: str
    is_library: bool
    state: State
    """``on``, ``off`` or ``unavailable`` for a member; ``met``, ``unmet`` or ``unknown`` for a library."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from a member to a reference of the member."""

    source: Node
    target: Node
    kind: Kind
    autoselect: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """A set of nodes and the requested arrows between them."""

    roots: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    reverse: bool = False
    """Whether the walk went from dependencies to dependents."""
    nodes: tuple[Node, ...] = field(init=False)
    """All nodes, the roots first, in the order found."""

    def __post_init__(self) -> None:
        found = dict.fromkeys(self.roots)
        for edge in self.edges:
            found |= dict.fromkeys((edge.target, edge.source) if self.reverse else (edge.source, edge.target))
        object.__setattr__(self, "nodes", tuple(found))

    def next(self) -> Mapping[Node, list[Edge]]:
        """The edges that lead on from each node, in the direction of the walk."""
        found: dict[Node, list[Edge]] = {node: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.target if self.reverse else edge.source].append(edge)
        return found

    def end(self, edge: Edge) -> Node:
        """The node that an edge leads to, in the direction of the walk."""
        return edge.source if self.reverse else edge.target


def member_node(selection: Selection, member: Member) -> Node:
    """The node of a member."""
    if not selection.is_available(member):
        return Node(member.name, is_library=False, state="unavailable")
    return Node(member.name, is_library=False, state="on" if selection.is_built(member) else "off")


def library_node(selection: Selection, name: str) -> Node:
    """The node of a library."""
    if not selection.deps.known:
        return Node(fold(name), is_library=True, state="unknown")
    return Node(fold(name), is_library=True, state="met" if selection.deps.is_met(name) else "unmet")


def edges_of(selection: Selection, member: Member, kinds: Iterable[Kind]) -> Iterator[Edge]:
    """The arrows from a member, in the order its references are written, each once."""
    source = member_node(selection, member)
    wanted = set(kinds)
    found = dict[Edge, None]()
    for reference in member.references:
        if reference.kind in wanted:
            target = selection.menu.resolve(member, reference)
            node = member_node(selection, target) if target else library_node(selection, reference.name)
            found[Edge(source, node, reference.kind, reference.autoselect and reference.kind == "use")] = None
    yield from found


def build(
    selection: Selection,
    roots: Sequence[Node],
    kinds: Iterable[Kind] = ("depend",),
    reverse: bool = False,
    depth: int | None = None,
    libraries: bool = True,
) -> Graph:
    """Follow the references from several nodes.

    Args:
        selection: the menu and the selection.
        roots: the first nodes.
        kinds: the kinds of references to follow.
        reverse: follow references backwards, to the members that have them.
        depth: the maximum number of steps; None for no limit.
        libraries: whether libraries are nodes.
    """
    arrows: dict[Node, list[Edge]] = {}
    wanted = tuple(kinds)
    for member in selection.menu.members:
        for edge in edges_of(selection, member, wanted):
            if libraries or not edge.target.is_library:
                arrows.setdefault(edge.target if reverse else edge.source, []).append(edge)
    found: dict[Edge, None] = {}
    seen, front, steps = set(roots), list(dict.fromkeys(roots)), 0
    while front and (depth is None or steps < depth):
        edges = [edge for node in front for edge in arrows.get(node, ())]
        found |= dict.fromkeys(edges)
        ends = dict.fromkeys(edge.source if reverse else edge.target for edge in edges)
        front = [node for node in ends if node not in seen]
        seen.update(front)
        steps += 1
    return Graph(tuple(dict.fromkeys(roots)), tuple(found), reverse)


# Text and graph languages.

_LABELS: dict[Kind, str] = {"depend": "", "use": "uses", "conflict": "conflicts"}


def label_of(edge: Edge) -> str:
    """The label of an arrow; empty for a dependency."""
    return f"{_LABELS[edge.kind]}, switches it on" if edge.autoselect else _LABELS[edge.kind]


def as_text(graph: Graph, plain: bool = False) -> str:
    """A tree for each root; a node that was printed before is not expanded again.

    Args:
        graph: the graph.
        plain: use only ASCII.
    """
    lines: list[str] = []
    following = graph.next()
    seen: set[Node] = set()
    for root in graph.roots:
        lines.append(_text_of(root))
        _branches(graph, following, root, "", seen, lines, _ASCII if plain else _LINES)
    return "".join(f"{line}\n" for line in lines)


_LINES = ("├─ ", "│  ", "└─ ", "   ")
_ASCII = ("|- ", "|  ", "`- ", "   ")


def _branches(
    graph: Graph,
    following: Mapping[Node, list[Edge]],
    root: Node,
    indent: str,
    seen: set[Node],
    lines: list[str],
    marks: tuple[str, str, str, str],
) -> None:
    # Not recursion: a chain may be longer than Python's stack.
    seen.add(root)
    stack = [(indent, iter(_with_last(following[root])))]
    while stack:
        indent, edges = stack[-1]
        edge, is_last = next(edges, (None, False))
        if edge is None:
            stack.pop()
            continue
        node = graph.end(edge)
        again = node in seen and bool(following[node])
        label = f"{label_of(edge)}: " if label_of(edge) else ""
        tail = " ..." if again else ""
        lines.append(f"{indent}{marks[2 if is_last else 0]}{label}{_text_of(node)}{tail}")
        if node not in seen:
            seen.add(node)
            stack.append((indent + marks[3 if is_last else 1], iter(_with_last(following[node]))))


def _with_last(edges: Sequence[Edge]) -> list[tuple[Edge, bool]]:
    return [(edge, number == len(edges)) for number, edge in enumerate(edges, 1)]


def _text_of(node: Node) -> str:
    return f"{node.name} ({'library, ' if node.is_library else ''}{_WORDS[node.state]})"


_WORDS: dict[State, str] = {
    "on": "on",
    "off": "off",
    "unavailable": "cannot be built",
    "met": "found",
    "unmet": "not found",
    "unknown": "not looked for",
}

_COLOURS: dict[State, str] = {
    "on": "#d7f0d7",
    "off": "#eeeeee",
    "unavailable": "#f6d5d5",
    "met": "#d7f0d7",
    "unmet": "#f6d5d5",
    "unknown": "#eeeeee",
}
"""Fill colours; the text names the state, too."""

_DASHES: dict[Kind, str] = {"depend": "solid", "use": "dashed", "conflict": "dotted"}


def as_dot(graph: Graph) -> str:
    """The graph for Graphviz."""
    lines = ["digraph modules {", "    rankdir=LR;", '    node [shape=box, style="filled,rounded"];']
    for node in graph.nodes:
        shape = ", shape=ellipse" if node.is_library else ""
        lines.append(f'    {_dot(node)} [label={_quoted(node.name)}, fillcolor="{_COLOURS[node.state]}"{shape}];')
    for edge in graph.edges:
        style = f' [style={_DASHES[edge.kind]}, label="{label_of(edge)}"]' if label_of(edge) else ""
        lines.append(f"    {_dot(edge.source)} -> {_dot(edge.target)}{style};")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _dot(node: Node) -> str:
    # A library can have the name of a member.
    return _quoted(f"lib:{node.name}" if node.is_library else node.name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def as_mermaid(graph: Graph) -> str:
    """The graph for Mermaid, as Markdown pages on forges show it."""
    names = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for node, name in names.items():
        opening, closing = ('(["', '"])') if node.is_library else ('["', '"]')
        lines.append(f"    {name}{opening}{_entities(node.name)}{closing}:::{node.state}")
    for edge in graph.edges:
        arrow = "-->" if edge.kind == "depend" else f'-. "{label_of(edge)}" .->'
        lines.append(f"    {names[edge.source]} {arrow} {names[edge.target]}")
    used = dict.fromkeys(node.state for node in graph.nodes)
    lines += [f"    classDef {state} fill:{_COLOURS[state]},stroke:#555,color:#111" for state in used]
    return "".join(f"{line}\n" for line in lines)


def _entities(text: str) -> str:
    return re.sub(r"[^\w .+-]", lambda match: f"#{ord(match[0])};", text)


# The picture.

_HEIGHT, _GAP, _LAYER, _CHAR, _PAD, _MARGIN = 26, 12, 70, 7.2, 10, 16
"""Pixels: of a box, between boxes, between layers, of a character, in a box, around the picture."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its position in the picture."""

    node: Node
    x: float
    y: float
    width: float


def layers(graph: Graph) -> list[list[Node]]:
    """The nodes in columns: each to the right of the nodes that lead to it; arrows that close a cycle are ignored."""
    following = graph.next()
    order = _in_order(graph, following)
    place = {node: number for number, node in enumerate(order)}
    level = dict.fromkeys(graph.nodes, 0)
    for node in order:
        for end in map(graph.end, following[node]):
            if place[end] > place[node]:
                level[end] = max(level[end], level[node] + 1)
    columns: list[list[Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node in graph.nodes:
        columns[level[node]].append(node)
    return [column for column in _straightened(graph, columns) if column]


def _in_order(graph: Graph, following: Mapping[Node, list[Edge]]) -> list[Node]:
    """The nodes in topological order, except for cycles (depth-first, last finished first)."""
    done: dict[Node, None] = {}
    seen: set[Node] = set()
    for root in graph.nodes:
        stack = [(root, iter(following[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            node, edges = stack[-1]
            end = next((end for end in map(graph.end, edges) if end not in seen), None)
            if end is None:
                done[node] = None
                stack.pop()
            else:
                seen.add(end)
                stack.append((end, iter(following[end])))
    return list(done)[::-1]


def _straightened(graph: Graph, columns: list[list[Node]]) -> list[list[Node]]:
    """Order each column by the mean position of the nodes that lead to it, so that fewer arrows cross."""
    before: dict[Node, list[Node]] = {node: [] for node in graph.nodes}
    for edge in graph.edges:
        end = graph.end(edge)
        before[end].append(edge.target if end is edge.source else edge.source)
    place: dict[Node, float] = {}
    ordered = []
    for column in columns:
        middle = {node: _middle([place[each] for each in before[node] if each in place]) for node in column}
        sorted_column = sorted(column, key=lambda node, middle=middle: middle[node])  # type: ignore[misc]
        place |= {node: number / max(len(column), 1) for number, node in enumerate(sorted_column)}
        ordered.append(sorted_column)
    return ordered


def _middle(places: Sequence[float]) -> float:
    return sum(places) / len(places) if places else 0.0


def boxes(graph: Graph) -> list[Box]:
    """Every node with its position."""
    columns = layers(graph)
    tallest = max((len(column) for column in columns), default=0) * (_HEIGHT + _GAP)
    found: list[Box] = []
    x = float(_MARGIN)
    for column in columns:
        width = max(len(node.name) for node in column) * _CHAR + 2 * _PAD
        top = _MARGIN + (tallest - len(column) * (_HEIGHT + _GAP)) / 2
        found += [Box(node, x, top + number * (_HEIGHT + _GAP), width) for number, node in enumerate(column)]
        x += width + _LAYER
    return found


def as_svg(graph: Graph) -> str:
    """The graph as a picture that a browser shows."""
    placed = {box.node: box for box in boxes(graph)}
    width = max((box.x + box.width for box in placed.values()), default=0) + _MARGIN
    height = max((box.y + _HEIGHT for box in placed.values()), default=0) + _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" font-family="monospace" font-size="12">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff"/>',
        *(_arrow(edge, placed, graph.reverse) for edge in graph.edges),
        *(_box(box) for box in placed.values()),
        "</svg>",
    ]
    return "".join(f"{line}\n" for line in lines)


_STROKES: dict[Kind, str] = {"depend": "", "use": ' stroke-dasharray="5 3"', "conflict": ' stroke-dasharray="1 3"'}


def _arrow(edge: Edge, placed: Mapping[Node, Box], reverse: bool) -> str:
    left, right = (edge.target, edge.source) if reverse else (edge.source, edge.target)
    start, end = placed[left], placed[right]
    x1, y1, x2, y2 = start.x + start.width, start.y + _HEIGHT / 2, end.x, end.y + _HEIGHT / 2
    bend = (x2 - x1) / 2 if x2 > x1 else float(_LAYER)
    tip = 'marker-start="url(#tip)"' if reverse else 'marker-end="url(#tip)"'
    path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    words = label_of(edge) or "needs"
    title = escape(f"{edge.source.name} {words} {edge.target.name}")
    return f'<path d="{path}" fill="none" stroke="#555"{_STROKES[edge.kind]} {tip}><title>{title}</title></path>'


def _box(box: Box) -> str:
    radius = _HEIGHT / 2 if box.node.is_library else 4
    name, text = escape(box.node.name), escape(_text_of(box.node))
    return (
        f'<g><title>{text}</title><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}"'
        f' rx="{radius:g}" fill="{_COLOURS[box.node.state]}" stroke="#555"/>'
        f'<text x="{box.x + _PAD:.1f}" y="{box.y + _HEIGHT / 2 + 4:.1f}">{name}</text></g>'
    )


FORMATS: dict[str, Callable[[Graph], str]] = {
    "text": as_text,
    "dot": as_dot,
    "mermaid": as_mermaid,
    "svg": as_svg,
}
"""The ways to write a graph."""
