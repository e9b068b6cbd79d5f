"""``asterism graph [NAME...]``: draw the dependencies of members."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from asterism.errors import AsterismError, Fault
from menuselect.choice import dependency_graph
from menuselect.choice.dependency_graph import Graph, Node
from menuselect.choice.selection import Selection
from menuselect.cli import arguments, opening, output, states
from menuselect.cli.output import shown
from menuselect.model.member_names import pick, unknown
from menuselect.model.menu import Kind

_MORE = f"""\
{arguments.WORDS} A library's name is accepted, too.
Without a NAME the whole tree is drawn."""


def parser() -> arguments.Parser:
    """The command line."""
    made = arguments.parser("graph", "Show what members need, or which members need them.", _MORE)
    made.add_argument("names", nargs="*", metavar="NAME")
    made.add_argument("-r", "--reverse", action="store_true", help="show the members that need NAME")
    made.add_argument(
        "--format", choices=tuple(dependency_graph.FORMATS), help="default: by the ending of FILE, else text"
    )
    made.add_argument("-o", "--output", metavar="FILE", help="write to FILE, not to standard output")
    made.add_argument("--depth", type=steps, metavar="N", help="stop after N steps")
    made.add_argument("--uses", action="store_true", help="follow optional dependencies, too")
    made.add_argument("--conflicts", action="store_true", help="follow conflicts, too")
    made.add_argument("--no-libraries", action="store_true", help="leave libraries out")
    return made


def steps(text: str) -> int:
    """Parse the number of steps, at least 1; argparse uses the name of this function in its message."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(words: Sequence[str]) -> int:
    """Run the verb and return its exit status."""
    return arguments.run(parser(), words, _graph)


def _graph(args: Namespace) -> int:
    selection = opening.reading(args.directory).selection
    wanted: dict[Kind, bool] = {"depend": True, "use": args.uses, "conflict": args.conflicts}
    found = dependency_graph.build(
        selection,
        _roots(selection, args.names),
        [kind for kind, is_wanted in wanted.items() if is_wanted],
        reverse=args.reverse,
        depth=args.depth,
        libraries=not args.no_libraries,
    )
    if args.json:
        output.print_json(_as_json(found))
        return 0
    text = _written(found, _format(args))
    if args.output:
        print(output.write(args.output, text))
    else:
        sys.stdout.write(text)
    return 0


def _roots(selection: Selection, names: Sequence[str]) -> list[Node]:
    if not names:
        return [dependency_graph.member_node(selection, member) for member in selection.menu.members]
    faults, found = [], list[Node]()
    for name in names:
        members = pick(selection.menu, name)
        library = states.spelled(selection, name) if not members else None
        if library:
            found.append(dependency_graph.library_node(selection, library))
        elif not members:
            faults.append(unknown(selection.menu, name))
        found += (dependency_graph.member_node(selection, member) for member in members)
    if faults:
        raise AsterismError(*faults)
    return found


def _format(args: Namespace) -> str:
    if args.format:
        return str(args.format)
    ending = str(args.output or "").rpartition(".")[2]
    by_ending = {"dot": "dot", "gv": "dot", "mmd": "mermaid", "mermaid": "mermaid", "svg": "svg", "txt": "text"}
    if args.output and ending not in by_ending:
        cure = "add --format text, dot, mermaid or svg"
        raise AsterismError(
            Fault(f"the ending of '{args.output}' is not a known format", cure=cure, code="usage"), status=2
        )
    return by_ending.get(ending, "text")


def _written(found: Graph, form: str) -> str:
    if form != "text":
        # Lone surrogates stand for bytes that are not text; these formats cannot hold them.
        return dependency_graph.FORMATS[form](found).encode("utf-8", "replace").decode("utf-8")
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return "".join(f"{shown(line)}\n" for line in dependency_graph.as_text(found, plain).splitlines())


def _as_json(found: Graph) -> dict[str, object]:
    return {
        "nodes": [
            {"name": node.name, "kind": "library" if node.is_library else "member", "state": node.state}
            for node in found.nodes
        ],
        "edges": [
            {"from": edge.source.name, "to": edge.target.name, "kind": edge.kind, "to_library": edge.target.is_library}
            for edge in found.edges
        ],
    }
