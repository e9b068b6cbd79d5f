"""``asterism graph``: who needs whom, in five forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verbs_menu import DEPS, MAKEOPTS, MENU

from menuselect.choice import dependency_graph
from menuselect.choice.dependency_graph import Edge, Graph, Node
from menuselect.choice.selection import Selection
from menuselect.model import deps, tree_file

Asterism = Callable[..., Any]


@pytest.fixture
def small(place: Callable[..., Any]) -> Any:
    """The small menu, saved as by default."""
    return place(MENU, DEPS, MAKEOPTS)


def test_text_is_a_tree_for_each_name(small: Any, asterism: Asterism) -> None:
    assert asterism("graph", "app_fetch", "app_call").stdout == (
        "app_fetch (cannot be built)\n"
        "└─ res_web (cannot be built)\n"
        "   └─ curl (library, not found)\n"
        "app_call (on)\n"
        "└─ res_line (on)\n"
    )


def test_reverse_goes_to_who_needs_it(small: Any, asterism: Asterism) -> None:
    assert asterism("graph", "--reverse", "curl").stdout == (
        "curl (library, not found)\n└─ res_web (cannot be built)\n   └─ app_fetch (cannot be built)\n"
    )


def test_depth_uses_and_libraries_narrow_and_widen(small: Any, asterism: Asterism) -> None:
    assert asterism("graph", "--depth", "1", "--uses", "app_fetch").stdout == (
        "app_fetch (cannot be built)\n├─ res_web (cannot be built)\n└─ uses: zlib (library, found)\n"
    )
    assert asterism("graph", "--no-libraries", "--conflicts", "app_fetch", "res_other_line").stdout == (
        "app_fetch (cannot be built)\n└─ res_web (cannot be built)\nres_other_line (off)\n└─ conflicts: res_line (on)\n"
    )


def test_dot_quotes_and_tells_libraries_from_members(small: Any, asterism: Asterism) -> None:
    assert asterism("graph", "--format", "dot", "app_fetch", "--uses").stdout == (
        "digraph modules {\n"
        "    rankdir=LR;\n"
        '    node [shape=box, style="filled,rounded"];\n'
        '    "app_fetch" [label="app_fetch", fillcolor="#f6d5d5"];\n'
        '    "res_web" [label="res_web", fillcolor="#f6d5d5"];\n'
        '    "lib:zlib" [label="zlib", fillcolor="#d7f0d7", shape=ellipse];\n'
        '    "lib:curl" [label="curl", fillcolor="#f6d5d5", shape=ellipse];\n'
        '    "app_fetch" -> "res_web";\n'
        '    "app_fetch" -> "lib:zlib" [style=dashed, label="uses"];\n'
        '    "res_web" -> "lib:curl";\n'
        "}\n"
    )


def test_mermaid(small: Any, asterism: Asterism) -> None:
    assert asterism("graph", "-o", "a.mmd", "res_web").stdout == "saved to 'a.mmd'\n"
    assert small.read("a.mmd") == (
        "flowchart LR\n"
        '    n0["res_web"]:::unavailable\n'
        '    n1(["curl"]):::unmet\n'
        "    n0 --> n1\n"
        "    classDef unavailable fill:#f6d5d5,stroke:#555,color:#111\n"
        "    classDef unmet fill:#f6d5d5,stroke:#555,color:#111\n"
    )


def test_json_has_nodes_and_edges(small: Any, asterism: Asterism) -> None:
    assert json.loads(asterism("graph", "--json", "res_web").stdout) == {
        "nodes": [
            {"name": "res_web", "kind": "member", "state": "unavailable"},
            {"name": "curl", "kind": "library", "state": "unmet"},
        ],
        "edges": [{"from": "res_web", "to": "curl", "kind": "depend", "to_library": True}],
    }


def test_the_picture_is_a_picture_of_all_of_it(small: Any, asterism: Asterism) -> None:
    asterism("graph", "-o", "a.svg", "--uses", "--conflicts")
    root = ElementTree.fromstring(small.read("a.svg"))
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert sorted(filter(None, titles)) == [
        "DEBUG (off)",
        "FAST (on)",
        "app_call (on)",
        "app_call needs res_line",
        "app_fetch (cannot be built)",
        "app_fetch needs res_web",
        "app_fetch uses zlib",
        "app_old (off)",
        "curl (library, not found)",
        "res_line (on)",
        "res_other_line (off)",
        "res_other_line conflicts res_line",
        "res_web (cannot be built)",
        "res_web needs curl",
        "zlib (library, found)",
    ]


def test_an_ending_that_tells_no_format_is_refused(small: Any, asterism: Asterism) -> None:
    outcome = asterism("graph", "-o", "nowhere/a.svg", "res_web")
    assert (outcome.status, outcome.stderr) == (
        1,
        "asterism: cannot write 'nowhere/a.svg': directory 'nowhere' does not exist\n    check or create the path\n",
    )
    outcome = asterism("graph", "-o", "a.png", "res_web")
    assert (outcome.status, outcome.stderr) == (
        2,
        "asterism: the ending of 'a.png' is not a known format\n    add --format text, dot, mermaid or svg\n",
    )


def test_an_unknown_name_is_refused(small: Any, asterism: Asterism) -> None:
    outcome = asterism("graph", "crul")
    assert (outcome.status, outcome.stderr) == (
        1,
        "asterism: 'crul' is not a member of this tree\n    'asterism list' lists them all\n",
    )


def node(name: str) -> Node:
    return Node(name, is_library=False, state="on")


def test_a_circle_is_written_once_and_ends() -> None:
    a, b = node("a"), node("b")
    circle = Graph((a,), (Edge(a, b, "depend"), Edge(b, a, "depend")))
    assert dependency_graph.as_text(circle, plain=True) == "a (on)\n`- b (on)\n   `- a (on) ...\n"
    assert dependency_graph.layers(circle) == [[a], [b]]


def test_a_chain_longer_than_the_stack_is_written() -> None:
    nodes = [node(f"m{number}") for number in range(3000)]
    chain = Graph((nodes[0],), tuple(Edge(a, b, "depend") for a, b in pairwise(nodes)))
    assert dependency_graph.as_text(chain).count("\n") == 3000
    assert len(dependency_graph.layers(chain)) == 3000


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
@settings(deadline=None, max_examples=60)
def test_no_box_covers_another_and_arrows_lead_right(arrows: list[tuple[int, int]]) -> None:
    members = "".join(
        f'<member name="m{number}">'
        + "".join(f"<depend>m{to}</depend>" for at, to in arrows if at == number)
        + "</member>"
        for number in range(10)
    )
    menu = tree_file.loads(f'<menu><category name="C">{members}</category></menu>').menu
    selection = Selection(menu, deps.UNKNOWN)
    drawn = dependency_graph.build(
        selection, [dependency_graph.member_node(selection, member) for member in menu.members]
    )
    placed = dependency_graph.boxes(drawn)
    assert {box.node for box in placed} == set(drawn.nodes)
    assert len({(box.x, box.y) for box in placed}) == len(placed)
    column = {box.node: box.x for box in placed}
    is_acyclic = all(to > at for at, to in arrows)
    assert not is_acyclic or all(column[edge.source] < column[edge.target] for edge in drawn.edges)
    ElementTree.fromstring(dependency_graph.as_svg(drawn))
