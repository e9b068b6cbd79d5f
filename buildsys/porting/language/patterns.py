"""Patterns in C: ``ast_say_character_str($c, $n, $i, $l)`` finds such calls, however they are laid out.

``$name`` stands for any expression, ``$$name`` for the remaining arguments of a call.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from tree_sitter import Node

from asterism.values import dataclass
from buildsys.porting.language.syntax import Source, called, children_of, parse, text_of

Bound = dict[str, tuple[Node, ...]]
_HOLE = re.compile(r"\$\$?\w+")
_CONTEXT = (b"void f(void) { ", b" }")


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A compiled pattern."""

    node: Node

    @property
    def kind(self) -> str:
        """The kind of node that it matches."""
        return self.node.type

    @property
    def key(self) -> str:
        """A word that is in everything it matches: the function of a call, the name of a member or a variable."""
        if self.node.type == "field_expression":
            return text_of(self.node.child_by_field_name("field"))
        return called(self.node) or (text_of(self.node) if self.node.type == "identifier" else "")


@functools.cache
def compiled(text: str) -> Pattern:
    """Compile the text of a pattern: an expression, or a statement when the text ends in a semicolon."""
    before, after = _CONTEXT
    body = text if text.rstrip().endswith(";") else f"{text};"
    root = parse(before + body.encode() + after)
    block = next(node for node in root.children[0].children if node.type == "compound_statement")
    node = block.named_children[0]
    return Pattern(node if body == text or node.type != "expression_statement" else node.named_children[0])


def match(pattern: Pattern, node: Node) -> Bound | None:
    """The nodes that the holes of a pattern stand for; None when the pattern does not match a node."""
    bound: Bound = {}
    return bound if _fits(pattern.node, node, bound) else None


def _fits(wanted: Node, node: Node, bound: Bound) -> bool:
    name = text_of(wanted) if wanted.type in ("identifier", "field_identifier", "type_identifier") else ""
    if name.startswith("$"):
        return _bind(name, (node,), bound)
    if wanted.type != node.type:
        return False
    if not wanted.children:
        return wanted.text == node.text
    return _fit_all(children_of(wanted), children_of(node), bound)


def _fit_all(wanted: list[Node], nodes: list[Node], bound: Bound) -> bool:
    rest = next((at for at, each in enumerate(wanted) if text_of(each).startswith("$$")), None)
    if rest is not None:
        tail = len(wanted) - rest - 1
        # Without further arguments, the comma before them is missing as well.
        has_none = len(nodes) == len(wanted) - 2 and rest > 0 and wanted[rest - 1].type == ","
        begin = rest - 1 if has_none else rest
        end = len(nodes) - tail
        if end < begin or not _bind(text_of(wanted[rest]), tuple(nodes[begin:end]), bound):
            return False
        wanted, nodes = wanted[:begin] + wanted[rest + 1 :], nodes[:begin] + nodes[end:]
    return len(wanted) == len(nodes) and all(_fits(*pair, bound) for pair in zip(wanted, nodes, strict=True))


def _bind(name: str, nodes: tuple[Node, ...], bound: Bound) -> bool:
    if name in bound:
        return [node.text for node in bound[name]] == [node.text for node in nodes]
    bound[name] = nodes
    return True


def filled(template: str, bound: Mapping[str, tuple[Node, ...]], source: Source) -> bytes:
    """A replacement with the holes filled with the texts of their nodes."""

    def put(match_: re.Match[str]) -> str:
        nodes = bound[match_[0]]
        if not nodes:
            return ""
        return source.text[nodes[0].start_byte : nodes[-1].end_byte].decode("latin-1")

    made = _HOLE.sub(put, template)
    return re.sub(r", (?=\))", "", made).encode("latin-1")
