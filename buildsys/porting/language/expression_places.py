"""Where an expression stands: questions that several transforms ask."""

from __future__ import annotations

from tree_sitter import Node


def address_of(node: Node) -> Node | None:
    """What an expression ``&x`` points at; None for any other."""
    is_address = node.type == "pointer_expression" and node.children[0].type == "&"
    return node.child_by_field_name("argument") if is_address else None


def is_member_owner(node: Node) -> bool:
    """Whether a member of an expression's value is taken."""
    return node.parent is not None and node.parent.type == "field_expression"
