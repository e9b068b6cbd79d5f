"""The types of a source's expressions, from its own declarations and the headers of Asterisk."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from tree_sitter import Node

from asterism.branches import api_names
from asterism.values import dataclass, field
from buildsys.porting.language.declarations import declared, of_declaration, tidy
from buildsys.porting.language.syntax import Source, called, enclosing, text_of

_QUALIFIER = re.compile(r"\b(?:const|volatile|static|register|restrict)\b\s*")
_RAII = re.compile(r"\bRAII_VAR\s*\(([^,()]+),\s*(\w+)\s*,")
_ARRAY = re.compile(r"\s*\[[^\]]*\]$")


@functools.cache
def bare(kind: str) -> str:
    """A type without qualifiers: ``struct ast_channel *``."""
    return tidy(_QUALIFIER.sub("", kind))


@functools.cache
def pointee(kind: str) -> str:
    """The type of a pointer's target or an array's elements; empty for any other type."""
    kind = bare(kind)
    if _ARRAY.search(kind):
        return _ARRAY.sub("", kind)
    return kind[:-1].strip() if kind.endswith("*") else ""


@functools.cache
def aggregate(kind: str) -> str:
    """The structure that a type is, or points to."""
    return (pointee(kind) or bare(kind)).strip()


@dataclass(frozen=True, slots=True, eq=False)
class Types:
    """Finds the types of expressions of a source; an empty string stands for an unknown type."""

    source: Source
    branch: str
    """The branch that the source is written for, whose members are known."""
    names: dict[str, str] = field(default_factory=dict)
    """Variables, functions and ``struct x.member`` that the source declares itself."""
    scopes: dict[int, dict[str, str]] = field(default_factory=dict)

    def of(self, node: Node | None) -> str:
        """The type of an expression."""
        return _OF[node.type](self, node) if node is not None and node.type in _OF else ""

    def is_own(self, name: str) -> bool:
        """Whether the source declares a name itself."""
        return name in self.names

    def variable(self, node: Node) -> str:
        """The type of a name where it is used."""
        name = text_of(node)
        around = enclosing(node, "function_definition")
        local = self._scope(around).get(name) if around is not None else None
        return local if local is not None else self.names.get(name, "")

    def _scope(self, function: Node) -> dict[str, str]:
        if function.start_byte not in self.scopes:
            self.scopes[function.start_byte] = dict(_locals(self.source, function))
        return self.scopes[function.start_byte]

    def member(self, owner: str, name: str) -> str:
        """The type of a structure's member."""
        key = f"{owner}.{name}"
        return self.names.get(key) or _known_member(key, self.branch)

    def result(self, name: str) -> str:
        """The type that a function returns."""
        own = self.names.get(name, "")
        return own.partition(" (")[0] if " (" in own else _known_result(name, self.branch)


@functools.lru_cache(maxsize=4)
def read(source: Source, branch: str) -> Types:
    """The types of a source."""
    names = {
        each.name: each.signature or each.kind
        for each in declared(source.text)
        if each.kind in ("variable", "function", "member", "type", "macro")
    }
    return Types(source, branch, names)


def _locals(source: Source, function: Node) -> list[tuple[str, str]]:
    nodes = source.of_kind("declaration", "parameter_declaration", within=function)
    found = [each for node in nodes for each in of_declaration(node)]
    text = source.of(function).decode("latin-1")
    made = [(name, tidy(kind)) for kind, name in _RAII.findall(text)]
    return [(each.name, each.signature) for each in found if each.kind != "member"] + made


@functools.cache
def _known_member(key: str, branch: str) -> str:
    rows = api_names.find(key, ("member",))
    best = next((row for row in rows if branch in row.branches), rows[0] if rows else None)
    return best.signature if best else ""


@functools.cache
def _known_result(name: str, branch: str) -> str:
    rows = api_names.find(name, ("function",))
    best = next((row for row in rows if branch in row.branches), rows[0] if rows else None)
    return best.result if best else ""


# ---- one function for each kind of expression ------------------------------------------------------------------------


def _field(types: Types, node: Node) -> str:
    owner = aggregate(types.of(node.child_by_field_name("argument")))
    return types.member(owner, text_of(node.child_by_field_name("field"))) if owner else ""


def _pointer(types: Types, node: Node) -> str:
    inner = types.of(node.child_by_field_name("argument"))
    if node.children and node.children[0].type == "&":
        return tidy(f"{inner} *") if inner else ""
    return pointee(inner)


def _call(types: Types, node: Node) -> str:
    return types.result(called(node))


def _cast(_types: Types, node: Node) -> str:
    return tidy(text_of(node.child_by_field_name("type")))


def _child(name: str) -> Callable[[Types, Node], str]:
    return lambda types, node: types.of(node.child_by_field_name(name))


def _first(types: Types, node: Node) -> str:
    return types.of(node.named_children[0]) if node.named_children else ""


_OF: dict[str, Callable[[Types, Node], str]] = {
    "identifier": lambda types, node: types.variable(node),
    "field_expression": _field,
    "pointer_expression": _pointer,
    "call_expression": _call,
    "cast_expression": _cast,
    "parenthesized_expression": _first,
    "subscript_expression": lambda types, node: pointee(types.of(node.child_by_field_name("argument"))),
    "conditional_expression": _child("consequence"),
    "assignment_expression": _child("left"),
    "string_literal": lambda _types, _node: "char *",
    "number_literal": lambda _types, _node: "int",
}
