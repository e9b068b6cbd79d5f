"""The members of a frame that became unions: ``subclass`` and ``data``."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from asterism.branches.changes.rules import Rule
from buildsys.porting.edits import Edit
from buildsys.porting.language.expression_types import aggregate
from buildsys.porting.language.syntax import text_of
from buildsys.porting.view import View

FRAME = "struct ast_frame"
_FORMAT = "AST_FORMAT_"


def frame_subclasses(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits to ``subclass.integer``, where the member is compared with or set to a number that is not a format."""
    for node, name in _whole_members(view, "subclass"):
        if not _about_formats(node):
            yield Edit(name.end_byte, name.end_byte, b".integer", rule.id)


def frame_data(view: View, rule: Rule) -> Iterator[Edit]:
    """Edits to ``data.ptr``."""
    for _, name in _whole_members(view, "data"):
        yield Edit(name.end_byte, name.end_byte, b".ptr", rule.id)


def _whole_members(view: View, member: str) -> Iterator[tuple[Node, Node]]:
    """Uses of a frame's member as a whole, with the node of its name; initialisers have no expression."""
    for node in view.source.of_kind("field_expression", "initializer_pair"):
        if node.type == "field_expression":
            name = node.child_by_field_name("field")
            is_inner = node.parent is not None and node.parent.type == "field_expression"
            if name is None or text_of(name) != member or is_inner:
                continue
            if aggregate(view.types.of(node.child_by_field_name("argument"))) == FRAME:
                yield node, name
        else:
            yield from _initialised(node, member)


def _initialised(node: Node, member: str) -> Iterator[tuple[Node, Node]]:
    designator = node.child_by_field_name("designator")
    declaration = node.parent.parent.parent if node.parent and node.parent.parent else None
    if designator is None or declaration is None or text_of(designator) != f".{member}":
        return
    if len(node.children_by_field_name("designator")) == 1 and FRAME in text_of(
        declaration.child_by_field_name("type")
    ):
        yield node, designator


def _about_formats(node: Node) -> bool:
    """Whether a format stands on the other side of a comparison or an assignment."""
    around = node
    while around.parent is not None and around.parent.type in (
        *("binary_expression", "assignment_expression", "parenthesized_expression", "initializer_pair"),
    ):
        around = around.parent
        if around.type == "binary_expression" and text_of(around.child_by_field_name("operator")) in ("&&", "||"):
            return False
        if _FORMAT in text_of(around):
            return True
    return _FORMAT in text_of(around) and around.type != node.type
