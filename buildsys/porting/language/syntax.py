"""The syntax tree of a C source; its nodes are places in the source's bytes."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator

import tree_sitter_c
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from asterism.values import dataclass, field

_C = Language(tree_sitter_c.language())
NOT_ASCII = bytes(range(128)) + b"_" * 128
"""Bytes that are not ASCII become letters, so that Latin-1 and UTF-8 parse alike and places stay the same."""
_CONDITIONAL = re.compile(rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif)\b(?:\\\r?\n|[^\n])*", re.MULTILINE)
_AWKWARD = re.compile(
    rb"\b(?:AST_APP_OPTIONS|AST_DECLARE_APP_ARGS|ASTERISK_FILE_VERSION|ASTERISK_REGISTER_FILE)[ \t]*\("
)
"""Macros of Asterisk whose arguments are not expressions, or that are written without a semicolon."""
_TYPED = re.compile(rb"\bRAII_VAR[ \t]*\(([^,()]+),")
"""Macros whose first argument is a type."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A parsed source."""

    text: bytes
    """The bytes of the file."""
    root: Node
    errors: int
    """The number of places that do not parse."""
    index: dict[str, list[Node]] = field(default_factory=dict)
    """The nodes of each kind that was asked for, in the order of the text."""

    def of_kind(self, *kinds: str, within: Node | None = None) -> list[Node]:
        """The nodes of some kinds, in the order of the text, limited to those inside of a node if one is given."""
        found = [node for kind in kinds for node in self._some(kind, within)]
        return sorted(found, key=_place) if len(kinds) > 1 else found

    def _some(self, kind: str, within: Node | None) -> list[Node]:
        if kind not in self.index:
            self.index[kind] = sorted(QueryCursor(_query(kind)).captures(self.root).get("found", ()), key=_place)
        nodes = self.index[kind]
        if within is None:
            return nodes
        first = bisect_left(nodes, within.start_byte, key=lambda node: node.start_byte)
        last = bisect_left(nodes, within.end_byte, key=lambda node: node.start_byte)
        return nodes[first:last]

    @property
    def eol(self) -> bytes:
        """The line end of the source."""
        return b"\r\n" if b"\r\n" in self.text else b"\n"

    def line_of(self, at: int) -> int:
        """The number of the line of a place, from 1."""
        return self.text.count(b"\n", 0, at) + 1

    def of(self, node: Node) -> bytes:
        """The text of a node in the file."""
        return self.text[node.start_byte : node.end_byte]


def parse(text: bytes) -> Node:
    """The root of a text's tree."""
    return Parser(_C).parse(text).root_node


@functools.lru_cache(maxsize=4)
def read(text: bytes) -> Source:
    """Parse a source with its conditions, or without them when fewer places fail to parse that way."""
    return Source(text, *_parsed(text))


def errors_of(text: bytes) -> int:
    """The number of places of a text that do not parse."""
    return read(text).errors


def _parsed(text: bytes) -> tuple[Node, int]:
    plain = _TYPED.sub(_as_name, _masked(_AWKWARD, text.translate(NOT_ASCII)))
    root = parse(plain)
    errors = count_errors(root)
    if errors:
        flat = _CONDITIONAL.sub(_blank, plain)
        other = parse(flat)
        fewer = count_errors(other)
        if fewer < errors:
            return other, fewer
    return root, errors


@functools.cache
def _query(kind: str) -> Query:
    """The query for the nodes of a kind; walking the tree in Python takes twenty times as long."""
    return Query(_C, f"({kind}) @found")


def _place(node: Node) -> tuple[int, int]:
    """The key that sorts nodes in the order of the text, an outer node before those in it."""
    return node.start_byte, -node.end_byte


def _as_name(match: re.Match[bytes]) -> bytes:
    """A macro with its type replaced by a name of the same length."""
    return match[0].replace(match[1], re.sub(rb"[^\n]", b"_", match[1]))


def _blank(match: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", match[0])


def _masked(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    """The text with the macros that a pattern finds replaced by blanks, up to their closing parenthesis."""
    made, at = [], 0
    for match in pattern.finditer(text):
        if match.start() < at or text.rfind(b"\n", 0, match.start()) < text.rfind(b"#define", 0, match.start()):
            continue
        end = closing(text, match.end() - 1)
        made += [text[at : match.start()], re.sub(rb"[^\n]", b" ", text[match.start() : end])]
        at = end
    return b"".join([*made, text[at:]])


def closing(text: bytes, at: int) -> int:
    """The place after the end of the group that opens at a place."""
    depth = 0
    for end in range(at, len(text)):
        depth += {40: 1, 123: 1, 41: -1, 125: -1}.get(text[end], 0)
        if not depth:
            return end + 1
    return len(text)


def count_errors(root: Node) -> int:
    """The number of places of a tree that do not parse."""
    count, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            count += 1
        if node.has_error:
            waiting.extend(node.children)
    return count


def walk(root: Node) -> Iterator[Node]:
    """A node and everything below it, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def text_of(node: Node | None) -> str:
    """The text of a node as the parser saw it; empty for none."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def children_of(node: Node) -> list[Node]:
    """The children of a node without comments."""
    return [child for child in node.children if child.type != "comment"]


def arguments_of(call: Node) -> list[Node]:
    """The arguments of a call."""
    listed = call.child_by_field_name("arguments")
    return [child for child in listed.named_children if child.type != "comment"] if listed is not None else []


def called(node: Node) -> str:
    """The name of the function that a call calls; empty for any other node."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    return text_of(function) if function is not None and function.type == "identifier" else ""


def enclosing(node: Node, *kinds: str) -> Node | None:
    """The nearest node around a node that is of one of some kinds."""
    around = node.parent
    while around is not None and around.type not in kinds:
        around = around.parent
    return around
