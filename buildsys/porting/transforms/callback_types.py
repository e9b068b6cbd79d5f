"""Callbacks whose parameters have other types in a newer branch: ``void *data`` became ``const char *data``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches import api_names
from asterism.branches.api_names import ApiName
from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.declarations import of_declaration
from buildsys.porting.language.expression_types import aggregate
from buildsys.porting.language.syntax import arguments_of, called, children_of, text_of
from buildsys.porting.view import View

_POINTER = re.compile(r"\(\*+\) \(")


def callbacks(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of the parameters of functions that are registered or put into a structure of Asterisk."""
    wanted = dict(_uses(view))
    for node in view.source.of_kind("function_declarator"):
        slot = wanted.get(text_of(node.child_by_field_name("declarator")))
        if slot:
            yield from _parameters(node, slot, rule)


def _uses(view: View) -> Iterator[tuple[str, str]]:
    """Functions of the source that are used as callbacks, and the type that the new branch wants of them."""
    for node in view.source.of_kind("call_expression", "initializer_pair"):
        if node.type == "call_expression":
            for at, argument in enumerate(arguments_of(node)):
                if argument.type == "identifier" and (kind := _argument_type(called(node), at, view.new)):
                    yield text_of(argument), kind
        else:
            yield from _initialized(view, node)


def _initialized(view: View, node: Node) -> Iterator[tuple[str, str]]:
    value, target = node.child_by_field_name("value"), node.child_by_field_name("designator")
    owner = _owner(node)
    if value is None or target is None or value.type != "identifier" or not owner:
        return
    kind = _member_type(f"{owner}.{text_of(target).lstrip('.')}", view.new)
    if kind:
        yield text_of(value), kind


def _owner(node: Node) -> str:
    """The structure that an initialiser fills in, a list of structures included."""
    around = node.parent
    while around is not None and around.type != "declaration":
        around = around.parent
    declared = list(of_declaration(around)) if around is not None else []
    return aggregate(declared[-1].signature) if declared else ""


@functools.cache
def _argument_type(function: str, at: int, branch: str) -> str:
    """The type of a function pointer that a call takes at a place; empty for anything else."""
    rows = [row for name in (f"{function}2", function) for row in api_names.find(name, ("function",))]
    for row in rows if function else ():
        given = row.parameters or ()
        if branch in row.branches and at < len(given) and _is_pointer(kind := _resolved(given[at], branch)):
            return kind
    return ""


@functools.cache
def _member_type(key: str, branch: str) -> str:
    for row in api_names.find(key, ("member",)):
        if branch in row.branches and _is_pointer(kind := _resolved(row.signature, branch)):
            return kind
    return ""


def _resolved(kind: str, branch: str) -> str:
    """A type with its typedef resolved."""
    rows = api_names.find(kind, ("type",))
    return next((row.signature for row in rows if branch in row.branches and row.signature), kind)


def _is_pointer(kind: str) -> bool:
    return bool(_POINTER.search(kind))


def _parameters(node: Node, slot: str, rule: Rule) -> Iterator[Edit]:
    """Edits of a function's parameters whose types differ from those of a slot."""
    listed = node.child_by_field_name("parameters")
    own = [each for each in children_of(listed) if each.type == "parameter_declaration"] if listed is not None else []
    wanted = ApiName("function", "", "", "", slot).parameters or ()
    if len(own) != len(wanted):
        return
    for parameter, kind in zip(own, wanted, strict=True):
        yield from _retyped(parameter, kind, rule)


def _retyped(parameter: Node, kind: str, rule: Rule) -> Iterator[Edit]:
    declared = list(of_declaration(parameter))
    if not declared or "(" in kind or "[" in kind or not _is_same_shape(declared[0].signature, kind):
        return
    name = declared[0].name
    text = f"{kind}{name}" if kind.endswith("*") else f"{kind} {name}"
    if declared[0].signature != kind:
        yield Edit(parameter.start_byte, parameter.end_byte, text.encode(), rule.id)


def _is_same_shape(own: str, wanted: str) -> bool:
    """Whether one type may take the place of another without a change of meaning: pointers of the same depth."""
    return own.count("*") + own.count("[") == wanted.count("*") and ("*" in wanted or "*" not in own)
