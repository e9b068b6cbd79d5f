"""Tests of the result of ``ast_config_load``, which since 1.6 is not NULL for a file that does not parse."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.syntax import called, enclosing, text_of
from buildsys.porting.view import View

_INVALID = "CONFIG_STATUS_FILEINVALID"


def config_status(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits of the tests of a variable that holds a configuration."""
    for node in view.source.of_kind("call_expression"):
        if called(node) == "ast_config_load":
            function = enclosing(node, "function_definition")
            if function is not None and _INVALID not in text_of(function):
                yield from _tests(view, function, _variable(node), rule)


def _variable(call: Node) -> str:
    """The variable that a call's result is assigned to."""
    parent = call.parent
    if parent is None:
        return ""
    field = {"assignment_expression": "left", "init_declarator": "declarator"}.get(parent.type, "")
    name = text_of(parent.child_by_field_name(field)) if field else ""
    return name.lstrip("* ")


def _tests(view: View, function: Node, name: str, rule: Rule) -> Iterator[Edit]:
    for node in view.source.of_kind("unary_expression", "if_statement", within=function) if name else ():
        if node.type == "unary_expression" and text_of(node.child_by_field_name("operator")) == "!":
            if _holds(node.child_by_field_name("argument"), name):
                yield _wrapped(view, node, "||", "==", name, rule)
        elif node.type == "if_statement":
            inner = node.child_by_field_name("condition")
            if inner is not None and _holds(inner, name):
                yield _wrapped(view, inner.named_children[0], "&&", "!=", name, rule)


def _holds(node: Node | None, name: str) -> bool:
    """Whether an expression is a variable, or an assignment to it, in any number of parentheses."""
    while node is not None and node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    if node is not None and node.type == "assignment_expression":
        return text_of(node.child_by_field_name("left")) == name
    return node is not None and text_of(node) == name


def _wrapped(view: View, node: Node, joint: str, test: str, name: str, rule: Rule) -> Edit:
    inside = view.source.of(node).decode("latin-1")
    if node.type == "assignment_expression":
        inside = f"({inside})"
    text = f"{inside} {joint} {name} {test} {_INVALID}"
    is_whole = node.parent is not None and node.parent.type == "parenthesized_expression"
    made = text if is_whole else f"({text})"
    return Edit(node.start_byte, node.end_byte, made.encode("latin-1"), rule.id)
